use std::{convert::Infallible, io, net::SocketAddr, time::Duration};

use axum::Router;
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::timeout,
};
use tower::ServiceExt as _;

use super::{Shutdown, Tls, connections::Connections, idle::IdleStream};
use crate::{
    config::{Limits, TrustedProxies},
    middleware::Peer,
};

/// How long requests under way may take once the server is to end.
const DRAIN: Duration = Duration::from_secs(20);
/// Bytes kept of one connection's unread input; the head of a request must fit.
const READ_BUFFER_BYTES: usize = 64 * 1024;
/// Headers the parser takes; the limit with a proper answer lies below it.
const PARSED_HEADERS: usize = 256;

const FULL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/// Where connections come in, and what holds for all of them.
#[derive(Debug)]
pub struct Entrance {
    pub listener: TcpListener,
    pub limits: Limits,
    pub proxies: TrustedProxies,
    /// `None`: plain HTTP, on this machine or behind a proxy that ends TLS.
    pub tls: Option<Tls>,
}

/// Answers connections until the shutdown starts, then stops accepting and lets requests under way end, for 20 s at most.
pub async fn serve(entrance: Entrance, router: Router, shutdown: Shutdown) {
    let Entrance {
        listener,
        limits,
        proxies,
        tls,
    } = entrance;
    let connections = Connections::new(&limits, proxies);
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = shutdown.started() => break,
        };
        match accepted {
            Ok((stream, peer)) => match connections.enter(peer.ip()) {
                Some(place) => {
                    let _ = stream.set_nodelay(true);
                    let stream = IdleStream::new(stream, limits.idle);
                    let (tls, router, watcher) = (tls.clone(), router.clone(), graceful.watcher());
                    tokio::spawn(async move {
                        let _place = place;
                        if let Err(error) = converse(stream, tls, peer, router, limits, watcher).await {
                            tracing::debug!(%error, "a connection broke off");
                        }
                    });
                }
                None => refuse(stream),
            },
            Err(error) => {
                // Out of descriptors, mostly: those in use come back when their connections end.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    if timeout(DRAIN, graceful.shutdown()).await.is_err() {
        tracing::warn!(
            "requests were still under way after {} s and are cut off",
            DRAIN.as_secs()
        );
    }
}

/// One connection, from its greeting to its end.
async fn converse(
    stream: IdleStream,
    tls: Option<Tls>,
    peer: SocketAddr,
    router: Router,
    limits: Limits,
    watcher: Watcher,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    match tls {
        // Whoever greets slowly holds a place, as whoever sends its headers slowly.
        Some(tls) => {
            let greeted = timeout(limits.header_read, tls.accept(stream)).await;
            let stream = greeted.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
            answer(stream, peer, router, limits, watcher).await?;
        }
        None => answer(stream, peer, router, limits, watcher).await?,
    }
    Ok(())
}

async fn answer<S: AsyncRead + AsyncWrite + Unpin + 'static>(
    stream: S,
    peer: SocketAddr,
    router: Router,
    limits: Limits,
    watcher: Watcher,
) -> hyper::Result<()> {
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer.ip()));
        let answer = router.clone().oneshot(request.map(axum::body::Body::new));
        async move { Ok::<_, Infallible>(answer.await.unwrap_or_else(|never| match never {})) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_read)
        .max_headers(PARSED_HEADERS)
        .max_buf_size(READ_BUFFER_BYTES)
        .serve_connection(TokioIo::new(stream), service);
    watcher.watch(connection).await
}

/// Says that the server is full without reading anything.
fn refuse(mut stream: TcpStream) {
    tokio::spawn(async move {
        let _ = timeout(Duration::from_secs(1), stream.write_all(FULL)).await;
    });
}
