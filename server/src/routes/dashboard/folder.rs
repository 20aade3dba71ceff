use http::{Method, StatusCode};
use schemars::JsonSchema;
use serde::Deserialize;
use services::{WorkspaceSelector, folder::FolderService};
use shared::{account::Page, dashboard::Folder, ids::FolderId, names::Title, permission::Capability};

use crate::{
    error::ApiError,
    extract::{Json, Param, Path},
    middleware::Authenticated,
    routes::{Policy, Route, route},
};

/// A folder's title and place; `parent` `null`: at the top.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FolderBody {
    title: Title,
    #[serde(default)]
    parent: Option<FolderId>,
}

type Workspace = Path<Param<WorkspaceSelector>>;
type OneFolder = Path<(Param<WorkspaceSelector>, Param<FolderId>)>;

pub fn routes() -> Vec<Route> {
    const LIST: &str = "/api/v1/workspaces/{w}/folders";
    const ONE: &str = "/api/v1/workspaces/{w}/folders/{id}";
    let (read, edit) = (Policy::Member(Capability::Read), Policy::Member(Capability::Edit));
    vec![
        route(Method::GET, LIST, read, "All folders", list).answers::<Page<Folder>>(200),
        route(Method::POST, LIST, edit, "Make a folder", create)
            .takes::<FolderBody>()
            .answers::<Folder>(201),
        route(Method::PUT, ONE, edit, "Rename and move a folder", update)
            .takes::<FolderBody>()
            .answers::<Folder>(200),
        route(
            Method::DELETE,
            ONE,
            edit,
            "Delete a folder; what is in it moves up",
            delete,
        )
        .answers_nothing(),
    ]
}

fn folders(who: &Authenticated) -> FolderService {
    who.service(FolderService::new)
}

async fn list(who: Authenticated, Path(Param(workspace)): Workspace) -> Result<Json<Page<Folder>>, ApiError> {
    Ok(Json(Page {
        items: folders(&who).list(&workspace).await?,
        next: None,
    }))
}

async fn create(
    who: Authenticated,
    Path(Param(workspace)): Workspace,
    Json(body): Json<FolderBody>,
) -> Result<(StatusCode, Json<Folder>), ApiError> {
    Ok((
        StatusCode::CREATED,
        Json(folders(&who).create(&workspace, body.title, body.parent).await?),
    ))
}

async fn update(
    who: Authenticated,
    Path((Param(workspace), Param(id))): OneFolder,
    Json(body): Json<FolderBody>,
) -> Result<Json<Folder>, ApiError> {
    Ok(Json(
        folders(&who).update(&workspace, id, body.title, body.parent).await?,
    ))
}

async fn delete(who: Authenticated, Path((Param(workspace), Param(id))): OneFolder) -> Result<StatusCode, ApiError> {
    folders(&who).delete(&workspace, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
