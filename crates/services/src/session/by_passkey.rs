//! Signing in by a passkey alone: it proves the device and the person at once, which is two factors.

use entity::user;
use sea_orm::EntityTrait;
use serde_json::Value;
use shared::{AppError, ErrorCode};

use super::{ClientInfo, MINUTE, SessionService, SignedIn, sign_in::signed_in};
use crate::{
    ServiceResult,
    factor::{self, Ceremony},
    rate_limit::RateKey,
};

impl SessionService {
    /// What a browser is asked with; to be kept in the session.
    ///
    /// # Errors
    /// 409 where passkeys are not possible; 429 after 20 sign-ins a minute from one client.
    pub async fn ask_passkey(&self, client: &ClientInfo) -> ServiceResult<Ceremony> {
        self.count_client(client)?;
        factor::ask_anybody(self.context.services())
    }

    /// Proves a person by a passkey that remembers whose it is.
    ///
    /// # Errors
    /// 401 when it does not answer what was asked, or its account cannot sign in; 429 as `ask_passkey`.
    pub async fn by_passkey(
        &self,
        asked: Option<&Ceremony>,
        answer: &Value,
        client: &ClientInfo,
    ) -> ServiceResult<SignedIn> {
        self.count_client(client)?;
        let services = self.context.services();
        let claimed = factor::claimed_user(services, answer)?;
        let transaction = self.context.instance_transaction().await?;
        factor::take_from_anybody(services, &transaction, claimed, asked, answer).await?;
        let user = user::Entity::find_by_id(claimed).one(&transaction).await?;
        let user = user.filter(|user| user.disabled_at.is_none()).ok_or_else(|| {
            AppError::new(ErrorCode::Unauthenticated, "This account cannot sign in.")
                .with_hint("Ask an administrator of this Sightline.")
        })?;
        self.context.commit(transaction, [signed_in(&user, "passkey")]).await?;
        Ok(SignedIn::new(&user, self.context.now())?)
    }

    fn count_client(&self, client: &ClientInfo) -> Result<(), AppError> {
        let services = self.context.services();
        let limit = services.config().rate_limits.sign_in_address;
        let key = RateKey::SignInAddress(client.address);
        services.rates().count(key, limit, MINUTE, self.context.now())
    }
}
