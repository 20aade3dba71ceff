//! People, workspaces and the ways to prove who one is.

use sea_orm_migration::{prelude::*, schema::*};

use crate::tables::{index, owned_by};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(users()).await?;
        manager.create_table(workspaces()).await?;
        manager.create_table(members()).await?;
        manager
            .create_index(index("members_user", Members::Table, [Members::UserId]))
            .await?;
        manager.create_table(one_time_links()).await?;
        manager.create_table(invites()).await?;
        manager
            .create_index(index("invites_workspace", Invites::Table, [Invites::WorkspaceId]))
            .await?;
        manager.create_table(sessions()).await?;
        manager
            .create_index(index("sessions_user", Sessions::Table, [Sessions::UserId]))
            .await?;
        manager
            .create_index(index("sessions_expiry", Sessions::Table, [Sessions::ExpiresAt]))
            .await?;
        manager.create_table(api_tokens()).await?;
        manager
            .create_index(index("api_tokens_user", ApiTokens::Table, [ApiTokens::UserId]))
            .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn users() -> TableCreateStatement {
    Table::create()
        .table(Users::Table)
        .if_not_exists()
        .col(uuid(Users::Id).primary_key())
        .col(string_uniq(Users::Email))
        .col(string(Users::Name))
        .col(string_null(Users::PasswordHash))
        .col(string(Users::PlatformRole))
        .col(big_integer(Users::AuthEpoch))
        .col(string_null(Users::TimeZone))
        .col(string(Users::Theme))
        .col(timestamp_with_time_zone(Users::CreatedAt))
        .col(timestamp_with_time_zone_null(Users::DisabledAt))
        .take()
}

fn workspaces() -> TableCreateStatement {
    Table::create()
        .table(Workspaces::Table)
        .if_not_exists()
        .col(uuid(Workspaces::Id).primary_key())
        .col(string_uniq(Workspaces::Slug))
        .col(string(Workspaces::Title))
        .col(boolean(Workspaces::EditorsMayShare))
        .col(timestamp_with_time_zone(Workspaces::CreatedAt))
        .take()
}

fn members() -> TableCreateStatement {
    Table::create()
        .table(Members::Table)
        .if_not_exists()
        .col(uuid(Members::WorkspaceId))
        .col(uuid(Members::UserId))
        .col(string(Members::Role))
        .col(json_binary(Members::ModelRoles))
        .col(json_binary(Members::Attributes))
        .col(timestamp_with_time_zone(Members::CreatedAt))
        .primary_key(Index::create().col(Members::WorkspaceId).col(Members::UserId))
        .foreign_key(&mut owned_by(
            Members::Table,
            Members::WorkspaceId,
            Workspaces::Table,
            Workspaces::Id,
        ))
        .foreign_key(&mut owned_by(Members::Table, Members::UserId, Users::Table, Users::Id))
        .take()
}

fn one_time_links() -> TableCreateStatement {
    Table::create()
        .table(OneTimeLinks::Table)
        .if_not_exists()
        .col(string(OneTimeLinks::TokenHash).primary_key())
        .col(string(OneTimeLinks::Purpose))
        .col(uuid_null(OneTimeLinks::UserId))
        .col(timestamp_with_time_zone(OneTimeLinks::CreatedAt))
        .col(timestamp_with_time_zone(OneTimeLinks::ExpiresAt))
        .foreign_key(&mut owned_by(
            OneTimeLinks::Table,
            OneTimeLinks::UserId,
            Users::Table,
            Users::Id,
        ))
        .take()
}

fn invites() -> TableCreateStatement {
    Table::create()
        .table(Invites::Table)
        .if_not_exists()
        .col(string(Invites::TokenHash).primary_key())
        .col(uuid(Invites::WorkspaceId))
        .col(string(Invites::Role))
        .col(json_binary(Invites::ModelRoles))
        .col(json_binary(Invites::Attributes))
        .col(uuid_null(Invites::CreatedBy))
        .col(timestamp_with_time_zone(Invites::CreatedAt))
        .col(timestamp_with_time_zone(Invites::ExpiresAt))
        .col(timestamp_with_time_zone_null(Invites::UsedAt))
        .foreign_key(&mut owned_by(
            Invites::Table,
            Invites::WorkspaceId,
            Workspaces::Table,
            Workspaces::Id,
        ))
        .take()
}

fn sessions() -> TableCreateStatement {
    Table::create()
        .table(Sessions::Table)
        .if_not_exists()
        .col(string(Sessions::IdHash).primary_key())
        .col(uuid(Sessions::Id).unique_key())
        .col(uuid_null(Sessions::UserId))
        .col(big_integer_null(Sessions::AuthEpoch))
        .col(text(Sessions::Data))
        .col(string_null(Sessions::UserAgent))
        .col(string_null(Sessions::ClientAddress))
        .col(timestamp_with_time_zone(Sessions::CreatedAt))
        .col(timestamp_with_time_zone(Sessions::LastSeenAt))
        .col(timestamp_with_time_zone(Sessions::ExpiresAt))
        .foreign_key(&mut owned_by(
            Sessions::Table,
            Sessions::UserId,
            Users::Table,
            Users::Id,
        ))
        .take()
}

fn api_tokens() -> TableCreateStatement {
    Table::create()
        .table(ApiTokens::Table)
        .if_not_exists()
        .col(uuid(ApiTokens::Id).primary_key())
        .col(uuid(ApiTokens::UserId))
        .col(string(ApiTokens::Name))
        .col(string(ApiTokens::SecretHash))
        .col(json_binary(ApiTokens::Scopes))
        .col(big_integer(ApiTokens::AuthEpoch))
        .col(timestamp_with_time_zone(ApiTokens::CreatedAt))
        .col(timestamp_with_time_zone(ApiTokens::ExpiresAt))
        .col(timestamp_with_time_zone_null(ApiTokens::LastUsedAt))
        .foreign_key(&mut owned_by(
            ApiTokens::Table,
            ApiTokens::UserId,
            Users::Table,
            Users::Id,
        ))
        .take()
}

#[derive(DeriveIden)]
enum Users {
    Table,
    Id,
    Email,
    Name,
    PasswordHash,
    PlatformRole,
    AuthEpoch,
    TimeZone,
    Theme,
    CreatedAt,
    DisabledAt,
}

#[derive(DeriveIden)]
enum Workspaces {
    Table,
    Id,
    Slug,
    Title,
    EditorsMayShare,
    CreatedAt,
}

#[derive(DeriveIden)]
enum Members {
    Table,
    WorkspaceId,
    UserId,
    Role,
    ModelRoles,
    Attributes,
    CreatedAt,
}

#[derive(DeriveIden)]
enum OneTimeLinks {
    Table,
    TokenHash,
    Purpose,
    UserId,
    CreatedAt,
    ExpiresAt,
}

#[derive(DeriveIden)]
enum Invites {
    Table,
    TokenHash,
    WorkspaceId,
    Role,
    ModelRoles,
    Attributes,
    CreatedBy,
    CreatedAt,
    ExpiresAt,
    UsedAt,
}

#[derive(DeriveIden)]
enum Sessions {
    Table,
    IdHash,
    Id,
    UserId,
    AuthEpoch,
    Data,
    UserAgent,
    ClientAddress,
    CreatedAt,
    LastSeenAt,
    ExpiresAt,
}

#[derive(DeriveIden)]
enum ApiTokens {
    Table,
    Id,
    UserId,
    Name,
    SecretHash,
    Scopes,
    AuthEpoch,
    CreatedAt,
    ExpiresAt,
    LastUsedAt,
}
