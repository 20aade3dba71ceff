//! Who uses a model, metric by metric and field by field.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::DashboardId;

/// The answer of `GET …/models/{name}/usage`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ModelUsage {
    /// By title.
    pub dashboards: Vec<DashboardUsage>,
    /// Dashboards that ask the model as well, but are given to chosen people only, whom the caller is not one of.
    pub hidden: u32,
}

/// One dashboard that asks the model, in its draft, as published, or both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DashboardUsage {
    pub id: DashboardId,
    pub title: String,
    /// `None`: the draft asks another model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<NamesUsed>,
    /// `None`: not published, or with another model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<PublishedUsage>,
    /// Links that have neither ended nor been revoked.
    pub shares: u32,
    pub embeds: u32,
}

/// What readers see goes on with the model version it was published with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PublishedUsage {
    pub model_version: u32,
    #[serde(flatten)]
    pub names: NamesUsed,
}

/// Names of a model that tiles, filters, links and frames of a dashboard speak of, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NamesUsed {
    pub metrics: Vec<String>,
    /// `table.dimension`, also where a role was written.
    pub fields: Vec<String>,
}

impl DashboardUsage {
    pub fn uses_metric(&self, metric: &str) -> bool {
        self.names()
            .any(|names| names.metrics.iter().any(|name| name == metric))
    }

    /// `field`: `table.dimension`.
    pub fn uses_field(&self, field: &str) -> bool {
        self.names().any(|names| names.fields.iter().any(|name| name == field))
    }

    fn names(&self) -> impl Iterator<Item = &NamesUsed> {
        let published = self.published.as_ref().map(|published| &published.names);
        self.draft.iter().chain(published)
    }
}
