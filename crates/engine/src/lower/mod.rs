//! Logical plans become lazy Polars frames, one file per kind of node, and run in the streaming engine.

mod aggregate;
mod codes;
mod early;
mod execute;
mod expression;
mod failure;
mod fetched;
mod join;
mod keep;
mod kind;
mod row_window;
mod scan;
mod sort;
mod spine;
mod table;
mod union;
mod values;
mod window;

pub use execute::{TableAnswer, run_query};
pub use failure::explain;
pub use keep::keep;
pub use kind::{DECIMAL_DIGITS, Kind};
pub use row_window::read_rows;
pub use scan::{BoundTables, open_parquet};
pub use table::lower;
