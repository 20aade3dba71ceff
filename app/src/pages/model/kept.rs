//! What is not saved yet is kept in this browser, so that neither a reload nor another page loses it.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::ids::UserId;

use super::{document::read, draft::ModelDraft, json_editor::pretty};
use crate::{browser, contexts::use_toasts, wire};

#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    /// Of the model that was edited.
    version: u32,
    /// The document, also one that cannot be read.
    text: String,
}

/// Brings back what was kept for this person, once the page runs in the browser; from then on keeps what is edited.
pub fn keep(draft: ModelDraft, user: UserId) {
    let toasts = use_toasts();
    let key = move || {
        let (workspace, name) = (draft.workspace.get_untracked(), draft.name.get_value());
        format!("sightline.model.{user}.{workspace}.{name}")
    };
    Effect::new(move |before: Option<()>| {
        if before.is_none()
            && let Some(kept) = browser::stored(&key()).and_then(|text| wire::read::<Kept>(&text).ok())
        {
            let (newest, changed) = (draft.stored.with_untracked(|stored| stored.version), kept.version);
            bring_back(draft, kept.text, newest);
            if draft.is_dirty.get_untracked() {
                draft.overtaken.set((changed != newest).then_some(changed));
                toasts.say("Your changes that were not saved are here again.");
            }
        }
        let kept = draft.is_dirty.get().then(|| {
            let text = draft.unread.get();
            Kept {
                version: draft
                    .overtaken
                    .get()
                    .unwrap_or_else(|| draft.stored.with(|stored| stored.version)),
                text: text.unwrap_or_else(|| draft.edited.with(pretty)),
            }
        });
        let text = kept.and_then(|kept| wire::write(&kept).ok());
        if !browser::store(&key(), text.as_deref()) {
            leptos::logging::warn!("this browser keeps nothing; unsaved changes go with the page");
        }
    });
}

fn bring_back(draft: ModelDraft, text: String, newest: u32) {
    match read(&text) {
        Ok(mut model) => {
            model.version = newest;
            draft.edited.set(model);
        }
        Err(_) => draft.unread.set(Some(text)),
    }
}
