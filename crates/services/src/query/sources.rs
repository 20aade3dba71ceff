//! Which stored objects hold the rows that models speak of, at this moment.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, TimeDelta, Utc};
use engine::{Bindings, CancellationToken, ObjectKey, Origin, PlannedQuery, RemoteQuery, SourceTable};
use entity::{dataset, dataset_version};
use plan::{
    logical::Node,
    sql::{Bound, Remote, split, split_query},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use shared::{
    AppError, ErrorCode,
    ids::{DatasetId, DatasetVersionId, WorkspaceId},
    semantic::{Answer, Model, ModelTable, RefreshInterval, Source},
};

use crate::{
    Context, ServiceResult,
    connection::{Connections, Relations},
};

/// The current versions of the datasets behind some models; read once for a whole batch, so that all its answers come from
/// the same rows.
pub(crate) struct Sources {
    workspace_id: WorkspaceId,
    versions: BTreeMap<String, (DatasetId, DatasetVersionId)>,
    connections: Connections,
    as_of: DateTime<Utc>,
}

impl Sources {
    pub async fn load(
        context: &Context,
        workspace_id: WorkspaceId,
        models: &[&Model],
        as_of: DateTime<Utc>,
    ) -> ServiceResult<Self> {
        let names: BTreeSet<&str> = models
            .iter()
            .flat_map(|model| &model.tables)
            .filter_map(|table| table.source.dataset())
            .collect();
        let rows = dataset::Entity::find()
            .filter(dataset::Column::WorkspaceId.eq(workspace_id.as_uuid()))
            .filter(dataset::Column::Name.is_in(names))
            .all(&context.reader(workspace_id))
            .await?;
        let versions = rows
            .into_iter()
            .map(|row| (row.name.clone(), (row.id(), row.current_version_id())))
            .collect();
        let tables = models.iter().flat_map(|model| &model.tables);
        Ok(Self {
            workspace_id,
            versions,
            connections: Connections::of(context, workspace_id, tables).await?,
            as_of,
        })
    }

    /// Names the rows that a model's tables hold, for cache keys.
    pub fn data_version(&self, model: &Model) -> String {
        let one = |table: &ModelTable| {
            let state = match &table.source {
                Source::Dataset(name) => self.versions.get(name).map(|(_, version)| version.to_string()),
                Source::Table(_) | Source::Sql(_) => {
                    let name = table.connection.as_ref();
                    name.and_then(|name| self.connections.state(name, self.as_of))
                }
            };
            state.unwrap_or_else(|| "-".to_owned())
        };
        model.tables.iter().map(one).collect::<Vec<_>>().join(",")
    }

    /// Binds every dataset of the plans.
    ///
    /// # Errors
    /// 410 `source_gone`, saying how to mend it, when a dataset was deleted or lost a column that is read.
    pub async fn bind<'p>(&self, context: &Context, plans: impl Iterator<Item = &'p Node>) -> ServiceResult<Bindings> {
        let mut bindings = Bindings::new();
        for (source, columns) in scans(plans) {
            let Some(name) = source.origin.dataset() else {
                continue;
            };
            let (dataset, version) = *self.versions.get(name).ok_or_else(|| deleted(name))?;
            let known = columns_of(context, self.workspace_id, version).await?;
            if let Some(lost) = columns.iter().find(|column| !known.contains(**column)) {
                return Err(lost_column(name, lost).into());
            }
            bindings.bind(
                source.clone(),
                ObjectKey::dataset_version(self.workspace_id, dataset, version),
            );
        }
        Ok(bindings)
    }

    /// What databases compute of a query, and what is left for the engine.
    ///
    /// # Errors
    /// As `Connections::relations`.
    pub async fn split(
        &self,
        context: &Context,
        model: &Model,
        planned: PlannedQuery,
    ) -> ServiceResult<(Vec<RemoteQuery>, PlannedQuery)> {
        let relations = self.relations(context, model, planned.plans()).await?;
        if relations.is_empty() {
            return Ok((Vec::new(), planned));
        }
        let (queries, local) = split_query(&planned, &|source| bound(&relations, source));
        Ok((with_connectors(&relations, queries)?, local))
    }

    /// As `split`, of one plan.
    ///
    /// # Errors
    /// As `split`.
    pub async fn split_plan(
        &self,
        context: &Context,
        model: &Model,
        plan: &Node,
    ) -> ServiceResult<(Vec<RemoteQuery>, Node)> {
        let relations = self.relations(context, model, std::iter::once(plan)).await?;
        let parts = split(plan, &|source| bound(&relations, source));
        Ok((with_connectors(&relations, parts.remote)?, parts.local))
    }

    async fn relations<'p>(
        &self,
        context: &Context,
        model: &Model,
        plans: impl Iterator<Item = &'p Node>,
    ) -> ServiceResult<Relations> {
        let tables = scans(plans)
            .into_iter()
            .filter(|(source, _)| source.origin != Origin::Rollup)
            .filter_map(|(source, columns)| Some((model.table(&source.table)?, columns)));
        self.connections.relations(context, tables).await
    }

    /// What a plan reads, as names of its states: the newest first, then, where rows change unseen, the one before.
    /// `None` when something is not there any more.
    ///
    /// Rows of a server are taken for other ones twice in `refresh`, so that what was kept of the state before is at most so
    /// old.
    pub fn states(&self, model: &Model, plan: &Node, refresh: RefreshInterval) -> Option<Vec<String>> {
        let minutes = i64::from((refresh.minutes() / 2).max(1));
        let before = TimeDelta::minutes(minutes);
        let at = |as_of: DateTime<Utc>| {
            let period = DateTime::from_timestamp(as_of.timestamp().div_euclid(60 * minutes) * 60, 0)?;
            let state = |source: &SourceTable| {
                let table = model.table(&source.table)?;
                match &table.source {
                    Source::Dataset(name) => self.versions.get(name).map(|(_, version)| version.to_string()),
                    Source::Table(_) | Source::Sql(_) => self.connections.state(table.connection.as_ref()?, period),
                }
            };
            let states: Option<Vec<String>> = plan.sources().into_iter().map(state).collect();
            Some(states?.join(","))
        };
        let mut states = vec![at(self.as_of)?];
        states.extend(at(self.as_of - before).filter(|earlier| *earlier != states[0] && refresh.minutes() > 1));
        Some(states)
    }
}

