//! Dashboards that listed sites may frame, and the tickets that open them.

mod bearer;
mod claims;
mod origin;
mod redeem;
mod refusal;
mod service;
mod single_use;
mod ticket;

pub use redeem::OpenEmbed;
pub use service::EmbedService;
