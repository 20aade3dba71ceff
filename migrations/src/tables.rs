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
