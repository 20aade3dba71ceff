//! Pages of shared links and frames: the dashboard and nothing else, with a browser entry of their own so that readers do
//! not load the designer.

mod host;
#[cfg(feature = "ssr")]
pub mod load;
mod page_data;
mod reader_app;

pub use page_data::{PageScript, page_from_document};
pub use reader_app::{PasswordPage, ReaderApp, ReaderProblem};
