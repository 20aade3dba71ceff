//! The value of each metric now, in the stored version.

use chart::visual::cell_text;
use leptos::prelude::*;
use shared::semantic::{Answer, MetricSelection, Model, Query};

use crate::pages::model::{
    asked::{Texts, ask_in_turn},
    draft::ModelDraft,
};

/// Texts by metric.
#[derive(Clone, Copy)]
pub struct Previews {
    draft: ModelDraft,
    found: Texts,
}

impl Previews {
    pub fn new(draft: ModelDraft) -> Self {
        let previews = Self {
            draft,
            found: Texts::default(),
        };
        Effect::new(move |_| previews.ask(&draft.stored.get()));
        previews
    }

    fn ask(self, model: &Model) {
        let names = model.metrics.iter().map(|metric| metric.name.to_string());
        let questions = names.map(|name| (name.clone(), alone(model, &name))).collect();
        ask_in_turn(self.draft, model.version, questions, self.found, text);
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

fn text(answer: Answer) -> String {
    let cell = answer.rows.first().and_then(|row| row.first());
    match (cell, answer.columns.first()) {
        (Some(cell), Some(column)) => cell_text(cell, column, None),
        (Some(_) | None, Some(_) | None) => "–".to_owned(),
    }
}
