//! From records of text to typed columns: evidence over all values, the reading it leads to, builders, and the writer.

mod builder;
mod decide;
mod encoder;
mod evidence;
mod names;
mod reading;
mod record;
mod rejects;
mod writer;

pub use builder::FrameBuilder;
pub use decide::decide;
pub use evidence::Evidence;
pub use names::{COLUMN_LIMIT, ColumnNames, name_columns};
pub use reading::Reading;
pub use record::{Field, Origin, Record, Scanned};
pub use rejects::RejectLog;
pub use writer::{COMPRESSION, TableWriter, disk, disk_or_polars};
