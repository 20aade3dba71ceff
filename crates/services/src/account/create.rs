use chrono::{DateTime, Utc};
use entity::user;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait};
use shared::{
    AppError,
    account::{ThemeChoice, UserInfo},
    audit::{AuditAction, AuditObjectKind},
    ids::UserId,
    names::{Email, Title},
    permission::PlatformRole,
};
use uuid::Uuid;

use crate::{Context, ServiceError, ServiceResult, Services, audit::Event, secrets::check_new_password};

/// An account to be made.
#[derive(Clone, PartialEq)]
pub struct NewUser {
    pub email: Email,
    /// Default: the part of the address before the `@`.
    pub name: Option<Title>,
    pub role: PlatformRole,
    /// `None`: only a link from the console signs in.
    pub password: Option<String>,
}

/// Makes an account from the console of the server's owner; behind no door of the network.
///
/// # Errors
/// 409 when the address has an account; 422 for a weak password.
pub async fn create_user(services: &Services, new: NewUser) -> ServiceResult<UserInfo> {
    let name = match &new.name {
        Some(name) => name.as_str().to_owned(),
        None => new.email.as_str().split('@').next().unwrap_or_default().to_owned(),
    };
    let password_hash = match &new.password {
        Some(password) => Some(hash_new(services, password, &new.email, &name).await?),
        None => None,
    };
    let transaction = services.database().write_transaction().await?;
    let user = insert_user(
        &transaction,
        &new.email,
        &name,
        new.role,
        password_hash,
        services.clock().now(),
    )
    .await?;
    let event = Event::of_instance(AuditAction::AccountCreate)
        .by_console()
        .about(AuditObjectKind::User, user.id(), user.name.as_str())
        .with("role", new.role.as_str());
    Context::system(services).commit(transaction, [event]).await?;
    tracing::info!(user.id = %user.id(), user.platform_role = new.role.as_str(), "account made from the console");
    Ok(user.info()?)
}

pub(crate) async fn hash_new(services: &Services, password: &str, email: &Email, name: &str) -> ServiceResult<String> {
    let password = check_new_password(password, &[email.as_str(), name])?;
    services.passwords().hash(password).await
}

/// Writes a new user into the caller's transaction.
pub(crate) async fn insert_user(
    connection: &impl ConnectionTrait,
    email: &Email,
    name: &str,
    role: PlatformRole,
    password_hash: Option<String>,
    now: DateTime<Utc>,
) -> ServiceResult<user::Model> {
    let row = user::ActiveModel {
        id: Set(UserId::from(Uuid::now_v7()).as_uuid()),
        email: Set(email.as_str().to_owned()),
        name: Set(name.to_owned()),
        password_hash: Set(password_hash),
        platform_role: Set(role.as_str().to_owned()),
        auth_epoch: Set(1),
        time_zone: Set(None),
        theme: Set(user::theme_text(ThemeChoice::Auto).to_owned()),
        created_at: Set(now),
        disabled_at: Set(None),
        second_factor_at: Set(None),
    };
    let taken = || AppError::conflict("There is an account with this e-mail address already.").with_field("email");
    row.insert(connection)
        .await
        .map_err(|error| ServiceError::taken(error, taken))
}
