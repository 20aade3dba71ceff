//! Datasets, models, dashboards and folders. Documents are stored as text, not as JSON columns: the bytes that were written
//! are the bytes that are read, on every database.

use sea_orm_migration::{prelude::*, schema::*};

use crate::tables::{index, owned_by, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(datasets()).await?;
        manager
            .create_index(unique(
                "datasets_name",
                Datasets::Table,
                [Datasets::WorkspaceId, Datasets::Name],
            ))
            .await?;
        manager.create_table(dataset_versions()).await?;
        let columns = [DatasetVersions::DatasetId, DatasetVersions::Number];
        manager
            .create_index(unique("dataset_versions_number", DatasetVersions::Table, columns))
            .await?;
        let columns = [DatasetVersions::WorkspaceId, DatasetVersions::RetiredAt];
        manager
            .create_index(index("dataset_versions_workspace", DatasetVersions::Table, columns))
            .await?;
        manager.create_table(models()).await?;
        manager
            .create_index(unique(
                "models_name",
                Models::Table,
                [Models::WorkspaceId, Models::Name],
            ))
            .await?;
        manager.create_table(model_versions()).await?;
        manager.create_table(folders()).await?;
        manager
            .create_index(index(
                "folders_workspace",
                Folders::Table,
                [Folders::WorkspaceId, Folders::ParentId],
            ))
            .await?;
        manager.create_table(dashboards()).await?;
        manager
            .create_index(index(
                "dashboards_workspace",
                Dashboards::Table,
                [Dashboards::WorkspaceId, Dashboards::Id],
            ))
            .await?;
        manager.create_table(dashboard_actions()).await?;
        let columns = [DashboardActions::DashboardId, DashboardActions::ActionId];
        manager
            .create_index(unique("dashboard_actions_id", DashboardActions::Table, columns))
            .await?;
        manager.create_table(dashboard_snapshots()).await?;
        manager.create_table(dashboard_versions()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn datasets() -> TableCreateStatement {
    Table::create()
        .table(Datasets::Table)
        .if_not_exists()
        .col(uuid(Datasets::Id).primary_key())
        .col(uuid(Datasets::WorkspaceId))
        .col(string(Datasets::Name))
        .col(string(Datasets::Label))
        .col(uuid(Datasets::CurrentVersionId))
        .col(uuid_null(Datasets::CreatedBy))
        .col(timestamp_with_time_zone(Datasets::CreatedAt))
        .col(timestamp_with_time_zone(Datasets::UpdatedAt))
        .foreign_key(&mut owned_by(
            Datasets::Table,
            Datasets::WorkspaceId,
            Workspaces::Table,
            Workspaces::Id,
        ))
        .take()
}

fn dataset_versions() -> TableCreateStatement {
    Table::create()
        .table(DatasetVersions::Table)
        .if_not_exists()
        .col(uuid(DatasetVersions::Id).primary_key())
        .col(uuid(DatasetVersions::WorkspaceId))
        .col(uuid(DatasetVersions::DatasetId))
        .col(integer(DatasetVersions::Number))
        .col(string(DatasetVersions::FileName))
        .col(string(DatasetVersions::FileKind))
        .col(big_integer(DatasetVersions::RowCount))
        .col(integer(DatasetVersions::ColumnCount))
        .col(big_integer(DatasetVersions::Bytes))
        .col(text(DatasetVersions::Columns))
        .col(text(DatasetVersions::Profiles))
        .col(text(DatasetVersions::Rejects))
        .col(text(DatasetVersions::Renamed))
        .col(text(DatasetVersions::Options))
        .col(uuid_null(DatasetVersions::CreatedBy))
        .col(timestamp_with_time_zone(DatasetVersions::CreatedAt))
        .col(timestamp_with_time_zone_null(DatasetVersions::RetiredAt))
        .foreign_key(&mut owned_by(
            DatasetVersions::Table,
            DatasetVersions::WorkspaceId,
            Workspaces::Table,
            Workspaces::Id,
        ))
        .take()
}

fn models() -> TableCreateStatement {
    Table::create()
        .table(Models::Table)
        .if_not_exists()
        .col(uuid(Models::Id).primary_key())
        .col(uuid(Models::WorkspaceId))
        .col(string(Models::Name))
        .col(integer(Models::CurrentVersion))
        .col(timestamp_with_time_zone(Models::CreatedAt))
        .col(timestamp_with_time_zone(Models::UpdatedAt))
        .foreign_key(&mut owned_by(
            Models::Table,
            Models::WorkspaceId,
            Workspaces::Table,
            Workspaces::Id,
        ))
        .take()
}

fn model_versions() -> TableCreateStatement {
    Table::create()
        .table(ModelVersions::Table)
        .if_not_exists()
        .col(uuid(ModelVersions::ModelId))
        .col(integer(ModelVersions::Version))
        .col(uuid(ModelVersions::WorkspaceId))
        .col(text(ModelVersions::Document))
        .col(uuid_null(ModelVersions::CreatedBy))
        .col(timestamp_with_time_zone(ModelVersions::CreatedAt))
        .primary_key(Index::create().col(ModelVersions::ModelId).col(ModelVersions::Version))
        .foreign_key(&mut owned_by(
            ModelVersions::Table,
            ModelVersions::ModelId,
            Models::Table,
            Models::Id,
        ))
        .take()
}

fn folders() -> TableCreateStatement {
    Table::create()
        .table(Folders::Table)
        .if_not_exists()
        .col(uuid(Folders::Id).primary_key())
        .col(uuid(Folders::WorkspaceId))
        .col(string(Folders::Title))
        .col(uuid_null(Folders::ParentId))
        .col(timestamp_with_time_zone(Folders::CreatedAt))
        .foreign_key(&mut owned_by(
            Folders::Table,
            Folders::WorkspaceId,
            Workspaces::Table,
            Workspaces::Id,
        ))
        .take()
}

fn dashboards() -> TableCreateStatement {
    Table::create()
        .table(Dashboards::Table)
        .if_not_exists()
        .col(uuid(Dashboards::Id).primary_key())
        .col(uuid(Dashboards::WorkspaceId))
        .col(uuid_null(Dashboards::FolderId))
        .col(string(Dashboards::Title))
        .col(string(Dashboards::Model))
        .col(big_integer(Dashboards::Revision))
        .col(text(Dashboards::Document))
        .col(integer_null(Dashboards::PublishedNumber))
        .col(big_integer_null(Dashboards::PublishedRevision))
        .col(uuid_null(Dashboards::CreatedBy))
        .col(timestamp_with_time_zone(Dashboards::CreatedAt))
        .col(timestamp_with_time_zone(Dashboards::UpdatedAt))
        .col(timestamp_with_time_zone_null(Dashboards::DeletedAt))
        .foreign_key(&mut owned_by(
            Dashboards::Table,
            Dashboards::WorkspaceId,
            Workspaces::Table,
            Workspaces::Id,
        ))
        .take()
}

fn dashboard_actions() -> TableCreateStatement {
    Table::create()
        .table(DashboardActions::Table)
        .if_not_exists()
        .col(uuid(DashboardActions::DashboardId))
        .col(big_integer(DashboardActions::Revision))
        .col(uuid(DashboardActions::WorkspaceId))
        .col(uuid(DashboardActions::ActionId))
        .col(uuid(DashboardActions::ActorId))
        .col(timestamp_with_time_zone(DashboardActions::At))
        .col(string(DashboardActions::Name))
        .col(text(DashboardActions::Operations))
        .col(text(DashboardActions::Inverse))
        .col(uuid_null(DashboardActions::Undoes))
        .primary_key(
            Index::create()
                .col(DashboardActions::DashboardId)
                .col(DashboardActions::Revision),
        )
        .foreign_key(&mut owned_by(
            DashboardActions::Table,
            DashboardActions::DashboardId,
            Dashboards::Table,
            Dashboards::Id,
        ))
        .take()
}

fn dashboard_snapshots() -> TableCreateStatement {
    Table::create()
        .table(DashboardSnapshots::Table)
        .if_not_exists()
        .col(uuid(DashboardSnapshots::DashboardId))
        .col(big_integer(DashboardSnapshots::Revision))
        .col(uuid(DashboardSnapshots::WorkspaceId))
        .col(text(DashboardSnapshots::Document))
        .col(timestamp_with_time_zone(DashboardSnapshots::CreatedAt))
        .primary_key(
            Index::create()
                .col(DashboardSnapshots::DashboardId)
                .col(DashboardSnapshots::Revision),
        )
        .foreign_key(&mut owned_by(
            DashboardSnapshots::Table,
            DashboardSnapshots::DashboardId,
            Dashboards::Table,
            Dashboards::Id,
        ))
        .take()
}

fn dashboard_versions() -> TableCreateStatement {
    Table::create()
        .table(DashboardVersions::Table)
        .if_not_exists()
        .col(uuid(DashboardVersions::DashboardId))
        .col(integer(DashboardVersions::Number))
        .col(uuid(DashboardVersions::WorkspaceId))
        .col(big_integer(DashboardVersions::Revision))
        .col(string(DashboardVersions::Model))
        .col(integer(DashboardVersions::ModelVersion))
        .col(uuid_null(DashboardVersions::PublishedBy))
        .col(timestamp_with_time_zone(DashboardVersions::PublishedAt))
        .primary_key(
            Index::create()
                .col(DashboardVersions::DashboardId)
                .col(DashboardVersions::Number),
        )
        .foreign_key(&mut owned_by(
            DashboardVersions::Table,
            DashboardVersions::DashboardId,
            Dashboards::Table,
            Dashboards::Id,
        ))
        .take()
}

#[derive(DeriveIden)]
enum Workspaces {
    Table,
    Id,
}

#[derive(DeriveIden)]
enum Datasets {
    Table,
    Id,
    WorkspaceId,
    Name,
    Label,
    CurrentVersionId,
    CreatedBy,
    CreatedAt,
    UpdatedAt,
}

#[derive(DeriveIden)]
enum DatasetVersions {
    Table,
    Id,
    WorkspaceId,
    DatasetId,
    Number,
    FileName,
    FileKind,
    RowCount,
    ColumnCount,
    Bytes,
    Columns,
    Profiles,
    Rejects,
    Renamed,
    Options,
    CreatedBy,
    CreatedAt,
    RetiredAt,
}

#[derive(DeriveIden)]
enum Models {
    Table,
    Id,
    WorkspaceId,
    Name,
    CurrentVersion,
    CreatedAt,
    UpdatedAt,
}

#[derive(DeriveIden)]
enum ModelVersions {
    Table,
    ModelId,
    Version,
    WorkspaceId,
    Document,
    CreatedBy,
    CreatedAt,
}

#[derive(DeriveIden)]
enum Folders {
    Table,
    Id,
    WorkspaceId,
    Title,
    ParentId,
    CreatedAt,
}

#[derive(DeriveIden)]
enum Dashboards {
    Table,
    Id,
    WorkspaceId,
    FolderId,
    Title,
    Model,
    Revision,
    Document,
    PublishedNumber,
    PublishedRevision,
    CreatedBy,
    CreatedAt,
    UpdatedAt,
    DeletedAt,
}

#[derive(DeriveIden)]
enum DashboardActions {
    Table,
    DashboardId,
    Revision,
    WorkspaceId,
    ActionId,
    ActorId,
    At,
    Name,
    Operations,
    Inverse,
    Undoes,
}

#[derive(DeriveIden)]
enum DashboardSnapshots {
    Table,
    DashboardId,
    Revision,
    WorkspaceId,
    Document,
    CreatedAt,
}

#[derive(DeriveIden)]
enum DashboardVersions {
    Table,
    DashboardId,
    Number,
    WorkspaceId,
    Revision,
    Model,
    ModelVersion,
    PublishedBy,
    PublishedAt,
}
