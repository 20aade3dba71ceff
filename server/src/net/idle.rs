use std::{
    future::Future as _,
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep, sleep},
};

/// How long, and how much, a peer may go on sending after the last answer. Closing a connection with unread input resets it,
/// and the peer would lose the refusal of its large body with it.
const LINGER: Duration = Duration::from_secs(2);
const LINGER_BYTES: usize = 16 * 1024 * 1024;

/// A connection whose peer must keep taking what is sent: an answer that nobody reads holds memory and a place.
///
/// Waiting to be read from is not timed here: the head of a request has its own limit, and so has its body.
#[derive(Debug)]
pub struct IdleStream {
    stream: TcpStream,
    limit: Duration,
    /// Runs while a write waits.
    stalled: Pin<Box<Sleep>>,
    waits: bool,
    /// Bytes that may still come, once our side is shut.
    lingering: Option<usize>,
}

impl IdleStream {
    pub fn new(stream: TcpStream, limit: Duration) -> Self {
        Self {
            stream,
            limit,
            stalled: Box::pin(sleep(limit)),
            waits: false,
            lingering: None,
        }
    }

    /// Takes and forgets what still comes, until the peer is done as well.
    fn linger(&mut self, left: usize, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut left = left;
        let mut scratch = [0; 16 * 1024];
        loop {
            if self.stalled.as_mut().poll(context).is_ready() {
                return Poll::Ready(Ok(()));
            }
            let mut buffer = ReadBuf::new(&mut scratch);
            let read = Pin::new(&mut self.stream).poll_read(context, &mut buffer);
            let taken = buffer.filled().len();
            match read {
                Poll::Ready(Ok(())) if taken > 0 && taken < left => left -= taken,
                Poll::Ready(_) => return Poll::Ready(Ok(())),
                Poll::Pending => {
                    self.lingering = Some(left);
                    return Poll::Pending;
                }
            }
        }
    }

    /// Passes a write's outcome on, or fails when it has waited for too long.
    fn judge<T>(&mut self, outcome: Poll<io::Result<T>>, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            self.waits = false;
            return outcome;
        }
        if !self.waits {
            self.waits = true;
            let end = Instant::now() + self.limit;
            self.stalled.as_mut().reset(end);
        }
        match self.stalled.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncRead for IdleStream {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for IdleStream {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let outcome = Pin::new(&mut this.stream).poll_write(context, bytes);
        this.judge(outcome, context)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let outcome = Pin::new(&mut this.stream).poll_write_vectored(context, slices);
        this.judge(outcome, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let outcome = Pin::new(&mut this.stream).poll_flush(context);
        this.judge(outcome, context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if let Some(left) = this.lingering {
            return this.linger(left, context);
        }
        let outcome = Pin::new(&mut this.stream).poll_shutdown(context);
        ready!(this.judge(outcome, context))?;
        this.stalled.as_mut().reset(Instant::now() + LINGER);
        this.linger(LINGER_BYTES, context)
    }
}
