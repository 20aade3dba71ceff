use std::{
    collections::HashMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use shared::{
    ids::{DashboardId, WorkspaceId},
    semantic::CacheState,
};
use uuid::Uuid;

use crate::query::Asker;

/// Slow queries that are remembered.
const SLOWEST: usize = 20;
const REMEMBERED: TimeDelta = TimeDelta::hours(24);

/// Who opened a dashboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Reader {
    Person(Uuid),
    Link(Uuid),
    Frame(Uuid),
}

impl From<Asker> for Reader {
    fn from(asker: Asker) -> Self {
        match asker {
            Asker::User(id) => Self::Person(id.as_uuid()),
            Asker::Share(id) => Self::Link(id.as_uuid()),
            Asker::Embed(id) => Self::Frame(id.as_uuid()),
        }
    }
}

impl Reader {
    pub(super) const fn id(self) -> Uuid {
        match self {
            Self::Person(id) | Self::Link(id) | Self::Frame(id) => id,
        }
    }

    /// As `usage_days.reader_kind` has it.
    pub(super) const fn kind(self) -> &'static str {
        match self {
            Self::Person(_) => PERSON,
            Self::Link(_) => "link",
            Self::Frame(_) => "frame",
        }
    }
}

pub(super) const PERSON: &str = "person";

/// One row of a day, before it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct ViewKey {
    pub day: NaiveDate,
    pub workspace: WorkspaceId,
    pub dashboard: DashboardId,
    pub reader: Reader,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Slow {
    pub at: DateTime<Utc>,
    pub workspace: WorkspaceId,
    pub model: String,
    pub duration: Duration,
}

/// Counts in memory. Views are written now and then; a crash loses those of the last minutes. The rest is of this process.
#[derive(Debug, Default)]
pub(crate) struct UsageCounter {
    views: Mutex<HashMap<ViewKey, i64>>,
    slow: Mutex<Vec<Slow>>,
    kept: AtomicU64,
    computed: AtomicU64,
    failed: AtomicU64,
    errors: AtomicU64,
}

/// What `ServerUse` says in numbers.
pub(super) struct Totals {
    pub kept: u64,
    pub computed: u64,
    pub failed: u64,
    pub errors: u64,
}

impl UsageCounter {
    pub fn viewed(&self, workspace: WorkspaceId, dashboard: DashboardId, reader: Reader, now: DateTime<Utc>) {
        let key = ViewKey {
            day: now.date_naive(),
            workspace,
            dashboard,
            reader,
        };
        *self.lock_views().entry(key).or_default() += 1;
    }

    /// `None`: it failed.
    pub fn asked(&self, outcome: Option<CacheState>) {
        let counter = match outcome {
            Some(CacheState::Hit) => &self.kept,
            Some(CacheState::Miss) => &self.computed,
            None => &self.failed,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// A query that was computed.
    pub fn computed(&self, workspace: WorkspaceId, model: &str, duration: Duration, now: DateTime<Utc>) {
        let mut slow = self.slow.lock().unwrap_or_else(PoisonError::into_inner);
        slow.retain(|query| now - query.at < REMEMBERED);
        if slow.len() >= SLOWEST && slow.last().is_some_and(|last| last.duration >= duration) {
            return;
        }
        let place = slow.partition_point(|query| query.duration >= duration);
        slow.insert(
            place,
            Slow {
                at: now,
                workspace,
                model: model.to_owned(),
                duration,
            },
        );
        slow.truncate(SLOWEST);
    }

    pub fn broken(&self) {
        self.errors.fetch_add(1, Ordering::Relaxed);
    }

    /// Everything that waits to be written.
    pub(super) fn take_views(&self) -> Vec<(ViewKey, i64)> {
        self.lock_views().drain().collect()
    }

    /// Puts back what could not be written.
    pub(super) fn return_views(&self, views: Vec<(ViewKey, i64)>) {
        let mut waiting = self.lock_views();
        for (key, count) in views {
            *waiting.entry(key).or_default() += count;
        }
    }

    /// Slowest first.
    pub(super) fn slow(&self, now: DateTime<Utc>) -> Vec<Slow> {
        let mut slow = self.slow.lock().unwrap_or_else(PoisonError::into_inner).clone();
        slow.retain(|query| now - query.at < REMEMBERED);
        slow
    }

    pub(super) fn totals(&self) -> Totals {
        let [kept, computed, failed, errors] =
            [&self.kept, &self.computed, &self.failed, &self.errors].map(|counter| counter.load(Ordering::Relaxed));
        Totals {
            kept,
            computed,
            failed,
            errors,
        }
    }

    fn lock_views(&self) -> std::sync::MutexGuard<'_, HashMap<ViewKey, i64>> {
        self.views.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slowest_of_a_day_are_remembered() {
        let counter = UsageCounter::default();
        let workspace = WorkspaceId::from(Uuid::nil());
        let start = DateTime::from_timestamp(1_768_478_400, 0).unwrap();
        for milliseconds in 1..=50 {
            counter.computed(workspace, "orders", Duration::from_millis(milliseconds), start);
        }
        let slow = counter.slow(start);
        let times: Vec<_> = slow.iter().map(|query| query.duration.as_millis()).collect();
        assert_eq!(times, (31..=50).rev().collect::<Vec<_>>());
        let later = start + REMEMBERED;
        counter.computed(workspace, "orders", Duration::from_millis(2), later);
        assert_eq!(counter.slow(later).len(), 1);
    }
}
