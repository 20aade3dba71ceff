//! How far the rollups of the stored version are.

use leptos::{prelude::*, task::spawn_local};
use shared::semantic::{Model, RollupState, RollupStatus};

use crate::{browser, pages::model::draft::ModelDraft, server_fns::model::model_rollups};

const ASKED_AGAIN_MS: u64 = 2_000;

/// Asked again while something is being made.
#[derive(Clone, Copy)]
pub struct Statuses {
    draft: ModelDraft,
    known: RwSignal<Vec<RollupStatus>>,
}

impl Statuses {
    pub fn new(draft: ModelDraft) -> Self {
        let statuses = Self {
            draft,
            known: RwSignal::new(Vec::new()),
        };
        Effect::new(move |_| {
            let has_any = draft.stored.with(|model| !model.rollups.is_empty());
            if has_any && draft.may_edit {
                statuses.ask();
            }
        });
        statuses
    }

    fn ask(self) {
        let (workspace, name) = (self.draft.workspace.get_untracked(), self.draft.name.get_value());
        spawn_local(async move {
            let Ok(found) = model_rollups(workspace, name).await else {
                return;
            };
            let is_making = found
                .iter()
                .any(|status| matches!(status.state, RollupState::Due | RollupState::Building));
            // The page may have been left meanwhile.
            if self.known.try_set(found).is_none() && is_making {
                browser::after(ASKED_AGAIN_MS, move || {
                    if self.known.try_with_untracked(|_| ()).is_some() {
                        self.ask();
                    }
                });
            }
        });
    }

    /// `None` for a rollup that is not stored as it is edited here.
    pub fn of(self, name: &str) -> Option<RollupStatus> {
        let find = |model: &Model| {
            model
                .rollups
                .iter()
                .find(|rollup| rollup.name.as_str() == name)
                .cloned()
        };
        let (edited, stored) = (self.draft.edited.with(find), self.draft.stored.with(find));
        if edited.is_none() || edited != stored {
            return None;
        }
        self.known
            .with(|known| known.iter().find(|status| status.name == name).cloned())
    }
}
