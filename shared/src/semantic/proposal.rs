//! How a dataset could be joined to a model.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Join, ModelTable};

/// The answer of `GET …/models/{name}/join-proposals`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct JoinProposals {
    /// The dataset as a table of the model, under a name that is free there; `None`: it is a table of it already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<ModelTable>,
    /// The best first; empty where no column of one side is a key of the other.
    pub proposals: Vec<JoinProposal>,
}

/// A join that can be added as it stands, beside `table`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct JoinProposal {
    pub join: Join,
    /// Why these columns, as a sentence.
    pub reason: String,
}
