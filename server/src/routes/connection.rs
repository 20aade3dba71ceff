//! Connections to databases.

use axum::extract::Request;
use http::{Method, StatusCode};
use schemars::JsonSchema;
use serde::Deserialize;
use services::{
    WorkspaceSelector,
    connection::{ConnectionService, ModelRequest},
};
use shared::{
    account::Page,
    connection::{Connection, ConnectionFound, ConnectionInput, DatabaseFile, DatabaseSchema},
    ids::ConnectionId,
    permission::Capability,
    semantic::Model,
};

use super::{Policy, Route, dataset::form, route};
use crate::{
    error::ApiError,
    extract::{Json, Param, Path, Query},
    middleware::Authenticated,
};

type Workspace = Path<Param<WorkspaceSelector>>;
type OneConnection = Path<(Param<WorkspaceSelector>, Param<ConnectionId>)>;

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct HowFresh {
    /// Look now, instead of as it was up to five minutes ago.
    #[serde(default)]
    fresh: bool,
}

pub fn routes() -> Vec<Route> {
    const LIST: &str = "/api/v1/workspaces/{w}/connections";
    const ONE: &str = "/api/v1/workspaces/{w}/connections/{id}";
    let member = |capability| Policy::Member(capability);
    let (read, edit, manage) = (
        member(Capability::Read),
        member(Capability::Edit),
        member(Capability::Manage),
    );
    vec![
        route(Method::GET, LIST, read, "Connections, without what is secret", list).answers::<Page<Connection>>(200),
        route(
            Method::POST,
            LIST,
            manage,
            "Connect a database; it is tried out first",
            create,
        )
        .takes::<ConnectionInput>()
        .answers::<Connection>(201),
        route(
            Method::POST,
            "/api/v1/workspaces/{w}/connections/test",
            manage,
            "Try a connection out without keeping it",
            test,
        )
        .only_reads()
        .takes::<ConnectionInput>()
        .answers::<ConnectionFound>(200),
        route(
            Method::POST,
            "/api/v1/workspaces/{w}/connections/files",
            manage,
            "Receive a SQLite database for a connection",
            receive,
        )
        .takes_file(&[("file", "A SQLite database: .sqlite, .sqlite3, .db or .db3")])
        .answers::<DatabaseFile>(201),
        route(Method::GET, ONE, read, "A connection", get).answers::<Connection>(200),
        route(
            Method::PUT,
            ONE,
            manage,
            "Change a connection; it is tried out first",
            update,
        )
        .takes::<ConnectionInput>()
        .answers::<Connection>(200),
        route(
            Method::DELETE,
            ONE,
            manage,
            "Remove a connection that no model reads",
            delete,
        )
        .answers_nothing(),
        route(
            Method::POST,
            "/api/v1/workspaces/{w}/connections/{id}/test",
            manage,
            "Try a change of a connection out",
            test_change,
        )
        .only_reads()
        .takes::<ConnectionInput>()
        .answers::<ConnectionFound>(200),
        route(
            Method::GET,
            "/api/v1/workspaces/{w}/connections/{id}/schema",
            edit,
            "Its tables, columns and keys",
            schema,
        )
        .filtered_by::<HowFresh>()
        .answers::<DatabaseSchema>(200),
        route(
            Method::POST,
            "/api/v1/workspaces/{w}/connections/{id}/model",
            edit,
            "A first model over some of its tables, to be looked at and stored",
            propose,
        )
        .only_reads()
        .takes::<ModelRequest>()
        .answers::<Model>(200),
    ]
    .into_iter()
    .map(|route| route.about("connections"))
    .collect()
}

fn connections(who: &Authenticated) -> ConnectionService {
    who.service(ConnectionService::new)
}

async fn list(who: Authenticated, Path(Param(workspace)): Workspace) -> Result<Json<Page<Connection>>, ApiError> {
    Ok(Json(Page {
        items: connections(&who).list(&workspace).await?,
        next: None,
    }))
}

async fn create(
    who: Authenticated,
    Path(Param(workspace)): Workspace,
    Json(input): Json<ConnectionInput>,
) -> Result<(StatusCode, Json<Connection>), ApiError> {
    let made = connections(&who).create(&workspace, input).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

async fn test(
    who: Authenticated,
    Path(Param(workspace)): Workspace,
    Json(input): Json<ConnectionInput>,
) -> Result<Json<ConnectionFound>, ApiError> {
    Ok(Json(connections(&who).test(&workspace, None, &input).await?))
}

async fn test_change(
    who: Authenticated,
    Path((Param(workspace), Param(id))): OneConnection,
    Json(input): Json<ConnectionInput>,
) -> Result<Json<ConnectionFound>, ApiError> {
    Ok(Json(connections(&who).test(&workspace, Some(id), &input).await?))
}

async fn receive(
    who: Authenticated,
    Path(Param(workspace)): Workspace,
    request: Request,
) -> Result<(StatusCode, Json<DatabaseFile>), ApiError> {
    let connections = connections(&who);
    let limit = connections.upload_limit(&workspace).await?;
    let mut form = form::open(request, limit).await?;
    // Who sends every file with a name may do it here: the connection has one of its own.
    let file = loop {
        let part = form::next_part(&mut form).await?;
        if part.name() == Some("file") {
            break part;
        }
        form::pass_over(part).await?;
    };
    let file_name = form::file_name(&file)?;
    let stored = connections.receive(&workspace, &file_name, file).await?;
    Ok((StatusCode::CREATED, Json(stored)))
}

async fn get(
    who: Authenticated,
    Path((Param(workspace), Param(id))): OneConnection,
) -> Result<Json<Connection>, ApiError> {
    Ok(Json(connections(&who).get(&workspace, id).await?))
}

async fn update(
    who: Authenticated,
    Path((Param(workspace), Param(id))): OneConnection,
    Json(input): Json<ConnectionInput>,
) -> Result<Json<Connection>, ApiError> {
    Ok(Json(connections(&who).update(&workspace, id, input).await?))
}

async fn delete(
    who: Authenticated,
    Path((Param(workspace), Param(id))): OneConnection,
) -> Result<StatusCode, ApiError> {
    connections(&who).delete(&workspace, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn schema(
    who: Authenticated,
    Path((Param(workspace), Param(id))): OneConnection,
    Query(how): Query<HowFresh>,
) -> Result<Json<DatabaseSchema>, ApiError> {
    Ok(Json(connections(&who).schema(&workspace, id, how.fresh).await?))
}

async fn propose(
    who: Authenticated,
    Path((Param(workspace), Param(id))): OneConnection,
    Json(request): Json<ModelRequest>,
) -> Result<Json<Model>, ApiError> {
    Ok(Json(connections(&who).propose_model(&workspace, id, &request).await?))
}
