//! What a file claims about itself, before anything is built from it: a few kilobytes can promise petabytes, and a reader
//! that believes them takes the memory first and finds out later.

use std::{
    fs::File,
    io::{self, BufReader, Read as _, Seek as _, SeekFrom},
    path::Path,
};

use polars_parquet_format::{
    ColumnChunk, FileMetaData, RowGroup, SchemaElement, thrift::protocol::TCompactInputProtocol,
};

use super::pages::{Chunk, check_pages};
use crate::{
    ingest::{
        failure::{read_error, unreadable},
        table::COLUMN_LIMIT,
    },
    protocol::WorkerFailure,
};

const ROW_LIMIT: i64 = 50_000_000;
const FOOTER_LIMIT: u32 = 64 << 20;
/// Nested columns cannot be stored; this only keeps their readers from running out of stack before they are refused.
const DEPTH_LIMIT: usize = 16;

/// Reads the footer and every page's header with a bound on each, and compares what they say.
///
/// # Errors
/// `unreadable_file`: cut off, too many rows or columns, pages above the limit, or sizes that contradict each other.
pub fn inspect(path: &Path) -> Result<(), WorkerFailure> {
    let file = File::open(path).map_err(read_error)?;
    let (metadata, data_end) = read_footer(&file)?;
    check_schema(&metadata.schema)?;
    check_rows(&metadata)?;
    let mut reader = BufReader::with_capacity(64 * 1024, file);
    for group in &metadata.row_groups {
        for column in &group.columns {
            check_pages(&mut reader, &chunk(column, group)?, data_end)?;
        }
    }
    Ok(())
}

/// The file has an end that names a footer within it, and the footer can be read.
fn read_footer(mut file: &File) -> Result<(FileMetaData, u64), WorkerFailure> {
    let size = file.metadata().map_err(read_error)?.len();
    let truncated = || unreadable("The Parquet file is cut off or damaged: its end is missing.", None);
    if size < 12 {
        return Err(truncated());
    }
    file.seek(SeekFrom::End(-8)).map_err(read_error)?;
    let mut end = [0; 8];
    file.read_exact(&mut end).map_err(read_error)?;
    let [a, b, c, d, magic @ ..] = end;
    let length = u32::from_le_bytes([a, b, c, d]);
    if &magic != b"PAR1" || length > FOOTER_LIMIT || u64::from(length) + 12 > size {
        return Err(truncated());
    }
    let data_end = size - 8 - u64::from(length);
    file.seek(SeekFrom::Start(data_end)).map_err(read_error)?;
    let mut footer = Vec::new();
    file.take(u64::from(length))
        .read_to_end(&mut footer)
        .map_err(read_error)?;
    // What the footer says takes more room than its bytes, but not much more.
    let room = footer.len().saturating_mul(2).saturating_add(1024);
    let mut protocol = TCompactInputProtocol::new(io::Cursor::new(footer), room);
    let metadata = FileMetaData::read_from_in_protocol(&mut protocol).map_err(|error| {
        let mut failure = unreadable("The Parquet file is damaged: its footer cannot be read.", None);
        failure.detail = Some(error.to_string());
        failure
    })?;
    Ok((metadata, data_end))
}

fn check_schema(schema: &[SchemaElement]) -> Result<(), WorkerFailure> {
    // The first element is the row itself. Each level of nesting adds an element per column.
    if schema.len() > (COLUMN_LIMIT + 1) * DEPTH_LIMIT {
        return Err(unreadable(
            format!("The file has more than {COLUMN_LIMIT} columns."),
            None,
        ));
    }
    let mut open: Vec<i32> = Vec::new();
    for element in schema {
        let children = element.num_children.unwrap_or(0);
        if let Some(missing) = open.last_mut() {
            *missing -= 1;
        }
        if children > 0 {
            open.push(children);
        }
        while open.last().is_some_and(|missing| *missing <= 0) {
            open.pop();
        }
        if open.len() > DEPTH_LIMIT {
            return Err(unreadable("The columns of the file are nested too deep.", None));
        }
    }
    Ok(())
}

fn check_rows(metadata: &FileMetaData) -> Result<(), WorkerFailure> {
    let counts = metadata.row_groups.iter().map(|group| group.num_rows);
    let mut total = 0_i64;
    for rows in counts {
        if rows < 0 {
            return Err(contradicts());
        }
        total = total.saturating_add(rows);
    }
    if total.max(metadata.num_rows) > ROW_LIMIT {
        return Err(unreadable(
            format!(
                "The file has {} rows; at most {ROW_LIMIT} can be read.",
                total.max(metadata.num_rows)
            ),
            None,
        ));
    }
    if total != metadata.num_rows {
        return Err(contradicts());
    }
    Ok(())
}

/// Where a column of a row group says it lies, and how many values it has.
fn chunk(column: &ColumnChunk, group: &RowGroup) -> Result<Chunk, WorkerFailure> {
    let metadata = column.meta_data.as_ref().filter(|_| column.file_path.is_none());
    let metadata = metadata.ok_or_else(|| {
        unreadable(
            "The Parquet file keeps columns elsewhere or encrypted, which cannot be read.",
            None,
        )
    })?;
    let flat = metadata.path_in_schema.len() == 1;
    if flat && metadata.num_values != group.num_rows {
        return Err(contradicts());
    }
    let dictionary = metadata.dictionary_page_offset.filter(|offset| *offset > 0);
    let first = dictionary.map_or(metadata.data_page_offset, |offset| {
        offset.min(metadata.data_page_offset)
    });
    let size = |claimed: i64| u64::try_from(claimed).map_err(|_| contradicts());
    Ok(Chunk {
        column: metadata.path_in_schema.join("."),
        start: size(first)?,
        length: size(metadata.total_compressed_size)?,
        values: size(metadata.num_values)?,
    })
}

pub fn contradicts() -> WorkerFailure {
    unreadable("The Parquet file is damaged: its parts contradict each other.", None)
}
