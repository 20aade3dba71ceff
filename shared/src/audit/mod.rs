//! What happened: the entries of the audit log, as pages and programs see them.

mod action;
mod entry;
mod filter;
mod phrase;

pub use action::AuditAction;
pub use entry::{AuditActor, AuditActorKind, AuditEntry, AuditObject, AuditObjectKind, AuditOutcome};
pub use filter::{AuditFilter, AuditQuery};
pub use phrase::Phrase;
