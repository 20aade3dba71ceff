//! Where the fields of records go.

use super::table::Table;
use super::wanted::Wanted;
use std::sync::Arc;

/// The fields met so far, in order, each with its column; `None` for what nobody asks for.
pub struct Columns<'a> {
    wanted: &'a Wanted,
    known: Vec<(Arc<str>, Option<usize>)>,
}

impl<'a> Columns<'a> {
    pub fn new(wanted: &'a Wanted) -> Columns<'a> {
        Columns {
            wanted,
            known: Vec::new(),
        }
    }

    /// The column of a field that stands at this place of its record: mostly the same as in the record before.
    pub fn place(&mut self, table: &mut Table, at: usize, name: &str) -> Option<usize> {
        if let Some((known, column)) = self.known.get(at)
            && **known == *name
        {
            return *column;
        }
        if let Some((_, column)) = self.known.iter().find(|(known, _)| **known == *name) {
            return *column;
        }
        let column = self.wanted.includes(name).then(|| table.ensure(name));
        self.known.push((Arc::from(name), column));
        column
    }
}
