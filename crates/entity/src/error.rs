use sea_orm::DbErr;

/// Why stored data could not be reached or read.
#[derive(Debug, thiserror::Error)]
pub enum EntityError {
    #[error("the database could not be opened")]
    Connect(#[source] DbErr),
    /// A stored value this version cannot read: damage, or the work of a newer version.
    #[error("column `{column}` of table `{table}` holds a value that cannot be read")]
    UnreadableRow { table: &'static str, column: &'static str },
}
