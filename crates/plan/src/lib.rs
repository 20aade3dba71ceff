//! The planner: query documents and visuals become logical plans, and those SQL. Pure functions, native and WASM; depends on `shared` only.

pub mod catalog;
pub mod graph;
pub mod logical;
#[cfg(feature = "query")]
pub mod query;
#[cfg(feature = "query")]
pub mod sql;
pub mod visual;

pub use catalog::{FieldInfo, FieldList, HierarchyInfo, MetricInfo, fields, values_query};
