//! Records of delimited text. Quotes open a field only at its start; what follows the closing quote up to the delimiter is
//! kept as text.

use std::borrow::Cow;

use memchr::{memchr, memchr2};

use crate::ingest::table::{Field, Origin, Record, Scanned};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    pub delimiter: u8,
    /// Ends a record: a line feed, or a carriage return in files that have no line feed. One before a line feed is dropped.
    pub terminator: u8,
}

/// Longest record that is read.
pub const RECORD_LIMIT: usize = 1 << 20;

/// Calls `each` for every record of `text`, which starts at a record, in line `first_line`. Empty lines are records of one
/// missing field. `each` says whether to go on.
pub fn scan<'a>(text: &'a str, dialect: Dialect, first_line: u64, each: &mut dyn FnMut(Scanned<'_, 'a>) -> bool) {
    let mut scanner = Scanner {
        text,
        bytes: text.as_bytes(),
        dialect,
        at: 0,
        line: first_line,
    };
    let mut fields: Vec<Field<'a>> = Vec::new();
    while scanner.at < scanner.bytes.len() {
        let (start, line) = (scanner.at, scanner.line);
        fields.clear();
        let goes_on = match scanner.record(&mut fields) {
            Ok(()) => {
                let record = text.get(start..scanner.at).unwrap_or_default();
                if record.len() > RECORD_LIMIT {
                    each(Scanned::Refused {
                        line,
                        text: record,
                        reason: "the row is longer than 1 MiB",
                    })
                } else {
                    each(Scanned::Record(Record { fields: &fields, line }))
                }
            }
            Err(reason) => {
                // Only this line is lost: go on behind its end.
                scanner.at = memchr(dialect.terminator, scanner.bytes.get(start..).unwrap_or_default())
                    .map_or(scanner.bytes.len(), |length| start + length + 1);
                scanner.line = line + 1;
                each(Scanned::Refused {
                    line,
                    text: text.get(start..scanner.at).unwrap_or_default(),
                    reason,
                })
            }
        };
        if !goes_on {
            return;
        }
    }
}

struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    dialect: Dialect,
    at: usize,
    line: u64,
}

impl<'a> Scanner<'a> {
    /// Reads one record and leaves `at` behind its terminator.
    fn record(&mut self, fields: &mut Vec<Field<'a>>) -> Result<(), &'static str> {
        loop {
            let field = if self.bytes.get(self.at) == Some(&b'"') {
                self.quoted()?
            } else {
                self.bare()
            };
            fields.push(field);
            match self.bytes.get(self.at) {
                Some(byte) if *byte == self.dialect.delimiter => self.at += 1,
                Some(_) => {
                    self.at += 1;
                    self.line += 1;
                    return Ok(());
                }
                None => return Ok(()),
            }
        }
    }

    /// Leaves `at` on the delimiter or terminator that ends the field.
    fn bare(&mut self) -> Field<'a> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let end = memchr2(self.dialect.delimiter, self.dialect.terminator, rest).unwrap_or(rest.len());
        let text = self.text.get(self.at..self.at + end).unwrap_or_default();
        self.at += end;
        let text = if self.ends_record() {
            text.strip_suffix('\r').unwrap_or(text)
        } else {
            text
        };
        if text.is_empty() {
            Field::MISSING
        } else {
            Field::borrowed(text, Origin::Bare)
        }
    }

    fn ends_record(&self) -> bool {
        self.bytes
            .get(self.at)
            .is_none_or(|byte| *byte == self.dialect.terminator)
    }

    fn quoted(&mut self) -> Result<Field<'a>, &'static str> {
        const UNCLOSED: &str = "a quote is not closed";
        let start = self.at + 1;
        let mut unescaped: Option<String> = None;
        let mut piece = start;
        let close = loop {
            let rest = self.bytes.get(piece..).unwrap_or_default();
            let quote = piece + memchr(b'"', rest).ok_or(UNCLOSED)?;
            if quote - start > RECORD_LIMIT {
                return Err(UNCLOSED);
            }
            if self.bytes.get(quote + 1) != Some(&b'"') {
                break quote;
            }
            // Two quotes are one: keep the first, go on behind the second.
            let so_far = unescaped.get_or_insert_with(String::new);
            so_far.push_str(self.text.get(piece..=quote).unwrap_or_default());
            piece = quote + 2;
        };
        let last = self.text.get(piece..close).unwrap_or_default();
        let inside = self.bytes.get(start..close).unwrap_or_default();
        if memchr2(self.dialect.terminator, b'\n', inside).is_some() {
            let breaks = memchr::memchr_iter(self.dialect.terminator, inside).count();
            self.line += u64::try_from(breaks).unwrap_or_default();
        }
        self.at = close + 1;
        let trailing = self.bare();
        let text = match (unescaped, trailing.text.as_ref()) {
            (None, "") => Cow::Borrowed(last),
            (unescaped, trailing) => Cow::Owned(unescaped.unwrap_or_default() + last + trailing),
        };
        Ok(Field {
            text,
            origin: Origin::Quoted,
        })
    }
}

