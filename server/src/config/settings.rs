use std::{
    net::{SocketAddr, ToSocketAddrs as _},
    path::{Path, PathBuf},
    time::Duration,
};

use chrono::TimeDelta;
use engine::EgressRules;
use services::{RateLimits, SessionLimits, mail::Post};

use super::{ConfigError, Limits, PublicUrl, Source, TlsFiles, TrustedProxies, key, mail::mail};

/// The SQLite database inside the data folder.
const DATABASE: &str = "sightline.db";

/// Everything but the secret key, which is read where it is used.
#[derive(Clone, Debug)]
pub struct Settings {
    /// This server's own: its lock, uploads on their way, temporary files, and by default everything else.
    pub data: PathBuf,
    /// Stored files; servers on one database share it.
    pub files: PathBuf,
    pub listen: SocketAddr,
    pub database_url: String,
    pub public_url: PublicUrl,
    /// Whether `public_url` was written down, or only follows from `listen`.
    pub public_url_is_given: bool,
    /// `None`: plain HTTP, on this machine or behind a proxy that ends TLS.
    pub tls: Option<TlsFiles>,
    pub trusted_proxies: TrustedProxies,
    pub limits: Limits,
    pub rate_limits: RateLimits,
    pub sessions: SessionLimits,
    /// Life of what an open frame holds.
    pub embed_bearer: TimeDelta,
    /// The way to the mail server; `None`: no letters are sent.
    pub post: Option<Post>,
    pub workers: usize,
    pub query_memory_bytes: u64,
    pub ingest_memory_bytes: u64,
    /// Stored data of one workspace.
    pub workspace_bytes: u64,
    /// Datasets of one workspace.
    pub workspace_files: u64,
    /// Queries of one user at the same time.
    pub user_queries: usize,
    /// Memory for kept answers.
    pub cache_bytes: u64,
    /// What `/metrics` asks for; `None`: only requests from this machine are answered.
    pub metrics_token: Option<String>,
    pub query_timeout: Duration,
    /// Which databases may be connected.
    pub database_egress: EgressRules,
    pub ingest_timeout: Duration,
}

impl Settings {
    /// `data` and `listen` are those of the command line, which win over the source.
    ///
    /// # Errors
    /// The first setting that is wrong.
    pub fn from_source(source: &Source, data: Option<PathBuf>, listen: Option<String>) -> Result<Self, ConfigError> {
        let data = data.unwrap_or_else(|| PathBuf::from(source.text(&key::DATA)));
        let listen = listen.unwrap_or_else(|| source.text(&key::LISTEN).to_owned());
        let listen = resolve(&listen)?;
        let database_url = match source.given(&key::DATABASE_URL) {
            Some(url)
                if url.starts_with("postgres://") || url.starts_with("postgresql://") || url.starts_with("sqlite:") =>
            {
                url.to_owned()
            }
            Some(_) => {
                return Err(ConfigError::value(
                    &key::DATABASE_URL,
                    "must start with postgres:// (or be left out for SQLite)",
                ));
            }
            None => sqlite_url(&data.join(DATABASE)),
        };
        let seconds = |key: &key::Key| {
            source
                .number(key, 1..=86_400)
                .map(|seconds| Duration::from_secs(seconds.into()))
        };
        let files = match source.given(&key::FILES) {
            Some(folder) => PathBuf::from(folder),
            None => data.join("files"),
        };
        Ok(Self {
            data,
            files,
            listen,
            database_url,
            public_url: PublicUrl::from_source(source, listen)?,
            tls: TlsFiles::from_source(source)?,
            public_url_is_given: source.given(&key::PUBLIC_URL).is_some(),
            trusted_proxies: TrustedProxies::from_source(source)?,
            limits: Limits::from_source(source)?,
            rate_limits: rate_limits(source)?,
            sessions: session_limits(source)?,
            embed_bearer: TimeDelta::seconds(source.number(&key::EMBED_BEARER_S, 5..=3600)?.into()),
            post: mail(source)?,
            workers: usize::try_from(source.number(&key::WORKERS, 1..=256)?).unwrap_or(1),
            query_memory_bytes: source.bytes(&key::QUERY_MEMORY_BYTES)?,
            ingest_memory_bytes: source.bytes(&key::INGEST_MEMORY_BYTES)?,
            workspace_bytes: source.bytes(&key::MAX_WORKSPACE_BYTES)?,
            workspace_files: source.number(&key::MAX_WORKSPACE_FILES, 1..=u32::MAX)?.into(),
            user_queries: usize::try_from(source.number(&key::MAX_USER_QUERIES, 1..=1000)?).unwrap_or(1),
            cache_bytes: source.bytes(&key::MAX_CACHE_BYTES)?,
            metrics_token: metrics_token(source)?,
            query_timeout: seconds(&key::QUERY_TIMEOUT_S)?,
            database_egress: database_egress(source, listen)?,
            ingest_timeout: seconds(&key::INGEST_TIMEOUT_S)?,
        })
    }

