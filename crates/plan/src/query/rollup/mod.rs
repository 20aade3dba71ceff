//! Rollups: what is kept of a model's rows, and plans that read it instead of them.
//!
//! A plan is changed where it aggregates rows of the rollup's table and everything it asks of them can be worked out from
//! what is kept (matching of aggregate views, as in Goldstein and Larson, "Optimizing queries using materialized views",
//! SIGMOD 2001): each key and condition from the kept dimensions, each aggregate from kept parts. Access rules are conditions
//! like any other, so a rollup without the field of a rule is not used. All else is left as it was.

mod definition;
mod kept;
mod rewrite;

pub use definition::{RollupPlan, rollup_plan, value_index_plan};
pub use rewrite::with_rollup;
