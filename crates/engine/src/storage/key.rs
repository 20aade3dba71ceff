//! The name of a stored object; it starts with the workspace, so that a listing never crosses tenants.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use shared::ids::{DatabaseFileId, DatasetId, DatasetVersionId, WorkspaceId};

/// `{workspace}/datasets/{dataset}/{version}.parquet`, `{workspace}/databases/{file}.sqlite` or
/// `{workspace}/rollups/{definition}/{state}.parquet`; built from ids and sums only, so it never holds `..` or a user's text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ObjectKey(String);

impl ObjectKey {
    pub fn dataset_version(workspace: WorkspaceId, dataset: DatasetId, version: DatasetVersionId) -> Self {
        Self(format!("{workspace}/datasets/{dataset}/{version}.parquet"))
    }

    pub fn database_file(workspace: WorkspaceId, file: DatabaseFileId) -> Self {
        Self(format!("{workspace}/databases/{file}.sqlite"))
    }

    /// What a rollup holds: sums of what it is made by, and of what it is made from.
    pub fn rollup(workspace: WorkspaceId, definition: Sum, state: Sum) -> Self {
        Self(format!("{workspace}/rollups/{definition}/{state}.parquet"))
    }

    /// What a rollup is made by, where it is one's: those can be made again.
    pub fn rollup_definition(&self) -> Option<Sum> {
        let parts: Vec<&str> = self.0.split('/').collect();
        match parts.as_slice() {
            [_, "rollups", definition, _] => Sum::parse(definition),
            _ => None,
        }
    }

    /// The key written in `text`; `None` unless it has exactly the shape of one that is made here.
    pub fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('/').collect();
        match parts.as_slice() {
            [workspace, "datasets", dataset, version] => {
                let version = version.strip_suffix(".parquet")?.parse().ok()?;
                Some(Self::dataset_version(
                    workspace.parse().ok()?,
                    dataset.parse().ok()?,
                    version,
                ))
            }
            [workspace, "databases", file] => {
                let file = file.strip_suffix(".sqlite")?.parse().ok()?;
                Some(Self::database_file(workspace.parse().ok()?, file))
            }
            [workspace, "rollups", definition, state] => {
                let state = Sum::parse(state.strip_suffix(".parquet")?)?;
                Some(Self::rollup(workspace.parse().ok()?, Sum::parse(definition)?, state))
            }
            _ => None,
        }
    }

    /// Whose the object is; `None` only for a key that was not made here.
    pub fn workspace(&self) -> Option<WorkspaceId> {
        self.0.split('/').next()?.parse().ok()
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// The first 128 bits of a SHA-256, enough to tell apart whatever one workspace holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sum(u128);

impl Sum {
    /// Of the texts in order; where one ends and the next begins counts.
    pub fn of(texts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for text in texts {
            hash.update(text.len().to_le_bytes());
            hash.update(text.as_bytes());
        }
        let bytes = hash.finalize();
        Self(
            bytes
                .iter()
                .take(16)
                .fold(0, |sum, byte| (sum << 8) | u128::from(*byte)),
        )
    }

    fn parse(text: &str) -> Option<Self> {
        let sum = Self(u128::from_str_radix(text, 16).ok()?);
        (sum.to_string() == text).then_some(sum)
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:032x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_keys_of_our_own_shape_are_read_back() {
        let id = "0192f0c1-2d3e-7abc-8def-0123456789ab";
        let text = format!("{id}/datasets/{id}/{id}.parquet");
        assert_eq!(ObjectKey::parse(&text).map(|key| key.to_string()), Some(text.clone()));
        assert_eq!(ObjectKey::parse(&text).and_then(|key| key.workspace()), id.parse().ok());
        let file = format!("{id}/databases/{id}.sqlite");
        assert_eq!(ObjectKey::parse(&file).map(|key| key.to_string()), Some(file));
        let workspace = id.parse().unwrap();
        let rollup = ObjectKey::rollup(workspace, Sum::of(&["a", "b"]), Sum::of(&["ab"]));
        assert_eq!(rollup.rollup_definition(), Some(Sum::of(&["a", "b"])));
        assert_eq!(ObjectKey::parse(rollup.as_str()), Some(rollup.clone()));
        for other in [
            "",
            &rollup.as_str().to_uppercase(),
            &rollup.as_str().replacen('/', "/../", 1),
            "../../etc/passwd",
            &text.replace("datasets", ".."),
            &format!("{text}/x"),
            &text.replace(".parquet", ""),
        ] {
            assert_eq!(ObjectKey::parse(other), None, "{other}");
        }
    }
}
