//! Between the server and its database: slow, cut off or away, as told.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    Open,
    /// Everything arrives this much later.
    Slow(Duration),
    /// Nobody answers, and whoever was connected is cut off.
    Away,
}

#[derive(Clone)]
pub struct Proxy {
    pub address: SocketAddr,
    line: Arc<watch::Sender<Line>>,
    /// Every change ends the connections of the number before.
    cuts: Arc<watch::Sender<u64>>,
}

impl Proxy {
    pub async fn start(upstream: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let proxy = Self {
            address: listener.local_addr().unwrap(),
            line: Arc::new(watch::Sender::new(Line::Open)),
            cuts: Arc::new(watch::Sender::new(0)),
        };
        let accepting = proxy.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(carry(client, upstream.clone(), accepting.clone()));
            }
        });
        proxy
    }

    pub fn set(&self, line: Line) {
        self.line.send_replace(line);
        if line == Line::Away {
            self.cut();
        }
    }

    /// Resets every connection; new ones are taken.
    pub fn cut(&self) {
        self.cuts.send_modify(|cuts| *cuts += 1);
    }
}

async fn carry(client: TcpStream, upstream: String, proxy: Proxy) {
    if *proxy.line.borrow() == Line::Away {
        return;
    }
    let mut cuts = proxy.cuts.subscribe();
    let Ok(server) = TcpStream::connect(upstream).await else {
        return;
    };
    let (client, server) = (client.into_split(), server.into_split());
    tokio::select! {
        () = pass(client.0, server.1, &proxy) => {}
        () = pass(server.0, client.1, &proxy) => {}
        _ = cuts.changed() => {}
    }
}

async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, proxy: &Proxy) {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let Ok(count @ 1..) = from.read(&mut buffer).await else {
            return;
        };
        let line = *proxy.line.borrow();
        if let Line::Slow(by) = line {
            tokio::time::sleep(by).await;
        }
        if to.write_all(buffer.get(..count).unwrap_or_default()).await.is_err() {
            return;
        }
    }
}
