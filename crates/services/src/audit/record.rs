//! Adding entries: behind what a transaction changed, and before its commit.

use entity::{audit_entry, audit_head, user};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, QuerySelect, Set,
    sea_query::{Expr, OnConflict},
};
use shared::{
    audit::{AuditActor, AuditActorKind},
    permission::Principal,
};

use super::{
    Chain, Event,
    chain::{hash, words},
};
use crate::{Context, ServiceError, ServiceResult};

/// Characters of a name or title that are kept.
const TEXT_LENGTH: usize = 200;

/// Why a change leaves no entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Untold {
    /// The session's own bookkeeping; sign-in, sign-out and endings are events of their own.
    Session,
    /// When something was used last, or how often.
    Use,
    /// Old things removed by the clock.
    Housekeeping,
    /// A name that only its owner sees.
    Label,
    /// Something begun that protects and opens nothing before it is completed.
    Unfinished,
    /// Everything, with the log itself, as a backup has it.
    Restore,
    /// A key that is made by itself at its first use.
    DataKey,
    /// The same key under another master key; that the whole was done is told.
    Rewrap,
    /// A better hash of the same password.
    Rehash,
    /// The link that an empty instance prints at each start.
    SetupLink,
}

/// Commits a change that is nothing to remember.
///
/// # Errors
/// When the database fails.
#[expect(clippy::disallowed_methods, reason = "says why nothing is recorded")]
pub(crate) async fn commit_untold(transaction: DatabaseTransaction, why: Untold) -> Result<(), DbErr> {
    tracing::trace!(?why, "a change that leaves no entry");
    transaction.commit().await
}

impl Context {
    /// Writes the events down behind what the transaction changed, and commits: all of it stays, or nothing. The ends of the
    /// chains are the last locks a transaction takes, always in the same order.
    ///
    /// # Errors
    /// When the database fails.
    #[expect(clippy::disallowed_methods, reason = "the events are written just before")]
    pub(crate) async fn commit(
        &self,
        transaction: DatabaseTransaction,
        events: impl IntoIterator<Item = Event>,
    ) -> ServiceResult<()> {
        let mut events: Vec<Event> = events.into_iter().collect();
        events.sort_by_key(|event| event.chain);
        let count = events.len();
        let mut caller = None;
        for mut event in events {
            let actor = match event.actor.take() {
                Some(actor) => actor,
                None => match &caller {
                    Some(actor) => AuditActor::clone(actor),
                    None => caller.insert(actor_of(&transaction, self.principal()).await?).clone(),
                },
            };
            self.append(&transaction, event, actor).await?;
        }
        transaction.commit().await?;
        self.services().audit().added(count);
        Ok(())
    }

    /// An event of something that changed nothing in the database, such as a download.
    ///
    /// # Errors
    /// When the database fails; then it must not happen.
    pub(crate) async fn record(&self, event: Event) -> ServiceResult<()> {
        let transaction = match event.chain {
            Chain::Instance => self.instance_transaction().await?,
            Chain::Workspace(id) => self.write_transaction(id).await?,
        };
        self.commit(transaction, [event]).await
    }

    pub(super) async fn append(
        &self,
        transaction: &DatabaseTransaction,
        event: Event,
        actor: AuditActor,
    ) -> ServiceResult<()> {
        let mut event = event;
        if let Some(user) = self.principal().person()
            && actor.kind == AuditActorKind::Token
            && let Some(token) = user.token_id
        {
            event = event.with("token", token.to_string());
        }
        let head = locked_head(transaction, event.chain).await?;
        let (kind, id, title) = match event.object {
            Some(object) => (
                Some(object.kind.as_str().to_owned()),
                Some(object.id),
                Some(plain(&object.title)),
            ),
            None => (None, None, None),
        };
        let mut entry = audit_entry::Model {
            chain_id: head.chain_id,
            number: head.number.saturating_add(1),
            at: self.now(),
            actor_kind: actor.kind.as_str().to_owned(),
            actor_id: actor.id,
            actor_name: plain(&actor.name),
            action: event.action.as_str().to_owned(),
            object_kind: kind,
            object_id: id,
            object_title: title,
            outcome: event.outcome.as_str().to_owned(),
            detail: serde_json::to_string(&event.detail)?,
            request_id: Some(self.request_id().as_uuid()),
            client: self.caller().client().map(|address| address.to_string()),
            words: String::new(),
            hash: String::new(),
        };
        entry.words = words(&entry);
        entry.hash = hash(&head.hash, &entry);
        move_on(transaction, &head, &entry).await?;
        entry.into_active_model().insert(transaction).await?;
        Ok(())
    }
}

