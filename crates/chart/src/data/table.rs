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
    near: [Value; NEAR],
    far: Vec<Value>,
    pub source: usize,
}

/// So many cells stand in the row itself, so that the rows of most charts, which keep only the columns that are asked for,
/// allocate nothing of their own.
const NEAR: usize = 4;

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
    /// A row without cells.
    pub fn new(source: usize) -> Row {
        Row {
            source,
            ..Row::default()
        }
    }

    /// A row of these cells from left to right.
    pub fn of(cells: impl IntoIterator<Item = Value>, source: usize) -> Row {
        let mut row = Row::new(source);
        for (column, cell) in cells.into_iter().enumerate() {
            row.set(column, cell);
        }
        row
    }

    #[inline]
    pub fn get(&self, column: usize) -> &Value {
        match self.near.get(column) {
            Some(cell) => cell,
            None => self.far.get(column - NEAR).unwrap_or(&MISSING),
        }
    }

    #[inline]
    pub fn set(&mut self, column: usize, value: Value) {
        match self.near.get_mut(column) {
            Some(cell) => *cell = value,
            None => self.set_far(column - NEAR, value),
        }
    }

    fn set_far(&mut self, column: usize, value: Value) {
        if let Some(cell) = self.far.get_mut(column) {
            *cell = value;
            return;
        }
        if self.far.capacity() == 0 {
            // Most rows are written from left to right.
            self.far.reserve(column + 8);
        }
        self.far.resize(column, Value::Missing);
        self.far.push(value);
    }
}
