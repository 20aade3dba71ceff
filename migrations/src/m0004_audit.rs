//! The audit log: entries in chains, the end of each chain, and triggers that let entries only be added. Entries name
//! workspaces without a foreign key: the log of a deleted workspace stays.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DbBackend};

use crate::tables::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(entries()).await?;
        for (name, column) in [
            ("audit_entries_object", AuditEntries::ObjectId),
            ("audit_entries_actor", AuditEntries::ActorId),
            ("audit_entries_action", AuditEntries::Action),
        ] {
            let columns = [AuditEntries::ChainId, column, AuditEntries::Number];
            manager.create_index(index(name, AuditEntries::Table, columns)).await?;
        }
        manager
            .create_index(index(
                "audit_entries_time",
                AuditEntries::Table,
                [AuditEntries::ChainId, AuditEntries::At],
            ))
            .await?;
        manager.create_table(heads()).await?;
        let triggers = match manager.get_database_backend() {
            DbBackend::Postgres => POSTGRES_TRIGGERS,
            _ => SQLITE_TRIGGERS,
        };
        for trigger in triggers {
            manager.get_connection().execute_unprepared(trigger).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// An entry is never changed and never goes; a head only moves on by one.
const SQLITE_TRIGGERS: &[&str] = &[
    "CREATE TRIGGER audit_entries_stay BEFORE DELETE ON audit_entries
     BEGIN SELECT RAISE(ABORT, 'entries of the audit log are never deleted'); END",
    "CREATE TRIGGER audit_entries_hold BEFORE UPDATE ON audit_entries
     BEGIN SELECT RAISE(ABORT, 'entries of the audit log are never changed'); END",
    "CREATE TRIGGER audit_heads_stay BEFORE DELETE ON audit_heads
     BEGIN SELECT RAISE(ABORT, 'chains of the audit log are never deleted'); END",
    "CREATE TRIGGER audit_heads_grow BEFORE UPDATE ON audit_heads
     WHEN NEW.chain_id <> OLD.chain_id OR NEW.number <> OLD.number + 1
     BEGIN SELECT RAISE(ABORT, 'chains of the audit log only grow'); END",
];

const POSTGRES_TRIGGERS: &[&str] = &[
    "CREATE FUNCTION audit_log_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN RAISE EXCEPTION 'the audit log is only added to'; END $$",
    "CREATE FUNCTION audit_heads_grow() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       IF NEW.chain_id <> OLD.chain_id OR NEW.number <> OLD.number + 1 THEN
         RAISE EXCEPTION 'chains of the audit log only grow';
       END IF;
       RETURN NEW;
     END $$",
    "CREATE TRIGGER audit_entries_hold BEFORE UPDATE OR DELETE ON audit_entries
     FOR EACH ROW EXECUTE FUNCTION audit_log_refuses()",
    "CREATE TRIGGER audit_entries_stay BEFORE TRUNCATE ON audit_entries
     FOR EACH STATEMENT EXECUTE FUNCTION audit_log_refuses()",
    "CREATE TRIGGER audit_heads_grow BEFORE UPDATE ON audit_heads
     FOR EACH ROW EXECUTE FUNCTION audit_heads_grow()",
    "CREATE TRIGGER audit_heads_hold BEFORE DELETE ON audit_heads
     FOR EACH ROW EXECUTE FUNCTION audit_log_refuses()",
    "CREATE TRIGGER audit_heads_stay BEFORE TRUNCATE ON audit_heads
     FOR EACH STATEMENT EXECUTE FUNCTION audit_log_refuses()",
];

fn entries() -> TableCreateStatement {
    Table::create()
        .table(AuditEntries::Table)
        .if_not_exists()
        .col(uuid(AuditEntries::ChainId))
        .col(big_integer(AuditEntries::Number))
        .col(timestamp_with_time_zone(AuditEntries::At))
        .col(string(AuditEntries::ActorKind))
        .col(uuid_null(AuditEntries::ActorId))
        .col(text(AuditEntries::ActorName))
        .col(string(AuditEntries::Action))
        .col(string_null(AuditEntries::ObjectKind))
        .col(string_null(AuditEntries::ObjectId))
        .col(text_null(AuditEntries::ObjectTitle))
        .col(string(AuditEntries::Outcome))
        .col(text(AuditEntries::Detail))
        .col(uuid_null(AuditEntries::RequestId))
        .col(string_null(AuditEntries::Client))
        .col(text(AuditEntries::Words))
        .col(string(AuditEntries::Hash))
        .primary_key(Index::create().col(AuditEntries::ChainId).col(AuditEntries::Number))
        .take()
}

fn heads() -> TableCreateStatement {
    Table::create()
        .table(AuditHeads::Table)
        .if_not_exists()
        .col(uuid(AuditHeads::ChainId).primary_key())
        .col(big_integer(AuditHeads::Number))
        .col(string(AuditHeads::Hash))
        .take()
}

#[derive(Clone, Copy, DeriveIden)]
enum AuditEntries {
    Table,
    ChainId,
    Number,
    At,
    ActorKind,
    ActorId,
    ActorName,
    Action,
    ObjectKind,
    ObjectId,
    ObjectTitle,
    Outcome,
    Detail,
    RequestId,
    Client,
    Words,
    Hash,
}

#[derive(DeriveIden)]
enum AuditHeads {
    Table,
    ChainId,
    Number,
    Hash,
}
