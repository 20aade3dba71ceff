//! The audit log: who did what, in the transaction that did it, chained by hashes.
//!
//! A service ends its transaction with `Context::commit`, which takes the events it is to be remembered by. What leaves no
//! trace ends with `commit_untold`, and says why.

mod caller;
mod chain;
mod checkpoint;
mod event;
mod export;
mod record;
mod refusals;
mod service;
mod state;
mod verify;

pub use caller::Caller;
pub use chain::Chain;
pub use checkpoint::{Checkpoint, CheckpointError};
pub(crate) use event::Event;
pub(crate) use record::{Untold, commit_untold};
pub use refusals::RefusedRequest;
pub use service::AuditService;
pub(crate) use state::AuditState;
pub use verify::{ChainReport, Fault, Verification};
