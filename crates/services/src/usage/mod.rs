//! What the instance is used for: counted while it is read and asked, shown to platform admins.

mod counter;
mod service;

pub(crate) use counter::UsageCounter;
pub use service::UsageService;
