//! One file that holds an instance: the rows of its metadata, the stored data, and what proves both whole. It is taken while
//! the server serves, and loads into SQLite and Postgres alike. The secret key is not in it: a backup alone opens nothing.
//!
//! The file is a tar archive: `metadata/{table}.ndjson` (one row as JSON per line, parents before children),
//! `files/{object key}` (Parquet) and, last, `manifest.json`. Sessions, one-time links and used tickets are left out: after a
//! restore everybody signs in again.

mod archive;
mod error;
mod manifest;
mod restore;
mod tables;
mod take;

pub use error::BackupError;
pub use manifest::Manifest;
pub use restore::{Restored, restore};
pub use take::{Taken, missing_objects, schema_of, take};

/// Names of the tables a backup keeps, and of those it leaves out: together every table of the schema.
pub fn tables() -> (Vec<&'static str>, Vec<&'static str>) {
    (tables::kept(), tables::left_out())
}
