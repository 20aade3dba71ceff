//! The keys host sites sign embed tickets with.

mod key;
mod service;

pub(crate) use key::VerifyingKey;
pub use service::EmbedKeyService;
