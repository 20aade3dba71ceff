//! Reading a field by its path: `price`, `car.name`, `list[0]`, `a\.b`.

use super::table::{Row, Table};
use crate::value::Value;
use std::borrow::Cow;

/// A resolved field of one table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Field {
    column: Option<usize>,
    path: Vec<String>,
}

impl Field {
    /// Resolves a path. A column of exactly that name wins over a nested one.
    pub fn of(table: &Table, path: &str) -> Field {
        if let Some(column) = table.column(path) {
            return Field {
                column: Some(column),
                path: Vec::new(),
            };
        }
        let mut parts = split(path);
        if parts.is_empty() {
            return Field::default();
        }
        let first = parts.remove(0);
        Field {
            column: table.column(&first),
            path: parts,
        }
    }

    pub fn get(&self, row: &Row) -> Value {
        self.cell(row).into_owned()
    }

    /// The value to look at: that of a column is not copied.
    #[inline]
    pub fn cell<'r>(&self, row: &'r Row) -> Cow<'r, Value> {
        match self.column {
            Some(column) if self.path.is_empty() => Cow::Borrowed(row.get(column)),
            Some(column) => Cow::Owned(self.inside(row.get(column))),
            None => Cow::Owned(Value::Missing),
        }
    }

    fn inside(&self, cell: &Value) -> Value {
        let within = |value: Value, name: &String| value.member(name);
        self.path.iter().fold(cell.clone(), within)
    }

    pub fn number(&self, row: &Row) -> f64 {
        self.cell(row).number()
    }

    /// Whether the table has such a column at all.
    pub fn exists(&self) -> bool {
        self.column.is_some()
    }
}

/// The parts of a path.
pub fn split(path: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut chars = path.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => part.extend(chars.next()),
            '.' => parts.push(std::mem::take(&mut part)),
            '[' => {
                if !part.is_empty() {
                    parts.push(std::mem::take(&mut part));
                }
                let quote = chars.next_if(|q| *q == '\'' || *q == '"');
                let mut inner = String::new();
                for d in chars.by_ref() {
                    if Some(d) == quote || (quote.is_none() && d == ']') {
                        break;
                    }
                    inner.push(d);
                }
                if quote.is_some() {
                    chars.next_if_eq(&']');
                }
                parts.push(inner);
                chars.next_if_eq(&'.');
            }
            c => part.push(c),
        }
    }
    if !part.is_empty() {
        parts.push(part);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn splits_paths() {
        assert_eq!(split("a.b[0].c"), ["a", "b", "0", "c"]);
        assert_eq!(split("a\\.b"), ["a.b"]);
        assert_eq!(split("a['b.c']"), ["a", "b.c"]);
    }
}
