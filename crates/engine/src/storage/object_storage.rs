//! The folder of stored objects. A file appears under its key complete and synced, or not at all.

use std::{
    collections::HashSet,
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use chrono::{DateTime, Utc};
use futures::TryStreamExt as _;
use object_store::{ObjectStore as _, ObjectStoreExt as _, local::LocalFileSystem, path::Path as StorePath};

use super::{ObjectKey, Sum, checksum};
use crate::error::EngineError;
use shared::ids::WorkspaceId;

/// One object as listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredObject {
    pub key: ObjectKey,
    pub bytes: u64,
    pub stored_at: DateTime<Utc>,
}

/// Objects below one local folder. Cheap to clone.
#[derive(Clone, Debug)]
pub struct ObjectStorage {
    root: PathBuf,
    store: Arc<LocalFileSystem>,
    /// Objects this process has read once and found to be what was stored.
    whole: Arc<Mutex<HashSet<ObjectKey>>>,
}

impl ObjectStorage {
    /// Objects below `root`, which is made when it is missing.
    pub fn local(root: &Path) -> Result<Self, EngineError> {
        fs::create_dir_all(root).map_err(EngineError::storage("making the folder"))?;
        let root = root
            .canonicalize()
            .map_err(EngineError::storage("finding the folder"))?;
        let store = LocalFileSystem::new_with_prefix(&root).map_err(store_error("opening the folder"))?;
        Ok(Self {
            root,
            store: Arc::new(store),
            whole: Arc::default(),
        })
    }

    /// Where workers read the object; says nothing about whether it is there.
    pub fn local_path(&self, key: &ObjectKey) -> PathBuf {
        self.root.join(key.as_str())
    }

    /// Where workers read the object, once it was found to be there and, at this process's first use, to be what was stored.
    ///
    /// # Errors
    /// `ObjectGone` and `ObjectDamaged`.
    pub async fn whole(&self, key: &ObjectKey) -> Result<PathBuf, EngineError> {
        let path = self.local_path(key);
        if !path.exists() {
            return Err(EngineError::ObjectGone { key: key.to_string() });
        }
        let known = self.whole.lock().unwrap_or_else(PoisonError::into_inner).contains(key);
        if !known {
            let object = path.clone();
            if !run_blocking("checking an object", move || checksum::holds(&object)).await? {
                return Err(EngineError::ObjectDamaged { key: key.to_string() });
            }
            let mut whole = self.whole.lock().unwrap_or_else(PoisonError::into_inner);
            whole.insert(key.clone());
        }
        Ok(path)
    }

    /// Moves a finished local file under `key`: synced, renamed, folder synced. After it returns the object survives a
    /// power cut. `file` is gone afterwards; it may lie on another file system.
    pub async fn put_file(&self, key: &ObjectKey, file: &Path) -> Result<(), EngineError> {
        let (root, target, file) = (self.root.clone(), self.local_path(key), file.to_owned());
        run_blocking("storing an object", move || move_durably(&root, &file, &target)).await
    }

    /// Removing what is not there is no error.
    pub async fn delete(&self, key: &ObjectKey) -> Result<(), EngineError> {
        self.whole.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
        let beside = checksum::beside(Path::new(key.as_str()));
        // The object first: a sum alone is swept, an object without its sum would no longer be watched.
        for path in [
            StorePath::from(key.as_str()),
            StorePath::from(beside.to_string_lossy().as_ref()),
        ] {
            match self.store.delete(&path).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(store_error("deleting an object")(error)),
            }
        }
        Ok(())
    }

    /// Every object, of all workspaces; files that are no objects of ours are left out.
    pub async fn list(&self) -> Result<Vec<StoredObject>, EngineError> {
        let entries: Vec<_> = self
            .store
            .list(None)
            .try_collect()
            .await
            .map_err(store_error("listing objects"))?;
        Ok(entries.into_iter().filter_map(known).collect())
    }

    /// What is kept of one rollup, in all its states.
    pub async fn rollups(&self, workspace: WorkspaceId, definition: Sum) -> Result<Vec<StoredObject>, EngineError> {
        let folder = StorePath::from(format!("{workspace}/rollups/{definition}"));
        let entries: Vec<_> = self
            .store
            .list(Some(&folder))
            .try_collect()
            .await
            .map_err(store_error("listing rollups"))?;
        Ok(entries.into_iter().filter_map(known).collect())
    }

    /// Is the object there? Says nothing about whether it is what was stored.
    pub fn has(&self, key: &ObjectKey) -> bool {
        self.local_path(key).exists()
    }

    /// Removes half-written files, and sums whose object never came, that were last written before a moment. Call it at start
    /// only, before uploads are accepted.
    pub async fn remove_partial(&self, before: SystemTime) -> Result<(), EngineError> {
        let root = self.root.clone();
        run_blocking("sweeping half-written files", move || {
            remove_partial_files(&root, before)
        })
        .await
    }
}

