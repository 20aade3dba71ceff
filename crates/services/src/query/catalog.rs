//! What can be asked: the plan of a query, the fields of a model, the members of a field.

use std::{collections::BTreeSet, sync::Arc};

use engine::CancellationToken;
use plan::{
    catalog::{FieldList, fields, values_query},
    query::{PlanContext, Policy, explain, plan_query},
};
use shared::{
    dashboard::MemberCount,
    ids::WorkspaceId,
    permission::Capability,
    semantic::{Answer, Explanation, Model, Query},
    table::Cell,
};

use super::{QueryService, Question, ask::identity_of, sources::Sources, to_minute};
use crate::{Context, ServiceResult, WorkspaceSelector, model::model_for, rollup::apply};

/// Members of one value search at most.
const MAX_MEMBERS: u64 = 1_000;

/// How a query is planned.
pub(crate) struct Explained {
    /// Names of the model's tables that are read.
    pub tables: BTreeSet<String>,
    /// Every stage of the plan.
    pub plan: String,
    /// What databases are asked; nothing for files.
    pub sql: Vec<String>,
    /// Names of the rollups that are read.
    pub rollups: Vec<String>,
}

/// Plans a query as somebody may ask it; nothing runs.
///
/// # Errors
/// What is wrong with the query; as the databases say, whose tables are looked at.
pub(crate) async fn explain_for(
    context: &Context,
    workspace_id: WorkspaceId,
    model: &Arc<Model>,
    query: &Query,
    policy: &Policy,
) -> ServiceResult<Explained> {
    let plan_context = PlanContext::new(to_minute(context.now()));
    let mut plan = explain(query, model, policy, &plan_context)?;
    let planned = plan_query(query, model, policy, &plan_context)?;
    let tables = planned
        .rows
        .sources()
        .into_iter()
        .map(|source| source.table.clone())
        .collect();
    let sources = Sources::load(context, workspace_id, &[model], plan_context.as_of).await?;
    let applied = apply(context, workspace_id, model, &sources, planned)?;
    let rollups: Vec<String> = applied.read.iter().map(|(name, _)| name.clone()).collect();
    if !rollups.is_empty() {
        let (names, rows) = (rollups.join(", "), &applied.planned.rows);
        plan.push_str(&format!("# With what is kept in {names}\n{rows}"));
    }
    let (remote, _) = sources.split(context, model, applied.planned).await?;
    Ok(Explained {
        rollups,
        tables,
        plan,
        sql: remote.into_iter().map(|remote| remote.query.sql).collect(),
    })
}

impl QueryService {
    /// Every stage of the plan; nothing runs.
    ///
    /// # Errors
    /// What is wrong with the query.
    pub async fn explain(&self, workspace: &WorkspaceSelector, query: &Query) -> ServiceResult<Explanation> {
        let access = self.context.workspace_access(workspace, Capability::Read).await?;
        let model = model_for(&self.context, &access, &query.model, query.version).await?;
        let policy = identity_of(&access).policy(&model);
        let explained = explain_for(&self.context, access.workspace_id, &model, query, &policy).await?;
        Ok(Explanation {
            plan: explained.plan,
            sql: explained.sql,
            version: model.version,
            rollups: explained.rollups,
        })
    }

    /// All metrics of a model, and the dimensions that every one of `metrics` can be grouped by.
    ///
    /// # Errors
    /// 404 for the model; `unknown_field` with the nearest names.
    pub async fn fields(
        &self,
        workspace: &WorkspaceSelector,
        model: &str,
        version: Option<u32>,
        metrics: &[String],
    ) -> ServiceResult<FieldList> {
        let access = self.context.workspace_access(workspace, Capability::Read).await?;
        let model = model_for(&self.context, &access, model, version).await?;
        let masked = identity_of(&access).policy(&model).masked;
        let mut list = fields(&model, metrics)?;
        list.dimensions.retain(|field| {
            let shows = model.dimension(&field.field);
            shows.is_none_or(|(table, dimension)| !masked.contains(&format!("{}.{}", table.name, dimension.name)))
        });
        let offered: BTreeSet<&str> = list.dimensions.iter().map(|field| field.field.as_str()).collect();
        let is_offered = |level: &String| offered.contains(level.as_str());
        list.hierarchies
            .retain(|hierarchy| hierarchy.levels.iter().all(is_offered));
        Ok(list)
    }

    /// Members of `field` whose text contains `search`, most rows first; at most 1,000.
    ///
    /// # Errors
    /// As a query's.
    pub async fn values(
        &self,
        workspace: &WorkspaceSelector,
        model: &str,
        version: Option<u32>,
        field: &str,
        search: &str,
        limit: u64,
    ) -> ServiceResult<Vec<MemberCount>> {
        let access = self.context.workspace_access(workspace, Capability::Read).await?;
        let model = model_for(&self.context, &access, model, version).await?;
        let query = values_query(&model, field, search, limit.clamp(1, MAX_MEMBERS))?;
        let cancel = CancellationToken::new();
        let _dropped = cancel.clone().drop_guard();
        Ok(members(
            self.runner(&access, cancel).run(Question { model, query }).await?,
        ))
    }
}

/// The columns `value` and `rows` of a value search.
pub(crate) fn members(answer: Answer) -> Vec<MemberCount> {
    let one = |row: Vec<Cell>| {
        let mut cells = row.into_iter();
        let value = cells.next().unwrap_or_default();
        let rows = match cells.next() {
            Some(Cell::Int(count)) => u64::try_from(count).unwrap_or(0),
            Some(Cell::Null | Cell::Bool(_) | Cell::Float(_) | Cell::Text(_)) | None => 0,
        };
        MemberCount { value, rows }
    };
    answer.rows.into_iter().map(one).collect()
}
