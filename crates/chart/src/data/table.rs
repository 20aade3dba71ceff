//! Rows under named columns.

use crate::value::Value;
use std::sync::Arc;

static MISSING: Value = Value::Missing;

/// A table; a row may be shorter than the list of names, its last cells are then missing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    pub names: Vec<Arc<str>>,
    pub rows: Vec<Row>,
}

/// One row, and which row of the input it (or the first of its group) came from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    pub cells: Vec<Value>,
    pub source: usize,
}

impl Table {
    pub fn column(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|n| &**n == name)
    }

    /// The index of a column, added when there is none of that name.
    pub fn ensure(&mut self, name: &str) -> usize {
        self.column(name).unwrap_or_else(|| {
            self.names.push(Arc::from(name));
            self.names.len() - 1
        })
    }

    /// Writes a column from a function of each row.
    pub fn fill(&mut self, name: &str, mut cell: impl FnMut(&Row) -> Value) {
        let at = self.ensure(name);
        for row in &mut self.rows {
            let value = cell(row);
            row.set(at, value);
        }
    }
}

impl Row {
    /// An empty row with room for the columns there are and a few more.
    pub fn with_room(table: &Table, source: usize) -> Row {
        Row {
            cells: Vec::with_capacity(table.names.len() + 4),
            source,
        }
    }

    #[inline]
    pub fn get(&self, column: usize) -> &Value {
        self.cells.get(column).unwrap_or(&MISSING)
    }

    #[inline]
    pub fn set(&mut self, column: usize, value: Value) {
        if let Some(cell) = self.cells.get_mut(column) {
            *cell = value;
            return;
        }
        // Most rows are written from left to right.
        while self.cells.len() < column {
            self.cells.push(Value::Missing);
        }
        self.cells.push(value);
    }
}
