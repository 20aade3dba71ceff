//! Bytes on a connection, as no well-behaved client sends them.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{Instant, timeout},
};

/// What the server said until it closed the connection, or until nothing more came.
#[derive(Debug)]
pub struct Heard {
    pub text: String,
    pub is_closed: bool,
    pub after: Duration,
}

impl Heard {
    /// Of the first answer; 0 without one.
    pub fn status(&self) -> u16 {
        let first = self
            .text
            .strip_prefix("HTTP/1.1 ")
            .or(self.text.strip_prefix("HTTP/1.0 "));
        first.and_then(|rest| rest.get(..3)?.parse().ok()).unwrap_or(0)
    }

    pub fn answers(&self) -> usize {
        self.text.matches("HTTP/1.1 ").count()
    }
}

/// Sends `bytes` and listens for as long as `patience`.
pub async fn exchange_within(address: SocketAddr, bytes: &[u8], patience: Duration) -> Heard {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // The server may close before it has taken everything.
    let _ = stream.write_all(bytes).await;
    listen(stream, patience).await
}

pub async fn exchange(address: SocketAddr, bytes: &[u8]) -> Heard {
    exchange_within(address, bytes, Duration::from_secs(5)).await
}

pub async fn listen(mut stream: TcpStream, patience: Duration) -> Heard {
    let started = Instant::now();
    let mut heard = Vec::new();
    let mut is_closed = false;
    let mut part = vec![0; 16 * 1024];
    while let Ok(read) = timeout(patience.saturating_sub(started.elapsed()), stream.read(&mut part)).await {
        match read {
            Ok(0) | Err(_) => {
                is_closed = true;
                break;
            }
            Ok(count) => heard.extend_from_slice(&part[..count]),
        }
    }
    Heard {
        text: String::from_utf8_lossy(&heard).into_owned(),
        is_closed,
        after: started.elapsed(),
    }
}
