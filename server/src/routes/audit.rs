//! The audit log of a workspace, for its owners, and of the instance, for platform admins.

use axum::{
    body::Body,
    response::{IntoResponse as _, Response},
};
use futures::TryStreamExt as _;
use http::{HeaderValue, Method, header};
use schemars::JsonSchema;
use serde::Deserialize;
use services::{AuditService, FileFormat, PageRequest, WorkspaceSelector};
use shared::{
    account::Page,
    audit::{AuditEntry, AuditQuery},
    permission::Capability,
};

use super::{Content, Policy, Route, route};
use crate::{
    error::ApiError,
    extract::{Json, Param, Path, Query},
    middleware::Authenticated,
};

/// Which entries, and which part of them. All that is given holds together.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct ListQuery {
    /// Id of a person, a link or a frame.
    actor: String,
    /// An action (`dashboard.publish`), or all of a noun (`dashboard`).
    action: String,
    /// Id of the object.
    object: String,
    /// A date, or a moment as RFC 3339 has it.
    from: String,
    /// As `from`; a date is the last day that counts. Days are those of UTC.
    to: String,
    /// A part of the actor's name, the object's title, the action's text or the client's address.
    q: String,
    /// Items, 1 to 200; default 50.
    limit: Option<u32>,
    /// The `next` of the page before.
    cursor: Option<String>,
}

/// As in the list, without its pages.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct ExportQuery {
    actor: String,
    action: String,
    object: String,
    from: String,
    to: String,
    q: String,
    /// Default `csv`.
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Format {
    #[default]
    Csv,
    Ndjson,
}

impl ListQuery {
    fn split(self) -> (AuditQuery, PageRequest) {
        let asked = AuditQuery {
            actor: self.actor,
            action: self.action,
            object: self.object,
            from: self.from,
            to: self.to,
            q: self.q,
        };
        let page = PageRequest {
            limit: self.limit,
            cursor: self.cursor,
        };
        (asked, page)
    }
}

impl ExportQuery {
    fn split(self) -> (AuditQuery, Format) {
        let asked = AuditQuery {
            actor: self.actor,
            action: self.action,
            object: self.object,
            from: self.from,
            to: self.to,
            q: self.q,
        };
        (asked, self.format)
    }
}

pub fn routes() -> Vec<Route> {
    let manage = Policy::Member(Capability::Manage);
    vec![
        route(
            Method::GET,
            "/api/v1/workspaces/{w}/audit",
            manage,
            "Who did what in the workspace, the newest first",
            list,
        )
        .filtered_by::<ListQuery>()
        .answers::<Page<AuditEntry>>(200),
        route(
            Method::GET,
            "/api/v1/workspaces/{w}/audit/export",
            manage,
            "The same as a file, whole",
            export,
        )
        .filtered_by::<ExportQuery>()
        .answers_content(Content::Text("text/csv")),
        route(
            Method::GET,
            "/api/v1/audit",
            Policy::User,
            "Accounts, sign-ins and refusals of the whole instance; for platform admins",
            list_instance,
        )
        .filtered_by::<ListQuery>()
        .answers::<Page<AuditEntry>>(200),
        route(
            Method::GET,
            "/api/v1/audit/export",
            Policy::User,
            "The same as a file, whole; for platform admins",
            export_instance,
        )
        .filtered_by::<ExportQuery>()
        .answers_content(Content::Text("text/csv")),
    ]
    .into_iter()
    .map(|route| route.about("audit"))
    .collect()
}

type Workspace = Path<Param<WorkspaceSelector>>;

async fn entries(
    who: &Authenticated,
    workspace: Option<&WorkspaceSelector>,
    query: ListQuery,
) -> Result<Json<Page<AuditEntry>>, ApiError> {
    let (asked, page) = query.split();
    let service = who.service(AuditService::new);
    Ok(Json(service.list(workspace, &asked.filter()?, &page).await?))
}

async fn file(
    who: &Authenticated,
    workspace: Option<&WorkspaceSelector>,
    query: ExportQuery,
) -> Result<Response, ApiError> {
    let (asked, format) = query.split();
    let (format, kind, name) = match format {
        Format::Csv => (
            FileFormat::Csv,
            "text/csv; charset=utf-8",
            "attachment; filename=\"activity.csv\"",
        ),
        Format::Ndjson => (
            FileFormat::Ndjson,
            "application/x-ndjson",
            "attachment; filename=\"activity.ndjson\"",
        ),
    };
    let service = who.service(AuditService::new);
    let pieces = service.export(workspace, &asked.filter()?, format).await?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static(name)),
    ];
    // What fails on the way breaks the file off, and is logged under the request's id.
    let id = who.request_id;
    let body = Body::from_stream(pieces.map_err(move |error| error.app_error(id)));
    Ok((headers, body).into_response())
}

async fn list(
    who: Authenticated,
    Path(Param(workspace)): Workspace,
    Query(query): Query<ListQuery>,
) -> Result<Json<Page<AuditEntry>>, ApiError> {
    entries(&who, Some(&workspace), query).await
}

async fn export(
    who: Authenticated,
    Path(Param(workspace)): Workspace,
    Query(query): Query<ExportQuery>,
) -> Result<Response, ApiError> {
    file(&who, Some(&workspace), query).await
}

async fn list_instance(who: Authenticated, Query(query): Query<ListQuery>) -> Result<Json<Page<AuditEntry>>, ApiError> {
    entries(&who, None, query).await
}

async fn export_instance(who: Authenticated, Query(query): Query<ExportQuery>) -> Result<Response, ApiError> {
    file(&who, None, query).await
}