    /// The file of the database in the data folder; `None` when `DATABASE_URL` names another.
    pub fn database_file(&self) -> Option<PathBuf> {
        let file = self.data.join(DATABASE);
        (self.database_url == sqlite_url(&file)).then_some(file)
    }

    /// Whether other machines can reach the server.
    pub fn is_reachable_from_outside(&self) -> bool {
        self.public_url.is_secure() || !self.listen.ip().to_canonical().is_loopback()
    }
}

/// A server that nobody else reaches may ask the databases beside it.
fn database_egress(source: &Source, listen: SocketAddr) -> Result<EgressRules, ConfigError> {
    match source.given(&key::EGRESS_DATABASES) {
        Some(text) => EgressRules::parse(text).map_err(|entry| {
            ConfigError::value(&key::EGRESS_DATABASES, format!("`{entry}` is no address or CIDR range"))
        }),
        None if listen.ip().to_canonical().is_loopback() => Ok(EgressRules::loopback()),
        None => Ok(EgressRules::default()),
    }
}

/// A folder may have any name: in an address `?`, `#` and `%` mean something else.
fn sqlite_url(file: &Path) -> String {
    let mut url = String::from("sqlite:");
    for byte in file.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' | b':' | b'\\' => {
                url.push(char::from(*byte));
            }
            other => url.push_str(&format!("%{other:02X}")),
        }
    }
    url
}

fn resolve(listen: &str) -> Result<SocketAddr, ConfigError> {
    let wrong = || {
        ConfigError::value(
            &key::LISTEN,
            format!("`{listen}` is no address with a port, such as 127.0.0.1:3000"),
        )
    };
    // Prefers IPv4 for `localhost`, which is what most people type.
    let addresses: Vec<SocketAddr> = listen.to_socket_addrs().map_err(|_| wrong())?.collect();
    addresses
        .iter()
        .find(|address| address.is_ipv4())
        .or(addresses.first())
        .copied()
        .ok_or_else(wrong)
}

fn metrics_token(source: &Source) -> Result<Option<String>, ConfigError> {
    match source.given(&key::METRICS_TOKEN) {
        Some(token) if token.len() < 16 => Err(ConfigError::value(
            &key::METRICS_TOKEN,
            "it can be guessed; use at least 16 characters, such as `openssl rand -hex 24` makes",
        )),
        token => Ok(token.map(str::to_owned)),
    }
}

fn rate_limits(source: &Source) -> Result<RateLimits, ConfigError> {
    let rate = |key| source.number(key, 0..=u32::MAX);
    Ok(RateLimits {
        sign_in_account: rate(&key::RATE_SIGN_IN_ACCOUNT)?,
        sign_in_address: rate(&key::RATE_SIGN_IN_ADDRESS)?,
        factor: rate(&key::RATE_FACTOR)?,
        resets_per_hour: rate(&key::RATE_RESETS_PER_HOUR)?,
        share: rate(&key::RATE_SHARE)?,
        share_wrong: rate(&key::RATE_SHARE_WRONG)?,
        embed: rate(&key::RATE_EMBED)?,
        invites_per_day: rate(&key::RATE_INVITES_PER_DAY)?,
        queries: rate(&key::RATE_QUERIES)?,
    })
}

fn session_limits(source: &Source) -> Result<SessionLimits, ConfigError> {
    let hours = |key| source.number(key, 1..=8760).map(|hours| TimeDelta::hours(hours.into()));
    Ok(SessionLimits {
        idle: TimeDelta::minutes(source.number(&key::SESSION_IDLE_MINUTES, 1..=525_600)?.into()),
        absolute: hours(&key::SESSION_HOURS)?,
        absolute_admin: hours(&key::SESSION_ADMIN_HOURS)?,
    })
}
