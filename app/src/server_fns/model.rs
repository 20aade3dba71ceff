//! Models: what the fields of a dataset mean.

use leptos::prelude::*;
use shared::semantic::{JoinProposals, Model, ModelCheck, ModelSaved, ModelUsage, ModelVersionInfo, RollupStatus};

use crate::{WireError, wire::Json};

/// `version` `None`: the newest.
#[server(prefix = "/api/fn", endpoint = "model/get", input = Json, output = Json)]
pub async fn get_model(workspace: String, name: String, version: Option<u32>) -> Result<Model, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    let model = answer(
        request(services::model::ModelService::new)?
            .get(&workspace, &name, version)
            .await,
    )?;
    Ok(model.as_ref().clone())
}

/// Stores a new version on top of `model.version` and answers its number and what to look at.
#[server(prefix = "/api/fn", endpoint = "model/put", input = Json, output = Json)]
pub async fn put_model(workspace: String, model: Model) -> Result<ModelSaved, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    let (name, expected) = (model.model.to_string(), model.version);
    answer(
        request(services::model::ModelService::new)?
            .put(&workspace, &name, model, Some(expected))
            .await,
    )
}

/// What storing it would say.
#[server(prefix = "/api/fn", endpoint = "model/validate", input = Json, output = Json)]
pub async fn validate_model(workspace: String, model: Model) -> Result<ModelCheck, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    let name = model.model.to_string();
    answer(
        request(services::model::ModelService::new)?
            .validate(&workspace, &name, &model)
            .await,
    )
}

/// The newest first.
#[server(prefix = "/api/fn", endpoint = "model/versions", input = Json, output = Json)]
pub async fn model_versions(workspace: String, name: String) -> Result<Vec<ModelVersionInfo>, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::model::ModelService::new)?
            .versions(&workspace, &name, &services::PageRequest::largest())
            .await,
    )
    .map(|page| page.items)
}

#[server(prefix = "/api/fn", endpoint = "model/usage", input = Json, output = Json)]
pub async fn who_uses_model(workspace: String, name: String) -> Result<ModelUsage, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::model::ModelService::new)?
            .usage(&workspace, &name)
            .await,
    )
}

/// How the dataset of this machine name could be joined to the newest version.
#[server(prefix = "/api/fn", endpoint = "model/propose-joins", input = Json, output = Json)]
pub async fn propose_joins(workspace: String, name: String, dataset: String) -> Result<JoinProposals, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::model::ModelService::new)?
            .propose_joins(&workspace, &name, &dataset)
            .await,
    )
}

/// How far the rollups of the newest version are.
#[server(prefix = "/api/fn", endpoint = "model/rollups", input = Json, output = Json)]
pub async fn model_rollups(workspace: String, name: String) -> Result<Vec<RollupStatus>, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::rollup::RollupService::new)?
            .list(&workspace, &name)
            .await,
    )
}
