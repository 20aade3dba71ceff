//! Delimiter and line ends of a sample.

use std::collections::HashMap;

use super::scanner::{Dialect, scan};
use crate::ingest::table::Scanned;

const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];
const SAMPLE_RECORDS: usize = 200;

/// A line feed ends records unless the text has only carriage returns.
pub fn detect_terminator(sample: &str) -> u8 {
    if !sample.contains('\n') && sample.contains('\r') {
        b'\r'
    } else {
        b'\n'
    }
}

/// The delimiter that cuts the sample into records of equal width; a comma when none does.
pub fn detect_delimiter(sample: &str, terminator: u8, prefers_tab: bool) -> u8 {
    let score = |delimiter: u8| {
        let (width, share) = usual_width(sample, Dialect { delimiter, terminator });
        let preferred = prefers_tab && delimiter == b'\t';
        (width > 1).then_some((share, preferred, width))
    };
    let scored = CANDIDATES
        .into_iter()
        .filter_map(|delimiter| score(delimiter).map(|score| (score, delimiter)));
    scored
        .max_by_key(|((share, preferred, width), delimiter)| {
            (*preferred, *share, *width, std::cmp::Reverse(*delimiter))
        })
        .map_or(b',', |(_, delimiter)| delimiter)
}

/// The most frequent number of fields, and how many of 100 records have it.
fn usual_width(sample: &str, dialect: Dialect) -> (usize, usize) {
    let mut widths: HashMap<usize, usize> = HashMap::new();
    let mut records = 0;
    scan(sample, dialect, 1, &mut |scanned| {
        let width = match scanned {
            Scanned::Record(record) => record.fields.len(),
            Scanned::Refused { .. } => 0,
        };
        *widths.entry(width).or_insert(0) += 1;
        records += 1;
        records < SAMPLE_RECORDS
    });
    let usual = widths.into_iter().max_by_key(|(width, count)| (*count, *width));
    usual.map_or((0, 0), |(width, count)| (width, count * 100 / records.max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters() {
        for (sample, delimiter) in [
            ("a,b,c\n1,2,3\n", b','),
            ("a;b\n1,5;2,5\n3,5;4,5\n", b';'),
            ("a\tb c, d\n1\t2\n", b'\t'),
            ("a|b\n1|2\n", b'|'),
            ("only\nlines\n", b','),
            ("name,text\nx,\"a;b;c\"\ny,\"d;e\"\n", b','),
        ] {
            assert_eq!(detect_delimiter(sample, b'\n', false), delimiter, "{sample}");
        }
        assert_eq!(detect_terminator("a\rb\r"), b'\r');
        assert_eq!(detect_terminator("a\r\nb\r\n"), b'\n');
    }
}