/// End of the last whole record in `bytes`, which start at a record: the place behind its terminator. A quoted field that
/// does not end within a record's greatest length is taken for a stray quote.
pub fn last_record_end(bytes: &[u8], dialect: Dialect, is_end_of_file: bool) -> Option<usize> {
    let mut end = None;
    let mut at = 0;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let Some(quote) = memchr(b'"', rest).map(|place| at + place) else {
            return memchr::memrchr(dialect.terminator, rest)
                .map(|place| at + place + 1)
                .or(end);
        };
        let before = bytes.get(at..quote).unwrap_or_default();
        if let Some(place) = memchr::memrchr(dialect.terminator, before) {
            end = Some(at + place + 1);
        }
        let opens = quote
            .checked_sub(1)
            .and_then(|place| bytes.get(place))
            .is_none_or(|byte| *byte == dialect.delimiter || *byte == dialect.terminator);
        at = if opens {
            closing_quote(bytes, quote).map_or(quote, |close| close) + 1
        } else {
            quote + 1
        };
        if opens && closing_quote(bytes, quote).is_none() {
            let record_start = end.unwrap_or(0);
            if !is_end_of_file && bytes.len() - record_start <= RECORD_LIMIT {
                return end;
            }
        }
    }
}

/// The quote that closes the one at `open`, if it comes within a record's greatest length.
fn closing_quote(bytes: &[u8], open: usize) -> Option<usize> {
    let mut at = open + 1;
    loop {
        let quote = at + memchr(b'"', bytes.get(at..)?)?;
        if quote - open > RECORD_LIMIT {
            return None;
        }
        if bytes.get(quote + 1) != Some(&b'"') {
            return Some(quote);
        }
        at = quote + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMA: Dialect = Dialect {
        delimiter: b',',
        terminator: b'\n',
    };

    fn all(text: &str) -> Vec<(u64, Vec<(String, Origin)>)> {
        let mut records = Vec::new();
        scan(text, COMMA, 1, &mut |scanned| {
            match scanned {
                Scanned::Record(record) => {
                    records.push((
                        record.line,
                        record
                            .fields
                            .iter()
                            .map(|field| (field.text.to_string(), field.origin))
                            .collect(),
                    ));
                }
                Scanned::Refused { line, reason, .. } => {
                    records.push((line, vec![(reason.to_owned(), Origin::Missing)]))
                }
            }
            true
        });
        records
    }

    #[test]
    fn quoted_empty_is_not_missing() {
        let records = all("a,\"\",\r\n\"x\"\"y\",\"1\n2\",\" z\"\n");
        assert_eq!(
            records,
            [
                (
                    1,
                    vec![
                        ("a".into(), Origin::Bare),
                        (String::new(), Origin::Quoted),
                        (String::new(), Origin::Missing)
                    ]
                ),
                (
                    2,
                    vec![
                        ("x\"y".into(), Origin::Quoted),
                        ("1\n2".into(), Origin::Quoted),
                        (" z".into(), Origin::Quoted)
                    ]
                ),
            ]
        );
        assert_eq!(all("\"a\nb\"\nc\n").last().map(|(line, _)| *line), Some(3));
    }

    #[test]
    fn stray_quotes_lose_one_line_at_most() {
        assert_eq!(all("5\" pipe,1\n").first().map(|(_, fields)| fields.len()), Some(2));
        let records = all("a,\"open\nb,2\nc,3\n");
        assert_eq!(records.len(), 3, "{records:?}");
        assert_eq!(
            records
                .first()
                .and_then(|(_, fields)| fields.first())
                .map(|(text, _)| text.as_str()),
            Some("a quote is not closed")
        );
    }

    #[test]
    fn last_line_without_end_counts() {
        assert_eq!(all("a,b\n1,2").len(), 2);
        assert_eq!(all("a\n\nb\n").len(), 3);
        assert_eq!(all("a,").first().map(|(_, fields)| fields.len()), Some(2));
    }

    #[test]
    fn blocks_end_between_records() {
        let text = b"a,b\n\"x\ny\",2\nc,\"";
        assert_eq!(last_record_end(text, COMMA, false), Some(12));
        assert_eq!(last_record_end(b"no end", COMMA, false), None);
        assert_eq!(last_record_end(b"a\nb\nc", COMMA, false), Some(4));
        assert_eq!(last_record_end(b"5\" pipe\nb", COMMA, false), Some(8));
    }
}
