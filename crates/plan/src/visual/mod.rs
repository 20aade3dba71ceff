//! A dashboard's tile as a query document: the only way from a tile to numbers. Pure, and cheap enough for the browser.

mod conditions;
mod defaults;
mod fill;
mod outputs;
mod query;

pub use conditions::{selection_condition, tile_conditions};
pub use outputs::{Output, outputs};
pub use query::{tile_query, visual_query};

#[cfg(test)]
mod tests;
