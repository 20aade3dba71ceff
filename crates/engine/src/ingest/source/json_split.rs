//! JSON cut into its elements without building a tree: the raw text of each value stays as it was written, so long numbers
//! keep their digits.

use std::path::Path;

use memchr::memchr;
use shared::dataset::TextEncoding;

use crate::{
    ingest::{
        failure::{read_error, unreadable},
        text::TextReader,
    },
    protocol::WorkerFailure,
};

/// Longest element that is read.
const ELEMENT_LIMIT: usize = 16 << 20;

/// How elements follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// One array.
    Array,
    /// One element per line.
    Lines,
}

/// The elements of a file, in order.
pub struct Elements {
    reader: TextReader,
    layout: Layout,
    buffer: Vec<u8>,
    at: usize,
    line: u64,
    is_whole: bool,
    started: bool,
}

impl Elements {
    pub fn open(path: &Path, encoding: TextEncoding, layout: Layout) -> Result<Self, WorkerFailure> {
        let reader = TextReader::open(path, encoding).map_err(read_error)?;
        Ok(Self {
            reader,
            layout,
            buffer: Vec::new(),
            at: 0,
            line: 1,
            is_whole: false,
            started: false,
        })
    }

    /// Line and text of the next element; blank lines are passed over.
    ///
    /// # Errors
    /// `unreadable_file` with the line where the array breaks.
    pub fn next_element(&mut self) -> Result<Option<(u64, String)>, WorkerFailure> {
        match self.layout {
            Layout::Lines => self.next_line(),
            Layout::Array => self.next_in_array(),
        }
    }

    fn next_line(&mut self) -> Result<Option<(u64, String)>, WorkerFailure> {
        loop {
            let rest = self.buffer.get(self.at..).unwrap_or_default();
            let end = match memchr(b'\n', rest) {
                Some(length) => length,
                None if !self.is_whole => {
                    self.fill()?;
                    continue;
                }
                None if rest.is_empty() => return Ok(None),
                None => rest.len(),
            };
            let text = String::from_utf8_lossy(rest.get(..end).unwrap_or_default())
                .trim()
                .to_owned();
            let line = self.line;
            self.at = (self.at + end + 1).min(self.buffer.len());
            self.line += 1;
            if !text.is_empty() {
                return Ok(Some((line, text)));
            }
        }
    }

    fn next_in_array(&mut self) -> Result<Option<(u64, String)>, WorkerFailure> {
        if !self.started {
            match self.peek()? {
                Some(b'[') => self.at += 1,
                _ => {
                    return Err(unreadable(
                        "This JSON does not start with an array of objects.",
                        Some(self.line),
                    ));
                }
            }
            self.started = true;
            if self.peek()? == Some(b']') {
                self.at += 1;
                return self.expect_end();
            }
            return self.element();
        }
        match self.peek()? {
            Some(b',') => {
                self.at += 1;
                self.element()
            }
            Some(b']') => {
                self.at += 1;
                self.expect_end()
            }
            Some(_) => Err(unreadable(
                "A comma or the end of the array is missing.",
                Some(self.line),
            )),
            None => Err(unreadable(
                "The array is not closed: the file ends too early.",
                Some(self.line),
            )),
        }
    }

    fn expect_end(&mut self) -> Result<Option<(u64, String)>, WorkerFailure> {
        match self.peek()? {
            None => {
                self.started = true;
                self.layout = Layout::Lines;
                Ok(None)
            }
            Some(_) => Err(unreadable("Something follows the end of the array.", Some(self.line))),
        }
    }

    fn element(&mut self) -> Result<Option<(u64, String)>, WorkerFailure> {
        self.peek()?;
        let line = self.line;
        loop {
            match value_end(&self.buffer, self.at) {
                // A number may go on in what is not read yet.
                Some(end) if end < self.buffer.len() || self.is_whole => {
                    let bytes = self.buffer.get(self.at..end).unwrap_or_default();
                    if bytes.is_empty() {
                        return Err(unreadable("A value is missing.", Some(line)));
                    }
                    let breaks = memchr::memchr_iter(b'\n', bytes).count();
                    self.line += u64::try_from(breaks).unwrap_or_default();
                    let text = String::from_utf8_lossy(bytes).into_owned();
                    self.at = end;
                    return Ok(Some((line, text)));
                }
                _ if self.is_whole => {
                    return Err(unreadable(
                        "A value is not closed: the file ends too early.",
                        Some(line),
                    ));
                }
                _ => self.fill()?,
            }
        }
    }

    /// The next byte that is no blank.
    fn peek(&mut self) -> Result<Option<u8>, WorkerFailure> {
        loop {
            match self.buffer.get(self.at) {
                Some(b'\n') => {
                    self.line += 1;
                    self.at += 1;
                }
                Some(b' ' | b'\t' | b'\r') => self.at += 1,
                Some(byte) => return Ok(Some(*byte)),
                None if self.is_whole => return Ok(None),
                None => self.fill()?,
            }
        }
    }

