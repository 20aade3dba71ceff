use chrono::TimeDelta;

use crate::{mail::Post, secrets::Keyring};

/// What the operator decided, as far as services need it.
#[derive(Clone, Debug)]
pub struct ServiceConfig {
    /// Where people reach the instance, without a slash at the end: `https://bi.example.com`. Links and the audience of embed
    /// tickets are built from it, never from a request's Host header.
    pub public_url: String,
    pub keys: Keyring,
    pub rate_limits: RateLimits,
    pub sessions: SessionLimits,
    /// Life of the bearer an open frame holds (`SIGHTLINE_EMBED_BEARER_S`).
    pub embed_bearer: TimeDelta,
    /// The way to a mail server (`SIGHTLINE_MAIL_URL`); `None`: no letters are sent.
    pub post: Option<Post>,
}

impl ServiceConfig {
    /// Defaults of the product around the two values that have none.
    pub fn new(public_url: impl Into<String>, keys: Keyring) -> Self {
        let public_url = public_url.into().trim_end_matches('/').to_owned();
        Self {
            public_url,
            keys,
            rate_limits: RateLimits::default(),
            sessions: SessionLimits::default(),
            embed_bearer: TimeDelta::minutes(5),
            post: None,
        }
    }

    /// Whether the instance is reached on this machine only; then frames of plain-http local pages are allowed.
    pub fn is_loopback(&self) -> bool {
        ["http://127.0.0.1", "http://localhost", "http://[::1]"]
            .iter()
            .any(|start| {
                self.public_url
                    .strip_prefix(start)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(':') || rest.starts_with('/'))
            })
    }
}

/// Attempts per minute; 0 = no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimits {
    /// Sign-ins for one account from one address (`SIGHTLINE_RATE_SIGN_IN_ACCOUNT`).
    pub sign_in_account: u32,
    /// Sign-ins from one address (`SIGHTLINE_RATE_SIGN_IN_ADDRESS`).
    pub sign_in_address: u32,
    /// Second factors for one account, from all addresses (`SIGHTLINE_RATE_FACTOR`).
    pub factor: u32,
    /// Reset links for one account an hour (`SIGHTLINE_RATE_RESETS_PER_HOUR`).
    pub resets_per_hour: u32,
    /// Requests for one share link from one address (`SIGHTLINE_RATE_SHARE`).
    pub share: u32,
    /// Requests of one embed's frames from one address (`SIGHTLINE_RATE_EMBED`).
    pub embed: u32,
    /// Unknown share tokens and wrong share passwords from one address (`SIGHTLINE_RATE_SHARE_WRONG`).
    pub share_wrong: u32,
    /// Invitations per user and day (`SIGHTLINE_RATE_INVITES_PER_DAY`).
    pub invites_per_day: u32,
    /// Queries of one user that no kept answer answers (`SIGHTLINE_RATE_QUERIES`).
    pub queries: u32,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self {
            sign_in_account: 5,
            sign_in_address: 20,
            factor: 10,
            resets_per_hour: 3,
            share: 600,
            embed: 600,
            share_wrong: 20,
            invites_per_day: 50,
            queries: 600,
        }
    }
}

impl RateLimits {
    /// For benchmarks and test runs that ask a lot at once.
    pub const OFF: Self = Self {
        sign_in_account: 0,
        sign_in_address: 0,
        factor: 0,
        resets_per_hour: 0,
        share: 0,
        embed: 0,
        share_wrong: 0,
        invites_per_day: 0,
        queries: 0,
    };
}

/// When a session ends by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionLimits {
    /// After its last request.
    pub idle: TimeDelta,
    /// After sign-in.
    pub absolute: TimeDelta,
    /// After sign-in, for platform admins.
    pub absolute_admin: TimeDelta,
}

impl Default for SessionLimits {
    fn default() -> Self {
        Self {
            idle: TimeDelta::hours(2),
            absolute: TimeDelta::hours(12),
            absolute_admin: TimeDelta::hours(8),
        }
    }
}
