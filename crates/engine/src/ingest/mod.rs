//! Files of people become clean Parquet. Every row of a file is loaded, or listed as rejected with its line and reason.

#[cfg(test)]
mod coded_as_plain;
mod columns;
mod failure;
mod kind;
mod load;
mod parquet;
mod preview;
mod profile;
mod progress;
#[cfg(test)]
mod round_trip;
mod source;
mod table;
mod text;
mod value;

pub use load::load;
pub use preview::preview;
pub use table::{COMPRESSION, disk, disk_or_polars};
