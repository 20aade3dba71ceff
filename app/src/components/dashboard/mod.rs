//! A dashboard for reading: filters, page tabs and tiles. One component for shared links, frames and the signed-in view.

mod chips;
mod computed;
mod dashboard_view;
mod download;
mod records;
mod source;
mod state;
mod tabs;

pub use dashboard_view::DashboardView;
pub use source::{ReaderPage, ReaderSource, ValuesRequest, ValuesTask};
pub use state::ReaderState;
