//! Who reads which dashboard, by day.

use sea_orm_migration::{prelude::*, schema::*};

use crate::tables::{index, owned_by};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(usage_days()).await?;
        manager
            .create_index(index("usage_days_day", UsageDays::Table, [UsageDays::Day]))
            .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn usage_days() -> TableCreateStatement {
    Table::create()
        .table(UsageDays::Table)
        .if_not_exists()
        .col(date(UsageDays::Day))
        .col(uuid(UsageDays::DashboardId))
        .col(uuid(UsageDays::ReaderId))
        .col(string(UsageDays::ReaderKind))
        .col(uuid(UsageDays::WorkspaceId))
        .col(big_integer(UsageDays::Views))
        .primary_key(
            Index::create()
                .col(UsageDays::Day)
                .col(UsageDays::DashboardId)
                .col(UsageDays::ReaderId),
        )
        .foreign_key(&mut owned_by(
            UsageDays::Table,
            UsageDays::WorkspaceId,
            Workspaces::Table,
            Workspaces::Id,
        ))
        .foreign_key(&mut owned_by(
            UsageDays::Table,
            UsageDays::DashboardId,
            Dashboards::Table,
            Dashboards::Id,
        ))
        .take()
}

#[derive(DeriveIden)]
enum UsageDays {
    Table,
    Day,
    DashboardId,
    ReaderId,
    ReaderKind,
    WorkspaceId,
    Views,
}

#[derive(DeriveIden)]
enum Workspaces {
    Table,
    Id,
}

#[derive(DeriveIden)]
enum Dashboards {
    Table,
    Id,
}
