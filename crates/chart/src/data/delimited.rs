//! Rows out of CSV, TSV and other delimited text with a header line.

use super::table::{Row, Table};
use super::texts::Texts;
use super::wanted::Wanted;
use crate::value::{Value, labelled_number};
use std::borrow::Cow;

/// Reads delimited text; every cell is text, or a number where nobody can tell, and a missing cell is missing.
pub fn read_delimited(text: &str, delimiter: char, wanted: &Wanted) -> Table {
    let mut table = Table::default();
    let mut reader = Reader {
        rest: text.trim_start_matches('\u{feff}'),
        delimiter,
    };
    let mut columns: Vec<Option<usize>> = Vec::new();
    reader.line(|name| {
        let included = wanted.includes(&name);
        columns.push(included.then_some(table.names.len()));
        if included {
            table.names.push(name.into());
        }
    });
    // As many rows as lines, or fewer where one ends inside of a quoted cell.
    let rows = reader.rest.bytes().filter(|byte| *byte == b'\n').count() + 1;
    table.rows.reserve(rows);
    // Of each column: one with ever other texts would push out those of the others.
    let mut readers: Vec<Cells> = table
        .names
        .iter()
        .map(|name| Cells {
            texts: Texts::of_rows(rows),
            numeric: wanted.measures(name),
        })
        .collect();
    loop {
        let mut row = Row::new(table.rows.len());
        let mut wanted = columns.iter();
        let more = reader.line(|cell| {
            if let Some(Some(column)) = wanted.next()
                && let Some(cells) = readers.get_mut(*column)
            {
                row.set(*column, cells.value(&cell));
            }
        });
        if !more {
            return table;
        }
        table.rows.push(row);
    }
}

/// What the cells of a column become.
struct Cells {
    texts: Texts,
    /// Whether a text that says a number may as well be the number.
    numeric: bool,
}

impl Cells {
    fn value(&mut self, cell: &str) -> Value {
        let number = if self.numeric { labelled_number(cell) } else { None };
        number.map_or_else(|| Value::Text(self.texts.share(cell)), Value::Number)
    }
}

struct Reader<'a> {
    rest: &'a str,
    delimiter: char,
}

/// What stands after a cell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Cell,
    Line,
    Text,
}

impl<'a> Reader<'a> {
    /// Hands on the cells of a line; false when there is none any more.
    fn line(&mut self, mut cell: impl FnMut(Cow<'a, str>)) -> bool {
        let mut any = false;
        loop {
            let (text, end) = self.cell();
            // Nothing after the last line's end is no line.
            if end == End::Text && !any && text.is_empty() {
                return false;
            }
            cell(text);
            any = true;
            if end != End::Cell {
                return true;
            }
        }
    }

    fn cell(&mut self) -> (Cow<'a, str>, End) {
        if self.rest.starts_with('"') {
            return self.quoted();
        }
        let length = match u8::try_from(self.delimiter) {
            Ok(delimiter) if delimiter.is_ascii() => {
                // Letters and digits are mostly beyond all three, and so looked at once.
                let last = delimiter.max(b'\r');
                let ends = |byte: u8| byte <= last && (byte == delimiter || byte == b'\n' || byte == b'\r');
                self.rest.bytes().position(ends)
            }
            _ => self.rest.find([self.delimiter, '\n', '\r']),
        };
        let (cell, rest) = self.rest.split_at(length.unwrap_or(self.rest.len()));
        self.rest = rest;
        (Cow::Borrowed(cell), self.end())
    }

    /// A cell that begins with a quote. Two quotes stand for one; what comes after the closing one still belongs to the cell.
    fn quoted(&mut self) -> (Cow<'a, str>, End) {
        let mut cell = String::new();
        let mut quoted = false;
        let mut chars = self.rest.char_indices().peekable();
        let mut length = self.rest.len();
        while let Some((at, c)) = chars.next() {
            if quoted {
                match c {
                    '"' if chars.next_if(|(_, next)| *next == '"').is_some() => cell.push('"'),
                    '"' => quoted = false,
                    c => cell.push(c),
                }
            } else if c == '"' && cell.is_empty() {
                quoted = true;
            } else if c == self.delimiter || c == '\n' || c == '\r' {
                length = at;
                break;
            } else {
                cell.push(c);
            }
        }
        self.rest = self.rest.get(length..).unwrap_or_default();
        (Cow::Owned(cell), self.end())
    }

    /// Steps over what ends a cell.
    fn end(&mut self) -> End {
        let mut chars = self.rest.chars();
        let end = match chars.next() {
            None => End::Text,
            Some(c) if c == self.delimiter => End::Cell,
            Some(c) => {
                if c == '\r' && chars.as_str().starts_with('\n') {
                    chars.next();
                }
                End::Line
            }
        };
        self.rest = chars.as_str();
        end
    }
}

#[cfg(test)]
mod tests {
    use super::{Wanted, read_delimited};
    use crate::value::Value;

    #[test]
    fn reads_quoted_cells() {
        let table = read_delimited("a,b\n1,\"x, \"\"y\"\"\"\r\n2,z\n", ',', &Wanted::default());
        assert_eq!(table.rows.len(), 2);
        assert_eq!(*table.rows[0].get(1), Value::text("x, \"y\""));
    }

    #[test]
    fn lines_are_as_long_as_they_are() {
        let table = read_delimited("a;b\r1;\r\n\n2\n\"\"x;y\"z", ';', &Wanted::default());
        let rows: Vec<Vec<_>> = table
            .rows
            .iter()
            .map(|row| (0..2).map(|column| row.get(column).label()).collect())
            .collect();
        let rows: Vec<Vec<&str>> = rows
            .iter()
            .map(|row| row.iter().map(|cell| &**cell).collect())
            .collect();
        assert_eq!(rows, [["1", ""], ["", "undefined"], ["2", "undefined"], ["x", "y\"z"]]);
        assert_eq!(read_delimited("", ',', &Wanted::default()).names.len(), 0);
    }
}
