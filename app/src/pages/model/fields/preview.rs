//! The first members of each field, in the stored version.

use chart::visual::cell_text;
use leptos::prelude::*;
use shared::{
    semantic::{Answer, DimensionRef, Model, Query},
    table::Cell,
};

use crate::pages::model::{
    asked::{Texts, ask_in_turn},
    draft::ModelDraft,
};

/// Members that are named.
const FIRST: u64 = 3;
/// Texts by `table.field`.
#[derive(Clone, Copy)]
pub struct FieldValues(Texts);

impl FieldValues {
    pub fn new(draft: ModelDraft) -> Self {
        let values = Self(Texts::default());
        Effect::new(move |_| {
            let model = draft.stored.get();
            let tables = model.tables.iter();
            let fields = tables.flat_map(|table| {
                let names = table.written_dimensions().map(|dimension| &dimension.name);
                names.map(|name| format!("{}.{name}", table.name))
            });
            let questions = fields.map(|field| (field.clone(), members(&model, &field))).collect();
            ask_in_turn(draft, model.version, questions, values.0, text);
        });
        values
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

fn text(answer: Answer) -> String {
    // A point has two numbers.
    let words = |row: &Vec<Cell>| {
        let cells = row.iter().zip(&answer.columns);
        let words: Vec<String> = cells.map(|(cell, column)| cell_text(cell, column, None)).collect();
        words.join(" | ")
    };
    let mut texts: Vec<String> = answer.rows.iter().map(words).collect();
    let more = texts.len() as u64 > FIRST;
    if more {
        texts.pop();
        texts.push("…".to_owned());
    }
    texts.join(", ")
}
