use std::{convert::Infallible, net::SocketAddr, time::Duration};

use axum::Router;
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::{
    io::AsyncWriteExt as _,
    net::{TcpListener, TcpStream},
};
use tower::ServiceExt as _;

use super::{
    Shutdown,
    connections::{Connections, Place},
    idle::IdleStream,
};
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

/// Answers connections until the shutdown starts, then stops accepting and lets requests under way end, for 20 s at most.
pub async fn serve(listener: TcpListener, router: Router, limits: Limits, proxies: TrustedProxies, shutdown: Shutdown) {
    let connections = Connections::new(&limits, proxies);
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = shutdown.started() => break,
        };
        match accepted {
            Ok((stream, peer)) => match connections.enter(peer.ip()) {
                Some(place) => answer(stream, peer, place, &router, &limits, &graceful),
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
    if tokio::time::timeout(DRAIN, graceful.shutdown()).await.is_err() {
        tracing::warn!(
            "requests were still under way after {} s and are cut off",
            DRAIN.as_secs()
        );
    }
}

fn answer(
    stream: TcpStream,
    peer: SocketAddr,
    place: Place,
    router: &Router,
    limits: &Limits,
    graceful: &GracefulShutdown,
) {
    let _ = stream.set_nodelay(true);
    let router = router.clone();
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
        .serve_connection(TokioIo::new(IdleStream::new(stream, limits.idle)), service);
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        let _place = place;
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection broke off");
        }
    });
}

/// Says that the server is full without reading anything.
fn refuse(mut stream: TcpStream) {
    tokio::spawn(async move {
        let _ = tokio::time::timeout(Duration::from_secs(1), stream.write_all(FULL)).await;
    });
}
