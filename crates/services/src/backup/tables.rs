//! Rows out of their tables and back, as the row types are.

use std::io::{BufRead, Write};

use futures::TryStreamExt as _;
use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityName as _, EntityTrait, IntoActiveModel};
use serde::{Serialize, de::DeserializeOwned};

use super::BackupError;

/// Rows of one INSERT: far below the number of values that either database takes in a statement.
const ROWS_AT_ONCE: usize = 200;

macro_rules! kept {
    ($($module:ident),+ $(,)?) => {
        /// Every table a backup keeps, parents before children.
        pub fn kept() -> Vec<&'static str> {
            vec![$(entity::$module::Entity.table_name()),+]
        }

        /// Writes all rows of one table, a line each, and counts them.
        pub async fn dump(
            table: &str,
            transaction: &DatabaseTransaction,
            out: &mut impl Write,
        ) -> Result<u64, BackupError> {
            $(if table == entity::$module::Entity.table_name() {
                return dump_rows::<entity::$module::Entity>(table, transaction, out).await;
            })+
            Err(BackupError::Damaged(format!("no table {table}")))
        }

        /// Inserts the rows of one table and counts them.
        pub async fn load(
            table: &str,
            transaction: &DatabaseTransaction,
            lines: impl BufRead,
        ) -> Result<u64, BackupError> {
            $(if table == entity::$module::Entity.table_name() {
                return load_rows::<entity::$module::Entity, entity::$module::ActiveModel>(table, transaction, lines).await;
            })+
            Err(BackupError::Damaged(format!("no table {table}")))
        }
    };
}

kept!(
    user,
    totp_key,
    passkey,
    recovery_code,
    instance_setting,
    workspace,
    data_key,
    member,
    group,
    group_person,
    group_member,
    invite,
    api_token,
    database_file,
    connection,
    dataset,
    dataset_version,
    model,
    model_version,
    folder,
    dashboard,
    dashboard_action,
    dashboard_snapshot,
    dashboard_version,
    share,
    embed,
    embed_key,
    object_grant,
    usage_day,
    audit_head,
    audit_entry,
);

/// What ends by itself soon, or must not live twice.
pub fn left_out() -> Vec<&'static str> {
    vec![
        entity::session::Entity.table_name(),
        entity::one_time_link::Entity.table_name(),
        entity::password_reset::Entity.table_name(),
        entity::embed_ticket::Entity.table_name(),
        "seaql_migrations",
    ]
}

async fn dump_rows<E>(table: &str, transaction: &DatabaseTransaction, out: &mut impl Write) -> Result<u64, BackupError>
where
    E: EntityTrait,
    E::Model: Serialize,
{
    let mut rows = E::find().stream(transaction).await?;
    let mut count = 0;
    while let Some(row) = rows.try_next().await? {
        let mut line = serde_json::to_vec(&row).map_err(|error| BackupError::Damaged(format!("{table}: {error}")))?;
        line.push(b'\n');
        out.write_all(&line).map_err(BackupError::file(table))?;
        count += 1;
    }
    Ok(count)
}

async fn load_rows<E, A>(
    table: &str,
    transaction: &DatabaseTransaction,
    lines: impl BufRead,
) -> Result<u64, BackupError>
where
    E: EntityTrait,
    E::Model: DeserializeOwned + IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = E>,
{
    let (mut waiting, mut count) = (Vec::new(), 0);
    for line in lines.lines() {
        let line = line.map_err(BackupError::file(table))?;
        let row: E::Model =
            serde_json::from_str(&line).map_err(|error| BackupError::Damaged(format!("{table}: {error}")))?;
        waiting.push(row.into_active_model().reset_all());
        count += 1;
        if waiting.len() == ROWS_AT_ONCE {
            insert::<E, A>(transaction, std::mem::take(&mut waiting)).await?;
        }
    }
    if !waiting.is_empty() {
        insert::<E, A>(transaction, waiting).await?;
    }
    Ok(count)
}

async fn insert<E, A>(transaction: &DatabaseTransaction, rows: Vec<A>) -> Result<(), BackupError>
where
    E: EntityTrait,
    A: ActiveModelTrait<Entity = E>,
{
    E::insert_many(rows).exec_without_returning(transaction).await?;
    Ok(())
}
