use std::sync::Arc;

use entity::Database;

use crate::{
    Clock, ServiceConfig, ServiceResult, rate_limit::RateLimiter, secrets::PasswordHasher, share::ViewCounter,
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
    views: ViewCounter,
}

impl Services {
    /// # Errors
    /// When the operating system gives no random bytes.
    pub fn new(database: Database, clock: Clock, config: ServiceConfig) -> ServiceResult<Self> {
        let passwords = PasswordHasher::new();
        Ok(Self(Arc::new(Parts {
            database,
            clock,
            config,
            passwords,
            rates: RateLimiter::default(),
            views: ViewCounter::default(),
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

    pub(crate) fn passwords(&self) -> &PasswordHasher {
        &self.0.passwords
    }

    pub(crate) fn rates(&self) -> &RateLimiter {
        &self.0.rates
    }

    pub(crate) fn views(&self) -> &ViewCounter {
        &self.0.views
    }
}
