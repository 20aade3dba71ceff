use chrono::{DateTime, TimeDelta, Utc};
use entity::{invite, user, workspace};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::Expr,
};
use shared::{
    AppError,
    account::{InviteCreate, InviteCreated, InviteInfo, MemberUpdate, NewAccount, OpenInvite},
    audit::{AuditAction, AuditObjectKind},
    ids::{InviteId, WorkspaceId},
    permission::{Capability, PlatformRole},
};

use super::{
    MemberService,
    service::{already_member, check_rules, new_member},
};
use crate::{
    ServiceError, ServiceResult, WorkspaceSelector,
    account::{hash_new, insert_user},
    audit::Event,
    mail::{Letter, sends_no_mail},
    rate_limit::RateKey,
    secrets::{Digest, random_token},
    session::SignedIn,
};

const LIFE: TimeDelta = TimeDelta::days(7);
const DAY: TimeDelta = TimeDelta::days(1);

/// Who takes an invitation up.
#[derive(Clone, PartialEq)]
pub enum Acceptance {
    /// The signed-in caller.
    Caller,
    /// Someone without an account yet; they get one as Executive, or as Analyst when invited to edit.
    New(NewAccount),
}

/// What came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Joined {
    pub workspace: WorkspaceId,
    /// For a new account: to be written into a session.
    pub signed_in: Option<SignedIn>,
}

impl MemberService {
    /// Makes a link that brings whoever holds it into the workspace, once, within 7 days, and sends it where that is asked
    /// for. A letter that was not taken leaves the link as good as it is.
    ///
    /// # Errors
    /// 403 for others than owners and as `Context::require_recent_proof`; 409 for a letter where no mail server is set; 422 as
    /// `update`; 429 after 50 invitations a day.
    pub async fn invite(&self, selector: &WorkspaceSelector, new: InviteCreate) -> ServiceResult<InviteCreated> {
        let access = self.context.settings_access(selector, Capability::Manage).await?;
        self.context.require_recent_proof()?;
        let role = MemberUpdate {
            role: new.role,
            roles: new.roles,
            attributes: new.attributes,
        };
        check_rules(&role)?;
        let letter = match (new.email, &self.context.services().config().post) {
            (Some(email), Some(post)) => Some((email, post)),
            (None, _) => None,
            (Some(_), None) => return Err(sends_no_mail().with_field("email").into()),
        };
        let (services, now) = (self.context.services(), self.context.now());
        let limit = services.config().rate_limits.invites_per_day;
        services
            .rates()
            .count(RateKey::Invites(access.user.user_id), limit, DAY, now)?;
        let token = random_token()?;
        let row = invite::ActiveModel {
            token_hash: Set(Digest::of(&token).to_hex()),
            workspace_id: Set(access.workspace_id.as_uuid()),
            role: Set(role.role.as_str().to_owned()),
            model_roles: Set(serde_json::to_value(role.roles.unwrap_or_default())?),
            attributes: Set(serde_json::to_value(role.attributes.unwrap_or_default())?),
            created_by: Set(Some(access.user.user_id.as_uuid())),
            created_at: Set(now),
            expires_at: Set(now + LIFE),
            used_at: Set(None),
        };
        let transaction = self.context.write_transaction(access.workspace_id).await?;
        row.insert(&transaction).await?;
        let mut event =
            Event::in_workspace(access.workspace_id, AuditAction::MemberInvite).with("role", role.role.as_str());
        if let Some((email, _)) = &letter {
            event = event.with("email", email.as_str());
        }
        self.context.commit(transaction, [event]).await?;
        let url = format!("{}/invite/{token}", services.config().public_url);
        let expires_at = now + LIFE;
        let delivery = match letter {
            Some((email, post)) => {
                let inviter = self.context.user_row().await?.name;
                let letter = Letter::invitation(&inviter, access.title.as_str(), &url, expires_at);
                Some(post.send(&email, letter).await)
            }
            None => None,
        };
        Ok(InviteCreated {
            url,
            expires_at,
            delivery,
        })
    }

