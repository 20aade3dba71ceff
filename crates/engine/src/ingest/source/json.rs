//! Objects as rows. One level of nesting becomes columns `a.b`; what is deeper stays JSON text.

use std::{
    borrow::Cow,
    path::{Path, PathBuf},
};

use indexmap::IndexMap;
use shared::dataset::TextEncoding;

use super::{
    RecordSource,
    json_split::{Elements, Layout, members},
};
use crate::{
    ingest::table::{Field, Origin, Record, Scanned},
    protocol::WorkerFailure,
};

/// Columns are the names that occur, in order of first appearance; `discover` finds them.
pub struct JsonSource {
    path: PathBuf,
    encoding: TextEncoding,
    layout: Layout,
    columns: IndexMap<String, usize>,
}

impl JsonSource {
    /// `is_array`: one array of objects, else one object per line.
    pub fn new(path: &Path, encoding: TextEncoding, is_array: bool) -> Self {
        let layout = if is_array { Layout::Array } else { Layout::Lines };
        Self {
            path: path.to_owned(),
            encoding,
            layout,
            columns: IndexMap::new(),
        }
    }

    /// Finds the columns of the first `limit` objects and gives their headers.
    pub fn discover(&mut self, limit: u64) -> Result<Vec<String>, WorkerFailure> {
        let mut elements = Elements::open(&self.path, self.encoding, self.layout)?;
        let mut seen = 0;
        while let Some((_, text)) = elements.next_element()? {
            for (name, _) in flat_members(&text).unwrap_or_default() {
                let next = self.columns.len();
                self.columns.entry(name).or_insert(next);
            }
            seen += 1;
            // The caller refuses so many columns; no need to collect more.
            if seen >= limit || self.columns.len() > 10_000 {
                break;
            }
        }
        Ok(self.columns.keys().cloned().collect())
    }
}

impl RecordSource for JsonSource {
    fn scan(&mut self, each: &mut dyn FnMut(Scanned<'_, '_>) -> bool) -> Result<(), WorkerFailure> {
        let mut elements = Elements::open(&self.path, self.encoding, self.layout)?;
        while let Some((line, text)) = elements.next_element()? {
            let goes_on = match flat_members(&text) {
                None => each(Scanned::Refused {
                    line,
                    text: &text,
                    reason: "not a valid JSON object",
                }),
                Some(members) => {
                    let mut fields = vec![Field::MISSING; self.columns.len()];
                    for (name, raw) in members {
                        // Beyond a preview's window there may be names it does not know.
                        let place = self.columns.get(&name).and_then(|place| fields.get_mut(*place));
                        if let Some(field) = place {
                            *field = value_field(raw);
                        }
                    }
                    each(Scanned::Record(Record { fields: &fields, line }))
                }
            };
            if !goes_on {
                break;
            }
        }
        Ok(())
    }
}

fn flat_members(text: &str) -> Option<Vec<(String, &str)>> {
    let mut flat = Vec::new();
    for (name, raw) in members(text)? {
        if raw.starts_with('{') {
            flat.extend(
                members(raw)?
                    .into_iter()
                    .map(|(inner, raw)| (format!("{name}.{inner}"), raw)),
            );
        } else {
            flat.push((name, raw));
        }
    }
    Some(flat)
}

fn value_field(raw: &str) -> Field<'_> {
    match raw.as_bytes().first() {
        Some(b'"') => match serde_json::from_str::<String>(raw) {
            Ok(text) => Field {
                text: Cow::Owned(text),
                origin: Origin::Text,
            },
            Err(_) => Field::borrowed(raw, Origin::Text),
        },
        Some(b'{' | b'[') => Field::borrowed(raw, Origin::Nested),
        Some(b'n') | None => Field::MISSING,
        Some(_) => Field::borrowed(raw, Origin::Bare),
    }
}
