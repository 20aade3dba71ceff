//! Pages: the signed-in application, server functions, and what readers of links and frames see.

mod app;
mod document;
mod link;
mod reader;
mod server_function;

pub use app::{app, not_found, page_paths};
pub use reader::reader;
