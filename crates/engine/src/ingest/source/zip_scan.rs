//! A look into a workbook's archive before anything is built from it.

use std::{fs::File, io, path::Path};

use zip::ZipArchive;

use crate::{
    ingest::failure::{read_error, unreadable},
    protocol::WorkerFailure,
};

const ENTRY_LIMIT: usize = 10_000;
const INFLATED_LIMIT: u64 = 1 << 30;
const RATIO_LIMIT: u64 = 200;

/// Inflates everything once and counts, since the sizes in the archive's own list may lie.
///
/// # Errors
/// `unreadable_file` for a broken archive and for one that grows beyond the limits.
pub fn check_archive(path: &Path) -> Result<(), WorkerFailure> {
    let file = File::open(path).map_err(read_error)?;
    let packed = file.metadata().map_err(read_error)?.len();
    let broken = |_| unreadable("The workbook is damaged: its archive cannot be opened.", None);
    let mut archive = ZipArchive::new(io::BufReader::new(file)).map_err(broken)?;
    if archive.len() > ENTRY_LIMIT {
        return Err(unreadable(
            format!("The workbook has more than {ENTRY_LIMIT} parts."),
            None,
        ));
    }
    let mut inflated = 0_u64;
    for place in 0..archive.len() {
        let mut entry = archive.by_index(place).map_err(broken)?;
        let room = INFLATED_LIMIT - inflated;
        let size = io::copy(&mut io::Read::take(&mut entry, room + 1), &mut io::sink())
            .map_err(|_| unreadable("The workbook is damaged: a part of it cannot be unpacked.", None))?;
        inflated += size;
        if size > room || inflated > packed.saturating_mul(RATIO_LIMIT).max(1 << 20) {
            return Err(unreadable(
                "The workbook unpacks to far more than it should hold and was refused.",
                None,
            ));
        }
    }
    Ok(())
}
