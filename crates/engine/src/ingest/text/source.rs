//! The records of one block, or of a whole text file in order.

use std::path::Path;

use super::{
    TextSample,
    blocks::{Block, BlockReader},
    scanner::scan,
};
use crate::{
    ingest::{
        failure::read_error,
        source::RecordSource,
        table::{Field, Scanned},
    },
    protocol::WorkerFailure,
};

/// A text file read from start to end by one thread; previews use it.
pub struct TextSource<'p> {
    path: &'p Path,
    sample: &'p TextSample,
}

const PREVIEW_BLOCK_BYTES: usize = 1 << 20;

impl<'p> TextSource<'p> {
    pub const fn new(path: &'p Path, sample: &'p TextSample) -> Self {
        Self { path, sample }
    }
}

impl RecordSource for TextSource<'_> {
    fn scan(&mut self, each: &mut dyn FnMut(Scanned<'_, '_>) -> bool) -> Result<(), WorkerFailure> {
        let (encoding, dialect) = (self.sample.encoding, self.sample.dialect);
        let mut blocks = BlockReader::open(self.path, encoding, dialect, PREVIEW_BLOCK_BYTES).map_err(read_error)?;
        let mut leading = self.sample.leading_records();
        let mut goes_on = true;
        while let Some(block) = blocks.next_block().map_err(read_error)? {
            scan_block(&block, self.sample, &mut leading, &mut |scanned| {
                goes_on = each(scanned);
                goes_on
            });
            if !goes_on {
                break;
            }
        }
        Ok(())
    }
}

/// Calls `each` for the rows of a block: not for leading records, and not for blank lines of a table with several columns.
/// Rows with bytes that are no UTF-8 or with NUL characters are refused.
pub fn scan_block(
    block: &Block,
    sample: &TextSample,
    leading: &mut usize,
    each: &mut dyn FnMut(Scanned<'_, '_>) -> bool,
) {
    // Checking valid text is several times faster than looking for damage.
    let text = std::str::from_utf8(&block.bytes)
        .map_or_else(|_| String::from_utf8_lossy(&block.bytes), std::borrow::Cow::Borrowed);
    if block.over_long {
        each(Scanned::Refused {
            line: block.first_line,
            text: &text,
            reason: "the row is longer than 1 MiB",
        });
        return;
    }
    let is_damaged = matches!(text, std::borrow::Cow::Owned(_));
    let has_nul = memchr::memchr(0, &block.bytes).is_some();
    let width = sample.columns.names.len();
    let mut is_first = block.first_line == 1;
    scan(&text, sample.dialect, block.first_line, &mut |scanned| {
        let record = match scanned {
            Scanned::Record(record) => record,
            refused @ Scanned::Refused { .. } => return each(refused),
        };
        let is_blank = matches!(record.fields, [only] if *only == Field::MISSING);
        if is_blank && (width > 1 || is_first) {
            return true;
        }
        if *leading > 0 {
            *leading -= 1;
            is_first = *leading > 0;
            return true;
        }
        is_first = false;
        let holds = |letter: char| record.fields.iter().find(|field| field.text.contains(letter));
        if is_damaged && let Some(field) = holds(char::REPLACEMENT_CHARACTER) {
            return each(Scanned::Refused {
                line: record.line,
                text: &field.text,
                reason: "the text is not valid in the file's encoding",
            });
        }
        if has_nul && let Some(field) = holds('\0') {
            return each(Scanned::Refused {
                line: record.line,
                text: &field.text,
                reason: "the row holds a NUL character",
            });
        }
        each(Scanned::Record(record))
    });
}
