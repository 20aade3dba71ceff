//! Second factors, links that set a new password, and settings of the whole instance.

use sea_orm_migration::{prelude::*, schema::*};

use crate::tables::{index, owned_by};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let protected = Table::alter()
            .table(Users::Table)
            .add_column(timestamp_with_time_zone_null(Users::SecondFactorAt))
            .take();
        manager.alter_table(protected).await?;
        manager.create_table(totp_keys()).await?;
        manager.create_table(recovery_codes()).await?;
        manager.create_table(passkeys()).await?;
        manager
            .create_index(index("passkeys_user", Passkeys::Table, [Passkeys::UserId]))
            .await?;
        manager.create_table(password_resets()).await?;
        manager
            .create_index(index(
                "password_resets_user",
                PasswordResets::Table,
                [PasswordResets::UserId],
            ))
            .await?;
        manager.create_table(instance_settings()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn of_user<A: IntoIden, B: IntoIden>(table: A, column: B) -> ForeignKeyCreateStatement {
    owned_by(table, column, Users::Table, Users::Id)
}

fn totp_keys() -> TableCreateStatement {
    Table::create()
        .table(TotpKeys::Table)
        .if_not_exists()
        .col(uuid(TotpKeys::UserId).primary_key())
        .col(text(TotpKeys::Sealed))
        .col(big_integer(TotpKeys::LastStep))
        .col(timestamp_with_time_zone(TotpKeys::CreatedAt))
        .col(timestamp_with_time_zone_null(TotpKeys::ConfirmedAt))
        .foreign_key(&mut of_user(TotpKeys::Table, TotpKeys::UserId))
        .take()
}

fn recovery_codes() -> TableCreateStatement {
    Table::create()
        .table(RecoveryCodes::Table)
        .if_not_exists()
        .col(uuid(RecoveryCodes::UserId))
        .col(string(RecoveryCodes::CodeHash))
        .col(timestamp_with_time_zone(RecoveryCodes::CreatedAt))
        .primary_key(Index::create().col(RecoveryCodes::UserId).col(RecoveryCodes::CodeHash))
        .foreign_key(&mut of_user(RecoveryCodes::Table, RecoveryCodes::UserId))
        .take()
}

fn passkeys() -> TableCreateStatement {
    Table::create()
        .table(Passkeys::Table)
        .if_not_exists()
        .col(uuid(Passkeys::Id).primary_key())
        .col(uuid(Passkeys::UserId))
        .col(string_uniq(Passkeys::CredentialId))
        .col(string(Passkeys::Name))
        .col(json_binary(Passkeys::Credential))
        .col(timestamp_with_time_zone(Passkeys::CreatedAt))
        .col(timestamp_with_time_zone_null(Passkeys::LastUsedAt))
        .foreign_key(&mut of_user(Passkeys::Table, Passkeys::UserId))
        .take()
}

fn password_resets() -> TableCreateStatement {
    Table::create()
        .table(PasswordResets::Table)
        .if_not_exists()
        .col(string(PasswordResets::TokenHash).primary_key())
        .col(uuid(PasswordResets::UserId))
        .col(uuid_null(PasswordResets::CreatedBy))
        .col(timestamp_with_time_zone(PasswordResets::CreatedAt))
        .col(timestamp_with_time_zone(PasswordResets::ExpiresAt))
        .col(timestamp_with_time_zone_null(PasswordResets::UsedAt))
        .foreign_key(&mut of_user(PasswordResets::Table, PasswordResets::UserId))
        .take()
}

fn instance_settings() -> TableCreateStatement {
    Table::create()
        .table(InstanceSettings::Table)
        .if_not_exists()
        .col(string(InstanceSettings::Name).primary_key())
        .col(json_binary(InstanceSettings::Value))
        .col(timestamp_with_time_zone(InstanceSettings::ChangedAt))
        .take()
}

#[derive(DeriveIden)]
enum Users {
    Table,
    Id,
    SecondFactorAt,
}

#[derive(DeriveIden)]
enum TotpKeys {
    Table,
    UserId,
    Sealed,
    LastStep,
    CreatedAt,
    ConfirmedAt,
}

#[derive(DeriveIden)]
enum RecoveryCodes {
    Table,
    UserId,
    CodeHash,
    CreatedAt,
}

#[derive(DeriveIden)]
enum Passkeys {
    Table,
    Id,
    UserId,
    CredentialId,
    Name,
    Credential,
    CreatedAt,
    LastUsedAt,
}

#[derive(DeriveIden)]
enum PasswordResets {
    Table,
    TokenHash,
    UserId,
    CreatedBy,
    CreatedAt,
    ExpiresAt,
    UsedAt,
}

#[derive(DeriveIden)]
enum InstanceSettings {
    Table,
    Name,
    Value,
    ChangedAt,
}
