//! The metadata tables, one file each, the connection to them and row → model conversions. Depends on `shared` and sea-orm.
//! These types never leave `services`.

mod database;
mod error;
mod read;
mod workspace_reader;

pub mod api_token;
pub mod audit_entry;
pub mod audit_head;
pub mod connection;
pub mod dashboard;
pub mod dashboard_action;
pub mod dashboard_snapshot;
pub mod dashboard_version;
pub mod data_key;
pub mod database_file;
pub mod dataset;
pub mod dataset_version;
pub mod embed;
pub mod embed_key;
pub mod embed_ticket;
pub mod folder;
pub mod group;
pub mod group_member;
pub mod group_person;
pub mod instance_setting;
pub mod invite;
pub mod member;
pub mod model;
pub mod model_version;
pub mod object_grant;
pub mod one_time_link;
pub mod passkey;
pub mod password_reset;
pub mod recovery_code;
pub mod session;
pub mod share;
pub mod totp_key;
pub mod usage_day;
pub mod user;
pub mod workspace;

pub use database::Database;
pub use error::EntityError;
pub use workspace_reader::WorkspaceReader;
