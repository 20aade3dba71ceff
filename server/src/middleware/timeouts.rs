use std::{
    future::Future as _,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use shared::{AppError, ErrorCode};
use tokio::time::{Instant, Sleep, sleep};

use crate::{error::ApiError, state::AppState};

/// An answer begins within the limit, or 504. Not for routes that take or give files.
pub async fn answer_in_time(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let limit = state.settings().limits.answer;
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            let words = format!("This took longer than {} seconds and was stopped.", limit.as_secs());
            ApiError(AppError::new(ErrorCode::Timeout, words)).into_response()
        }
    }
}

/// Ends requests whose body stalls.
pub async fn body_in_time(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let limit = state.settings().limits.idle;
    next.run(request.map(|body| Body::new(TimedBody::new(body, limit))))
        .await
}

struct TimedBody {
    body: Body,
    limit: Duration,
    stalled: Pin<Box<Sleep>>,
    waits: bool,
}

impl TimedBody {
    fn new(body: Body, limit: Duration) -> Self {
        Self {
            body,
            limit,
            stalled: Box::pin(sleep(limit)),
            waits: false,
        }
    }
}

impl HttpBody for TimedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = self.get_mut();
        if let ready @ Poll::Ready(_) = Pin::new(&mut this.body).poll_frame(context) {
            this.waits = false;
            return ready;
        }
        if !this.waits {
            this.waits = true;
            let end = Instant::now() + this.limit;
            this.stalled.as_mut().reset(end);
        }
        match this.stalled.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Some(Err(axum::Error::new(std::io::Error::from(
                std::io::ErrorKind::TimedOut,
            ))))),
            Poll::Pending => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
