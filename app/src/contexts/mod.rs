//! What every page can ask for, in pairs `provide_x` / `use_x`.

mod confirmation;
mod toasts;
mod user;

pub use confirmation::{Confirmation, provide_confirmation, use_confirmation};
pub use toasts::{Toast, ToastAction, Toasts, provide_toasts, use_toasts};
pub use user::{CurrentUser, provide_current_user, use_current_user};
