//! Ending what a person is signed in with, inside the caller's transaction.

use entity::{session, user};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, sea_query::Expr};
use uuid::Uuid;

use crate::ServiceResult;

/// Ends every session of a user; API tokens stay. Answers how many there were.
pub(crate) async fn end_sessions(connection: &impl ConnectionTrait, user: Uuid) -> ServiceResult<u64> {
    let ended = session::Entity::delete_many()
        .filter(session::Column::UserId.eq(user))
        .exec(connection)
        .await?;
    Ok(ended.rows_affected)
}

/// Ends every session and API token of a user: the next request of each finds another epoch.
pub(crate) async fn end_all(connection: &impl ConnectionTrait, user: Uuid) -> ServiceResult<()> {
    user::Entity::update_many()
        .col_expr(user::Column::AuthEpoch, Expr::col(user::Column::AuthEpoch).add(1))
        .filter(user::Column::Id.eq(user))
        .exec(connection)
        .await?;
    end_sessions(connection, user).await?;
    Ok(())
}
