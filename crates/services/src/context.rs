use chrono::{DateTime, TimeDelta, Utc};
use entity::{Database, WorkspaceReader};
use sea_orm::{DatabaseConnection, DatabaseTransaction, DbErr};
use shared::{
    AppError, ErrorCode,
    ids::{RequestId, WorkspaceId},
    permission::{PlatformRole, Principal, UserPrincipal},
};
use uuid::Uuid;

use crate::{ServiceResult, Services, audit::Caller};

/// How long a person may do what needs a recent proof of who they are.
const PROOF_LIFE: TimeDelta = TimeDelta::minutes(10);

/// What every service holds: who asks, under which request id, and the instance it asks.
#[derive(Clone, Debug)]
pub struct Context {
    services: Services,
    principal: Principal,
    request_id: RequestId,
    caller: Caller,
}

impl Context {
    /// Takes along who calls, see `audit::Caller`.
    pub fn new(services: &Services, principal: Principal, request_id: RequestId) -> Self {
        Self {
            services: services.clone(),
            principal,
            request_id,
            caller: Caller::current(),
        }
    }

    /// For the server's own work and its console: nobody asks.
    pub(crate) fn system(services: &Services) -> Self {
        Self {
            services: services.clone(),
            principal: Principal::Anonymous,
            request_id: RequestId::from(Uuid::now_v7()),
            caller: Caller::default(),
        }
    }

    /// For what is written down later than its request.
    pub(crate) fn with_caller(self, caller: Caller) -> Self {
        Self { caller, ..self }
    }

    pub(crate) const fn caller(&self) -> &Caller {
        &self.caller
    }

    pub const fn services(&self) -> &Services {
        &self.services
    }

    pub const fn principal(&self) -> &Principal {
        &self.principal
    }

    pub const fn request_id(&self) -> RequestId {
        self.request_id
    }

    pub fn database(&self) -> &Database {
        self.services.database()
    }

    /// For statements that only read inside one workspace: see [`WorkspaceReader`].
    pub fn reader(&self, workspace_id: WorkspaceId) -> WorkspaceReader<'_> {
        self.services.database().workspace_reader(workspace_id.as_uuid())
    }

    /// For statements that only read what belongs to no workspace, or to several, or to one that they still have to find.
    pub fn instance_reader(&self) -> &DatabaseConnection {
        self.services.database().reader()
    }

    /// For changes inside one workspace. See `entity::Database::workspace_transaction`: dropped without `commit()` it leaves
    /// no trace.
    ///
    /// # Errors
    /// When the database or its write lock is not to be had.
    pub async fn write_transaction(&self, workspace_id: WorkspaceId) -> Result<DatabaseTransaction, DbErr> {
        let database = self.services.database();
        database.workspace_transaction(workspace_id.as_uuid()).await
    }

    /// For changes of what belongs to no workspace, or to several.
    ///
    /// # Errors
    /// As `write_transaction`.
    pub async fn instance_transaction(&self) -> Result<DatabaseTransaction, DbErr> {
        self.services.database().write_transaction().await
    }

    /// # Errors
    /// 503 where no engine runs.
    pub(crate) fn data(&self) -> ServiceResult<&crate::DataPlane> {
        self.services.data()
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.services.clock().now()
    }

    /// A new time-ordered id of any kind.
    pub fn new_id<Id: From<Uuid>>(&self) -> Id {
        Id::from(Uuid::now_v7())
    }

    /// The signed-in person, or the person whose token this is.
    ///
    /// # Errors
    /// 401 for anonymous requests and for readers of shares and embeds; 403 for a person who still has to set up a second
    /// factor.
    pub fn user(&self) -> ServiceResult<&UserPrincipal> {
        match &self.principal {
            Principal::User(user) => Ok(user),
            Principal::Unprotected(_) => Err(second_factor_required().into()),
            Principal::Anonymous | Principal::Share(_) | Principal::Embed(_) => Err(AppError::unauthenticated().into()),
        }
    }

    /// As `user`, also before a second factor that is asked for is set up: for one's own account only.
    ///
    /// # Errors
    /// 401 for anonymous requests and for readers of shares and embeds.
    pub fn person(&self) -> ServiceResult<&UserPrincipal> {
        Ok(self.principal.person().ok_or_else(AppError::unauthenticated)?)
    }

    /// The person in a browser session: for passwords, tokens and sessions, which no token may touch.
    ///
    /// # Errors
    /// 401 as `user`; 403 for a token.
    pub fn session_user(&self) -> ServiceResult<&UserPrincipal> {
        in_browser(self.user()?)
    }

    /// As `session_user`, also before a second factor that is asked for is set up.
    ///
    /// # Errors
    /// 401 without a person; 403 for a token.
    pub fn session_person(&self) -> ServiceResult<&UserPrincipal> {
        in_browser(self.person()?)
    }

    /// For what a forgotten open browser must not give away: secrets, roles, the protection of the account. Programs prove
    /// themselves with each request.
    ///
    /// # Errors
    /// 403 when the person in the session last proved who they are more than 10 minutes ago.
    pub fn require_recent_proof(&self) -> ServiceResult<()> {
        let person = self.person()?;
        let recent = |at| self.now() - at <= PROOF_LIFE;
        if person.token_id.is_some() || person.proved_at.is_some_and(recent) {
            return Ok(());
        }
        let refusal = AppError::new(ErrorCode::ConfirmationRequired, "Confirm that it is you.")
            .with_hint("Give your password or your second factor again; then try once more.");
        Err(refusal.into())
    }

    /// A platform admin in a browser session.
    ///
    /// # Errors
    /// 401 and 403 as `session_user`; 403 for others than admins.
    pub fn admin(&self) -> ServiceResult<&UserPrincipal> {
        let user = self.session_user()?;
        if user.platform_role != PlatformRole::Admin {
            let refusal = AppError::forbidden("Only platform administrators may do this.")
                .with_hint("Ask an administrator of this Sightline.");
            return Err(refusal.into());
        }
        Ok(user)
    }
}

fn in_browser(user: &UserPrincipal) -> ServiceResult<&UserPrincipal> {
    if user.token_id.is_some() || user.scopes.is_some() {
        let refusal = AppError::new(ErrorCode::Forbidden, "An API token cannot do this; sign in to do it.");
        return Err(refusal.into());
    }
    Ok(user)
}

fn second_factor_required() -> AppError {
    AppError::new(
        ErrorCode::SecondFactorRequired,
        "This Sightline asks for a second factor, and your account has none yet.",
    )
    .with_hint("Set one up under Settings, Account; everything else waits for it.")
}
