//! A file cut into blocks of whole records.

use std::{io, path::Path};

use memchr::{memchr, memchr_iter};
use shared::dataset::TextEncoding;

use super::{
    TextReader,
    scanner::{Dialect, RECORD_LIMIT, last_record_end},
};

/// Whole records, or (`over_long`) the start of a line that is longer than a record may be.
pub struct Block {
    pub bytes: Vec<u8>,
    /// 1-based line of the first record.
    pub first_line: u64,
    pub over_long: bool,
    /// Of the file, including this block.
    pub bytes_done: u64,
}

pub struct BlockReader {
    reader: TextReader,
    dialect: Dialect,
    block_bytes: usize,
    carry: Vec<u8>,
    line: u64,
    at_end: bool,
}

/// About as many rows as a row group has.
pub const BLOCK_BYTES: usize = 8 << 20;
const SHOWN_BYTES: usize = 1024;

impl BlockReader {
    pub fn open(path: &Path, encoding: TextEncoding, dialect: Dialect, block_bytes: usize) -> io::Result<Self> {
        let reader = TextReader::open(path, encoding)?;
        Ok(Self {
            reader,
            dialect,
            block_bytes,
            carry: Vec::new(),
            line: 1,
            at_end: false,
        })
    }

    pub fn next_block(&mut self) -> io::Result<Option<Block>> {
        let mut bytes = std::mem::take(&mut self.carry);
        bytes.reserve(self.block_bytes.saturating_sub(bytes.len()));
        loop {
            while !self.at_end && bytes.len() < self.block_bytes {
                self.at_end = !self.reader.read_more(&mut bytes)?;
            }
            if bytes.is_empty() {
                return Ok(None);
            }
            let end = if self.at_end {
                Some(bytes.len())
            } else {
                last_record_end(&bytes, self.dialect, false)
            };
            match end {
                Some(end) => {
                    self.carry = bytes.split_off(end);
                    return Ok(Some(self.block(bytes, false)));
                }
                None if bytes.len() > self.block_bytes.max(2 * RECORD_LIMIT) => return self.over_long(bytes).map(Some),
                None => self.at_end = !self.reader.read_more(&mut bytes)?,
            }
        }
    }

    /// A line without end: keeps its start and drops the rest up to the next line.
    fn over_long(&mut self, mut bytes: Vec<u8>) -> io::Result<Block> {
        let mut shown = bytes.clone();
        shown.truncate(SHOWN_BYTES);
        loop {
            if let Some(place) = memchr(self.dialect.terminator, &bytes) {
                self.carry = bytes.split_off(place + 1);
                break;
            }
            bytes.clear();
            if !self.reader.read_more(&mut bytes)? {
                self.at_end = true;
                break;
            }
        }
        let block = Block {
            bytes: shown,
            first_line: self.line,
            over_long: true,
            bytes_done: self.reader.bytes_read,
        };
        self.line += 1;
        Ok(block)
    }

    fn block(&mut self, bytes: Vec<u8>, over_long: bool) -> Block {
        let first_line = self.line;
        self.line += u64::try_from(memchr_iter(self.dialect.terminator, &bytes).count()).unwrap_or_default();
        Block {
            bytes,
            first_line,
            over_long,
            bytes_done: self.reader.bytes_read,
        }
    }
}
