//! The planner: query documents and visuals become logical plans. Pure functions, native and WASM; depends on `shared` only.

pub mod logical;
