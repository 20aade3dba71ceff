use entity::user;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use shared::{
    AppError,
    audit::{AuditAction, AuditObjectKind},
    names::Email,
};

use super::forget;
use crate::{Context, ServiceResult, Services, audit::Event};

/// From the console of the server's owner, for a person who lost phone and recovery codes: takes all second factors from the
/// account and ends its sessions and tokens. Behind no door of the network.
///
/// # Errors
/// 404 when there is no such account.
pub async fn reset_factors_of(services: &Services, email: &Email) -> ServiceResult<()> {
    let transaction = services.database().write_transaction().await?;
    let user = user::Entity::find()
        .filter(user::Column::Email.eq(email.as_str()))
        .one(&transaction)
        .await?
        .ok_or_else(|| AppError::not_found("account"))?;
    forget(&transaction, user.id, services.clock().now()).await?;
    let event = Event::of_instance(AuditAction::PersonFactorReset).by_console().about(
        AuditObjectKind::User,
        user.id,
        user.name.as_str(),
    );
    Context::system(services).commit(transaction, [event]).await?;
    tracing::info!(user.id = %user.id(), "second factors removed from the console");
    Ok(())
}
