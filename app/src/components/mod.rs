//! Parts that pages are made of.

mod brand;
mod confirm;
mod confirm_identity;
mod copy_button;
pub mod dashboard;
mod dialog;
mod empty;
mod field;
pub mod filter_bar;
pub mod icon;
mod in_browser;
mod menu;
mod moment;
mod notice;
mod recovery_codes;
pub mod share_dialog;
mod skeleton;
mod suspense_error;
pub mod tile;
mod toasts;

pub use brand::Brand;
pub use confirm::ConfirmButton;
pub use confirm_identity::ConfirmIdentity;
pub use copy_button::CopyButton;
pub use dialog::Dialog;
pub use empty::Empty;
pub use field::{Check, Field};
pub use icon::{Icon, IconView};
pub use in_browser::InBrowser;
pub use menu::{Menu, MenuAnchor, MenuPanel};
pub use moment::Moment;
pub use notice::{FormProblem, Notice, NoticeKind, ProblemNotice};
pub use recovery_codes::NewRecoveryCodes;
pub use skeleton::{Skeleton, Waiting};
pub use suspense_error::loaded;
pub use toasts::ToastList;
