use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use shared::{
    AppError, ErrorCode,
    ids::{EmbedId, UserId},
};

use crate::{metrics, secrets::Digest};

/// Keys kept before stale ones are swept out.
const SWEEP_AT: usize = 10_000;
/// A sweep looks at every key; in a flood of keys that are all alive it must not do so for each of them.
const SWEEP_EVERY: TimeDelta = TimeDelta::seconds(1);

/// Counts events per key in fixed windows, in this process's memory. A flood of other keys costs memory of one window only.
#[derive(Debug, Default)]
pub struct RateLimiter(Mutex<Windows>);

#[derive(Debug, Default)]
struct Windows {
    by_key: HashMap<RateKey, Window>,
    swept_at: DateTime<Utc>,
}

/// The part of an address that is one customer's: behind IPv6 each has a network of 2^64 addresses to choose from.
pub fn client_network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::from(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
        address @ IpAddr::V4(_) => address,
    }
}

/// Who is counted for what; addresses count by their network. Names of accounts and links are hashed, so that none stays
/// readable in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RateKey {
    SignInAccount(Digest, IpAddr),
    SignInAddress(IpAddr),
    /// Codes for one account, from wherever: who has its password must not guess from many addresses.
    Factor(UserId),
    Resets(UserId),
    Share(Digest, IpAddr),
    ShareWrong(IpAddr),
    Embed(EmbedId, IpAddr),
    Invites(UserId),
    Queries(UserId),
}

#[derive(Clone, Copy, Debug)]
struct Window {
    ends: DateTime<Utc>,
    count: u32,
}

impl RateKey {
    /// For the count of refusals.
    const fn name(self) -> &'static str {
        match self {
            Self::SignInAccount(..) => "sign_in_account",
            Self::SignInAddress(_) => "sign_in_address",
            Self::Factor(_) => "factor",
            Self::Resets(_) => "resets",
            Self::Share(..) => "share",
            Self::Embed(..) => "embed",
            Self::ShareWrong(_) => "share_wrong",
            Self::Invites(_) => "invites",
            Self::Queries(_) => "queries",
        }
    }

    fn by_network(self) -> Self {
        match self {
            Self::SignInAccount(account, address) => Self::SignInAccount(account, client_network(address)),
            Self::SignInAddress(address) => Self::SignInAddress(client_network(address)),
            Self::Share(link, address) => Self::Share(link, client_network(address)),
            Self::ShareWrong(address) => Self::ShareWrong(client_network(address)),
            Self::Embed(embed, address) => Self::Embed(embed, client_network(address)),
            Self::Factor(_) | Self::Resets(_) | Self::Invites(_) | Self::Queries(_) => self,
        }
    }
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
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.by_key.len() >= SWEEP_AT && now - windows.swept_at >= SWEEP_EVERY {
            windows.by_key.retain(|_, window| window.ends > now);
            windows.swept_at = now;
        }
        let fresh = Window {
            ends: now + span,
            count: 0,
        };
        let window = windows.by_key.entry(key.by_network()).or_insert(fresh);
        if window.ends <= now {
            *window = fresh;
        }
        if window.count >= limit {
            metrics::limited(key.name());
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
        let windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match windows.by_key.get(&key.by_network()) {
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

    #[test]
    fn a_network_of_addresses_is_one_client() {
        let limiter = RateLimiter::default();
        let start = DateTime::from_timestamp(1_768_478_400, 0).unwrap();
        let count = |address: &str| {
            let key = RateKey::SignInAddress(address.parse().unwrap());
            limiter.count(key, 1, TimeDelta::minutes(1), start)
        };
        count("2001:db8:1:2::1").unwrap();
        assert!(count("2001:db8:1:2:ffff::9").is_err());
        count("2001:db8:1:3::1").unwrap();
        count("203.0.113.1").unwrap();
        assert!(count("::ffff:203.0.113.1").is_err());
        count("203.0.113.2").unwrap();
    }

    #[test]
    fn a_flood_of_keys_is_swept_once_a_second() {
        let limiter = RateLimiter::default();
        let start = DateTime::from_timestamp(1_768_478_400, 0).unwrap();
        let flood = |after_ms: i64| {
            for number in 0..SWEEP_AT + 1 {
                let key = RateKey::Queries(UserId::from(uuid::Uuid::from_u128(
                    number as u128 + ((after_ms as u128) << 64),
                )));
                let now = start + TimeDelta::milliseconds(after_ms);
                limiter.count(key, 1, TimeDelta::milliseconds(1), now).unwrap();
            }
            limiter.0.lock().unwrap().by_key.len()
        };
        assert_eq!(flood(0), SWEEP_AT + 1);
        assert_eq!(flood(500), 2 * (SWEEP_AT + 1));
        assert_eq!(flood(1_500), SWEEP_AT + 1);
    }
}
