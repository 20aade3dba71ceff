//! Tables: rows of cells under named columns, and how they are read from JSON and delimited text.

mod columns;
mod convert;
mod delimited;
mod field;
mod json;
mod json_text;
mod same;
mod table;
mod texts;
mod wanted;

pub use columns::MAX_COLUMNS;
pub use convert::{Conversion, convert_column};
pub use delimited::read_delimited;
pub use field::{Field, split};
pub use json::read_rows;
pub use json_text::read_row_text;
pub use table::{Row, Table};
pub use wanted::Wanted;
