//! Where the fields of records go.

use super::same::is_same;
use super::table::Table;
use super::wanted::Wanted;
use std::collections::HashMap;
use std::sync::Arc;

/// Columns a table may have; one with more is refused. Rows of ever other fields would take room for all of them.
pub const MAX_COLUMNS: usize = 1_000;

/// The fields met so far, each with its column; `None` for what nobody asks for.
pub struct Columns<'a> {
    wanted: &'a Wanted,
    /// In the order in which they came.
    places: Vec<(Arc<str>, Option<usize>)>,
    /// Only looked up, never gone through.
    known: HashMap<Arc<str>, Option<usize>>,
}

impl<'a> Columns<'a> {
    pub fn new(wanted: &'a Wanted) -> Columns<'a> {
        Columns {
            wanted,
            places: Vec::new(),
            known: HashMap::new(),
        }
    }

    /// The column of a field that stands at this place of its record: mostly the same as in the record before. A table that
    /// has one column too many gets no more of them.
    #[inline]
    pub fn place(&mut self, table: &mut Table, at: usize, name: &str) -> Option<usize> {
        match self.places.get(at) {
            Some((known, column)) if is_same(known, name) => *column,
            _ => self.elsewhere(table, name),
        }
    }

    fn elsewhere(&mut self, table: &mut Table, name: &str) -> Option<usize> {
        if let Some(column) = self.known.get(name) {
            return *column;
        }
        let room = table.names.len() <= MAX_COLUMNS;
        let column = (room && self.wanted.includes(name)).then(|| table.ensure(name));
        let name: Arc<str> = Arc::from(name);
        self.places.push((name.clone(), column));
        self.known.insert(name, column);
        column
    }
}
