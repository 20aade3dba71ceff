use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{BufWriter, ErrorKind, Seek as _, Write as _},
    path::Path,
};

use chrono::{DateTime, Utc};
use engine::{ObjectKey, ObjectStorage};
use entity::{Database, database_file, dataset_version};
use futures::TryStreamExt as _;
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, FromQueryResult as _, Statement};

use super::{
    BackupError,
    archive::{Writer, object_name, rows_name},
    manifest::{FORMAT, Manifest},
    tables,
};
use crate::secrets::SecretKey;

/// What was kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    pub manifest: Manifest,
    /// Stored files in it.
    pub objects: usize,
}

/// Writes a backup to `file`: the rows as they were at one moment, and every stored file those rows speak of. The server may go
/// on serving. `schema` are the migrations this program knows.
///
/// # Errors
/// When the file is there already or cannot be written, the database is of another version, or a stored file is missing.
pub async fn take(
    database: &Database,
    storage: &ObjectStorage,
    key: &SecretKey,
    schema: &[String],
    file: &Path,
    now: DateTime<Utc>,
) -> Result<Taken, BackupError> {
    let writer = Writer::create(file)?;
    let partial = writer.partial().to_owned();
    let taken = write(database, storage, key, schema, writer, now).await;
    if taken.is_err() {
        // Nobody is to take it for a backup. Where even this fails, its name says that it is none.
        let _ = fs::remove_file(partial);
    }
    taken
}

async fn write(
    database: &Database,
    storage: &ObjectStorage,
    key: &SecretKey,
    schema: &[String],
    mut writer: Writer,
    now: DateTime<Utc>,
) -> Result<Taken, BackupError> {
    let transaction = database.snapshot().await?;
    let applied = applied_migrations(&transaction).await?;
    if applied != schema {
        return Err(BackupError::OtherSchema(applied.last().cloned().unwrap_or_default()));
    }
    let mut rows = BTreeMap::new();
    for table in tables::kept() {
        let kept = tempfile::tempfile().map_err(BackupError::file(table))?;
        let mut out = BufWriter::new(kept);
        rows.insert(table.to_owned(), tables::dump(table, &transaction, &mut out).await?);
        out.flush().map_err(BackupError::file(table))?;
        let mut kept = out.into_inner().map_err(|error| BackupError::File {
            path: table.into(),
            source: error.into_error(),
        })?;
        kept.rewind().map_err(BackupError::file(table))?;
        writer.add(rows_name(table), kept)?;
    }
    let mut objects = 0;
    for (object, is_retired) in stored(&transaction).await? {
        match File::open(storage.local_path(&object)) {
            Ok(content) => {
                writer.add(object_name(&object), content)?;
                objects += 1;
            }
            // What was replaced is swept away while the server runs, the file before its row.
            Err(error) if error.kind() == ErrorKind::NotFound && is_retired => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(BackupError::MissingObject(object.to_string()));
            }
            Err(error) => return Err(BackupError::file(storage.local_path(&object))(error)),
        }
    }
    // It only read.
    transaction.rollback().await?;
    let manifest = writer.finish(Manifest {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: now,
        schema: applied,
        key: key.fingerprint(),
        rows,
        members: BTreeMap::new(),
    })?;
    Ok(Taken { manifest, objects })
}

#[derive(sea_orm::FromQueryResult)]
struct Applied {
    version: String,
}

/// Names of the migrations the database has, oldest first; empty for a database without any.
pub async fn applied_migrations(transaction: &DatabaseTransaction) -> Result<Vec<String>, DbErr> {
    let statement = Statement::from_string(
        transaction.get_database_backend(),
        "SELECT version FROM seaql_migrations ORDER BY version",
    );
    let found = Applied::find_by_statement(statement).all(transaction).await?;
    Ok(found.into_iter().map(|one| one.version).collect())
}

/// Names of the migrations a database has, oldest first.
///
/// # Errors
/// When it does not answer, or was never set up.
pub async fn schema_of(database: &Database) -> Result<Vec<String>, BackupError> {
    let transaction = database.snapshot().await?;
    Ok(applied_migrations(&transaction).await?)
}

/// Stored files that rows speak of and that are not there.
///
/// # Errors
/// When the database does not answer.
pub async fn missing_objects(database: &Database, storage: &ObjectStorage) -> Result<Vec<ObjectKey>, BackupError> {
    let transaction = database.snapshot().await?;
    let stored = stored(&transaction).await?;
    let missing = stored
        .into_iter()
        .filter(|(key, is_retired)| !is_retired && !storage.local_path(key).is_file());
    Ok(missing.map(|(key, _)| key).collect())
}

/// The files that rows speak of, and whether each was replaced.
async fn stored(transaction: &DatabaseTransaction) -> Result<Vec<(ObjectKey, bool)>, DbErr> {
    let versions = dataset_version::Entity::find().stream(transaction).await?;
    let keys = versions.map_ok(|version| {
        let key = ObjectKey::dataset_version(version.workspace_id(), version.dataset_id(), version.id());
        (key, version.retired_at.is_some())
    });
    let mut keys: Vec<(ObjectKey, bool)> = keys.try_collect().await?;
    let files = database_file::Entity::find().stream(transaction).await?;
    let mut files = std::pin::pin!(files);
    while let Some(file) = files.try_next().await? {
        keys.push((ObjectKey::database_file(file.workspace_id(), file.id()), false));
    }
    Ok(keys)
}
