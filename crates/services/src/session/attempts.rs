//! How often a person may try to prove who they are.

use chrono::TimeDelta;
use shared::AppError;

use super::ClientInfo;
use crate::{Context, rate_limit::RateKey, secrets::Digest};

pub(crate) const MINUTE: TimeDelta = TimeDelta::minutes(1);

impl Context {
    /// Counts an attempt on the account of this address.
    ///
    /// # Errors
    /// 429 after 5 attempts a minute for an account from one client or 20 from one client.
    pub(crate) fn count_attempt(&self, email: &str, client: &ClientInfo) -> Result<(), AppError> {
        let (limits, now) = (self.services().config().rate_limits, self.now());
        let rates = self.services().rates();
        rates.count(
            RateKey::SignInAddress(client.address),
            limits.sign_in_address,
            MINUTE,
            now,
        )?;
        let account = Digest::of(email.trim().to_lowercase());
        rates.count(
            RateKey::SignInAccount(account, client.address),
            limits.sign_in_account,
            MINUTE,
            now,
        )
    }
}
