use shared::{semantic::Answer, table::Cell};

/// The rows as CSV (RFC 4180, UTF-8), labels first.
pub fn csv(answer: &Answer) -> String {
    let mut text = String::new();
    line(&mut text, answer.columns.iter().map(|column| guarded(&column.label)));
    for row in &answer.rows {
        line(&mut text, row.iter().map(cell_text));
    }
    text
}

/// One record, its fields quoted where they need it.
pub(crate) fn line(text: &mut String, fields: impl Iterator<Item = String>) {
    for (index, field) in fields.enumerate() {
        if index > 0 {
            text.push(',');
        }
        if field.contains([',', '"', '\n', '\r']) {
            text.push('"');
            text.push_str(&field.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(&field);
        }
    }
    text.push_str("\r\n");
}

pub(crate) fn cell_text(cell: &Cell) -> String {
    match cell {
        Cell::Null => String::new(),
        Cell::Bool(truth) => truth.to_string(),
        Cell::Int(number) => number.to_string(),
        Cell::Float(number) => number.to_string(),
        Cell::Text(text) => guarded(text),
    }
}

/// Spreadsheets run text that begins like a formula; an apostrophe before it makes it text. Numbers stay numbers.
pub(crate) fn guarded(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    if formula { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn text_is_quoted_and_never_a_formula() {
        let column = |label: &str| json!({"name": label, "role": "dimension", "type": "string", "label": label});
        let answer = json!({
            "columns": [column("Region, \"old\""), column("=1+1")],
            "rows": [["a\nb", "-12.50"], ["=cmd|'/C calc'!A0", "@SUM(A1)"], [null, 2.5], [true, -7]],
            "version": 1, "as_of": "2026-01-01T00:00:00Z", "cache": "miss", "truncated": false,
        });
        let text = csv(&serde_json::from_value(answer).unwrap());
        assert_eq!(
            text,
            "\"Region, \"\"old\"\"\",'=1+1\r\n\"a\nb\",-12.50\r\n'=cmd|'/C calc'!A0,'@SUM(A1)\r\n,2.5\r\ntrue,-7\r\n"
        );
    }
}
