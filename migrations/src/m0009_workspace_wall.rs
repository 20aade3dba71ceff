//! Row-level security of PostgreSQL: a transaction that names its workspace in the setting `sightline.workspace` sees and
//! writes rows of that workspace alone, whatever its statements ask for. One that names none sees all: what serves the
//! instance (signing in, sweeps, backups) and the operator's own tools. SQLite knows no such thing.
//!
//! A table that later migrations add for workspaces is put behind the wall there, by `tables::wall`.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::tables::{WORKSPACE, wall};

#[derive(DeriveMigrationName)]
pub struct Migration;

const BY_WORKSPACE: &[&str] = &[
    "members",
    "group_members",
    "invites",
    "data_keys",
    "datasets",
    "dataset_versions",
    "models",
    "model_versions",
    "folders",
    "dashboards",
    "dashboard_actions",
    "dashboard_snapshots",
    "dashboard_versions",
    "shares",
    "embeds",
    "embed_keys",
    "embed_tickets",
    "object_grants",
    "usage_days",
];

/// The chain of the instance: what is done inside a workspace may have to be told there too.
const INSTANCE_CHAIN: &str = "00000000-0000-0000-0000-000000000000";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() != DbBackend::Postgres {
            return Ok(());
        }
        wall(manager, "workspaces", &format!("id = {WORKSPACE}")).await?;
        for table in BY_WORKSPACE {
            wall(manager, table, &format!("workspace_id = {WORKSPACE}")).await?;
        }
        let own_or_instance = format!("chain_id IN ({WORKSPACE}, '{INSTANCE_CHAIN}')");
        for table in ["audit_entries", "audit_heads"] {
            wall(manager, table, &own_or_instance).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
