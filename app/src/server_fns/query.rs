//! Questions of the designer, which may ask anything of a model.

use leptos::prelude::*;
use shared::{
    AppError,
    semantic::{Answer, Explanation, Query},
    table::Cell,
};

use crate::{WireError, wire::Json};

/// Answers in order; a query that fails has its error in its place.
#[server(prefix = "/api/fn", endpoint = "query/batch", input = Json, output = Json)]
pub async fn run_queries(workspace: String, queries: Vec<Query>) -> Result<Vec<Result<Answer, AppError>>, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::query::QueryService::new)?
            .tiles(&workspace, queries)
            .await,
    )
}

/// Members of a field that contain `search`, the most frequent first.
#[server(prefix = "/api/fn", endpoint = "query/values", input = Json, output = Json)]
pub async fn field_values(
    workspace: String,
    model: String,
    field: String,
    search: String,
) -> Result<Vec<Cell>, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    let members = answer(
        request(services::query::QueryService::new)?
            .values(&workspace, &model, None, &field, &search, 200)
            .await,
    )?;
    Ok(members.into_iter().map(|member| member.value).collect())
}

/// Every stage of the plan as text; nothing runs.
#[server(prefix = "/api/fn", endpoint = "query/explain", input = Json, output = Json)]
pub async fn explain_query(workspace: String, query: Query) -> Result<Explanation, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::query::QueryService::new)?
            .explain(&workspace, &query)
            .await,
    )
}
