//! Numbers of a published dashboard, for members who read it.

use axum::extract::RawQuery;
use http::Method;
use schemars::JsonSchema;
use serde::Deserialize;
use services::{WorkspaceSelector, reader::ReaderService};
use shared::{
    AppError,
    dashboard::{FilterState, MemberCount, PageData, ReadableDashboard, TileRequest},
    ids::{DashboardId, FilterId},
    permission::Capability,
};

use crate::{
    error::ApiError,
    extract::{Json, Param, Path},
    middleware::Authenticated,
    routes::{Policy, Route, route},
};

/// The readable filter state, as the address of the page has it: `f.region=EU,US&f.date=last_30d&p=2&tz=…`.
#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "described only; the keys depend on the dashboard")]
struct StateQuery {
    /// Number of the page, from 1.
    #[serde(default)]
    p: Option<u32>,
    /// IANA name of a time zone.
    #[serde(default)]
    tz: Option<String>,
}

/// Members of a filter's field that contain `search`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ValuesRequest {
    pub filter: FilterId,
    #[serde(default)]
    pub search: String,
    #[serde(default)]
    pub state: FilterState,
}

type OneDashboard = Path<(Param<WorkspaceSelector>, Param<DashboardId>)>;

pub fn routes() -> Vec<Route> {
    const DATA: &str = "/api/v1/workspaces/{w}/dashboards/{id}/data";
    let read = Policy::Member(Capability::Read);
    vec![
        route(
            Method::GET,
            "/api/v1/workspaces/{w}/dashboards/{id}/published",
            read,
            "The published document with its labels",
            published,
        )
        .answers::<ReadableDashboard>(200),
        route(
            Method::GET,
            DATA,
            read,
            "All tiles of a page, in the state of the query string",
            data,
        )
        .filtered_by::<StateQuery>()
        .answers::<PageData>(200),
        route(Method::POST, DATA, read, "These tiles in this state", tiles)
            .only_reads()
            .takes::<TileRequest>()
            .answers::<PageData>(200),
        route(
            Method::POST,
            "/api/v1/workspaces/{w}/dashboards/{id}/values",
            read,
            "Members to offer in a list filter",
            values,
        )
        .only_reads()
        .takes::<ValuesRequest>()
        .answers::<Vec<MemberCount>>(200),
    ]
}

fn reader(who: &Authenticated) -> ReaderService {
    who.service(ReaderService::new)
}

async fn published(
    who: Authenticated,
    Path((Param(workspace), Param(id))): OneDashboard,
) -> Result<Json<ReadableDashboard>, ApiError> {
    Ok(Json(reader(&who).published(&workspace, id).await?))
}

async fn data(
    who: Authenticated,
    Path((Param(workspace), Param(id))): OneDashboard,
    RawQuery(query): RawQuery,
) -> Result<Json<PageData>, ApiError> {
    let readable = reader(&who).published(&workspace, id).await?;
    let (state, unknown) = ReaderService::state_of_query(&readable, &query.unwrap_or_default());
    if !unknown.is_empty() {
        return Err(
            AppError::malformed("The query string names what this dashboard does not have.")
                .with_candidates(unknown)
                .into(),
        );
    }
    let request = TileRequest {
        tiles: Vec::new(),
        state,
        windows: std::collections::BTreeMap::new(),
    };
    Ok(Json(reader(&who).tiles(&workspace, id, &request).await?))
}

async fn tiles(
    who: Authenticated,
    Path((Param(workspace), Param(id))): OneDashboard,
    Json(request): Json<TileRequest>,
) -> Result<Json<PageData>, ApiError> {
    Ok(Json(reader(&who).tiles(&workspace, id, &request).await?))
}

async fn values(
    who: Authenticated,
    Path((Param(workspace), Param(id))): OneDashboard,
    Json(request): Json<ValuesRequest>,
) -> Result<Json<Vec<MemberCount>>, ApiError> {
    Ok(Json(
        reader(&who)
            .filter_values(&workspace, id, request.filter, &request.search, &request.state)
            .await?,
    ))
}
