//! Tables: rows of cells under named columns, and how they are read from JSON and delimited text.

mod convert;
mod delimited;
mod field;
mod json;
mod table;
mod texts;

pub use convert::{Conversion, convert_column};
pub use delimited::read_delimited;
pub use field::Field;
pub use json::read_rows;
pub use table::{Row, Table};
