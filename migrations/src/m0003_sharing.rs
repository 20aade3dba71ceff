//! Share links, embeds and the keys that sign embed tickets. Rows name their dashboard without a foreign key: a link whose
//! dashboard was deleted stays in its owner's list and answers "gone".

use sea_orm_migration::{prelude::*, schema::*};

use crate::tables::{index, owned_by};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(shares()).await?;
        manager
            .create_index(index(
                "shares_dashboard",
                Shares::Table,
                [Shares::WorkspaceId, Shares::DashboardId],
            ))
            .await?;
        manager.create_table(embeds()).await?;
        manager
            .create_index(index(
                "embeds_dashboard",
                Embeds::Table,
                [Embeds::WorkspaceId, Embeds::DashboardId],
            ))
            .await?;
        manager.create_table(embed_keys()).await?;
        manager.create_table(embed_tickets()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn in_workspace<A: IntoIden, B: IntoIden>(table: A, column: B) -> ForeignKeyCreateStatement {
    owned_by(table, column, Workspaces::Table, Workspaces::Id)
}

fn shares() -> TableCreateStatement {
    Table::create()
        .table(Shares::Table)
        .if_not_exists()
        .col(uuid(Shares::Id).primary_key())
        .col(uuid(Shares::WorkspaceId))
        .col(uuid(Shares::DashboardId))
        .col(string_uniq(Shares::TokenHash))
        .col(string_null(Shares::PasswordHash))
        .col(uuid_null(Shares::CreatedBy))
        .col(timestamp_with_time_zone(Shares::CreatedAt))
        .col(timestamp_with_time_zone(Shares::ExpiresAt))
        .col(timestamp_with_time_zone_null(Shares::RevokedAt))
        .col(boolean(Shares::Paused))
        .col(big_integer_null(Shares::MaxViews))
        .col(big_integer(Shares::Views))
        .col(timestamp_with_time_zone_null(Shares::LastViewedAt))
        .col(json_binary(Shares::Settings))
        .foreign_key(&mut in_workspace(Shares::Table, Shares::WorkspaceId))
        .take()
}

fn embeds() -> TableCreateStatement {
    Table::create()
        .table(Embeds::Table)
        .if_not_exists()
        .col(uuid(Embeds::Id).primary_key())
        .col(uuid(Embeds::WorkspaceId))
        .col(uuid(Embeds::DashboardId))
        .col(uuid_null(Embeds::CreatedBy))
        .col(timestamp_with_time_zone(Embeds::CreatedAt))
        .col(json_binary(Embeds::Settings))
        .foreign_key(&mut in_workspace(Embeds::Table, Embeds::WorkspaceId))
        .take()
}

fn embed_keys() -> TableCreateStatement {
    Table::create()
        .table(EmbedKeys::Table)
        .if_not_exists()
        .col(uuid(EmbedKeys::Id).primary_key())
        .col(uuid(EmbedKeys::WorkspaceId))
        .col(string(EmbedKeys::Name))
        .col(string(EmbedKeys::Algorithm))
        .col(text_null(EmbedKeys::PublicKey))
        .col(uuid_null(EmbedKeys::CreatedBy))
        .col(timestamp_with_time_zone(EmbedKeys::CreatedAt))
        .col(timestamp_with_time_zone_null(EmbedKeys::LastUsedAt))
        .foreign_key(&mut in_workspace(EmbedKeys::Table, EmbedKeys::WorkspaceId))
        .take()
}

fn embed_tickets() -> TableCreateStatement {
    Table::create()
        .table(EmbedTickets::Table)
        .if_not_exists()
        .col(uuid(EmbedTickets::WorkspaceId))
        .col(string(EmbedTickets::TicketHash))
        .col(string(EmbedTickets::ClientHash))
        .col(timestamp_with_time_zone(EmbedTickets::FirstUsedAt))
        .col(timestamp_with_time_zone(EmbedTickets::ExpiresAt))
        .primary_key(
            Index::create()
                .col(EmbedTickets::WorkspaceId)
                .col(EmbedTickets::TicketHash),
        )
        .foreign_key(&mut in_workspace(EmbedTickets::Table, EmbedTickets::WorkspaceId))
        .take()
}

#[derive(DeriveIden)]
enum Workspaces {
    Table,
    Id,
}

#[derive(DeriveIden)]
enum Shares {
    Table,
    Id,
    WorkspaceId,
    DashboardId,
    TokenHash,
    PasswordHash,
    CreatedBy,
    CreatedAt,
    ExpiresAt,
    RevokedAt,
    Paused,
    MaxViews,
    Views,
    LastViewedAt,
    Settings,
}

#[derive(DeriveIden)]
enum Embeds {
    Table,
    Id,
    WorkspaceId,
    DashboardId,
    CreatedBy,
    CreatedAt,
    Settings,
}

#[derive(DeriveIden)]
enum EmbedKeys {
    Table,
    Id,
    WorkspaceId,
    Name,
    Algorithm,
    PublicKey,
    CreatedBy,
    CreatedAt,
    LastUsedAt,
}

#[derive(DeriveIden)]
enum EmbedTickets {
    Table,
    WorkspaceId,
    TicketHash,
    ClientHash,
    FirstUsedAt,
    ExpiresAt,
}