/// The end of a chain, held until the transaction ends. A chain begins with its first entry.
async fn locked_head(transaction: &DatabaseTransaction, chain: Chain) -> ServiceResult<audit_head::Model> {
    let find = || {
        audit_head::Entity::find_by_id(chain.as_uuid())
            .lock_exclusive()
            .one(transaction)
    };
    if let Some(head) = find().await? {
        return Ok(head);
    }
    let first = audit_head::ActiveModel {
        chain_id: Set(chain.as_uuid()),
        number: Set(0),
        hash: Set(String::new()),
    };
    let there_already = OnConflict::column(audit_head::Column::ChainId).do_nothing().to_owned();
    audit_head::Entity::insert(first)
        .on_conflict(there_already)
        .exec_without_returning(transaction)
        .await?;
    let missing = || DbErr::RecordNotFound(format!("the end of the audit log of {chain}"));
    Ok(find().await?.ok_or_else(missing)?)
}

async fn move_on(
    transaction: &DatabaseTransaction,
    head: &audit_head::Model,
    entry: &audit_entry::Model,
) -> ServiceResult<()> {
    let moved = audit_head::Entity::update_many()
        .col_expr(audit_head::Column::Number, Expr::value(entry.number))
        .col_expr(audit_head::Column::Hash, Expr::value(entry.hash.as_str()))
        .filter(audit_head::Column::ChainId.eq(head.chain_id))
        .filter(audit_head::Column::Number.eq(head.number))
        .exec(transaction)
        .await?;
    if moved.rows_affected == 1 {
        Ok(())
    } else {
        let lost = DbErr::RecordNotUpdated;
        Err(ServiceError::Database(lost))
    }
}

/// The caller under the name of this moment.
pub(super) async fn actor_of(connection: &impl ConnectionTrait, principal: &Principal) -> ServiceResult<AuditActor> {
    let actor = match principal {
        Principal::User(user) | Principal::Unprotected(user) => {
            let name: Option<String> = user::Entity::find_by_id(user.user_id.as_uuid())
                .select_only()
                .column(user::Column::Name)
                .into_tuple()
                .one(connection)
                .await?;
            AuditActor {
                kind: if user.token_id.is_some() {
                    AuditActorKind::Token
                } else {
                    AuditActorKind::User
                },
                id: Some(user.user_id.as_uuid()),
                name: name.unwrap_or_else(|| "A former user".to_owned()),
            }
        }
        Principal::Share(grant) => AuditActor {
            kind: AuditActorKind::Share,
            id: Some(grant.share_id.as_uuid()),
            name: "A reader of a link".to_owned(),
        },
        Principal::Embed(grant) => AuditActor {
            kind: AuditActorKind::Embed,
            id: Some(grant.embed_id.as_uuid()),
            name: match &grant.subject {
                Some(subject) => format!("{subject} (in a frame)"),
                None => "A reader of a frame".to_owned(),
            },
        },
        Principal::Anonymous => AuditActor {
            kind: AuditActorKind::Anonymous,
            id: None,
            name: "Somebody".to_owned(),
        },
    };
    Ok(actor)
}

/// As both databases keep it: without control characters, at most 200 characters.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(TEXT_LENGTH).collect()
}
