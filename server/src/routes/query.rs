use axum::{
    body::Body,
    extract::FromRequestParts,
    response::{IntoResponse as _, Response},
};
use futures::TryStreamExt as _;
use http::{HeaderName, Method, StatusCode, header, request::Parts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use services::{FileFormat, WorkspaceSelector, query::QueryService};
use shared::{
    AppError,
    account::Page,
    dashboard::MemberCount,
    ids::QueryId,
    permission::Capability,
    semantic::{Answer, Explanation, Query as QueryDocument},
};

use super::{Content, Policy, RequestHeader, Route, route};
use crate::{
    error::ApiError,
    extract::{Json, Param, Path, Query},
    middleware::Authenticated,
};

const QUERY_ID: HeaderName = HeaderName::from_static("x-query-id");

/// `X-Query-Id`: an id made by the caller, by which the query can be cancelled while it runs.
#[derive(Clone, Copy, Debug)]
struct CallersId(Option<QueryId>);

impl<S: Send + Sync> FromRequestParts<S> for CallersId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let Some(value) = parts.headers.get(QUERY_ID) else {
            return Ok(Self(None));
        };
        let id = value.to_str().ok().and_then(|text| text.parse().ok());
        id.map(|id| Self(Some(id)))
            .ok_or_else(|| ApiError(AppError::malformed("X-Query-Id is no id.")))
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Batch {
    /// At most 200.
    queries: Vec<QueryDocument>,
}

/// In the order of the queries.
#[derive(Debug, Serialize, JsonSchema)]
struct BatchAnswer {
    answers: Vec<Outcome>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
enum Outcome {
    Failed { error: AppError },
    Answer(Box<Answer>),
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WhichFields {
    model: String,
    /// Of the model; default: the newest.
    #[serde(default)]
    version: Option<u32>,
    /// Names separated by commas: only fields that all of them can be split by.
    #[serde(default)]
    metrics: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WhichValues {
    model: String,
    /// Of the model; default: the newest.
    #[serde(default)]
    version: Option<u32>,
    /// `table.name`.
    field: String,
    /// A part of the value.
    #[serde(default)]
    q: String,
    /// 1 to 1,000; default 50.
    #[serde(default)]
    limit: Option<u64>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WhichLines {
    /// Default `ndjson`: first the answer without its rows, with their number as `row_count`, then a list for each row.
    #[serde(default)]
    format: Lines,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Lines {
    #[default]
    Ndjson,
    Csv,
}

type Workspace = Path<Param<WorkspaceSelector>>;

pub fn routes() -> Vec<Route> {
    let read = Policy::Member(Capability::Read);
    vec![
        route(Method::POST, "/api/v1/workspaces/{w}/query", read, "Ask a model", run)
            .only_reads()
            .heeds(RequestHeader::QueryId)
            .takes::<QueryDocument>()
            .answers::<Answer>(200),
        route(
            Method::POST,
            "/api/v1/workspaces/{w}/query/batch",
            read,
            "Ask several things; equal queries run once",
            batch,
        )
        .only_reads()
        .heeds(RequestHeader::QueryId)
        .takes::<Batch>()
        .answers::<BatchAnswer>(200),
        route(
            Method::POST,
            "/api/v1/workspaces/{w}/query/stream",
            read,
            "Up to a million rows, line by line",
            stream,
        )
        .only_reads()
        .heeds(RequestHeader::QueryId)
        .filtered_by::<WhichLines>()
        .takes::<QueryDocument>()
        .answers_content(Content::Text("application/x-ndjson")),
        route(
            Method::POST,
            "/api/v1/workspaces/{w}/query/explain",
            read,
            "What would run",
            explain,
        )
        .only_reads()
        .takes::<QueryDocument>()
        .answers::<Explanation>(200),
        route(
            Method::GET,
            "/api/v1/workspaces/{w}/query/fields",
            read,
            "What can be asked for",
            fields,
        )
        .filtered_by::<WhichFields>()
        .answers::<Value>(200),
        route(
            Method::GET,
            "/api/v1/workspaces/{w}/query/values",
            read,
            "Members of a field, the most frequent first",
            values,
        )
        .filtered_by::<WhichValues>()
        .answers::<Page<MemberCount>>(200),
        route(
            Method::DELETE,
            "/api/v1/workspaces/{w}/query/running/{id}",
            read,
            "Cancel a query that was sent with `X-Query-Id`",
            cancel,
        )
        .answers_nothing(),
    ]
    .into_iter()
    .map(|route| route.about("queries"))
    .collect()
}

fn queries(who: &Authenticated) -> QueryService {
    who.service(QueryService::new)
}

async fn run(
    who: Authenticated,
    Path(Param(workspace)): Workspace,
    CallersId(id): CallersId,
    Json(query): Json<QueryDocument>,
) -> Result<Json<Answer>, ApiError> {
    Ok(Json(queries(&who).run(&workspace, query, id).await?))
}

async fn batch(
    who: Authenticated,
    Path(Param(workspace)): Workspace,
    CallersId(id): CallersId,
    Json(batch): Json<Batch>,
) -> Result<Json<BatchAnswer>, ApiError> {
    let answers = queries(&who).batch(&workspace, batch.queries, id).await?;
    let outcome = |answer| match answer {
        Ok(answer) => Outcome::Answer(Box::new(answer)),
        Err(error) => Outcome::Failed { error },
    };
    Ok(Json(BatchAnswer {
        answers: answers.into_iter().map(outcome).collect(),
    }))
}

async fn stream(
    who: Authenticated,
    Path(Param(workspace)): Workspace,
    CallersId(id): CallersId,
    Query(WhichLines { format }): Query<WhichLines>,
    Json(query): Json<QueryDocument>,
) -> Result<Response, ApiError> {
    let (format, kind) = match format {
        Lines::Ndjson => (FileFormat::Ndjson, "application/x-ndjson"),
        Lines::Csv => (FileFormat::Csv, "text/csv; charset=utf-8"),
    };
    let pieces = queries(&who).stream(&workspace, query, format, id).await?;
    // What fails on the way breaks the answer off, and is logged under the request's id.
    let request = who.request_id;
    let body = Body::from_stream(pieces.map_err(move |error| error.app_error(request)));
    Ok(([(header::CONTENT_TYPE, kind)], body).into_response())
}

async fn explain(
    who: Authenticated,
    Path(Param(workspace)): Workspace,
    Json(query): Json<QueryDocument>,
) -> Result<Json<Explanation>, ApiError> {
    Ok(Json(queries(&who).explain(&workspace, &query).await?))
}

async fn fields(
    who: Authenticated,
    Path(Param(workspace)): Workspace,
    Query(which): Query<WhichFields>,
) -> Result<Json<impl Serialize>, ApiError> {
    let metrics: Vec<String> = which
        .metrics
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    Ok(Json(
        queries(&who)
            .fields(&workspace, &which.model, which.version, &metrics)
            .await?,
    ))
}

async fn values(
    who: Authenticated,
    Path(Param(workspace)): Workspace,
    Query(which): Query<WhichValues>,
) -> Result<Json<Page<MemberCount>>, ApiError> {
    let limit = which.limit.unwrap_or(50).clamp(1, 1000);
    let items = queries(&who)
        .values(&workspace, &which.model, which.version, &which.field, &which.q, limit)
        .await?;
    Ok(Json(Page { items, next: None }))
}

async fn cancel(
    who: Authenticated,
    Path((Param(workspace), Param(id))): Path<(Param<WorkspaceSelector>, Param<QueryId>)>,
) -> Result<StatusCode, ApiError> {
    queries(&who).cancel(&workspace, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
