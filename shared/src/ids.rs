//! Every identity in the product, one newtype each, so that a page id is never passed where a tile id is meant.
//! All are UUID v7 made by whoever creates the object (`From<Uuid>`); this crate has no clock and makes none.

use std::{fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// The bare UUID, for the lowest layer only (database column, file key).
            pub const fn as_uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            /// Only the hyphenated lower-case form is an id: braced, upper-case and URN spellings are refused, so that one
            /// object has one address.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let id = Uuid::try_parse(text)?;
                if id.hyphenated().to_string() == text {
                    Ok(Self(id))
                } else {
                    Uuid::try_parse("").map(Self)
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(out)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(out, "{}({})", stringify!($name), self.0.hyphenated())
            }
        }
    )+};
}

id! {
    /// The tenant. Every row, cache key, file key and topic starts with it.
    WorkspaceId,
    UserId,
    GroupId,
    /// A database that models read.
    ConnectionId,
    /// An uploaded database file.
    DatabaseFileId,
    /// An uploaded file with its versions.
    DatasetId,
    /// One immutable stored version of a dataset (one Parquet object).
    DatasetVersionId,
    /// A file that was received but not loaded yet (preview in the upload dialog).
    UploadId,
    ModelId,
    DashboardId,
    FolderId,
    PageId,
    TileId,
    FilterId,
    InteractionId,
    ParameterId,
    BookmarkId,
    /// One user action of dashboard operations; sending it twice is one action.
    ActionId,
    ShareId,
    EmbedId,
    EmbedKeyId,
    TokenId,
    /// An invitation: the first 128 bits of its token's hash, since the token itself is not kept.
    InviteId,
    SessionId,
    PasskeyId,
    /// One running query, so that it can be cancelled.
    QueryId,
    RequestId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_canonical_spelling_is_an_id() {
        let canonical = "0192f0c1-2d3e-7abc-8def-0123456789ab";
        assert!(canonical.parse::<TileId>().is_ok());
        for other in [
            "{0192f0c1-2d3e-7abc-8def-0123456789ab}",
            "0192F0C1-2D3E-7ABC-8DEF-0123456789AB",
            "0192f0c12d3e7abc8def0123456789ab",
            "*",
            "0",
            "",
        ] {
            assert!(other.parse::<TileId>().is_err(), "{other}");
        }
    }
}
