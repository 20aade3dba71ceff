//! The value of each metric now, in the stored version.

use std::collections::BTreeMap;

use chart::visual::cell_text;
use leptos::{prelude::*, task::spawn_local};
use shared::{
    AppError,
    semantic::{Answer, MetricSelection, Model, Query},
};

use crate::{pages::model::draft::ModelDraft, server_fns::query::run_queries};

/// Queries of one batch at most.
const BATCH: usize = 200;

/// Texts by metric; an error is why there is none.
#[derive(Clone, Copy)]
pub struct Previews {
    draft: ModelDraft,
    found: RwSignal<BTreeMap<String, Result<String, String>>>,
}

impl Previews {
    pub fn new(draft: ModelDraft) -> Self {
        let previews = Self {
            draft,
            found: RwSignal::new(BTreeMap::new()),
        };
        Effect::new(move |_| previews.ask(&draft.stored.get()));
        previews
    }

    fn ask(self, model: &Model) {
        let names: Vec<String> = model.metrics.iter().map(|metric| metric.name.to_string()).collect();
        for names in names.chunks(BATCH) {
            let (workspace, names) = (self.draft.workspace.get_untracked(), names.to_vec());
            let queries = names.iter().map(|name| alone(model, name)).collect();
            spawn_local(async move {
                let answers = match run_queries(workspace, queries).await {
                    Ok(answers) => answers,
                    Err(error) => names.iter().map(|_| Err(error.0.clone())).collect(),
                };
                self.found.update(|found| {
                    let texts = answers.into_iter().map(text);
                    found.extend(names.into_iter().zip(texts));
                });
            });
        }
    }

    /// Of the metric as it is stored; says so where it is edited.
    pub fn of(self, name: &str) -> Preview {
        let edited = self.draft.edited.with(|edited| {
            let stored = |stored: &Model| edited.metric(name) != stored.metric(name);
            self.draft.stored.with(stored)
        });
        if edited {
            return Preview::AfterSaving;
        }
        match self.found.with(|found| found.get(name).cloned()) {
            Some(Ok(value)) => Preview::Value(value),
            Some(Err(reason)) => Preview::None(reason),
            None => Preview::Waiting,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Preview {
    Waiting,
    Value(String),
    /// It cannot be worked out, because of this.
    None(String),
    /// The definition is not stored yet.
    AfterSaving,
}

fn alone(model: &Model, metric: &str) -> Query {
    Query {
        model: model.model.to_string(),
        version: Some(model.version),
        metrics: vec![MetricSelection::Name(metric.to_owned())],
        ..Query::default()
    }
}

fn text(answer: Result<Answer, AppError>) -> Result<String, String> {
    let answer = answer.map_err(|error| error.message)?;
    let cell = answer.rows.first().and_then(|row| row.first());
    match (cell, answer.columns.first()) {
        (Some(cell), Some(column)) => Ok(cell_text(cell, column, None)),
        (Some(_) | None, Some(_) | None) => Ok("–".to_owned()),
    }
}
