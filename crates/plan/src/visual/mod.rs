//! A dashboard's tile as a query document: the only way from a tile to numbers. Pure, and cheap enough for the browser.

mod conditions;
mod defaults;
mod drill;
mod fill;
mod outputs;
mod query;
mod records;

pub use conditions::{selection_condition, tile_conditions};
pub use defaults::TILE_ROWS;
pub use drill::{drillable, drilled, finer, levels, shown_visual, shows};
pub use outputs::{Output, outputs};
pub use query::{is_paged, tile_query, visual_query};
pub use records::{RECORDS, records_query};

#[cfg(test)]
mod tests;
