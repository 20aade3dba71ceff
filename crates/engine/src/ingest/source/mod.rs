//! Where records come from when they are read in order: JSON, sheets, and previews of text.

mod json;
mod json_split;
mod record_source;
mod sheet;
mod zip_scan;

pub use json::JsonSource;
pub use record_source::{Observed, RecordSource, observe, observe_record, push_record};
pub use sheet::{Row, SheetSource, open_workbook};
