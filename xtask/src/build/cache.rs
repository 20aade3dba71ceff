//! Results of slow steps, kept by the fingerprint of what went into them.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use super::asset::fingerprint;
use crate::{
    failure::{Failure, Outcome},
    files,
    workspace::Workspace,
};

/// Results not used for this long are removed.
const KEEP: Duration = Duration::from_secs(14 * 24 * 3600);
/// Touched at each use.
const USED: &str = ".used";

/// A folder of folders, one per result.
#[derive(Debug)]
pub struct Cache(PathBuf);

impl Cache {
    /// Opens the cache below the target folder.
    pub fn open(workspace: &Workspace) -> Outcome<Self> {
        let folder = workspace.target.join("asset-cache");
        files::make_folder(&folder)?;
        Ok(Self(folder))
    }

    /// The folder with the result of this step for this input; `fill` makes it when it is not there yet.
    /// A step that fails or is interrupted leaves nothing behind.
    pub fn folder(&self, step: &str, input: &[&[u8]], fill: impl FnOnce(&Path) -> Outcome) -> Outcome<PathBuf> {
        let name = format!("{step}-{}", fingerprint(input));
        let folder = self.0.join(&name);
        if !folder.is_dir() {
            let unfinished = self.0.join(format!("{name}.{}.unfinished", std::process::id()));
            files::make_folder(&unfinished)?;
            let filled = fill(&unfinished);
            let moved = filled.and_then(|()| {
                fs::rename(&unfinished, &folder).map_err(|error| Failure::io("move", &unfinished, &error))
            });
            if moved.is_err() {
                // Another run may have finished the same result first; ours is not needed then.
                let _ = fs::remove_dir_all(&unfinished);
                if !folder.is_dir() {
                    moved?;
                }
            }
        }
        // Only its time is read, in `prune`; a read-only cache works as well.
        let _ = fs::write(folder.join(USED), b"");
        Ok(folder)
    }

    /// The one file that a step makes.
    pub fn file(&self, step: &str, input: &[&[u8]], make: impl FnOnce() -> Outcome<Vec<u8>>) -> Outcome<Vec<u8>> {
        let folder = self.folder(step, input, |folder| files::write(&folder.join("result"), &make()?))?;
        files::read(&folder.join("result"))
    }

    /// Removes results that have not been used for two weeks.
    pub fn prune(&self) {
        let Ok(entries) = fs::read_dir(&self.0) else { return };
        for folder in entries.flatten().map(|entry| entry.path()) {
            let used = fs::metadata(folder.join(USED))
                .or_else(|_| fs::metadata(&folder))
                .and_then(|data| data.modified());
            let old = used.is_ok_and(|used| SystemTime::now().duration_since(used).is_ok_and(|age| age > KEEP));
            if old {
                // What cannot be removed now is tried again next time.
                let _ = fs::remove_dir_all(&folder);
            }
        }
    }
}
