//! The CRC-32 of an object, in a small file beside it: tells a file that changed on the disk from the one that was stored.

use std::{
    fs::{self, File},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

/// Ending of the file beside an object.
pub const ENDING: &str = "crc32";
const READ_AT_ONCE: usize = 1 << 20;

pub fn beside(object: &Path) -> PathBuf {
    object.with_extension(ENDING)
}

/// Keeps the sum of `file` for the object it is about to become. The folder is still to be synced.
pub fn keep(file: &Path, object: &Path) -> io::Result<()> {
    let mut beside = File::create(beside(object))?;
    write!(beside, "{:08x}", of(file)?)?;
    beside.sync_all()
}

/// Whether the object is what was stored. One from before sums were kept counts as that.
pub fn holds(object: &Path) -> io::Result<bool> {
    match fs::read_to_string(beside(object)) {
        Ok(kept) => Ok(u32::from_str_radix(&kept, 16).ok() == Some(of(object)?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

fn of(file: &Path) -> io::Result<u32> {
    let mut file = File::open(file)?;
    let mut sum = crc32fast::Hasher::new();
    let mut block = vec![0; READ_AT_ONCE];
    loop {
        match file.read(&mut block)? {
            0 => return Ok(sum.finalize()),
            count => sum.update(block.get(..count).unwrap_or_default()),
        }
    }
}