/// Where a table is; rollups are nowhere but here, whatever table is called like one.
fn bound(relations: &Relations, source: &SourceTable) -> Option<Bound> {
    match &source.origin {
        Origin::Table(_) => relations.bound(&source.table).cloned(),
        Origin::Rollup => None,
    }
}

fn with_connectors(relations: &Relations, queries: Vec<Remote>) -> Result<Vec<RemoteQuery>, AppError> {
    let with_connector = |query: Remote| {
        let connector = relations.connector(&query.connection);
        let connector = connector.ok_or_else(AppError::internal)?;
        Ok(RemoteQuery { query, connector })
    };
    queries.into_iter().map(with_connector).collect()
}

/// Runs a plan over everything there is: for what concerns the data themselves, not what somebody may see of them.
///
/// # Errors
/// As `Sources` and the engine.
pub(crate) async fn run_plan(
    context: &Context,
    workspace_id: WorkspaceId,
    model: &Model,
    planned: PlannedQuery,
) -> ServiceResult<Answer> {
    let sources = Sources::load(context, workspace_id, &[model], context.now()).await?;
    let bindings = sources.bind(context, planned.plans()).await?;
    let (remote, planned) = sources.split(context, model, planned).await?;
    let cancel = CancellationToken::new();
    let _dropped = cancel.clone().drop_guard();
    let engine = context.data()?.engine();
    Ok(engine.execute(&planned, &bindings, &remote, &cancel).await?)
}

fn deleted(name: &str) -> AppError {
    AppError::new(
        ErrorCode::SourceGone,
        format!("The dataset {name} behind this was deleted."),
    )
    .with_field(name)
    .with_hint(format!(
        "Upload its file again under the name {name}, or build this on another dataset."
    ))
}

fn lost_column(name: &str, column: &str) -> AppError {
    AppError::new(
        ErrorCode::SourceGone,
        format!("The dataset {name} has no column {column} any more."),
    )
    .with_field(column)
    .with_hint("Upload a file that has this column, or take the field out here.")
}

/// Every table the plans read, with all columns they read of it.
fn scans<'p>(plans: impl Iterator<Item = &'p Node>) -> Vec<(&'p SourceTable, BTreeSet<&'p str>)> {
    let mut found = Vec::new();
    for plan in plans {
        collect(plan, &mut found);
    }
    let mut scans: Vec<(&SourceTable, BTreeSet<&str>)> = Vec::new();
    for (source, columns) in found {
        let columns = columns.iter().map(String::as_str);
        match scans.iter_mut().find(|(known, _)| *known == source) {
            Some((_, known)) => known.extend(columns),
            None => scans.push((source, columns.collect())),
        }
    }
    scans
}

fn collect<'a>(node: &'a Node, found: &mut Vec<(&'a SourceTable, &'a Vec<String>)>) {
    if let Node::Scan { source, columns } = node {
        found.push((source, columns));
    }
    for input in node.inputs() {
        collect(input, found);
    }
}

async fn columns_of(
    context: &Context,
    workspace_id: WorkspaceId,
    version: DatasetVersionId,
) -> ServiceResult<Arc<BTreeSet<String>>> {
    let cache = &context.data()?.documents().columns;
    if let Some(columns) = cache.get(&version).await {
        return Ok(columns);
    }
    let row = dataset_version::Entity::find_by_id(version.as_uuid())
        .filter(dataset_version::Column::WorkspaceId.eq(workspace_id.as_uuid()))
        .one(&context.reader(workspace_id))
        .await?
        .ok_or_else(|| AppError::not_found("version of the dataset"))?;
    let columns: BTreeSet<String> = row.columns()?.into_iter().map(|column| column.name).collect();
    let columns = Arc::new(columns);
    cache.insert(version, columns.clone()).await;
    Ok(columns)
}
