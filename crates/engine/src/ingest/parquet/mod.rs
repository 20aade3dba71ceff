//! Parquet that others wrote: looked over without Polars, then rewritten into the types we store.

mod foreign;
mod inspect;
mod pages;

pub use foreign::{ForeignParquet, open_foreign};
