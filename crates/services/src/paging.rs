//! Lists by cursor: a page, and where the next one starts.

use sea_orm::prelude::Uuid;
use shared::{AppError, account::Page};

use crate::ServiceResult;

/// What a caller asks of a list. `limit` is 1 to 200, default 50; `cursor` is the `next` of the page before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageRequest {
    pub limit: Option<u32>,
    pub cursor: Option<String>,
}

const DEFAULT_LIMIT: u32 = 50;
const MAX_LIMIT: u32 = 200;

impl PageRequest {
    /// As many as a page can hold, from the start.
    pub const fn largest() -> Self {
        Self {
            limit: Some(MAX_LIMIT),
            cursor: None,
        }
    }

    pub fn limit(&self) -> u64 {
        self.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT).into()
    }

    /// The id after which this page starts.
    ///
    /// # Errors
    /// 400 for a cursor no page of ours gave.
    pub(crate) fn after_id(&self) -> ServiceResult<Option<Uuid>> {
        let read = |text: &String| Uuid::try_parse(text).map_err(|_| wrong_cursor());
        Ok(self.cursor.as_ref().map(read).transpose()?)
    }

    /// The number after which this page starts.
    ///
    /// # Errors
    /// As `after_id`.
    pub(crate) fn after_number(&self) -> ServiceResult<Option<u64>> {
        let read = |text: &String| text.parse().map_err(|_| wrong_cursor());
        Ok(self.cursor.as_ref().map(read).transpose()?)
    }

    /// Makes a page of rows that were read with a limit of one more than asked for.
    pub(crate) fn page<T>(&self, mut rows: Vec<T>, cursor: impl Fn(&T) -> String) -> Page<T> {
        let limit = usize::try_from(self.limit()).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(cursor);
        Page { items: rows, next }
    }
}

fn wrong_cursor() -> AppError {
    AppError::malformed("This cursor does not come from a list.").with_field("cursor")
}
