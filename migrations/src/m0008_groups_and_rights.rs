//! Groups of people with roles in workspaces, and rights on single dashboards and datasets.

use sea_orm_migration::{prelude::*, schema::*};

use crate::tables::{index, owned_by, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(groups()).await?;
        manager
            .create_index(unique("groups_name", Groups::Table, [Groups::NameKey]))
            .await?;
        manager.create_table(group_people()).await?;
        manager
            .create_index(index("group_people_user", GroupPeople::Table, [GroupPeople::UserId]))
            .await?;
        manager.create_table(group_members()).await?;
        let restricted = |table: DynIden| {
            Table::alter()
                .table(table)
                .add_column(boolean(Restricted::Restricted).default(false))
                .take()
        };
        manager.alter_table(restricted(Dashboards::Table.into_iden())).await?;
        manager.alter_table(restricted(Datasets::Table.into_iden())).await?;
        manager.create_table(object_grants()).await?;
        for (name, column) in [
            ("object_grants_dashboard", ObjectGrants::DashboardId),
            ("object_grants_dataset", ObjectGrants::DatasetId),
            ("object_grants_user", ObjectGrants::UserId),
            ("object_grants_group", ObjectGrants::GroupId),
        ] {
            manager.create_index(index(name, ObjectGrants::Table, [column])).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn groups() -> TableCreateStatement {
    Table::create()
        .table(Groups::Table)
        .if_not_exists()
        .col(uuid(Groups::Id).primary_key())
        .col(string(Groups::Name))
        .col(string(Groups::NameKey))
        .col(timestamp_with_time_zone(Groups::CreatedAt))
        .take()
}

fn group_people() -> TableCreateStatement {
    Table::create()
        .table(GroupPeople::Table)
        .if_not_exists()
        .col(uuid(GroupPeople::GroupId))
        .col(uuid(GroupPeople::UserId))
        .col(timestamp_with_time_zone(GroupPeople::AddedAt))
        .primary_key(Index::create().col(GroupPeople::GroupId).col(GroupPeople::UserId))
        .foreign_key(&mut owned_by(
            GroupPeople::Table,
            GroupPeople::GroupId,
            Groups::Table,
            Groups::Id,
        ))
        .foreign_key(&mut owned_by(
            GroupPeople::Table,
            GroupPeople::UserId,
            Users::Table,
            Users::Id,
        ))
        .take()
}

fn group_members() -> TableCreateStatement {
    Table::create()
        .table(GroupMembers::Table)
        .if_not_exists()
        .col(uuid(GroupMembers::WorkspaceId))
        .col(uuid(GroupMembers::GroupId))
        .col(string(GroupMembers::Role))
        .col(json_binary(GroupMembers::ModelRoles))
        .col(timestamp_with_time_zone(GroupMembers::CreatedAt))
        .primary_key(
            Index::create()
                .col(GroupMembers::WorkspaceId)
                .col(GroupMembers::GroupId),
        )
        .foreign_key(&mut owned_by(
            GroupMembers::Table,
            GroupMembers::WorkspaceId,
            Workspaces::Table,
            Workspaces::Id,
        ))
        .foreign_key(&mut owned_by(
            GroupMembers::Table,
            GroupMembers::GroupId,
            Groups::Table,
            Groups::Id,
        ))
        .take()
}

/// One column for each kind of object and of holder, so that a right goes with either.
fn object_grants() -> TableCreateStatement {
    Table::create()
        .table(ObjectGrants::Table)
        .if_not_exists()
        .col(uuid(ObjectGrants::Id).primary_key())
        .col(uuid(ObjectGrants::WorkspaceId))
        .col(uuid_null(ObjectGrants::DashboardId))
        .col(uuid_null(ObjectGrants::DatasetId))
        .col(uuid_null(ObjectGrants::UserId))
        .col(uuid_null(ObjectGrants::GroupId))
        .col(string(ObjectGrants::Role))
        .col(timestamp_with_time_zone(ObjectGrants::CreatedAt))
        .foreign_key(&mut owned_by(
            ObjectGrants::Table,
            ObjectGrants::WorkspaceId,
            Workspaces::Table,
            Workspaces::Id,
        ))
        .foreign_key(&mut owned_by(
            ObjectGrants::Table,
            ObjectGrants::DashboardId,
            Dashboards::Table,
            Dashboards::Id,
        ))
        .foreign_key(&mut owned_by(
            ObjectGrants::Table,
            ObjectGrants::DatasetId,
            Datasets::Table,
            Datasets::Id,
        ))
        .foreign_key(&mut owned_by(
            ObjectGrants::Table,
            ObjectGrants::UserId,
            Users::Table,
            Users::Id,
        ))
        .foreign_key(&mut owned_by(
            ObjectGrants::Table,
            ObjectGrants::GroupId,
            Groups::Table,
            Groups::Id,
        ))
        .take()
}

#[derive(DeriveIden)]
enum Groups {
    Table,
    Id,
    Name,
    /// The name in small letters: what is unique.
    NameKey,
    CreatedAt,
}

#[derive(DeriveIden)]
enum GroupPeople {
    Table,
    GroupId,
    UserId,
    AddedAt,
}

#[derive(DeriveIden)]
enum GroupMembers {
    Table,
    WorkspaceId,
    GroupId,
    Role,
    ModelRoles,
    CreatedAt,
}

#[derive(DeriveIden)]
enum ObjectGrants {
    Table,
    Id,
    WorkspaceId,
    DashboardId,
    DatasetId,
    UserId,
    GroupId,
    Role,
    CreatedAt,
}

/// The new column, alike in both tables.
#[derive(DeriveIden)]
enum Restricted {
    Restricted,
}

#[derive(DeriveIden)]
enum Users {
    Table,
    Id,
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

#[derive(DeriveIden)]
enum Datasets {
    Table,
    Id,
}
