//! Models as lists and editors see them, around the document.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Warning;
use crate::error::AppError;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ModelSummary {
    /// Machine name, unique in the workspace.
    pub name: String,
    pub label: String,
    /// The newest.
    pub version: u32,
    /// Names of the datasets its tables read.
    pub datasets: Vec<String>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ModelVersionInfo {
    pub version: u32,
    pub created_at: DateTime<Utc>,
    /// Name of who stored it.
    pub created_by: String,
}

/// The answer of `PUT …/models/{name}`. Storing what is already the newest version gives that version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ModelSaved {
    pub version: u32,
    #[serde(default)]
    pub warnings: Vec<Warning>,
}

/// The answer of a dry check: it could be stored when `errors` is empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ModelCheck {
    pub errors: Vec<AppError>,
    pub warnings: Vec<Warning>,
}
