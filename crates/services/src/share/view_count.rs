use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

/// How long views of one link are gathered before they are written.
const GATHER: TimeDelta = TimeDelta::seconds(2);

/// Views of links without a limit, gathered in memory, so that a popular link does not write for every reader. A crash loses
/// what is gathered: of a link that is read again within moments, of one that is not for up to ten minutes, until the server
/// tidies up.
#[derive(Debug, Default)]
pub struct ViewCounter(Mutex<HashMap<Uuid, Pending>>);

#[derive(Clone, Copy, Debug)]
struct Pending {
    views: i64,
    since: DateTime<Utc>,
}

impl ViewCounter {
    /// Counts one view and answers how many are to be written now: 0 while they are being gathered.
    pub fn count(&self, share: Uuid, now: DateTime<Utc>) -> i64 {
        let mut pending = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = pending.entry(share).or_insert(Pending {
            views: 0,
            since: now - GATHER,
        });
        entry.views = entry.views.saturating_add(1);
        if now - entry.since < GATHER {
            return 0;
        }
        let views = entry.views;
        *entry = Pending { views: 0, since: now };
        views
    }

    /// Takes all that is gathered, and forgets links that had no view.
    pub fn take(&self) -> Vec<(Uuid, i64)> {
        let mut pending = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pending
            .drain()
            .filter(|(_, entry)| entry.views > 0)
            .map(|(share, entry)| (share, entry.views))
            .collect()
    }
}
