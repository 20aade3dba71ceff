//! Everything that must be known of a text file before it can be read.

use std::{io::Read as _, path::Path};

use shared::{
    AppError, ErrorCode,
    dataset::{FileKind, ReadOptions, TextEncoding},
};

use super::{
    TextReader, detect_encoding,
    dialect::{detect_delimiter, detect_terminator},
    header::has_header,
    scanner::{Dialect, RECORD_LIMIT, last_record_end, scan},
};
use crate::{
    ingest::{
        failure::{read_error, unreadable},
        table::{ColumnNames, Field, Scanned, name_columns},
    },
    protocol::WorkerFailure,
};

const SAMPLE_BYTES: usize = 256 * 1024;
const SAMPLE_RECORDS: usize = 200;

/// A file's shape, detected or given.
#[derive(Clone, Debug)]
pub struct TextSample {
    pub encoding: TextEncoding,
    pub dialect: Dialect,
    pub has_header: bool,
    /// A first line `sep=;`, as Excel writes it.
    pub has_separator_line: bool,
    pub columns: ColumnNames,
}

impl TextSample {
    /// Records at the start that are no rows.
    pub fn leading_records(&self) -> usize {
        usize::from(self.has_header) + usize::from(self.has_separator_line)
    }

    /// `options` with everything that was detected written in.
    pub fn options(&self, given: &ReadOptions) -> ReadOptions {
        ReadOptions {
            kind: Some(FileKind::Csv),
            delimiter: Some(char::from(self.dialect.delimiter)),
            encoding: Some(self.encoding),
            header: Some(self.has_header),
            sheet: None,
            types: given.types.clone(),
        }
    }
}

/// # Errors
/// `unreadable_file`: empty, binary, too many columns; `invalid` for a delimiter that is none.
pub fn sample_text(path: &Path, file_name: &str, options: &ReadOptions) -> Result<TextSample, WorkerFailure> {
    let mut raw = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(SAMPLE_BYTES as u64).read_to_end(&mut raw))
        .map_err(read_error)?;
    if raw.iter().all(u8::is_ascii_whitespace) {
        return Err(unreadable("The file is empty.", None));
    }
    let detected = detect_encoding(&raw);
    let encoding = match (options.encoding, detected) {
        (Some(encoding), Ok(_) | Err(_)) | (None, Ok(encoding)) => encoding,
        (None, Err(reason)) => return Err(unreadable(format!("This is not a text file: {reason}."), None)),
    };
    let text = sample_as_text(path, encoding)?;
    let terminator = detect_terminator(&text);
    let separator_line = separator_line(&text);
    let text = separator_line.map_or(text.as_str(), |(_, rest)| rest);
    let delimiter = match (options.delimiter, separator_line) {
        (Some(given), _) => given_delimiter(given)?,
        (None, Some((delimiter, _))) => delimiter,
        (None, None) => detect_delimiter(text, terminator, file_name.to_ascii_lowercase().ends_with(".tsv")),
    };
    let dialect = Dialect { delimiter, terminator };
    let records = first_records(text, dialect);
    let Some((first, rest)) = records.split_first() else {
        return Err(unreadable("The file is empty.", None));
    };
    let has_header = options.header.unwrap_or_else(|| has_header(first, rest));
    let headers: Vec<String> = if has_header {
        first.iter().map(|field| field.text.to_string()).collect()
    } else {
        vec![String::new(); first.len()]
    };
    let mut columns = name_columns(&headers)?;
    if !has_header {
        columns.renamed.clear();
    }
    Ok(TextSample {
        encoding,
        dialect,
        has_header,
        has_separator_line: separator_line.is_some(),
        columns,
    })
}

fn sample_as_text(path: &Path, encoding: TextEncoding) -> Result<String, WorkerFailure> {
    let mut reader = TextReader::open(path, encoding).map_err(read_error)?;
    let mut bytes = Vec::new();
    let mut read_up_to = |length: usize, bytes: &mut Vec<u8>| -> Result<bool, WorkerFailure> {
        let mut more = true;
        while more && bytes.len() <= length {
            more = reader.read_more(bytes).map_err(read_error)?;
        }
        Ok(more)
    };
    let mut more = read_up_to(SAMPLE_BYTES, &mut bytes)?;
    let guess = Dialect {
        delimiter: b',',
        terminator: if bytes.contains(&b'\n') { b'\n' } else { b'\r' },
    };
    let mut length = SAMPLE_BYTES.min(bytes.len());
    let end_within = |bytes: &[u8], length: usize| last_record_end(bytes.get(..length).unwrap_or(bytes), guess, true);
    if more && end_within(&bytes, length).is_none() {
        // Thousands of columns: the first record alone is longer than that.
        more = read_up_to(RECORD_LIMIT, &mut bytes)?;
        length = bytes.len();
    }
    if more || length < bytes.len() {
        // A record that is cut off would look like one that is too short.
        bytes.truncate(end_within(&bytes, length).unwrap_or(length));
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn separator_line(text: &str) -> Option<(u8, &str)> {
    let (line, rest) = text.split_once('\n')?;
    let separator = line
        .trim_end()
        .strip_prefix("sep=")
        .or_else(|| line.trim_end().strip_prefix("SEP="))?;
    match separator.as_bytes() {
        [delimiter] => Some((*delimiter, rest)),
        _ => None,
    }
}

fn given_delimiter(given: char) -> Result<u8, WorkerFailure> {
    let byte = u8::try_from(given)
        .ok()
        .filter(|byte| byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r'));
    byte.ok_or_else(|| {
        WorkerFailure::refuse(
            AppError::new(
                ErrorCode::Invalid,
                "The delimiter must be one ASCII character other than a quote or line break.",
            )
            .with_field("options.delimiter"),
        )
    })
}

fn first_records(text: &str, dialect: Dialect) -> Vec<Vec<Field<'_>>> {
    let mut records: Vec<Vec<Field<'_>>> = Vec::new();
    scan(text, dialect, 1, &mut |scanned| {
        if let Scanned::Record(record) = scanned {
            let is_blank = matches!(record.fields, [only] if *only == Field::MISSING);
            // Before the header blank lines mean nothing; in a file of one column they are rows.
            if !is_blank || !records.is_empty() {
                records.push(record.fields.to_vec());
            }
        }
        records.len() < SAMPLE_RECORDS
    });
    let width = records.first().map_or(0, Vec::len);
    records.retain(|record| width == 1 || !matches!(record.as_slice(), [only] if *only == Field::MISSING));
    records
}
