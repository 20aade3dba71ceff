//! The metadata schema and its history. Depends on nothing of ours.

mod error;
mod m0001_identity;
mod m0002_content;
mod m0003_sharing;
mod m0004_audit;
mod m0005_account_protection;
mod m0006_data_keys;
mod m0007_usage;
mod m0008_groups_and_rights;
mod m0009_workspace_wall;
mod m0010_connections;
mod migrator;
mod tables;

pub use error::MigrateError;
pub use migrator::{Migrator, migrate, names};
