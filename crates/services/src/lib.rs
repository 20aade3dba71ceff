//! The business of Sightline, one service per noun: each is made for one request and authorises in the first line of every
//! method. May depend on `engine`, `plan`, `guard`, `chart`, `entity` and `shared`; never on axum or Leptos.

pub mod account;
pub mod authorization;
mod clock;
mod config;
mod context;
pub mod embed;
pub mod embed_key;
mod error;
mod instance;
pub mod member;
mod published;
mod rate_limit;
pub mod secrets;
pub mod session;
pub mod setup;
pub mod share;
pub mod token;
pub mod workspace;

pub use account::AccountService;
pub use authorization::{WorkspaceAccess, WorkspaceSelector};
pub use clock::Clock;
pub use config::{RateLimits, ServiceConfig, SessionLimits};
pub use context::Context;
pub use embed::EmbedService;
pub use embed_key::EmbedKeyService;
pub use error::{ServiceError, ServiceResult};
pub use instance::Services;
pub use member::MemberService;
pub use session::SessionService;
pub use setup::SetupService;
pub use share::ShareService;
pub use token::TokenService;
pub use workspace::WorkspaceService;
