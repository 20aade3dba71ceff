//! What every page can ask for, in pairs `provide_x` / `use_x`.

mod toasts;
mod user;

pub use toasts::{Toast, ToastAction, Toasts, provide_toasts, use_toasts};
pub use user::{CurrentUser, provide_current_user, use_current_user};
