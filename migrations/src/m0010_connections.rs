//! Connections to databases, and the database files that were uploaded for them.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DbBackend};

use crate::tables::{WORKSPACE, index, owned_by, unique, wall};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(database_files()).await?;
        manager
            .create_index(index(
                "database_files_workspace",
                DatabaseFiles::Table,
                [DatabaseFiles::WorkspaceId],
            ))
            .await?;
        manager.create_table(connections()).await?;
        manager
            .create_index(unique(
                "connections_name",
                Connections::Table,
                [Connections::WorkspaceId, Connections::Name],
            ))
            .await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            for table in ["database_files", "connections"] {
                wall(manager, table, &format!("workspace_id = {WORKSPACE}")).await?;
            }
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn database_files() -> TableCreateStatement {
    Table::create()
        .table(DatabaseFiles::Table)
        .if_not_exists()
        .col(uuid(DatabaseFiles::Id).primary_key())
        .col(uuid(DatabaseFiles::WorkspaceId))
        .col(string(DatabaseFiles::FileName))
        .col(big_integer(DatabaseFiles::Bytes))
        .col(uuid_null(DatabaseFiles::CreatedBy))
        .col(timestamp_with_time_zone(DatabaseFiles::CreatedAt))
        .foreign_key(&mut owned_by(
            DatabaseFiles::Table,
            DatabaseFiles::WorkspaceId,
            Workspaces::Table,
            Workspaces::Id,
        ))
        .take()
}

fn connections() -> TableCreateStatement {
    Table::create()
        .table(Connections::Table)
        .if_not_exists()
        .col(uuid(Connections::Id).primary_key())
        .col(uuid(Connections::WorkspaceId))
        .col(string(Connections::Name))
        .col(json_binary(Connections::Options))
        .col(uuid_null(Connections::FileId))
        .col(text_null(Connections::Sealed))
        .col(json_binary_null(Connections::Found))
        .col(integer(Connections::Revision))
        .col(uuid_null(Connections::CreatedBy))
        .col(timestamp_with_time_zone(Connections::CreatedAt))
        .col(timestamp_with_time_zone(Connections::UpdatedAt))
        .foreign_key(&mut owned_by(
            Connections::Table,
            Connections::WorkspaceId,
            Workspaces::Table,
            Workspaces::Id,
        ))
        .take()
}

#[derive(DeriveIden)]
enum DatabaseFiles {
    Table,
    Id,
    WorkspaceId,
    FileName,
    Bytes,
    CreatedBy,
    CreatedAt,
}

#[derive(DeriveIden)]
enum Connections {
    Table,
    Id,
    WorkspaceId,
    Name,
    /// As `shared::connection::ConnectionOptions`; nothing secret.
    Options,
    /// SQLite: the uploaded file.
    FileId,
    /// The password, sealed under the workspace's data key.
    Sealed,
    Found,
    /// Counts changes, so that sessions and kept answers of older options are told apart.
    Revision,
    CreatedBy,
    CreatedAt,
    UpdatedAt,
}

#[derive(DeriveIden)]
enum Workspaces {
    Table,
    Id,
}
