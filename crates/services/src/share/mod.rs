//! Links to published dashboards, for readers without an account.

mod open;
mod proof;
mod service;
mod view_count;

pub use open::{OpenShare, ShareDoor, ShareOpening};
pub use proof::ShareProof;
pub use service::ShareService;
pub(crate) use view_count::ViewCounter;
