//! The first members of each field, in the stored version.

use std::collections::BTreeMap;

use chart::visual::cell_text;
use leptos::{prelude::*, task::spawn_local};
use shared::{
    AppError,
    semantic::{Answer, DimensionRef, Model, ModelTable, Query},
};

use crate::{pages::model::draft::ModelDraft, server_fns::query::run_queries};

/// Members that are named.
const FIRST: u64 = 3;
/// Queries of one batch at most.
const BATCH: usize = 200;

/// Texts by `table.field`; an error is why there are none.
#[derive(Clone, Copy)]
pub struct FieldValues(RwSignal<BTreeMap<String, Result<String, String>>>);

impl FieldValues {
    pub fn new(draft: ModelDraft) -> Self {
        let values = Self(RwSignal::new(BTreeMap::new()));
        Effect::new(move |_| {
            draft.stored.with(|model| {
                for table in &model.tables {
                    values.ask(draft, model, table);
                }
            });
        });
        values
    }

    fn ask(self, draft: ModelDraft, model: &Model, table: &ModelTable) {
        let fields = table
            .dimensions
            .iter()
            .map(|dimension| format!("{}.{}", table.name, dimension.name));
        let fields: Vec<String> = fields.collect();
        for fields in fields.chunks(BATCH) {
            let (workspace, fields) = (draft.workspace.get_untracked(), fields.to_vec());
            let queries = fields.iter().map(|field| members(model, field)).collect();
            spawn_local(async move {
                let answers = match run_queries(workspace, queries).await {
                    Ok(answers) => answers,
                    Err(error) => fields.iter().map(|_| Err(error.0.clone())).collect(),
                };
                self.0
                    .update(|found| found.extend(fields.into_iter().zip(answers.into_iter().map(text))));
            });
        }
    }

    /// `None` while they are not known.
    pub fn of(self, field: &str) -> Option<Result<String, String>> {
        self.0.with(|found| found.get(field).cloned())
    }
}

fn members(model: &Model, field: &str) -> Query {
    Query {
        model: model.model.to_string(),
        version: Some(model.version),
        dimensions: vec![DimensionRef::Field(field.to_owned())],
        limit: Some(FIRST + 1),
        ..Query::default()
    }
}

fn text(answer: Result<Answer, AppError>) -> Result<String, String> {
    let answer = answer.map_err(|error| error.message)?;
    let Some(column) = answer.columns.first() else {
        return Ok(String::new());
    };
    let cells = answer.rows.iter().filter_map(|row| row.first());
    let mut texts: Vec<String> = cells.map(|cell| cell_text(cell, column, None)).collect();
    let more = texts.len() as u64 > FIRST;
    if more {
        texts.pop();
        texts.push("…".to_owned());
    }
    Ok(texts.join(", "))
}
