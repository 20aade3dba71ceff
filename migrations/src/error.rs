use sea_orm_migration::sea_orm::DbErr;

/// Why the schema could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// A newer Sightline has been here; running an older one on its schema could damage data.
    #[error(
        "the database was written by a newer version of Sightline (it has migration `{unknown}`, which this version does \
         not know); start the newer version, or restore a backup made before the upgrade"
    )]
    NewerSchema { unknown: String },
    #[error("the database refused a migration step")]
    Database(#[from] DbErr),
}
