use chrono::{DateTime, TimeDelta, Utc};
use entity::embed_ticket;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::OnConflict};
use shared::ids::{EmbedKeyId, WorkspaceId};

use super::refusal::TicketRefusal;
use crate::{ServiceError, ServiceResult, secrets::Digest};

/// How long after its first use the same client may use a ticket again, so that a reload of the frame works.
const RELOAD: TimeDelta = TimeDelta::seconds(60);

/// One use of a ticket.
pub struct Use<'a> {
    pub workspace: WorkspaceId,
    pub kid: EmbedKeyId,
    pub jti: &'a str,
    /// Keyed hash of the client, hexadecimal.
    pub client: String,
    /// When the ticket would no longer be taken anyway.
    pub expires_at: DateTime<Utc>,
    pub now: DateTime<Utc>,
}

/// Writes the use down, in the caller's transaction; the row's key decides between two at once.
///
/// # Errors
/// `UsedAlready` when another client has used it, or the same more than a minute ago.
pub async fn record(connection: &impl ConnectionTrait, ticket: Use<'_>) -> ServiceResult<()> {
    let refusal = || ServiceError::Refused(TicketRefusal::UsedAlready.into());
    let hash = Digest::of(format!("{}/{}", ticket.kid, ticket.jti)).to_hex();
    embed_ticket::Entity::delete_many()
        .filter(embed_ticket::Column::ExpiresAt.lt(ticket.now))
        .exec(connection)
        .await?;
    let row = embed_ticket::ActiveModel {
        workspace_id: Set(ticket.workspace.as_uuid()),
        ticket_hash: Set(hash.clone()),
        client_hash: Set(ticket.client.clone()),
        first_used_at: Set(ticket.now),
        expires_at: Set(ticket.expires_at),
    };
    let keys = [embed_ticket::Column::WorkspaceId, embed_ticket::Column::TicketHash];
    let inserted = embed_ticket::Entity::insert(row)
        .on_conflict(OnConflict::columns(keys).do_nothing().to_owned())
        .exec_without_returning(connection)
        .await?;
    if inserted == 1 {
        return Ok(());
    }
    let first = embed_ticket::Entity::find_by_id((ticket.workspace.as_uuid(), hash))
        .one(connection)
        .await?
        .ok_or_else(refusal)?;
    if first.client_hash == ticket.client && ticket.now - first.first_used_at <= RELOAD {
        Ok(())
    } else {
        Err(refusal())
    }
}
