//! The document itself, as text.

mod editor;
mod locate;
mod read;

pub use editor::DocumentView;
pub use read::read;
