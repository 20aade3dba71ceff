//! Actions the server does not have yet, and their form in the browser's storage.

use serde::{Deserialize, Serialize};
use shared::{
    dashboard::{Action, Operation},
    ids::ActionId,
};

#[derive(Clone, Debug, PartialEq)]
pub struct PendingAction {
    pub action: Action,
    /// The action it undoes or re-does.
    pub undoes: Option<ActionId>,
    /// Undoes it on the document it was applied to.
    pub inverse: Vec<Operation>,
    /// See `Edit::merge`.
    pub merge: Option<String>,
    /// A request with it is under way: it must not change any more.
    pub sent: bool,
}

/// What survives a crash or a closed tab: sent and unsent actions in order. Sending one twice is one action.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StoredPending {
    pub actions: Vec<StoredAction>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredAction {
    pub action: Action,
    #[serde(default)]
    pub undoes: Option<ActionId>,
}

impl StoredPending {
    pub fn of(pending: &[PendingAction]) -> Self {
        Self {
            actions: pending
                .iter()
                .map(|pending| StoredAction {
                    action: pending.action.clone(),
                    undoes: pending.undoes,
                })
                .collect(),
        }
    }
}
