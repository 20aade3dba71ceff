//! Small questions about the stored version: what a field or metric shows.

use std::collections::BTreeMap;

use leptos::{prelude::*, task::spawn_local};
use shared::semantic::{Answer, Query};

use super::draft::ModelDraft;
use crate::server_fns::query::run_queries;

/// Texts by name; an error is why there is none.
pub type Texts = RwSignal<BTreeMap<String, Result<String, String>>>;

/// Questions at once: a model may have hundreds of fields, and the server has others to answer.
const BATCH: usize = 20;

/// Asks one batch after the other, until the page is left or another version is stored.
pub fn ask_in_turn(
    draft: ModelDraft,
    version: u32,
    questions: Vec<(String, Query)>,
    found: Texts,
    text: fn(Answer) -> String,
) {
    let workspace = draft.workspace.get_untracked();
    spawn_local(async move {
        for batch in questions.chunks(BATCH) {
            let (names, queries): (Vec<String>, Vec<Query>) = batch.iter().cloned().unzip();
            let answers = match run_queries(workspace.clone(), queries).await {
                Ok(answers) => answers,
                Err(error) => names.iter().map(|_| Err(error.0.clone())).collect(),
            };
            if draft.stored.try_with_untracked(|stored| stored.version) != Some(version) {
                return;
            }
            let texts = answers
                .into_iter()
                .map(|answer| answer.map(text).map_err(|error| error.message));
            found.update(|found| found.extend(names.into_iter().zip(texts)));
        }
    });
}
