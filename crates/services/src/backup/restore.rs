use std::{fs::File, io::BufReader, path::Path};

use chrono::{DateTime, Utc};
use engine::ObjectStorage;
use entity::{Database, audit_entry, data_key, user};
use sea_orm::{EntityTrait as _, PaginatorTrait as _};

use super::{BackupError, archive, manifest::Manifest, tables, take::applied_migrations};
use crate::{
    ServiceError,
    audit::{Untold, commit_untold},
    secrets::{SecretKey, start_anew},
};

/// What was brought back.
#[derive(Clone, Debug, PartialEq)]
pub struct Restored {
    pub manifest: Manifest,
    pub objects: usize,
}

/// Loads a backup into an instance without people. Everything is checked before anything is written; the rows come last and all
/// at once, so that a kill leaves the instance empty, with files that the next attempt writes over.
///
/// `unpacked` is a folder on the data folder's disk that is made for this and may be removed afterwards. With `other_key` a
/// backup of another secret key is taken too; what its data keys sealed, as secrets of authenticator apps and of frames, is then
/// lost.
///
/// # Errors
/// When the file is damaged or of another version or key, or the instance is not empty.
pub async fn restore(
    database: &Database,
    storage: &ObjectStorage,
    key: &SecretKey,
    file: &Path,
    unpacked: &Path,
    other_key: bool,
    now: DateTime<Utc>,
) -> Result<Restored, BackupError> {
    let archive = archive::unpack(file, unpacked, &tables::kept())?;
    let transaction = database.write_transaction().await?;
    if archive.manifest.schema != applied_migrations(&transaction).await? {
        return Err(BackupError::OtherVersion(archive.manifest.version));
    }
    let is_own_key = archive.manifest.key == key.fingerprint();
    if !is_own_key && !other_key {
        return Err(BackupError::OtherKey);
    }
    let entries = audit_entry::Entity::find().count(&transaction).await?;
    if entries + user::Entity::find().count(&transaction).await? > 0 {
        return Err(BackupError::NotEmpty);
    }
    let objects = archive.objects();
    for (object, path) in &objects {
        storage.put_file(object, path).await.map_err(ServiceError::from)?;
    }
    // What the first opening of this database made; the backup brings its own.
    data_key::Entity::delete_many().exec(&transaction).await?;
    for table in tables::kept() {
        let Some(path) = archive.rows(table) else {
            return Err(BackupError::Damaged(format!("the rows of {table} are missing")));
        };
        let lines = BufReader::new(File::open(&path).map_err(BackupError::file(&path))?);
        let loaded = tables::load(table, &transaction, lines).await?;
        if archive.manifest.rows.get(table) != Some(&loaded) {
            return Err(BackupError::Damaged(format!(
                "{loaded} rows of {table} are not all of them"
            )));
        }
    }
    if !is_own_key {
        start_anew(&transaction, key, now).await?;
    }
    commit_untold(transaction, Untold::Restore).await?;
    Ok(Restored {
        manifest: archive.manifest,
        objects: objects.len(),
    })
}
