//! Delimited text: encoding, delimiter and header are detected, records scanned by ourselves, because we need to tell a
//! quoted empty field from an empty one and to know the line of every row.

mod blocks;
mod dialect;
mod encoding;
pub mod header;
mod load;
mod parallel;
mod sample;
mod scanner;
mod source;

pub use encoding::{TextReader, detect_encoding};
pub use load::{convert_text, observe_text};
pub use sample::{TextSample, sample_text};
pub use source::TextSource;
