//! Loading a text file: one parallel pass to decide types over all values, one to convert.

use std::path::Path;

use polars::prelude::DataFrame;
use shared::dataset::{SaveStep, TextEncoding};

use super::{
    TextSample,
    blocks::{BLOCK_BYTES, Block, BlockReader},
    parallel::{Worked, for_each_block},
    source::scan_block,
};
use crate::{
    ingest::{
        failure::read_error,
        progress::Progress,
        source::{Observed, observe_record, push_record},
        table::{FrameBuilder, Reading, RejectLog},
    },
    protocol::WorkerFailure,
};

/// Evidence over the whole file. A file that was taken for UTF-8 from its plain ASCII start and is not becomes
/// Windows-1252, once all of it was seen.
pub fn observe_text(
    path: &Path,
    sample: &mut TextSample,
    given: &[bool],
    progress: &mut Progress<'_>,
) -> Result<Observed, WorkerFailure> {
    loop {
        let mut total = Observed::new(given);
        let mut encoding_seen = EncodingSeen::default();
        let blocks = BlockReader::open(path, sample.encoding, sample.dialect, BLOCK_BYTES).map_err(read_error)?;
        for_each_block(
            blocks,
            |index, block| {
                let mut seen = Observed::new(given);
                let mut leading = if index == 0 { sample.leading_records() } else { 0 };
                scan_block(block, sample, &mut leading, &mut |scanned| {
                    observe_record(scanned, &mut seen);
                    true
                });
                Ok((seen, EncodingSeen::of(block)))
            },
            |Worked {
                 result: (seen, encoding),
                 bytes_done,
             }| {
                total.merge(&seen);
                encoding_seen.merge(encoding);
                progress.report(SaveStep::Reading, bytes_done, total.rows)
            },
        )?;
        if sample.encoding == TextEncoding::Utf8 && encoding_seen.broken && !encoding_seen.wide {
            sample.encoding = TextEncoding::Windows1252;
            continue;
        }
        return Ok(total);
    }
}

#[derive(Clone, Copy, Default)]
struct EncodingSeen {
    /// Letters beyond ASCII in valid UTF-8.
    wide: bool,
    broken: bool,
}

impl EncodingSeen {
    fn of(block: &Block) -> Self {
        if block.bytes.is_ascii() {
            return Self::default();
        }
        let valid = block.bytes.utf8_chunks().any(|chunk| !chunk.valid().is_ascii());
        Self {
            wide: valid,
            broken: std::str::from_utf8(&block.bytes).is_err(),
        }
    }

    const fn merge(&mut self, other: Self) {
        self.wide |= other.wide;
        self.broken |= other.broken;
    }
}

/// Converts the file; `write` takes the frames in order.
pub fn convert_text(
    path: &Path,
    sample: &TextSample,
    readings: &[Reading],
    progress: &mut Progress<'_>,
    mut write: impl FnMut(DataFrame) -> Result<(), WorkerFailure>,
) -> Result<RejectLog, WorkerFailure> {
    let names = &sample.columns.names;
    let mut rejects = RejectLog::default();
    let mut rows = 0;
    let blocks = BlockReader::open(path, sample.encoding, sample.dialect, BLOCK_BYTES).map_err(read_error)?;
    for_each_block(
        blocks,
        |index, block| {
            let mut builder = FrameBuilder::new(names, readings, block.bytes.len() / (8 * names.len().max(1)));
            let mut rejected = RejectLog::default();
            let mut leading = if index == 0 { sample.leading_records() } else { 0 };
            scan_block(block, sample, &mut leading, &mut |scanned| {
                push_record(scanned, names.len(), &mut builder, &mut rejected);
                true
            });
            Ok((builder.finish()?, rejected))
        },
        |Worked {
             result: (frame, rejected),
             bytes_done,
         }| {
            rows += u64::try_from(frame.height()).unwrap_or_default();
            rejects.append(rejected);
            write(frame)?;
            progress.report(SaveStep::Writing, bytes_done, rows)
        },
    )?;
    Ok(rejects)
}
