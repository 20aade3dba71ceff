use entity::user;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use shared::{AppError, permission::PlatformRole};

use crate::ServiceResult;

/// The admins who can sign in, locked until the transaction ends, so that two cannot take the role from each other at once.
/// Read before any other row is locked: whoever needs both takes them in this order.
pub(super) struct Admins(Vec<user::Model>);

impl Admins {
    pub(super) async fn lock(transaction: &DatabaseTransaction) -> ServiceResult<Self> {
        let admins = user::Entity::find()
            .filter(user::Column::PlatformRole.eq(PlatformRole::Admin.as_str()))
            .filter(user::Column::DisabledAt.is_null())
            .order_by_asc(user::Column::Id)
            .lock_exclusive()
            .all(transaction)
            .await?;
        Ok(Self(admins))
    }

    /// Refuses when `leaving` is the only one.
    pub(super) fn keep_one(&self, leaving: &user::Model) -> ServiceResult<()> {
        let is_admin = self.0.iter().any(|admin| admin.id == leaving.id);
        if !is_admin || self.0.len() > 1 {
            return Ok(());
        }
        Err(AppError::conflict("This is the last administrator who can sign in.")
            .with_hint("Make someone else an administrator first.")
            .into())
    }
}
