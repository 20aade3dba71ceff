//! The first start: a one-time link makes the first admin and a workspace.

use chrono::TimeDelta;
use entity::{member, one_time_link, user, workspace};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
};
use serde_json::json;
use shared::{
    AppError,
    account::{SetupRequest, WorkspaceInfo},
    audit::{AuditAction, AuditObjectKind},
    ids::{RequestId, WorkspaceId},
    names::Slug,
    permission::{PlatformRole, Principal, WorkspaceRole},
};

use crate::{
    Context, ServiceError, ServiceResult, Services,
    account::insert_user,
    audit::{Event, Untold, commit_untold},
    secrets::{Digest, check_new_password, random_token},
    session::SignedIn,
};

/// As stored in `one_time_links.purpose`.
const PURPOSE: &str = "setup";
/// A server that is started again prints a new link.
const LIFE: TimeDelta = TimeDelta::hours(24);

/// Makes an empty instance somebody's.
#[derive(Clone, Debug)]
pub struct SetupService {
    context: Context,
}

/// The first admin, ready to be written into a session, and the first workspace.
#[derive(Clone, Debug, PartialEq)]
pub struct SetupDone {
    pub signed_in: SignedIn,
    pub workspace: WorkspaceInfo,
}

impl SetupService {
    pub fn new(services: &Services, principal: Principal, request_id: RequestId) -> Self {
        Self {
            context: Context::new(services, principal, request_id),
        }
    }

    /// For the start of the server: the secret part of a new set-up link when the instance has no user, else `None`. Only
    /// its hash is kept, so print it now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin(&self) -> ServiceResult<Option<String>> {
        let now = self.context.now();
        let transaction = self.context.instance_transaction().await?;
        if has_users(&transaction).await? {
            return Ok(None);
        }
        let token = random_token()?;
        one_time_link::Entity::delete_many()
            .filter(one_time_link::Column::ExpiresAt.lte(now))
            .exec(&transaction)
            .await?;
        let link = one_time_link::ActiveModel {
            token_hash: Set(Digest::of(&token).to_hex()),
            purpose: Set(PURPOSE.to_owned()),
            user_id: Set(None),
            created_at: Set(now),
            expires_at: Set(now + LIFE),
        };
        link.insert(&transaction).await?;
        commit_untold(transaction, Untold::SetupLink).await?;
        Ok(Some(token))
    }

    /// Whether the wizard may be shown for this link.
    ///
    /// # Errors
    /// 404 when the link was never made, is used or has expired.
    pub async fn check(&self, token: &str) -> ServiceResult<()> {
        find_link(self.context.instance_reader(), token, &self.context)
            .await
            .map(|_| ())
    }

    /// Makes the first admin, the first workspace and the membership, and ends the link, all or nothing. Of several attempts
    /// at once one wins.
    ///
    /// # Errors
    /// 404 as `check`; 422 for a weak password.
    pub async fn complete(&self, token: &str, request: SetupRequest) -> ServiceResult<SetupDone> {
        // One at a time: all but the first find the link dead before a hash is made for them.
        let _alone = self.context.services().setup().lock().await;
        self.check(token).await?;
        let password = check_new_password(&request.password, &[request.email.as_str(), request.name.as_str()])?;
        let password_hash = self.context.services().passwords().hash(password).await?;

        let transaction = self.context.instance_transaction().await?;
        find_link(&transaction, token, &self.context).await?;
        // All set-up links go at once: of two attempts with different links, the second waits here and finds none.
        let ended = one_time_link::Entity::delete_many()
            .filter(one_time_link::Column::Purpose.eq(PURPOSE))
            .exec(&transaction)
            .await?;
        if ended.rows_affected == 0 || has_users(&transaction).await? {
            return Err(dead_link());
        }
        let now = self.context.now();
        let name = request.name.as_str();
        let user = insert_user(
            &transaction,
            &request.email,
            name,
            PlatformRole::Admin,
            Some(password_hash),
            now,
        )
        .await?;
        let workspace_id: WorkspaceId = self.context.new_id();
        let workspace = workspace::ActiveModel {
            id: Set(workspace_id.as_uuid()),
            slug: Set(Slug::from_title(request.workspace.as_str()).as_str().to_owned()),
            title: Set(request.workspace.as_str().to_owned()),
            editors_may_share: Set(true),
            created_at: Set(now),
        }
        .insert(&transaction)
        .await?;
        let owner = member::ActiveModel {
            workspace_id: Set(workspace.id),
            user_id: Set(user.id),
            role: Set(WorkspaceRole::Owner.as_str().to_owned()),
            model_roles: Set(json!([])),
            attributes: Set(json!({})),
            created_at: Set(now),
        };
        owner.insert(&transaction).await?;
        let events = [
            Event::of_instance(AuditAction::InstanceSetUp).with("workspace", workspace.title.as_str()),
            Event::of_instance(AuditAction::SessionSignIn).with("by", "set-up link"),
            Event::in_workspace(workspace_id, AuditAction::WorkspaceCreate).about(
                AuditObjectKind::Workspace,
                workspace_id,
                workspace.title.as_str(),
            ),
        ];
        let events = events.map(|event| event.by_person(user.id(), &user.name));
        self.context.commit(transaction, events).await?;
        tracing::info!(user.id = %user.id(), workspace.id = %workspace_id, "instance set up");
        Ok(SetupDone {
            signed_in: SignedIn::new(&user, now)?,
            workspace: workspace.info(WorkspaceRole::Owner)?,
        })
    }
}

async fn has_users(connection: &impl ConnectionTrait) -> ServiceResult<bool> {
    Ok(user::Entity::find().count(connection).await? > 0)
}

async fn find_link(
    connection: &impl ConnectionTrait,
    token: &str,
    context: &Context,
) -> ServiceResult<one_time_link::Model> {
    one_time_link::Entity::find_by_id(Digest::of(token).to_hex())
        .filter(one_time_link::Column::Purpose.eq(PURPOSE))
        .filter(one_time_link::Column::ExpiresAt.gt(context.now()))
        .one(connection)
        .await?
        .ok_or_else(dead_link)
}

fn dead_link() -> ServiceError {
    AppError::not_found("set-up link")
        .with_hint("On an empty instance, starting the server prints a new link.")
        .into()
}
