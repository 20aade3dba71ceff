//! What the operator decided: `SIGHTLINE_*` variables, `DATABASE_URL` and `sightline.toml`, checked before anything starts.

mod error;
pub mod key;
mod limits;
mod log;
mod mail;
mod proxies;
mod public_url;
mod secret_key;
mod settings;
mod source;
mod tls;

pub use error::ConfigError;
pub use limits::Limits;
pub use log::{LogConfig, LogFormat};
pub use proxies::TrustedProxies;
pub use public_url::PublicUrl;
pub use secret_key::{present_secret_key, previous_secret_key, secret_key};
pub use settings::Settings;
pub use source::Source;
pub use tls::TlsFiles;