    /// Invitations that nobody has taken up and that are still good, the newest first.
    ///
    /// # Errors
    /// 403 for others than owners.
    pub async fn open_invites(&self, selector: &WorkspaceSelector) -> ServiceResult<Vec<OpenInvite>> {
        let access = self.context.settings_access(selector, Capability::Manage).await?;
        let rows = invite::Entity::find()
            .filter(invite::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
            .filter(invite::Column::UsedAt.is_null())
            .filter(invite::Column::ExpiresAt.gt(self.context.now()))
            .order_by_desc(invite::Column::CreatedAt)
            .all(&self.context.reader(access.workspace_id))
            .await?;
        let makers = user::Entity::find()
            .filter(user::Column::Id.is_in(rows.iter().filter_map(|row| row.created_by)))
            .all(&self.context.reader(access.workspace_id))
            .await?;
        let open = rows.iter().map(|row| {
            let maker = makers.iter().find(|user| Some(user.id) == row.created_by);
            Ok(OpenInvite {
                id: row.id()?,
                role: row.role()?,
                created_by: maker.map(|user| user.name.clone()),
                created_at: row.created_at,
                expires_at: row.expires_at,
            })
        });
        open.collect()
    }

    /// Ends an invitation before somebody takes it up.
    ///
    /// # Errors
    /// 403 for others than owners; 404 when there is no open invitation of this id here.
    pub async fn revoke_invite(&self, selector: &WorkspaceSelector, id: InviteId) -> ServiceResult<()> {
        let access = self.context.settings_access(selector, Capability::Manage).await?;
        let transaction = self.context.write_transaction(access.workspace_id).await?;
        let gone = invite::Entity::delete_many()
            .filter(invite::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
            .filter(invite::Column::UsedAt.is_null())
            .filter(invite::Column::TokenHash.starts_with(id.as_uuid().simple().to_string()))
            .exec(&transaction)
            .await?;
        if gone.rows_affected == 0 {
            return Err(AppError::not_found("invitation").into());
        }
        let event = Event::in_workspace(access.workspace_id, AuditAction::MemberInviteEnd);
        self.context.commit(transaction, [event]).await?;
        tracing::info!(workspace.id = %access.workspace_id, invite.id = %id, "invitation revoked");
        Ok(())
    }

    /// What the holder of an invitation sees first.
    ///
    /// # Errors
    /// 404 for an unknown link, 410 for a used or expired one.
    pub async fn invite_info(&self, token: &str) -> ServiceResult<InviteInfo> {
        let (invite, workspace) = open_invite(self.context.instance_reader(), token, self.context.now()).await?;
        Ok(InviteInfo {
            workspace: workspace.title()?,
            role: invite.role()?,
            expires_at: invite.expires_at,
        })
    }

    /// Makes the caller, or a new account, a member.
    ///
    /// # Errors
    /// As `invite_info`; 401 for `Caller` without a session; 409 when already a member or when the address has an account;
    /// 422 for a weak password.
    pub async fn accept_invite(&self, token: &str, who: &Acceptance) -> ServiceResult<Joined> {
        let now = self.context.now();
        let (invite, workspace) = open_invite(self.context.instance_reader(), token, now).await?;
        let offer = MemberUpdate {
            role: invite.role()?,
            roles: Some(invite.model_roles()?),
            attributes: Some(invite.attributes()?),
        };
        let hash = match who {
            Acceptance::Caller => None,
            Acceptance::New(new) => {
                Some(hash_new(self.context.services(), &new.password, &new.email, new.name.as_str()).await?)
            }
        };
        let transaction = self.context.write_transaction(workspace.id()).await?;
        // The update decides who used it: of two at once, one changes a row.
        let used = invite::Entity::update_many()
            .col_expr(invite::Column::UsedAt, Expr::value(now))
            .filter(invite::Column::TokenHash.eq(invite.token_hash.as_str()))
            .filter(invite::Column::UsedAt.is_null())
            .exec(&transaction)
            .await?;
        if used.rows_affected == 0 {
            return Err(used_up());
        }
        let joined = Event::in_workspace(workspace.id(), AuditAction::MemberJoin)
            .about(AuditObjectKind::Workspace, workspace.id(), workspace.title.as_str())
            .with("role", offer.role.as_str());
        let (user_id, signed_in, events) = match (who, hash) {
            (Acceptance::New(new), Some(hash)) => {
                let role = if offer.role > PlatformRole::Executive.ceiling() {
                    PlatformRole::Analyst
                } else {
                    PlatformRole::Executive
                };
                let user: user::Model =
                    insert_user(&transaction, &new.email, new.name.as_str(), role, Some(hash), now).await?;
                let made = Event::of_instance(AuditAction::AccountCreate)
                    .about(AuditObjectKind::User, user.id(), user.name.as_str())
                    .with("role", role.as_str())
                    .with("by", "invitation");
                let signed_in = Event::of_instance(AuditAction::SessionSignIn).with("by", "invitation");
                let events = [made, signed_in, joined].map(|event| event.by_person(user.id(), &user.name));
                (user.id(), Some(SignedIn::new(&user, now)?), Vec::from(events))
            }
            (Acceptance::Caller | Acceptance::New(_), _) => (self.context.session_user()?.user_id, None, vec![joined]),
        };
        let workspace_id = invite.workspace_id.into();
        let row = new_member(workspace_id, user_id, &offer, now)?;
        row.insert(&transaction)
            .await
            .map_err(|error| ServiceError::taken(error, already_member))?;
        self.context.commit(transaction, events).await?;
        tracing::info!(workspace.id = %workspace_id, user.id = %user_id, member.role = offer.role.as_str(), "invitation accepted");
        Ok(Joined {
            workspace: workspace_id,
            signed_in,
        })
    }
}

async fn open_invite(
    connection: &impl ConnectionTrait,
    token: &str,
    now: DateTime<Utc>,
) -> ServiceResult<(invite::Model, workspace::Model)> {
    let found = invite::Entity::find_by_id(Digest::of(token).to_hex())
        .find_also_related(workspace::Entity)
        .one(connection)
        .await?;
    match found {
        Some((invite, Some(workspace))) if invite.used_at.is_none() && invite.expires_at > now => {
            Ok((invite, workspace))
        }
        Some((_, Some(_))) => Err(used_up()),
        Some((_, None)) | None => Err(AppError::not_found("invitation").into()),
    }
}

fn used_up() -> ServiceError {
    AppError::new(shared::ErrorCode::Gone, "This invitation has been used or has expired.")
        .with_hint("Ask for a new one.")
        .into()
}
