//! Checking a second factor that somebody gives.

use entity::{passkey as stored, user};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use shared::{
    AppError, ErrorCode,
    factor::{FactorKind, FactorProof},
};

use super::{Ceremony, passkey, recovery, totp};
use crate::{ServiceResult, Services, rate_limit::RateKey, session::MINUTE};

/// What an account can be proved with, and the question to its passkeys where it has any.
pub(crate) async fn ways(
    services: &Services,
    connection: &impl ConnectionTrait,
    user: &user::Model,
) -> ServiceResult<(Vec<FactorKind>, Option<Ceremony>)> {
    let mut kinds = Vec::new();
    let keys = passkeys_of(connection, user).await?;
    let ceremony = match keys.is_empty() {
        true => None,
        false => passkey::ask(services, &keys)?,
    };
    if ceremony.is_some() {
        kinds.push(FactorKind::Passkey);
    }
    if totp::confirmed(connection, user.id).await?.is_some() {
        kinds.push(FactorKind::Code);
    }
    if recovery::count(connection, user.id).await? > 0 {
        kinds.push(FactorKind::RecoveryCode);
    }
    Ok((kinds, ceremony))
}

/// Takes a second factor of `user`, in the caller's transaction: what was used is used up when that is committed.
///
/// # Errors
/// 401 when it is wrong or was used before; 429 after 10 attempts a minute for the account.
pub(crate) async fn prove(
    services: &Services,
    connection: &impl ConnectionTrait,
    user: &user::Model,
    proof: &FactorProof,
    asked: Option<&Ceremony>,
) -> ServiceResult<()> {
    let now = services.clock().now();
    let limit = services.config().rate_limits.factor;
    services.rates().count(RateKey::Factor(user.id()), limit, MINUTE, now)?;
    match proof {
        FactorProof::Code(code) => {
            let taken = match totp::confirmed(connection, user.id).await? {
                Some(key) => totp::take_code(services, connection, &key, code, now).await?,
                None => false,
            };
            if taken { Ok(()) } else { Err(wrong_code().into()) }
        }
        FactorProof::RecoveryCode(code) => {
            let key = services.config().keys.instance();
            if recovery::take(connection, key, user.id, code).await? {
                tracing::info!(user.id = %user.id(), "recovery code used");
                return Ok(());
            }
            let refusal = AppError::new(
                ErrorCode::Unauthenticated,
                "This is not one of your recovery codes, or it was used.",
            );
            Err(refusal.with_field("recovery_code").into())
        }
        FactorProof::Passkey(credential) => {
            let keys = passkeys_of(connection, user).await?;
            passkey::take(services, connection, &keys, asked, credential).await?;
            Ok(())
        }
    }
}

pub(super) fn wrong_code() -> AppError {
    AppError::new(
        ErrorCode::Unauthenticated,
        "This code is not right, or it was used already.",
    )
    .with_hint("Wait for the next one in your app. A phone whose clock is wrong shows wrong codes.")
    .with_field("code")
}

pub(super) async fn passkeys_of(
    connection: &impl ConnectionTrait,
    user: &user::Model,
) -> ServiceResult<Vec<stored::Model>> {
    Ok(stored::Entity::find()
        .filter(stored::Column::UserId.eq(user.id))
        .order_by_asc(stored::Column::CreatedAt)
        .all(connection)
        .await?)
}
