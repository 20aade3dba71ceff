//! A person's own account, and accounts made from the console.

mod create;
mod service;

pub use create::{NewUser, create_user};
pub(crate) use create::{hash_new, insert_user};
pub use service::AccountService;
