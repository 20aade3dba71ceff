//! Who has to have a second factor, as platform admins decided. Asked with every request of a session.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use entity::instance_setting;
use sea_orm::EntityTrait;
use shared::people::SignInRules;

use crate::{ServiceResult, Services};

/// Another server over the same database may have changed them.
const KEPT: TimeDelta = TimeDelta::seconds(5);

/// The rules as last read, in this process.
#[derive(Debug, Default)]
pub(crate) struct RulesCache(Mutex<Option<(DateTime<Utc>, SignInRules)>>);

impl RulesCache {
    pub(crate) async fn get(&self, services: &Services) -> ServiceResult<SignInRules> {
        let now = services.clock().now();
        if let Some((read_at, rules)) = *self.0.lock().unwrap_or_else(PoisonError::into_inner)
            && now - read_at < KEPT
        {
            return Ok(rules);
        }
        let row = instance_setting::Entity::find_by_id(instance_setting::Model::SIGN_IN)
            .one(services.database().reader())
            .await?;
        let rules = match row {
            Some(row) => row.sign_in_rules()?,
            None => SignInRules::default(),
        };
        self.put(now, rules);
        Ok(rules)
    }

    pub(crate) fn put(&self, now: DateTime<Utc>, rules: SignInRules) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, rules));
    }
}
