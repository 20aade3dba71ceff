//! Connections to databases.

use leptos::prelude::*;
use shared::{
    connection::{Connection, ConnectionFound, ConnectionInput, DatabaseSchema},
    ids::ConnectionId,
    semantic::ModelSaved,
};

use crate::{WireError, wire::Json};

#[server(prefix = "/api/fn", endpoint = "connection/list", input = Json, output = Json)]
pub async fn list_connections(workspace: String) -> Result<Vec<Connection>, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::connection::ConnectionService::new)?
            .list(&workspace)
            .await,
    )
}

#[server(prefix = "/api/fn", endpoint = "connection/get", input = Json, output = Json)]
pub async fn get_connection(workspace: String, id: ConnectionId) -> Result<Connection, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::connection::ConnectionService::new)?
            .get(&workspace, id)
            .await,
    )
}

/// Tries out what was typed; `id`: of the connection that is being changed.
#[server(prefix = "/api/fn", endpoint = "connection/test", input = Json, output = Json)]
pub async fn test_connection(
    workspace: String,
    id: Option<ConnectionId>,
    input: ConnectionInput,
) -> Result<ConnectionFound, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::connection::ConnectionService::new)?
            .test(&workspace, id, &input)
            .await,
    )
}

/// Makes a connection, or changes the one called `id`.
#[server(prefix = "/api/fn", endpoint = "connection/save", input = Json, output = Json)]
pub async fn save_connection(
    workspace: String,
    id: Option<ConnectionId>,
    input: ConnectionInput,
) -> Result<Connection, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    let connections = request(services::connection::ConnectionService::new)?;
    match id {
        Some(id) => answer(connections.update(&workspace, id, input).await),
        None => answer(connections.create(&workspace, input).await),
    }
}

#[server(prefix = "/api/fn", endpoint = "connection/delete", input = Json, output = Json)]
pub async fn delete_connection(workspace: String, id: ConnectionId) -> Result<(), WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::connection::ConnectionService::new)?
            .delete(&workspace, id)
            .await,
    )
}

/// Its tables; `fresh`: looked at now.
#[server(prefix = "/api/fn", endpoint = "connection/schema", input = Json, output = Json)]
pub async fn connection_schema(workspace: String, id: ConnectionId, fresh: bool) -> Result<DatabaseSchema, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::connection::ConnectionService::new)?
            .schema(&workspace, id, fresh)
            .await,
    )
}

/// Stores a first model over some of its tables under a free name, and answers that name.
#[server(prefix = "/api/fn", endpoint = "connection/model", input = Json, output = Json)]
pub async fn make_model(
    workspace: String,
    id: ConnectionId,
    tables: Vec<String>,
    name: String,
) -> Result<(String, ModelSaved), WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::connection::ConnectionService::new)?
            .make_model(
                &workspace,
                id,
                &services::connection::ModelRequest {
                    tables,
                    name: Some(name),
                },
            )
            .await,
    )
}
