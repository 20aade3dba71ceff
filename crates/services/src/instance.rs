use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::Database;

use shared::AppError;
use tokio::sync::Mutex;

use crate::{
    Clock, DataPlane, ServiceConfig, ServiceResult, audit::AuditState, factor::RulesCache, rate_limit::RateLimiter,
    secrets::PasswordHasher, share::ViewCounter, usage::UsageCounter,
};

/// One running Sightline: what all services share. A clone is one reference count.
#[derive(Clone, Debug)]
pub struct Services(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    database: Database,
    clock: Clock,
    config: ServiceConfig,
    passwords: PasswordHasher,
    rates: RateLimiter,
    rules: RulesCache,
    views: ViewCounter,
    audit: AuditState,
    usage: UsageCounter,
    started_at: DateTime<Utc>,
    setup: Mutex<()>,
    data: Option<DataPlane>,
}

impl Services {
    /// # Errors
    /// When the operating system gives no random bytes.
    pub fn new(database: Database, clock: Clock, config: ServiceConfig) -> ServiceResult<Self> {
        Self::build(database, clock, config, None)
    }

    /// With the engine and all that works on data. Commands that only touch accounts do without.
    ///
    /// # Errors
    /// As `new`.
    pub fn with_data(database: Database, clock: Clock, config: ServiceConfig, data: DataPlane) -> ServiceResult<Self> {
        Self::build(database, clock, config, Some(data))
    }

    fn build(database: Database, clock: Clock, config: ServiceConfig, data: Option<DataPlane>) -> ServiceResult<Self> {
        let passwords = PasswordHasher::new();
        let started_at = clock.now();
        Ok(Self(Arc::new(Parts {
            database,
            clock,
            config,
            passwords,
            rates: RateLimiter::default(),
            rules: RulesCache::default(),
            data,
            views: ViewCounter::default(),
            audit: AuditState::default(),
            usage: UsageCounter::default(),
            started_at,
            setup: Mutex::default(),
        })))
    }

    pub fn database(&self) -> &Database {
        &self.0.database
    }

    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    pub fn config(&self) -> &ServiceConfig {
        &self.0.config
    }

    /// Answers that are kept, and the memory they take, as estimated; `None` where no engine runs.
    pub fn kept_answers(&self) -> Option<(u64, u64)> {
        self.0.data.as_ref().map(|data| data.answers().size())
    }

    /// # Errors
    /// 503 where no engine runs.
    pub fn data(&self) -> ServiceResult<&DataPlane> {
        let missing = || AppError::new(shared::ErrorCode::Unavailable, "This process does not work on data.");
        Ok(self.0.data.as_ref().ok_or_else(missing)?)
    }

    pub(crate) fn passwords(&self) -> &PasswordHasher {
        &self.0.passwords
    }

    pub(crate) fn rates(&self) -> &RateLimiter {
        &self.0.rates
    }

    pub(crate) fn rules(&self) -> &RulesCache {
        &self.0.rules
    }

    /// Held by the one attempt to set up that is under way.
    pub(crate) fn setup(&self) -> &Mutex<()> {
        &self.0.setup
    }

    pub(crate) fn views(&self) -> &ViewCounter {
        &self.0.views
    }

    pub(crate) fn usage(&self) -> &UsageCounter {
        &self.0.usage
    }

    /// Counts an answer of status 500 or more.
    pub fn note_broken(&self) {
        self.0.usage.broken();
    }

    pub(crate) fn started_at(&self) -> DateTime<Utc> {
        self.0.started_at
    }

    pub(crate) fn audit(&self) -> &AuditState {
        &self.0.audit
    }
}
