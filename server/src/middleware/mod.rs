//! What surrounds every request, from the outside in: its id and log line, panics, headers, limits, time, origin, identity.

mod client;
mod content_security;
mod cross_site;
mod errors;
mod headers;
mod idempotency;
mod identity;
mod limits;
mod panics;
mod refusals;
pub mod session;
mod timeouts;
mod trace;

pub use client::{ClientAddress, Peer};
pub use content_security::{ContentSecurity, FrameAncestors};
pub use cross_site::refuse_cross_site;
pub use errors::finish_errors;
pub use headers::security_headers;
pub use idempotency::{IdempotencyStore, ObjectOfPath, OncePerKey, once_per_key};
pub use identity::{Authenticated, bearer, identify, require_user};
pub use limits::refuse_oversize;
pub use panics::catch_panics;
pub use refusals::note_refusals;
pub use timeouts::{answer_in_time, body_in_time};
pub use trace::{current_request_id, for_this_request, trace_requests};
