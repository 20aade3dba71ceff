//! `backup` and `restore`.

use std::path::{Path, PathBuf};

use engine::ObjectStorage;
use services::{
    Clock, Database,
    backup::{self, BackupError, Manifest},
};
use uuid::Uuid;

use super::{
    arguments::{BackupArguments, RestoreArguments},
    exit::Exit,
};
use crate::{
    config::{Settings, Source, present_secret_key},
    data_lock::DataLock,
    instance,
};

pub async fn take(arguments: BackupArguments) -> Result<(), Exit> {
    let source = Source::read()?;
    let settings = Settings::from_source(&source, arguments.data.data, None)?;
    let nothing = || {
        Exit::configuration(format!(
            "there is no instance in {}; name its folder with --data",
            settings.data.display()
        ))
    };
    let key = present_secret_key(&source, &settings.data)?.ok_or_else(nothing)?;
    // Neither made nor brought up to date here: a backup changes nothing of what it copies.
    if settings.database_file().is_some_and(|file| !file.is_file()) {
        return Err(nothing());
    }
    let database = instance::connect(&settings).await?;
    let storage = storage(&settings.files)?;
    let now = Clock::system().now();
    let taken = backup::take(&database, &storage, &key, &migrations::names(), &arguments.file, now).await?;
    close(database).await?;
    println!(
        "wrote {}: {}",
        arguments.file.display(),
        contents(&taken.manifest, taken.objects)
    );
    println!("The secret key is not in it. Keep that in another place: with both, everything comes back.");
    Ok(())
}

pub async fn restore(arguments: RestoreArguments) -> Result<(), Exit> {
    let source = Source::read()?;
    let settings = Settings::from_source(&source, arguments.data.data, None)?;
    if !arguments.file.is_file() {
        return Err(Exit::configuration(format!(
            "there is no file {}",
            arguments.file.display()
        )));
    }
    let key = crate::config::secret_key(&source, &settings.data, settings.is_reachable_from_outside())?;
    let _lock = DataLock::take(&settings.data)?;
    let (database, _) = instance::open_database(&settings).await?;
    let storage = storage(&settings.files)?;
    let unpacked = Unpacked(
        settings
            .data
            .join("temporary")
            .join(format!("restore-{}", Uuid::now_v7())),
    );
    let restored = backup::restore(
        &database,
        &storage,
        &key,
        &arguments.file,
        &unpacked.0,
        arguments.other_key,
        Clock::system().now(),
    )
    .await?;
    close(database).await?;
    println!(
        "restored {} of {}: {}",
        arguments.file.display(),
        restored.manifest.made_at.format("%Y-%m-%d %H:%M UTC"),
        contents(&restored.manifest, restored.objects)
    );
    println!("Start the server; everybody signs in again.");
    Ok(())
}

/// A folder that goes away with this value.
struct Unpacked(PathBuf);

impl Drop for Unpacked {
    fn drop(&mut self) {
        // What stays is removed by the next start of the server.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn contents(manifest: &Manifest, objects: usize) -> String {
    let rows = |table: &str| manifest.rows.get(table).copied().unwrap_or(0);
    format!(
        "{} people, {} workspaces, {} dashboards, {} data sets, {objects} stored files",
        rows("users"),
        rows("workspaces"),
        rows("dashboards"),
        rows("datasets"),
    )
}

pub fn storage(files: &Path) -> Result<ObjectStorage, Exit> {
    ObjectStorage::local(files).map_err(|error| Exit::configuration(super::chain(&error)))
}

async fn close(database: Database) -> Result<(), Exit> {
    database
        .close()
        .await
        .map_err(|error| Exit::failure(super::chain(&error)))
}

impl From<BackupError> for Exit {
    fn from(error: BackupError) -> Self {
        Self::failure(super::chain(&error))
    }
}
