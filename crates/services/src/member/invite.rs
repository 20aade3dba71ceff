use chrono::{DateTime, TimeDelta, Utc};
use entity::{invite, user, workspace};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::Expr,
};
use shared::{
    AppError,
    account::{InviteCreated, InviteInfo, MemberUpdate, NewAccount},
    ids::WorkspaceId,
    permission::{Capability, PlatformRole},
};

use super::{
    MemberService,
    service::{already_member, new_member},
};
use crate::{
    ServiceError, ServiceResult, WorkspaceSelector,
    account::{hash_new, insert_user},
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
    /// Makes a link that brings whoever holds it into the workspace, once, within 7 days.
    ///
    /// # Errors
    /// 403 for others than owners and as `Context::require_recent_proof`; 429 after 50 invitations a day.
    pub async fn invite(&self, selector: &WorkspaceSelector, role: MemberUpdate) -> ServiceResult<InviteCreated> {
        let access = self.context.settings_access(selector, Capability::Manage).await?;
        self.context.require_recent_proof()?;
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
        let transaction = self.context.write_transaction().await?;
        row.insert(&transaction).await?;
        transaction.commit().await?;
        let url = format!("{}/invite/{token}", services.config().public_url);
        Ok(InviteCreated {
            url,
            expires_at: now + LIFE,
        })
    }

    /// What the holder of an invitation sees first.
    ///
    /// # Errors
    /// 404 for an unknown link, 410 for a used or expired one.
    pub async fn invite_info(&self, token: &str) -> ServiceResult<InviteInfo> {
        let (invite, workspace) = open_invite(self.context.reader(), token, self.context.now()).await?;
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
        let (invite, _) = open_invite(self.context.reader(), token, now).await?;
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
        let transaction = self.context.write_transaction().await?;
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
        let (user_id, signed_in) = match (who, hash) {
            (Acceptance::New(new), Some(hash)) => {
                let role = if offer.role > PlatformRole::Executive.ceiling() {
                    PlatformRole::Analyst
                } else {
                    PlatformRole::Executive
                };
                let user: user::Model =
                    insert_user(&transaction, &new.email, new.name.as_str(), role, Some(hash), now).await?;
                (user.id(), Some(SignedIn::new(&user, now)?))
            }
            (Acceptance::Caller | Acceptance::New(_), _) => (self.context.session_user()?.user_id, None),
        };
        let workspace_id = invite.workspace_id.into();
        let row = new_member(workspace_id, user_id, &offer, now)?;
        row.insert(&transaction)
            .await
            .map_err(|error| ServiceError::taken(error, already_member))?;
        transaction.commit().await?;
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
