//! Where a path such as `metrics.3.numerator` stands in JSON text.

use std::ops::Range;

/// The bytes of the value at `path`, or of the last part of the path that is there. The text must be JSON.
pub fn locate(text: &str, path: &str) -> Range<usize> {
    let mut scanner = Scanner {
        text: text.as_bytes(),
        at: 0,
    };
    scanner.space();
    let mut found = scanner.value_range();
    for part in path.split('.').filter(|part| !part.is_empty()) {
        scanner.at = found.start;
        match scanner.enter(part) {
            Some(inner) => found = inner,
            None => break,
        }
    }
    found
}

/// 1-based line of a byte.
pub fn line_of(text: &str, byte: usize) -> usize {
    text.bytes().take(byte).filter(|letter| *letter == b'\n').count() + 1
}

/// The bytes of a line, without its end. `line` is 1-based.
pub fn line_range(text: &str, line: usize) -> Range<usize> {
    let start = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    let rest = text.get(start..).unwrap_or_default();
    start..start + rest.find('\n').unwrap_or(rest.len())
}

/// Bytes as text areas count them, in UTF-16.
pub fn utf16(text: &str, byte: usize) -> u32 {
    let before = text.get(..byte).unwrap_or(text);
    u32::try_from(before.encode_utf16().count()).unwrap_or(u32::MAX)
}

struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn space(&mut self) {
        while self.peek().is_some_and(|letter| letter.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// Takes one value away.
    fn value_range(&mut self) -> Range<usize> {
        let start = self.at;
        match self.peek() {
            Some(b'"') => {
                self.string();
            }
            Some(b'{' | b'[') => self.nested(),
            Some(_) => {
                while self
                    .peek()
                    .is_some_and(|letter| !matches!(letter, b',' | b'}' | b']') && !letter.is_ascii_whitespace())
                {
                    self.at += 1;
                }
            }
            None => {}
        }
        start..self.at
    }

    /// A string, without its quotes.
    fn string(&mut self) -> Range<usize> {
        self.at += 1;
        let start = self.at;
        while let Some(letter) = self.peek() {
            match letter {
                b'\\' => self.at += 2,
                b'"' => {
                    self.at += 1;
                    return start..self.at - 1;
                }
                _ => self.at += 1,
            }
        }
        start..self.at.min(self.text.len())
    }

    /// An object or a list, to its end.
    fn nested(&mut self) {
        let mut depth = 0_usize;
        while let Some(letter) = self.peek() {
            match letter {
                b'"' => {
                    self.string();
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return;
            }
        }
    }

    /// The value under a key of the object, or at a place of the list, that starts here.
    fn enter(&mut self, part: &str) -> Option<Range<usize>> {
        let opening = self.peek()?;
        let wanted: Option<usize> = part.parse().ok();
        self.at += 1;
        let mut index = 0;
        loop {
            self.space();
            let matches = match (opening, self.peek()?) {
                (_, b'}' | b']') => return None,
                (b'{', b'"') => {
                    let key = self.string();
                    self.space();
                    // The colon.
                    self.at += 1;
                    self.space();
                    self.text.get(key) == Some(part.as_bytes())
                }
                (b'[', _) => wanted == Some(index),
                _ => return None,
            };
            let value = self.value_range();
            if matches {
                return Some(value);
            }
            index += 1;
            self.space();
            if self.peek()? == b',' {
                self.at += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"{
  "model": "grün, \"[x]\"",
  "metrics": [
    {"name": "a", "of": [1, 2]},
    {"name": "b", "filter": {"op": "eq"}}
  ]
}"#;

    #[test]
    fn paths_lead_to_their_values() {
        let at = |path: &str| TEXT.get(locate(TEXT, path)).unwrap();
        assert_eq!(at("metrics.1.filter.op"), r#""eq""#);
        assert_eq!(at("metrics.0.of.1"), "2");
        assert_eq!(at("model"), r#""grün, \"[x]\"""#);
        // What is not there: the last part that is.
        assert_eq!(at("metrics.1.expr"), r#"{"name": "b", "filter": {"op": "eq"}}"#);
        assert_eq!(at("metrics.9"), at("metrics"));
        assert_eq!(line_of(TEXT, locate(TEXT, "metrics.1.name").start), 5);
        assert_eq!(TEXT.get(line_range(TEXT, 3)).unwrap(), r#"  "metrics": ["#);
        assert_eq!(utf16(TEXT, TEXT.find(',').unwrap()), 18);
    }

    #[test]
    fn broken_text_does_no_harm() {
        for text in ["", "{", r#"{"a"#, r#"{"a":"#, "[1,", r#""\"#, "{]"] {
            let found = locate(text, "a.1.b");
            assert!(found.end <= text.len() + 1, "{text}");
        }
    }
}
