//! Stored Parquet objects: their keys, where they lie, and which table of a plan each one holds.

mod bindings;
mod checksum;
mod key;
mod object_storage;

pub use bindings::Bindings;
pub use key::{ObjectKey, Sum};
pub use object_storage::{ObjectStorage, StoredObject};
