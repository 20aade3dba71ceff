//! Rows out of CSV, TSV and other delimited text with a header line.

use super::table::{Row, Table};
use crate::value::Value;

/// Reads delimited text; every cell is text, a missing cell is missing.
pub fn read_delimited(text: &str, delimiter: char) -> Table {
    let mut lines = records(text, delimiter).into_iter();
    let mut table = Table::default();
    for name in lines.next().unwrap_or_default() {
        table.names.push(name.into());
    }
    for (source, cells) in lines.enumerate() {
        let cells = cells.iter().map(|c| Value::text(c)).collect();
        table.rows.push(Row { cells, source });
    }
    table
}

fn records(text: &str, delimiter: char) -> Vec<Vec<String>> {
    let mut out = Vec::new();
    let mut record = Vec::new();
    let mut cell = String::new();
    let mut quoted = false;
    let mut chars = text.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(c) = chars.next() {
        if quoted {
            match c {
                '"' if chars.next_if_eq(&'"').is_some() => cell.push('"'),
                '"' => quoted = false,
                c => cell.push(c),
            }
        } else if c == '"' && cell.is_empty() {
            quoted = true;
        } else if c == delimiter {
            record.push(std::mem::take(&mut cell));
        } else if c == '\n' || c == '\r' {
            if c == '\r' {
                chars.next_if_eq(&'\n');
            }
            record.push(std::mem::take(&mut cell));
            out.push(std::mem::take(&mut record));
        } else {
            cell.push(c);
        }
    }
    if !cell.is_empty() || !record.is_empty() {
        record.push(cell);
        out.push(record);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::read_delimited;
    use crate::value::Value;

    #[test]
    fn reads_quoted_cells() {
        let table = read_delimited("a,b\n1,\"x, \"\"y\"\"\"\r\n2,z\n", ',');
        assert_eq!(table.rows.len(), 2);
        assert_eq!(*table.rows[0].get(1), Value::text("x, \"y\""));
    }
}
