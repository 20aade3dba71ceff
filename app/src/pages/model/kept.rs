//! What is not saved yet is kept in this browser, so that neither a reload nor another page loses it.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{document::read, draft::ModelDraft, json_editor::pretty};
use crate::{browser, contexts::use_toasts, wire};

#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    /// Of the model that was edited.
    version: u32,
    /// The document, also one that cannot be read.
    text: String,
}

/// Brings back what was kept, once the page runs in the browser; from then on keeps what is edited.
pub fn keep(draft: ModelDraft) {
    if !draft.may_edit {
        return;
    }
    let toasts = use_toasts();
    let key = move || {
        format!(
            "model-draft:{}:{}",
            draft.workspace.get_untracked(),
            draft.name.get_value()
        )
    };
    Effect::new(move |before: Option<()>| {
        if before.is_none()
            && let Some(kept) = browser::stored(&key()).and_then(|text| wire::read::<Kept>(&text).ok())
        {
            let newest = draft.stored.with_untracked(|stored| stored.version);
            if kept.version == newest {
                bring_back(draft, kept);
                toasts.say("Your changes that were not saved are here again.");
            } else {
                toasts.say(format!(
                    "Version {newest} was stored meanwhile. Your changes to version {}, which were not saved, are gone.",
                    kept.version
                ));
            }
        }
        let kept = draft.is_dirty.get().then(|| {
            let text = draft.unread.get();
            Kept {
                version: draft.stored.with(|stored| stored.version),
                text: text.unwrap_or_else(|| draft.edited.with(pretty)),
            }
        });
        let text = kept.and_then(|kept| wire::write(&kept).ok());
        if !browser::store(&key(), text.as_deref()) {
            leptos::logging::warn!("this browser keeps nothing; unsaved changes go with the page");
        }
    });
}

fn bring_back(draft: ModelDraft, kept: Kept) {
    match read(&kept.text) {
        Ok(mut model) => {
            model.version = kept.version;
            draft.edited.set(model);
        }
        Err(_) => draft.unread.set(Some(kept.text)),
    }
}
