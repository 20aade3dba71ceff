//! What kind of file it is: the name's ending and the first bytes must agree.

use std::{io::Read as _, path::Path};

use shared::{
    AppError, ErrorCode,
    dataset::{FileKind, ReadOptions},
};

use super::failure::{read_error, unreadable};
use crate::protocol::WorkerFailure;

const SIGNATURES: [(&[u8], &str); 12] = [
    (b"PAR1", "a Parquet file"),
    (b"PK\x03\x04", "a ZIP archive or an Excel workbook"),
    (b"\xD0\xCF\x11\xE0", "an old Excel or Office file (.xls)"),
    (b"\x1F\x8B", "a gzip archive"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xFF\xD8\xFF", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x7FELF", "a program"),
    (b"\x28\xB5\x2F\xFD", "a zstd archive"),
    (b"7z\xBC\xAF", "a 7z archive"),
];

/// # Errors
/// `unsupported_media_type` for an ending we do not know, `unreadable_file` when the content is something else.
pub fn detect_kind(path: &Path, file_name: &str, options: &ReadOptions) -> Result<FileKind, WorkerFailure> {
    let mut start = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(4096).read_to_end(&mut start))
        .map_err(read_error)?;
    let claimed = options
        .kind
        .or_else(|| FileKind::from_file_name(file_name))
        .ok_or_else(|| unsupported(file_name))?;
    if start.is_empty() {
        return Err(unreadable("The file is empty.", None));
    }
    let found = SIGNATURES
        .into_iter()
        .find(|(signature, _)| start.starts_with(signature));
    match (claimed, found) {
        (FileKind::Parquet, Some((b"PAR1", _))) | (FileKind::Xlsx, Some((b"PK\x03\x04", _))) => Ok(claimed),
        (_, Some((signature, what))) => {
            let mut failure = unreadable(
                format!("The file claims to be {}, but it is {what}.", title(claimed)),
                None,
            );
            if signature == b"\xD0\xCF\x11\xE0" {
                failure.public.hint = Some("Open it in a spreadsheet program and save it as .xlsx.".to_owned());
            }
            Err(failure)
        }
        (FileKind::Parquet | FileKind::Xlsx, None) => Err(unreadable(
            format!("The file claims to be {}, but it is none.", title(claimed)),
            None,
        )),
        (FileKind::Csv, None) => Ok(FileKind::Csv),
        (FileKind::Json | FileKind::Ndjson, None) => Ok(json_layout(&start, claimed)),
    }
}

/// Both kinds are often named .json: an array starts with a bracket, lines with a brace.
fn json_layout(start: &[u8], claimed: FileKind) -> FileKind {
    let text = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start);
    match text.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'[') => FileKind::Json,
        Some(b'{') => FileKind::Ndjson,
        Some(_) | None => claimed,
    }
}

const fn title(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Csv => "delimited text",
        FileKind::Xlsx => "an Excel workbook",
        FileKind::Json | FileKind::Ndjson => "JSON",
        FileKind::Parquet => "a Parquet file",
    }
}

fn unsupported(file_name: &str) -> WorkerFailure {
    let ending = file_name.rsplit_once('.').map_or("no ending", |(_, ending)| ending);
    let message = format!("Files with the ending {ending} cannot be read.");
    let hint = "CSV, TSV, XLSX, JSON, NDJSON and Parquet can.";
    WorkerFailure::refuse(AppError::new(ErrorCode::UnsupportedMediaType, message).with_hint(hint))
}
