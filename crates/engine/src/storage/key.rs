//! The name of a stored object; it starts with the workspace, so that a listing never crosses tenants.

use std::fmt;

use serde::{Deserialize, Serialize};
use shared::ids::{DatabaseFileId, DatasetId, DatasetVersionId, WorkspaceId};

/// `{workspace}/datasets/{dataset}/{version}.parquet` or `{workspace}/databases/{file}.sqlite`; built from ids only, so it never
/// holds `..` or a user's text.
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
        for other in [
            "",
            "../../etc/passwd",
            &text.replace("datasets", ".."),
            &format!("{text}/x"),
            &text.replace(".parquet", ""),
        ] {
            assert_eq!(ObjectKey::parse(other), None, "{other}");
        }
    }
}
