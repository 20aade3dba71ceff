//! What several migrations say alike. A released migration depends on these: add to them, and change none.

use sea_orm_migration::prelude::*;

pub fn index<T: IntoIden + 'static, const N: usize>(name: &str, table: T, columns: [T; N]) -> IndexCreateStatement {
    let mut statement = Index::create();
    statement.name(name).table(table).if_not_exists();
    for column in columns {
        statement.col(column);
    }
    statement.take()
}

pub fn unique<T: IntoIden + 'static, const N: usize>(name: &str, table: T, columns: [T; N]) -> IndexCreateStatement {
    index(name, table, columns).unique().take()
}

/// The row goes when its owner goes.
pub fn owned_by<A: IntoIden, B: IntoIden, C: IntoIden, D: IntoIden>(
    table: A,
    column: B,
    owner: C,
    owner_id: D,
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(table.into_iden(), column.into_iden())
        .to(owner.into_iden(), owner_id.into_iden())
        .on_delete(ForeignKeyAction::Cascade)
        .take()
}

/// PostgreSQL: the workspace that a transaction stays in; NULL when it names none. A sub-query, so that it is read once for a
/// statement instead of once for a row.
pub const WORKSPACE: &str = "(SELECT nullif(current_setting('sightline.workspace', true), '')::uuid)";

/// PostgreSQL: hides rows of `table` that are not `own` from transactions that name their workspace, and lets them write no
/// others. The owner of the table, whom the server signs in as, is held to it too; superusers never are.
///
/// # Errors
/// When the database fails.
pub async fn wall(manager: &SchemaManager<'_>, table: &str, own: &str) -> Result<(), DbErr> {
    let statements = format!(
        "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
         ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
         CREATE POLICY workspace_wall ON {table} USING ({WORKSPACE} IS NULL OR {own})"
    );
    manager.get_connection().execute_unprepared(&statements).await.map(drop)
}
