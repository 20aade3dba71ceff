//! Cleaning up: files nobody loaded, objects no row knows, versions that were replaced or deleted.

use std::{collections::HashSet, time::SystemTime};

use chrono::{DateTime, TimeDelta, Utc};
use engine::ObjectKey;
use entity::{database_file, dataset_version, workspace};
use sea_orm::{ColumnTrait, DbBackend, EntityTrait, QueryFilter, QuerySelect, prelude::Uuid};
use shared::ids::WorkspaceId;

use super::DatasetService;
use crate::{
    ServiceResult, Services,
    audit::{Untold, commit_untold},
};

/// How much was removed, and at start also what was left alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    pub uploads: usize,
    pub objects: usize,
    /// Objects that stay, because this database does not know their workspace.
    pub foreign: usize,
    pub versions: usize,
}

/// Longer than any load takes: a younger object without a row may be another server's, on its way.
const LONGEST_LOAD: TimeDelta = TimeDelta::hours(1);

impl DatasetService {
    /// Call it once at start, before requests are taken: removes the upload folder's files and objects without rows, which a
    /// killed server left. On Postgres, where other servers may be running, young objects are spared. Objects of workspaces
    /// this database does not know are never touched: they are the only trace of a start with the wrong database.
    ///
    /// # Errors
    /// When the database or the folders cannot be read.
    pub async fn sweep_at_start(services: &Services) -> ServiceResult<Swept> {
        let data = services.data()?;
        let uploads = remove_files(data.upload_dir()).await?;
        let keep_younger_than = match services.database().reader().get_database_backend() {
            DbBackend::Sqlite => None,
            _ => Some(services.clock().now() - LONGEST_LOAD),
        };
        let store = data.engine().store();
        // Before the rows are read: what another server stores in between has its row by then, or is young.
        let listed = store.list().await?;
        let workspaces = known_workspaces(services).await?;
        let known = known_objects(services).await?;
        let (ours, foreign): (Vec<_>, Vec<_>) = listed
            .into_iter()
            .map(|object| object.key)
            .partition(|key| key.workspace().is_some_and(|workspace| workspaces.contains(&workspace)));
        let is_young =
            |key: &ObjectKey| keep_younger_than.is_some_and(|start| made_at(key).is_none_or(|made| made > start));
        let mut objects = 0;
        for key in ours
            .iter()
            .filter(|key| !known.contains(*key) && key.rollup_definition().is_none() && !is_young(key))
        {
            store.delete(key).await?;
            objects += 1;
        }
        let now = SystemTime::now();
        let of_nobody_else = keep_younger_than.map_or(now, |_| now - LONGEST_LOAD.to_std().unwrap_or_default());
        store.remove_partial(of_nobody_else).await?;
        let versions = Self::sweep_retired(services).await?;
        Ok(Swept {
            uploads,
            objects,
            foreign: foreign.len(),
            versions,
        })
    }

    /// Call it every ten minutes, as the hint on full space promises: forgets uploads nobody loaded and removes the objects of versions that were replaced or deleted.
    ///
    /// # Errors
    /// When the database or the object store fails.
    pub async fn sweep(services: &Services) -> ServiceResult<Swept> {
        let data = services.data()?;
        let stale = data
            .uploads()
            .forget_older(services.clock().now() - data.limits().uploads_kept);
        for path in &stale {
            super::load::remove(path).await;
        }
        let versions = Self::sweep_retired(services).await?;
        Ok(Swept {
            uploads: stale.len(),
            objects: 0,
            foreign: 0,
            versions,
        })
    }

    /// Removes what is stored of a workspace whose rows are gone. Gives the number of objects.
    ///
    /// # Errors
    /// When the object store fails.
    pub async fn forget_workspace(services: &Services, workspace: WorkspaceId) -> ServiceResult<usize> {
        let data = services.data()?;
        data.answers().forget_prefix(format!("{workspace}/"));
        let mut removed = 0;
        for object in data.engine().store().list().await? {
            if object.key.workspace() == Some(workspace) {
                data.engine().store().delete(&object.key).await?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    /// The object goes first, the row after it: a row without an object is tried again, an object without a row is not seen.
    async fn sweep_retired(services: &Services) -> ServiceResult<usize> {
        let data = services.data()?;
        let before = services.clock().now() - data.limits().retired_kept;
        let retired = dataset_version::Entity::find()
            .filter(dataset_version::Column::RetiredAt.lt(before))
            .all(services.database().reader())
            .await?;
        for version in &retired {
            let key = ObjectKey::dataset_version(version.workspace_id(), version.dataset_id(), version.id());
            data.engine().store().delete(&key).await?;
        }
        if !retired.is_empty() {
            let transaction = services.database().write_transaction().await?;
            dataset_version::Entity::delete_many()
                .filter(dataset_version::Column::Id.is_in(retired.iter().map(|version| version.id)))
                .exec(&transaction)
                .await?;
            commit_untold(transaction, Untold::Housekeeping).await?;
        }
        Ok(retired.len())
    }
}

async fn known_workspaces(services: &Services) -> ServiceResult<HashSet<WorkspaceId>> {
    let ids: Vec<Uuid> = workspace::Entity::find()
        .select_only()
        .column(workspace::Column::Id)
        .into_tuple()
        .all(services.database().reader())
        .await?;
    Ok(ids.into_iter().map(WorkspaceId::from).collect())
}

async fn known_objects(services: &Services) -> ServiceResult<HashSet<ObjectKey>> {
    let versions: Vec<(Uuid, Uuid, Uuid)> = dataset_version::Entity::find()
        .select_only()
        .columns([
            dataset_version::Column::WorkspaceId,
            dataset_version::Column::DatasetId,
            dataset_version::Column::Id,
        ])
        .into_tuple()
        .all(services.database().reader())
        .await?;
    let key = |(workspace, dataset, version): (Uuid, Uuid, Uuid)| {
        ObjectKey::dataset_version(workspace.into(), dataset.into(), version.into())
    };
    let files: Vec<(Uuid, Uuid)> = database_file::Entity::find()
        .select_only()
        .columns([database_file::Column::WorkspaceId, database_file::Column::Id])
        .into_tuple()
        .all(services.database().reader())
        .await?;
    let file_key = |(workspace, file): (Uuid, Uuid)| ObjectKey::database_file(workspace.into(), file.into());
    let known = versions.into_iter().map(key);
    Ok(known.chain(files.into_iter().map(file_key)).collect())
}

/// When the id of a version or file was made, by the id itself.
fn made_at(key: &ObjectKey) -> Option<DateTime<Utc>> {
    let name = key.as_str().rsplit('/').next()?.rsplit_once('.')?.0;
    let (seconds, nanoseconds) = Uuid::try_parse(name).ok()?.get_timestamp()?.to_unix();
    DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanoseconds)
}

async fn remove_files(folder: &std::path::Path) -> ServiceResult<usize> {
    let mut entries = match tokio::fs::read_dir(folder).await {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(error.into()),
    };
    let mut removed = 0;
    while let Some(entry) = entries.next_entry().await? {
        if entry.file_type().await?.is_file() {
            tokio::fs::remove_file(entry.path()).await?;
            removed += 1;
        }
    }
    Ok(removed)
}
