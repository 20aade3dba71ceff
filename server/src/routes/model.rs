use axum::response::{IntoResponse as _, Response};
use http::Method;
use schemars::JsonSchema;
use serde::Deserialize;
use services::{RollupService, WorkspaceSelector, model::ModelService};
use shared::{
    account::Page,
    permission::Capability,
    semantic::{
        JoinProposals, Model, ModelCheck, ModelSaved, ModelSummary, ModelUsage, ModelVersionInfo, RollupStatus,
    },
};

use super::{Policy, RequestHeader, Route, paging::Paging, route};
use crate::{
    error::ApiError,
    extract::{Document, DocumentFormat, IfMatch, Json, Param, Path, Query, etag},
    middleware::Authenticated,
};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WhichVersion {
    /// Default: the newest.
    #[serde(default)]
    version: Option<u32>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WhichDataset {
    /// Machine name.
    dataset: String,
}

type Workspace = Path<Param<WorkspaceSelector>>;
type OneModel = Path<(Param<WorkspaceSelector>, String)>;

pub fn routes() -> Vec<Route> {
    const ONE: &str = "/api/v1/workspaces/{w}/models/{name}";
    let (read, edit) = (Policy::Member(Capability::Read), Policy::Member(Capability::Edit));
    vec![
        route(Method::GET, "/api/v1/workspaces/{w}/models", read, "Models", list)
            .filtered_by::<Paging>()
            .answers::<Page<ModelSummary>>(200),
        route(Method::GET, ONE, read, "A model", get)
            .filtered_by::<WhichVersion>()
            .tagged()
            .answers_document::<Model>(200),
        route(
            Method::PUT,
            ONE,
            edit,
            "Store a new version; `If-Match` names the version it was made from",
            put,
        )
        .heeds(RequestHeader::IfMatch)
        .tagged()
        .takes_document::<Model>()
        .answers::<ModelSaved>(200),
        route(
            Method::GET,
            "/api/v1/workspaces/{w}/models/{name}/versions",
            read,
            "Versions of a model",
            versions,
        )
        .filtered_by::<Paging>()
        .answers::<Page<ModelVersionInfo>>(200),
        route(
            Method::POST,
            "/api/v1/workspaces/{w}/models/{name}/validate",
            edit,
            "Whether it could be stored",
            validate,
        )
        .only_reads()
        .takes_document::<Model>()
        .answers::<ModelCheck>(200),
        route(
            Method::GET,
            "/api/v1/workspaces/{w}/models/{name}/usage",
            edit,
            "Dashboards, links and frames that use a model, by metric and field",
            usage,
        )
        .answers::<ModelUsage>(200),
        route(
            Method::GET,
            "/api/v1/workspaces/{w}/models/{name}/rollups",
            edit,
            "How far the rollups of a model are; those that are not there are made",
            rollups,
        )
        .answers::<Vec<RollupStatus>>(200),
        route(
            Method::GET,
            "/api/v1/workspaces/{w}/models/{name}/join-proposals",
            edit,
            "How a dataset could be joined to a model; nothing is stored",
            join_proposals,
        )
        .filtered_by::<WhichDataset>()
        .answers::<JoinProposals>(200),
    ]
    .into_iter()
    .map(|route| route.about("models"))
    .collect()
}

fn models(who: &Authenticated) -> ModelService {
    who.service(ModelService::new)
}

async fn list(
    who: Authenticated,
    Path(Param(workspace)): Workspace,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<ModelSummary>>, ApiError> {
    Ok(Json(models(&who).list(&workspace, &paging.into()).await?))
}

async fn get(
    who: Authenticated,
    Path((Param(workspace), name)): OneModel,
    Query(which): Query<WhichVersion>,
    format: DocumentFormat,
) -> Result<Response, ApiError> {
    let model = models(&who).get(&workspace, &name, which.version).await?;
    Ok((etag(model.version), format.answer(&*model)?).into_response())
}

async fn put(
    who: Authenticated,
    Path((Param(workspace), name)): OneModel,
    matching: IfMatch,
    Document(document): Document<Model>,
) -> Result<Response, ApiError> {
    let saved = models(&who)
        .put(&workspace, &name, document, matching.number()?)
        .await?;
    Ok((etag(saved.version), Json(saved)).into_response())
}

async fn versions(
    who: Authenticated,
    Path((Param(workspace), name)): OneModel,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<ModelVersionInfo>>, ApiError> {
    Ok(Json(models(&who).versions(&workspace, &name, &paging.into()).await?))
}

async fn validate(
    who: Authenticated,
    Path((Param(workspace), name)): OneModel,
    Document(document): Document<Model>,
) -> Result<Json<ModelCheck>, ApiError> {
    Ok(Json(models(&who).validate(&workspace, &name, &document).await?))
}

async fn usage(who: Authenticated, Path((Param(workspace), name)): OneModel) -> Result<Json<ModelUsage>, ApiError> {
    Ok(Json(models(&who).usage(&workspace, &name).await?))
}

async fn rollups(
    who: Authenticated,
    Path((Param(workspace), name)): OneModel,
) -> Result<Json<Vec<RollupStatus>>, ApiError> {
    Ok(Json(who.service(RollupService::new).list(&workspace, &name).await?))
}

async fn join_proposals(
    who: Authenticated,
    Path((Param(workspace), name)): OneModel,
    Query(WhichDataset { dataset }): Query<WhichDataset>,
) -> Result<Json<JoinProposals>, ApiError> {
    Ok(Json(models(&who).propose_joins(&workspace, &name, &dataset).await?))
}
