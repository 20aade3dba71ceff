//! Spellings of "no value".

/// Is it one of the spellings that mean NULL in a column whose other values are numbers, times or truth values? In a
/// column of text they stay text: `NA` is a country and `None` an answer.
pub fn is_null_word(text: &str) -> bool {
    match text.len() {
        1 => text == "-" || text == "?",
        2 => matches!(text, "NA" | "na" | "\\N" | "--"),
        3 => matches!(text, "NaN" | "nan" | "NAN" | "N/A" | "n/a"),
        4 => matches!(
            text,
            "NULL" | "null" | "Null" | "None" | "none" | "#N/A" | "<NA>" | "-nan" | "-NaN"
        ),
        _ => false,
    }
}
