//! How many queries one person may have run in a minute.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use shared::{AppError, ErrorCode, ids::UserId};

const MINUTE: Duration = Duration::from_secs(60);
/// People kept before those whose minute is over are forgotten.
const SWEEP_AT: usize = 10_000;

/// Counts queries by user in windows of a minute, in this process's memory. Kept answers do not count, a batch counts once.
#[derive(Debug, Default)]
pub struct QueryRates(Mutex<HashMap<UserId, Window>>);

#[derive(Clone, Copy, Debug)]
struct Window {
    began: Instant,
    count: u32,
}

impl QueryRates {
    /// Whether this user may ask now; `limit` 0 = always.
    ///
    /// # Errors
    /// 429 with the seconds to wait.
    pub fn check(&self, user: UserId, limit: u32, now: Instant) -> Result<(), AppError> {
        let windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(window) = windows
            .get(&user)
            .filter(|window| now.duration_since(window.began) < MINUTE)
        else {
            return Ok(());
        };
        if limit == 0 || window.count < limit {
            return Ok(());
        }
        let wait = MINUTE.saturating_sub(now.duration_since(window.began));
        let mut error = AppError::new(
            ErrorCode::TooManyRequests,
            format!("At most {limit} queries a minute are answered for one person."),
        );
        error.retry_after_s = Some(u32::try_from(wait.as_secs()).unwrap_or(60).saturating_add(1));
        Err(error)
    }

    /// One query ran.
    pub fn count(&self, user: UserId, now: Instant) {
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() >= SWEEP_AT {
            windows.retain(|_, window| now.duration_since(window.began) < MINUTE);
        }
        let window = windows.entry(user).or_insert(Window { began: now, count: 0 });
        if now.duration_since(window.began) >= MINUTE {
            *window = Window { began: now, count: 0 };
        }
        window.count = window.count.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_minute_is_refused_and_the_next_begins_anew() {
        let rates = QueryRates::default();
        let (ann, bob) = (UserId::from(uuid::Uuid::now_v7()), UserId::from(uuid::Uuid::now_v7()));
        let start = Instant::now();
        for _ in 0..3 {
            rates.check(ann, 3, start).unwrap();
            rates.count(ann, start);
        }
        assert_eq!(rates.check(ann, 3, start).unwrap_err().retry_after_s, Some(61));
        assert!(rates.check(bob, 3, start).is_ok() && rates.check(ann, 0, start).is_ok());
        assert!(rates.check(ann, 3, start + MINUTE).is_ok());
    }
}
