use chrono::{DateTime, Utc};
use entity::Database;
use sea_orm::{DatabaseConnection, DatabaseTransaction, DbErr};
use shared::{
    AppError, ErrorCode,
    ids::RequestId,
    permission::{Principal, UserPrincipal},
};
use uuid::Uuid;

use crate::{ServiceResult, Services, audit::Caller};

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

    /// For statements that only read.
    pub fn reader(&self) -> &DatabaseConnection {
        self.services.database().reader()
    }

    /// See `entity::Database::write_transaction`: dropped without `commit()` it leaves no trace.
    ///
    /// # Errors
    /// When the database or its write lock is not to be had.
    pub async fn write_transaction(&self) -> Result<DatabaseTransaction, DbErr> {
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
    /// 401 for anonymous requests and for readers of shares and embeds.
    pub fn user(&self) -> ServiceResult<&UserPrincipal> {
        match &self.principal {
            Principal::User(user) => Ok(user),
            Principal::Anonymous | Principal::Share(_) | Principal::Embed(_) => Err(AppError::unauthenticated().into()),
        }
    }

    /// The person in a browser session: for passwords, tokens and sessions, which no token may touch.
    ///
    /// # Errors
    /// 401 as `user`; 403 for a token.
    pub fn session_user(&self) -> ServiceResult<&UserPrincipal> {
        let user = self.user()?;
        if user.token_id.is_some() || user.scopes.is_some() {
            let refusal = AppError::new(ErrorCode::Forbidden, "An API token cannot do this; sign in to do it.");
            return Err(refusal.into());
        }
        Ok(user)
    }
}
