//! What can be asked: the plan of a query, the fields of a model, the members of a field.

use engine::CancellationToken;
use plan::{
    catalog::{FieldList, fields, values_query},
    query::{PlanContext, explain, plan_query},
};
use shared::{
    dashboard::MemberCount,
    permission::Capability,
    semantic::{Answer, Explanation, Query},
    table::Cell,
};

use super::{QueryService, Question, ask::identity_of, sources::split_plan, to_minute};
use crate::{ServiceResult, WorkspaceSelector, model::model_for};

/// Members of one value search at most.
const MAX_MEMBERS: u64 = 1_000;

impl QueryService {
    /// Every stage of the plan; nothing runs.
    ///
    /// # Errors
    /// What is wrong with the query.
    pub async fn explain(&self, workspace: &WorkspaceSelector, query: &Query) -> ServiceResult<Explanation> {
        let access = self.context.workspace_access(workspace, Capability::Read).await?;
        let model = model_for(&self.context, &access, &query.model, query.version).await?;
        let context = PlanContext::new(to_minute(self.context.now()));
        let policy = identity_of(&access).policy(&model);
        let plan = explain(query, &model, &policy, &context)?;
        let planned = plan_query(query, &model, &policy, &context)?;
        let (remote, _) = split_plan(&self.context, access.workspace_id, &model, planned).await?;
        Ok(Explanation {
            plan,
            sql: remote.into_iter().map(|remote| remote.query.sql).collect(),
            version: model.version,
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
