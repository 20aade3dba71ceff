use std::{fs::File, io::BufReader, path::Path};

use engine::ObjectStorage;
use entity::{Database, audit_entry, user};
use sea_orm::{EntityTrait as _, PaginatorTrait as _};

use super::{
    BackupError, archive,
    manifest::{Manifest, fingerprint},
    tables,
    take::applied_migrations,
};
use crate::{
    ServiceError,
    audit::{Untold, commit_untold},
    secrets::SecretKey,
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
/// backup of another secret key is taken too.
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
) -> Result<Restored, BackupError> {
    let archive = archive::unpack(file, unpacked, &tables::kept())?;
    let transaction = database.write_transaction().await?;
    if archive.manifest.schema != applied_migrations(&transaction).await? {
        return Err(BackupError::OtherVersion(archive.manifest.version));
    }
    if archive.manifest.key != fingerprint(key) && !other_key {
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
    commit_untold(transaction, Untold::Restore).await?;
    Ok(Restored {
        manifest: archive.manifest,
        objects: objects.len(),
    })
}
