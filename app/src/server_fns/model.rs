//! Models: what the fields of a dataset mean.

use leptos::prelude::*;
use shared::semantic::{Model, ModelSaved};

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
