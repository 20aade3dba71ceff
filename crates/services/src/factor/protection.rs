//! Whether an account is protected; kept on its row, which is read with every request.

use chrono::{DateTime, Utc};
use entity::{passkey, totp_key, user};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, sea_query::Expr};
use shared::{AppError, permission::PlatformRole};
use uuid::Uuid;

use super::{recovery, totp};
use crate::{ServiceResult, Services};

/// Whether the instance asks people of this role for a second factor.
pub(crate) async fn required_of(services: &Services, role: PlatformRole) -> ServiceResult<bool> {
    Ok(services.rules().get(services).await?.second_factor.applies_to(role))
}

/// Notes in `users` what the tables of factors hold now; without any, recovery codes stand in for nothing and go.
pub(super) async fn note(connection: &impl ConnectionTrait, user: Uuid, now: DateTime<Utc>) -> ServiceResult<()> {
    let has_passkey = passkey::Entity::find()
        .filter(passkey::Column::UserId.eq(user))
        .count(connection)
        .await?
        > 0;
    let protected = has_passkey || totp::confirmed(connection, user).await?.is_some();
    let update = user::Entity::update_many().filter(user::Column::Id.eq(user));
    if protected {
        update
            .col_expr(user::Column::SecondFactorAt, Expr::value(now))
            .filter(user::Column::SecondFactorAt.is_null())
            .exec(connection)
            .await?;
    } else {
        recovery::remove(connection, user).await?;
        update
            .col_expr(user::Column::SecondFactorAt, Expr::value(None::<DateTime<Utc>>))
            .exec(connection)
            .await?;
    }
    Ok(())
}

/// Takes all second factors from an account and ends its sessions and tokens, in the caller's transaction.
pub(crate) async fn forget(connection: &impl ConnectionTrait, user: Uuid, now: DateTime<Utc>) -> ServiceResult<()> {
    totp_key::Entity::delete_by_id(user).exec(connection).await?;
    passkey::Entity::delete_many()
        .filter(passkey::Column::UserId.eq(user))
        .exec(connection)
        .await?;
    note(connection, user, now).await?;
    crate::session::end_all(connection, user).await
}

/// Refuses to take the last factor where one is asked for. `left`: what the account would keep.
pub(super) async fn keep_required(services: &Services, user: &user::Model, left: bool) -> ServiceResult<()> {
    if left || !required_of(services, user.platform_role()?).await? {
        return Ok(());
    }
    Err(AppError::conflict("This Sightline asks you for a second factor.")
        .with_hint("Add another one first; then you can remove this one.")
        .into())
}
