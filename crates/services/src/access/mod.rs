//! Who can see one dashboard or dataset: rights beside the roles in the workspace.

mod audience;
mod grants;
mod service;

pub(crate) use grants::give;
pub use service::AccessService;
