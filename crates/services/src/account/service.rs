use chrono_tz::Tz;
use entity::{session, user};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter,
    sea_query::Expr,
};
use shared::{
    AppError, ErrorCode,
    account::{Me, PasswordChange, ProfileUpdate, UserInfo, WorkspaceInfo},
    audit::{AuditAction, AuditObjectKind},
    ids::RequestId,
    permission::Principal,
};

use super::create::hash_new;
use crate::{
    Context, ServiceResult, Services,
    audit::Event,
    authorization::places_of,
    secrets::Verdict,
    session::{SessionUser, SignedIn},
};

/// What a person may see and change of their own account.
#[derive(Clone, Debug)]
pub struct AccountService {
    context: Context,
}

impl AccountService {
    pub fn new(services: &Services, principal: Principal, request_id: RequestId) -> Self {
        Self {
            context: Context::new(services, principal, request_id),
        }
    }

    /// The caller with preferences, workspaces (sorted by title) and roles, as cut by the platform role.
    ///
    /// # Errors
    /// 401 without a user.
    pub async fn me(&self) -> ServiceResult<Me> {
        let user = self.context.user_row().await?;
        let ceiling = user.platform_role()?.ceiling();
        let mut workspaces = Vec::new();
        for (workspace, role) in places_of(self.context.instance_reader(), user.id).await? {
            workspaces.push(workspace.info(role.min(ceiling))?);
        }
        workspaces.sort_by(|left: &WorkspaceInfo, right| (&left.title, left.id).cmp(&(&right.title, right.id)));
        Ok(Me {
            user: user.info()?,
            workspaces,
            must_set_up_factor: matches!(self.context.principal(), Principal::Unprotected(_)),
            sends_mail: self.context.services().config().post.is_some(),
        })
    }

    /// Changes name and preferences.
    ///
    /// # Errors
    /// 401 and 403 as `Context::session_user`; 422 for an unknown time zone.
    pub async fn update(&self, update: ProfileUpdate) -> ServiceResult<UserInfo> {
        self.context.session_user()?;
        let row = self.context.user_row().await?;
        let mut event = about_user(AuditAction::AccountUpdate, &row);
        let (old, mut row) = (row.name.clone(), row.into_active_model());
        if let Some(name) = update.name {
            event = event.changed("name", old, name.as_str());
            row.name = Set(name.into());
        }
        if let Some(preferences) = update.preferences {
            if let Some(zone) = &preferences.time_zone {
                zone.parse::<Tz>()
                    .map_err(|_| AppError::invalid("preferences.time_zone", "There is no time zone of this name."))?;
            }
            row.time_zone = Set(preferences.time_zone);
            row.theme = Set(user::theme_text(preferences.theme).to_owned());
        }
        if !row.is_changed() {
            return Ok(self.context.user_row().await?.info()?);
        }
        let transaction = self.context.instance_transaction().await?;
        let user = row.update(&transaction).await?;
        self.context.commit(transaction, [event]).await?;
        Ok(user.info()?)
    }

    /// Changes the password and ends every session and API token of the account. The caller stays signed in by writing the
    /// answer into a renewed session, with the client of `remembered`.
    ///
    /// # Errors
    /// 403 when the current password is wrong; 422 when the new one is weak; 429 when too many are being checked.
    pub async fn change_password(
        &self,
        change: &PasswordChange,
        remembered: &SessionUser,
    ) -> ServiceResult<SessionUser> {
        self.context.session_user()?;
        let user = self.context.user_row().await?;
        let info = user.info()?;
        let services = self.context.services();
        if services
            .passwords()
            .verify(&change.current, user.password_hash.as_deref())
            .await?
            == Verdict::Wrong
        {
            let refusal =
                AppError::new(ErrorCode::Forbidden, "This is not your current password.").with_field("current");
            return Err(refusal.into());
        }
        let hash = hash_new(services, &change.new, &info.email, &info.name)
            .await
            .map_err(|error| match error {
                crate::ServiceError::Refused(refusal) if refusal.field.is_some() => refusal.with_field("new").into(),
                other => other,
            })?;
        let transaction = self.context.instance_transaction().await?;
        let changed = user::Entity::update_many()
            .col_expr(user::Column::PasswordHash, Expr::value(hash))
            .col_expr(user::Column::AuthEpoch, Expr::col(user::Column::AuthEpoch).add(1))
            .filter(
                user::Column::Id
                    .eq(user.id)
                    .and(user::Column::AuthEpoch.eq(user.auth_epoch)),
            )
            .exec(&transaction)
            .await?;
        if changed.rows_affected == 0 {
            return Err(AppError::conflict("The account was changed elsewhere at the same moment. Try again.").into());
        }
        session::Entity::delete_many()
            .filter(session::Column::UserId.eq(user.id))
            .exec(&transaction)
            .await?;
        let event = about_user(AuditAction::AccountPassword, &user);
        self.context.commit(transaction, [event]).await?;
        tracing::info!(user.id = %info.id, "password changed");
        let renewed = user::Model {
            auth_epoch: user.auth_epoch + 1,
            ..user
        };
        let signed_in = SignedIn::new(&renewed, self.context.now())?;
        Ok(SessionUser {
            user_agent: remembered.user_agent.clone(),
            client_address: remembered.client_address.clone(),
            ..signed_in.session_user
        })
    }
}

/// The person stands in the sentence as its actor; the object makes the entry found with the account.
fn about_user(action: AuditAction, user: &user::Model) -> Event {
    Event::of_instance(action).about(AuditObjectKind::User, user.id(), "")
}
