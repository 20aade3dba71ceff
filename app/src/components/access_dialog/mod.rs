//! Who can see one dashboard or dataset: told to everybody who sees it, changed by those who may.

mod add_grant;
mod choice;
mod dialog;
mod draft;
mod form;
mod grants;
mod lock;
mod panel;
mod people;
mod words;

pub use dialog::AccessDialog;
pub use lock::OnlyChosen;
pub use panel::AccessPanel;
