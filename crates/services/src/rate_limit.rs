use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use shared::{AppError, ErrorCode, ids::UserId};

use crate::secrets::Digest;

/// Keys kept before stale ones are swept out.
const SWEEP_AT: usize = 10_000;

/// Counts events per key in fixed windows, in this process's memory. A flood of other keys costs memory of one window only.
#[derive(Debug, Default)]
pub struct RateLimiter {
    windows: Mutex<HashMap<RateKey, Window>>,
}

/// Who is counted for what. Names of accounts and links are hashed, so that none stays readable in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RateKey {
    SignInAccount(Digest, IpAddr),
    SignInAddress(IpAddr),
    Share(Digest, IpAddr),
    ShareWrong(IpAddr),
    Invites(UserId),
    Queries(UserId),
}

#[derive(Clone, Copy, Debug)]
struct Window {
    ends: DateTime<Utc>,
    count: u32,
}

impl RateLimiter {
    /// Counts one event.
    ///
    /// # Errors
    /// 429 with the seconds to wait when there were `limit` in this window already; `limit` 0 = never.
    pub fn count(&self, key: RateKey, limit: u32, span: TimeDelta, now: DateTime<Utc>) -> Result<(), AppError> {
        if limit == 0 {
            return Ok(());
        }
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() >= SWEEP_AT {
            windows.retain(|_, window| window.ends > now);
        }
        let fresh = Window {
            ends: now + span,
            count: 0,
        };
        let window = windows.entry(key).or_insert(fresh);
        if window.ends <= now {
            *window = fresh;
        }
        if window.count >= limit {
            return Err(too_many(window.ends - now));
        }
        window.count = window.count.saturating_add(1);
        Ok(())
    }

    /// Whether another event would be refused; counts nothing.
    ///
    /// # Errors
    /// As `count`.
    pub fn check(&self, key: RateKey, limit: u32, now: DateTime<Utc>) -> Result<(), AppError> {
        let windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        match windows.get(&key) {
            Some(window) if limit > 0 && window.ends > now && window.count >= limit => Err(too_many(window.ends - now)),
            Some(_) | None => Ok(()),
        }
    }
}

fn too_many(wait: TimeDelta) -> AppError {
    let seconds = u32::try_from(wait.num_seconds()).unwrap_or(u32::MAX).saturating_add(1);
    let mut answer = AppError::new(
        ErrorCode::TooManyRequests,
        "Too many attempts. Wait a little and try again.",
    );
    answer.retry_after_s = Some(seconds);
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_refuses_after_its_limit_and_starts_again() {
        let limiter = RateLimiter::default();
        let key = RateKey::ShareWrong(IpAddr::from([127, 0, 0, 1]));
        let start = DateTime::from_timestamp(1_768_478_400, 0).unwrap();
        let minute = TimeDelta::minutes(1);
        for _ in 0..3 {
            limiter.count(key, 3, minute, start).unwrap();
        }
        let refusal = limiter.count(key, 3, minute, start).unwrap_err();
        assert_eq!(refusal.http_status(), 429);
        assert_eq!(refusal.retry_after_s, Some(61));
        assert!(limiter.check(key, 3, start).is_err());
        assert!(limiter.count(key, 3, minute, start + minute).is_ok());
        assert!(limiter.count(key, 0, minute, start).is_ok());
    }
}
