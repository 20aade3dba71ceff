//! Rows out of JSON values.

use super::table::{Row, Table};
use crate::value::Value;
use serde_json::Value as Json;
use std::sync::Arc;

/// Reads a list of objects, or of plain values, which become the column `data`.
pub fn read_rows(json: &Json) -> Table {
    let mut table = Table::default();
    let items: &[Json] = match json {
        Json::Array(items) => items,
        other => std::slice::from_ref(other),
    };
    let mut texts = Texts::default();
    table.rows.reserve(items.len());
    for (source, item) in items.iter().enumerate() {
        let mut row = Row {
            cells: Vec::with_capacity(table.names.len() + 4),
            source,
        };
        match item {
            Json::Object(fields) => {
                for (i, (key, value)) in fields.iter().enumerate() {
                    let column = match table.names.get(i) {
                        Some(name) if **name == **key => i,
                        _ => table.ensure(key),
                    };
                    row.set(column, cell(value, &mut texts));
                }
            }
            other => {
                let column = table.ensure("data");
                row.set(column, cell(other, &mut texts));
            }
        }
        table.rows.push(row);
    }
    table
}

fn cell(json: &Json, texts: &mut Texts) -> Value {
    match json {
        Json::String(text) => Value::Text(texts.share(text)),
        other => Value::from_json(other),
    }
}

/// Texts seen lately, so that equal ones share an allocation: categories repeat a lot. One that fell out is allocated anew.
struct Texts {
    slots: Vec<Option<Arc<str>>>,
}

impl Default for Texts {
    fn default() -> Texts {
        Texts { slots: vec![None; 256] }
    }
}

impl Texts {
    fn share(&mut self, text: &str) -> Arc<str> {
        let mix = |sum: usize, byte: &u8| sum.wrapping_mul(31).wrapping_add(usize::from(*byte));
        let bytes = text.as_bytes();
        let place = bytes.iter().take(24).fold(bytes.len(), mix) % self.slots.len();
        match self.slots.get_mut(place) {
            Some(Some(known)) if **known == *text => known.clone(),
            Some(slot) => slot.insert(Arc::from(text)).clone(),
            None => Arc::from(text),
        }
    }
}
