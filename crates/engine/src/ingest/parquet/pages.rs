//! The pages of one column of one row group, by their headers.

use std::{
    fs::File,
    io::{self, BufReader, Read, Seek as _, SeekFrom},
};

use polars_parquet_format::{PageHeader, PageType, thrift::protocol::TCompactInputProtocol};

use super::inspect::contradicts;
use crate::{
    ingest::failure::{read_error, unreadable},
    protocol::WorkerFailure,
};

/// Of one page, unpacked.
const PAGE_LIMIT: u64 = 64 << 20;
/// Of a page's header; it may carry the smallest and largest value.
const HEADER_LIMIT: usize = 16 << 20;

/// A column of a row group as the footer describes it.
pub struct Chunk {
    pub column: String,
    pub start: u64,
    pub length: u64,
    pub values: u64,
}

/// # Errors
/// `unreadable_file`: a page above the limit, outside of its column, or other values than the footer promised.
pub fn check_pages(reader: &mut BufReader<File>, chunk: &Chunk, data_end: u64) -> Result<(), WorkerFailure> {
    let end = chunk.start.checked_add(chunk.length).ok_or_else(contradicts)?;
    if end > data_end {
        return Err(contradicts());
    }
    reader.seek(SeekFrom::Start(chunk.start)).map_err(read_error)?;
    let mut at = chunk.start;
    let mut values = 0_u64;
    // As readers do: what follows the last promised value is not looked at.
    while at < end && values < chunk.values {
        let (header, header_length) = read_header(reader, end - at)?;
        let unpacked = size(header.uncompressed_page_size)?;
        if unpacked > PAGE_LIMIT {
            return Err(unreadable(
                format!(
                    "A page of column {} takes {} MiB unpacked; at most {} MiB can be read.",
                    chunk.column,
                    unpacked >> 20,
                    PAGE_LIMIT >> 20
                ),
                None,
            ));
        }
        let packed = size(header.compressed_page_size)?;
        at = at.saturating_add(header_length).saturating_add(packed);
        if at > end {
            return Err(contradicts());
        }
        values = values.saturating_add(values_of(&header, unpacked)?);
        reader
            .seek_relative(i64::try_from(packed).map_err(|_| contradicts())?)
            .map_err(read_error)?;
    }
    if values == chunk.values {
        Ok(())
    } else {
        Err(contradicts())
    }
}

fn read_header(reader: &mut BufReader<File>, left: u64) -> Result<(PageHeader, u64), WorkerFailure> {
    let mut counted = Counted {
        reader: reader.take(left.min(HEADER_LIMIT as u64)),
        count: 0,
    };
    let mut protocol = TCompactInputProtocol::new(&mut counted, HEADER_LIMIT);
    let header = PageHeader::read_from_in_protocol(&mut protocol).map_err(|error| {
        let mut failure = unreadable("The Parquet file is damaged: a page cannot be read.", None);
        failure.detail = Some(error.to_string());
        failure
    })?;
    Ok((header, counted.count))
}

/// How many values of the column the page holds; a dictionary holds none of its rows'.
fn values_of(header: &PageHeader, unpacked: u64) -> Result<u64, WorkerFailure> {
    match header.type_ {
        PageType::DATA_PAGE => size(header.data_page_header.as_ref().ok_or_else(contradicts)?.num_values),
        PageType::DATA_PAGE_V2 => {
            let page = header.data_page_header_v2.as_ref().ok_or_else(contradicts)?;
            let levels = size(page.definition_levels_byte_length)? + size(page.repetition_levels_byte_length)?;
            if levels > unpacked || size(page.num_nulls)? > size(page.num_values)? {
                return Err(contradicts());
            }
            size(page.num_values)
        }
        PageType::DICTIONARY_PAGE => {
            let page = header.dictionary_page_header.as_ref().ok_or_else(contradicts)?;
            if size(page.num_values)? > unpacked {
                return Err(contradicts());
            }
            Ok(0)
        }
        // Index pages, and kinds that do not exist.
        _ => Ok(0),
    }
}

fn size(claimed: i32) -> Result<u64, WorkerFailure> {
    u64::try_from(claimed).map_err(|_| contradicts())
}

/// Counts what is read through it.
struct Counted<R> {
    reader: R,
    count: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.count += u64::try_from(read).unwrap_or_default();
        Ok(read)
    }
}
