//! Data: the list with its drop zone, the upload dialog, and a dataset's own page.

mod column_card;
mod detail;
mod list;
mod preview;
mod rows;
mod stored;
mod transfer;
mod upload;

pub use detail::DatasetPage;
pub use list::DatasetsPage;
pub use transfer::send as send_file;
pub use upload::{bytes_text, grouped};
