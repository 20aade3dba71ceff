//! The bar above: title, undo, what can be added, whether it is saved, and where it goes.

mod bar;
mod history;
mod more;
mod publish;
mod save_note;

pub use bar::TopBar;