/// An object of ours.
fn known(entry: object_store::ObjectMeta) -> Option<StoredObject> {
    Some(StoredObject {
        key: ObjectKey::parse(entry.location.as_ref())?,
        bytes: entry.size,
        stored_at: entry.last_modified,
    })
}

/// Ending of a copy that is not complete yet.
const PARTIAL: &str = "partial";

fn move_durably(root: &Path, file: &Path, target: &Path) -> io::Result<()> {
    let folder = target.parent().unwrap_or(root);
    fs::create_dir_all(folder)?;
    fs::File::open(file)?.sync_all()?;
    checksum::keep(file, target)?;
    match fs::rename(file, target) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => copy_over(file, target)?,
        Err(error) => return Err(error),
    }
    // New folders must survive as well: sync each from the object up to the root.
    let mut folder = Some(folder);
    while let Some(current) = folder.filter(|current| current.starts_with(root)) {
        fs::File::open(current)?.sync_all()?;
        folder = current.parent();
    }
    Ok(())
}

fn copy_over(file: &Path, target: &Path) -> io::Result<()> {
    let partial = target.with_extension(PARTIAL);
    fs::copy(file, &partial)?;
    fs::File::open(&partial)?.sync_all()?;
    fs::rename(&partial, target)?;
    fs::remove_file(file)
}

fn remove_partial_files(folder: &Path, before: SystemTime) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if path.is_dir() {
            remove_partial_files(&path, before)?;
            continue;
        }
        let is_partial = path.extension().is_some_and(|ending| ending == PARTIAL) || is_lonely_sum(&path);
        if is_partial && entry.metadata()?.modified()? <= before {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

fn is_lonely_sum(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == checksum::ENDING) && !path.with_extension("parquet").exists()
}

async fn run_blocking<T: Send + 'static>(
    action: &'static str,
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, EngineError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(EngineError::storage(action)),
        Err(stopped) => Err(EngineError::storage(action)(io::Error::other(stopped))),
    }
}

fn store_error(action: &'static str) -> impl FnOnce(object_store::Error) -> EngineError {
    move |error| EngineError::Storage {
        action,
        source: io::Error::other(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(last: char) -> ObjectKey {
        let id = "0192f0c1-2d3e-7abc-8def-0123456789ab";
        ObjectKey::parse(&format!("{id}/datasets/{id}/{}{last}.parquet", &id[..35])).unwrap()
    }

    #[tokio::test]
    async fn objects_are_moved_in_listed_and_swept() {
        let folder = tempfile::tempdir().unwrap();
        let storage = ObjectStorage::local(&folder.path().join("objects")).unwrap();
        let upload = folder.path().join("upload");
        for last in ['1', '2'] {
            fs::write(&upload, b"rows").unwrap();
            storage.put_file(&key(last), &upload).await.unwrap();
            assert!(!upload.exists());
        }
        assert_eq!(fs::read(storage.local_path(&key('1'))).unwrap(), b"rows");
        fs::write(storage.local_path(&key('1')).with_extension(PARTIAL), b"ro").unwrap();
        assert_eq!(storage.list().await.unwrap().len(), 2);
        storage.remove_partial(SystemTime::UNIX_EPOCH).await.unwrap();
        assert!(storage.local_path(&key('1')).with_extension(PARTIAL).exists());
        storage.remove_partial(SystemTime::now()).await.unwrap();
        assert!(!storage.local_path(&key('1')).with_extension(PARTIAL).exists());
        for _ in 0..2 {
            storage.delete(&key('2')).await.unwrap();
        }
        let left: Vec<_> = storage
            .list()
            .await
            .unwrap()
            .into_iter()
            .map(|object| object.key)
            .collect();
        assert_eq!(left, [key('1')]);
        // Only the object that is left has a sum.
        let sums = |last| checksum::beside(&storage.local_path(&key(last))).exists();
        assert!(sums('1') && !sums('2'));
    }

    #[tokio::test]
    async fn one_flipped_bit_is_found_before_anything_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("objects");
        let upload = folder.path().join("upload");
        fs::write(&upload, vec![7; 3 << 20]).unwrap();
        let storage = ObjectStorage::local(&root).unwrap();
        storage.put_file(&key('1'), &upload).await.unwrap();
        let path = storage.whole(&key('1')).await.unwrap();
        let mut bytes = fs::read(&path).unwrap();
        bytes[2_000_000] ^= 1;
        fs::write(&path, bytes).unwrap();
        // Read by a process that has not looked yet.
        let fresh = ObjectStorage::local(&root).unwrap();
        assert!(matches!(
            fresh.whole(&key('1')).await,
            Err(EngineError::ObjectDamaged { .. })
        ));
        assert!(matches!(
            fresh.whole(&key('2')).await,
            Err(EngineError::ObjectGone { .. })
        ));
        // A sum is lonely when a kill came between it and its object.
        fs::write(checksum::beside(&fresh.local_path(&key('3'))), "00000000").unwrap();
        fresh.remove_partial(SystemTime::now()).await.unwrap();
        assert!(!checksum::beside(&fresh.local_path(&key('3'))).exists());
        assert!(checksum::beside(&path).exists());
    }
}
