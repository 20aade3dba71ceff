//! Keys that encrypt, wrapped by the master key; and the place of what they encrypt for frames.

use sea_orm_migration::{prelude::*, schema::*};

use crate::tables::owned_by;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(data_keys()).await?;
        let sealed = Table::alter()
            .table(EmbedKeys::Table)
            .add_column(text_null(EmbedKeys::Sealed))
            .take();
        manager.alter_table(sealed).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn data_keys() -> TableCreateStatement {
    Table::create()
        .table(DataKeys::Table)
        .if_not_exists()
        .col(string(DataKeys::Scope).primary_key())
        .col(uuid_null(DataKeys::WorkspaceId))
        .col(text(DataKeys::Wrapped))
        .col(string(DataKeys::Master))
        .col(timestamp_with_time_zone(DataKeys::CreatedAt))
        .foreign_key(&mut owned_by(
            DataKeys::Table,
            DataKeys::WorkspaceId,
            Workspaces::Table,
            Workspaces::Id,
        ))
        .take()
}

#[derive(DeriveIden)]
enum DataKeys {
    Table,
    Scope,
    WorkspaceId,
    Wrapped,
    Master,
    CreatedAt,
}

#[derive(DeriveIden)]
enum Workspaces {
    Table,
    Id,
}

#[derive(DeriveIden)]
enum EmbedKeys {
    Table,
    Sealed,
}