    fn fill(&mut self) -> Result<(), WorkerFailure> {
        self.buffer.drain(..self.at);
        self.at = 0;
        if self.buffer.len() > ELEMENT_LIMIT {
            return Err(unreadable("One element is longer than 16 MiB.", Some(self.line)));
        }
        self.is_whole = !self.reader.read_more(&mut self.buffer).map_err(read_error)?;
        Ok(())
    }
}

/// Place behind the value that starts at `at`; `None` when it does not end. Brackets and quotes are matched, nothing else
/// is checked.
pub fn value_end(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at)? {
        b'"' => string_end(bytes, at),
        b'{' | b'[' => {
            let mut depth = 0_u32;
            let mut place = at;
            loop {
                match bytes.get(place)? {
                    b'"' => {
                        place = string_end(bytes, place)?;
                        continue;
                    }
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => {
                        depth -= 1;
                        if depth == 0 {
                            return Some(place + 1);
                        }
                    }
                    _ => {}
                }
                place += 1;
            }
        }
        _ => {
            let rest = bytes.get(at..)?;
            let length = rest
                .iter()
                .position(|byte| matches!(byte, b',' | b']' | b'}' | b' ' | b'\t' | b'\r' | b'\n'));
            Some(at + length.unwrap_or(rest.len()))
        }
    }
}

fn string_end(bytes: &[u8], open: usize) -> Option<usize> {
    let mut place = open + 1;
    loop {
        let next = place + memchr::memchr2(b'"', b'\\', bytes.get(place..)?)?;
        if bytes.get(next) == Some(&b'"') {
            return Some(next + 1);
        }
        place = next + 2;
    }
}

/// Names and raw values of an object; `None` when it is no valid one.
pub fn members(text: &str) -> Option<Vec<(String, &str)>> {
    let bytes = text.as_bytes();
    let blank = |mut at: usize| {
        while matches!(bytes.get(at), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            at += 1;
        }
        at
    };
    let mut members = Vec::new();
    if bytes.first() != Some(&b'{') {
        return None;
    }
    let mut at = blank(1);
    if bytes.get(at) == Some(&b'}') {
        return (blank(at + 1) == bytes.len()).then_some(members);
    }
    loop {
        if bytes.get(at) != Some(&b'"') {
            return None;
        }
        let end = string_end(bytes, at)?;
        let name: String = serde_json::from_str(text.get(at..end)?).ok()?;
        at = blank(end);
        if bytes.get(at) != Some(&b':') {
            return None;
        }
        at = blank(at + 1);
        let end = value_end(bytes, at)?;
        let value = text.get(at..end)?;
        // Brackets match; is it JSON inside as well?
        serde_json::from_str::<serde::de::IgnoredAny>(value).ok()?;
        members.push((name, value));
        at = blank(end);
        match bytes.get(at)? {
            b',' => at = blank(at + 1),
            b'}' => return (blank(at + 1) == bytes.len()).then_some(members),
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_cut_into_members() {
        let found = members(r#"{ "a" : 1, "b\u00e9": {"c":[1,"}"]}, "d":"x\"y" }"#).unwrap();
        assert_eq!(
            found,
            [
                ("a".to_owned(), "1"),
                ("bé".to_owned(), r#"{"c":[1,"}"]}"#),
                ("d".to_owned(), r#""x\"y""#)
            ]
        );
        assert_eq!(members("{}"), Some(Vec::new()));
        for broken in [
            "[1]",
            "{",
            r#"{"a"}"#,
            r#"{"a":}"#,
            r#"{"a":1,}"#,
            r#"{"a":1} x"#,
            r#"{"a":tru}"#,
            r#"{"a":[1}"#,
        ] {
            assert_eq!(members(broken), None, "{broken}");
        }
    }

    fn elements(text: &str, layout: Layout) -> Result<Vec<(u64, String)>, String> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        let mut elements = Elements::open(file.path(), TextEncoding::Utf8, layout).unwrap();
        let mut found = Vec::new();
        while let Some(element) = elements.next_element().map_err(|failure| failure.public.message)? {
            found.push(element);
        }
        Ok(found)
    }

    #[test]
    fn arrays_and_lines() {
        let found = elements("[\n {\"a\":1},\n {\"a\":\n2}, 3\n]\n", Layout::Array).unwrap();
        assert_eq!(found.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 3, 4]);
        assert_eq!(elements("{\"a\":1}\n\n{\"a\":2}", Layout::Lines).unwrap().len(), 2);
        assert!(elements("[]", Layout::Array).unwrap().is_empty());
        assert!(
            elements("[{\"a\":1}", Layout::Array)
                .unwrap_err()
                .starts_with("Line 1:")
        );
        assert!(elements("[1,]", Layout::Array).is_err());
        assert!(elements("[1] 2", Layout::Array).is_err());
        assert!(elements("{\"a\":1}", Layout::Array).is_err());
    }
}
