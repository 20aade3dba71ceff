use entity::{passkey as stored, totp_key, user};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    sea_query::Expr,
};
use shared::{
    AppError, ErrorCode,
    audit::AuditAction,
    factor::{
        Confirmation, FactorProof, Factors, PasskeyCreate, PasskeyCreated, PasskeyInfo, PasskeyRename, RecoveryCodes,
        TotpConfirm, TotpSetup,
    },
    ids::{PasskeyId, RequestId},
    permission::Principal,
};

use super::{
    Ceremony, passkey,
    protection::{keep_required, note, required_of},
    prove::{passkeys_of, prove, wrong_code},
    recovery, totp,
};
use crate::{
    Context, ServiceError, ServiceResult, Services,
    audit::{Event, Untold, commit_untold},
    secrets::Verdict,
    session::{ClientInfo, SessionUser},
};

/// Passkeys of one account; people have a few devices.
const PASSKEYS: u64 = 20;

/// The protection of a person's own account, open to them also while it is asked for and not there yet.
#[derive(Clone, Debug)]
pub struct FactorService {
    context: Context,
}

impl FactorService {
    pub fn new(services: &Services, principal: Principal, request_id: RequestId) -> Self {
        Self {
            context: Context::new(services, principal, request_id),
        }
    }

    /// # Errors
    /// 401 and 403 as `Context::session_person`.
    pub async fn factors(&self) -> ServiceResult<Factors> {
        let person = self.context.session_person()?;
        let (services, reader) = (self.context.services(), self.context.instance_reader());
        let user = self.context.user_row().await?;
        let keys = passkeys_of(reader, &user).await?;
        Ok(Factors {
            totp_since: totp::confirmed(reader, user.id).await?.and_then(|key| key.confirmed_at),
            passkeys: keys.iter().map(stored::Model::info).collect::<Result<_, _>>()?,
            recovery_codes_left: u32::try_from(recovery::count(reader, user.id).await?).unwrap_or(u32::MAX),
            required: required_of(services, person.platform_role).await?,
            passkeys_possible: passkey::are_possible(services),
        })
    }

    /// Proves again who the person is. The answer is written into a renewed session.
    ///
    /// # Errors
    /// 403 when it is wrong; 429 as `SessionService::sign_in`.
    pub async fn confirm(
        &self,
        confirmation: Confirmation,
        remembered: &SessionUser,
        asked: Option<&Ceremony>,
        client: &ClientInfo,
    ) -> ServiceResult<SessionUser> {
        self.context.session_person()?;
        let user = self.context.user_row().await?;
        self.context.count_attempt(&user.email, client)?;
        match confirmation {
            Confirmation::Password(password) => self.confirm_password(&user, &password).await?,
            Confirmation::Code(code) => self.confirm_factor(&user, &FactorProof::Code(code), asked).await?,
            Confirmation::Passkey(credential) => {
                self.confirm_factor(&user, &FactorProof::Passkey(credential), asked)
                    .await?;
            }
        }
        Ok(SessionUser {
            proved_at: Some(self.context.now()),
            ..remembered.clone()
        })
    }

    async fn confirm_password(&self, user: &user::Model, password: &str) -> ServiceResult<()> {
        let passwords = self.context.services().passwords();
        match passwords.verify(password, user.password_hash.as_deref()).await? {
            Verdict::Right | Verdict::RightButWeak => Ok(()),
            Verdict::Wrong => {
                let refusal = AppError::forbidden("This is not your password.").with_field("password");
                Err(refusal.into())
            }
        }
    }

    async fn confirm_factor(
        &self,
        user: &user::Model,
        proof: &FactorProof,
        asked: Option<&Ceremony>,
    ) -> ServiceResult<()> {
        let transaction = self.context.instance_transaction().await?;
        match prove(self.context.services(), &transaction, user, proof, asked).await {
            Ok(()) => Ok(commit_untold(transaction, Untold::Use).await?),
            // Nobody is signed out by a wrong code.
            Err(ServiceError::Refused(refusal)) if refusal.code == ErrorCode::Unauthenticated => Err(AppError {
                code: ErrorCode::Forbidden,
                ..refusal
            }
            .into()),
            Err(other) => Err(other),
        }
    }

    /// What the person's passkeys are asked with to confirm that it is them.
    ///
    /// # Errors
    /// 404 when the account has no passkey.
    pub async fn ask_passkey(&self) -> ServiceResult<Ceremony> {
        self.context.session_person()?;
        let user = self.context.user_row().await?;
        let keys = passkeys_of(self.context.instance_reader(), &user).await?;
        let asked = if keys.is_empty() {
            None
        } else {
            passkey::ask(self.context.services(), &keys)?
        };
        Ok(asked.ok_or_else(|| AppError::not_found("passkey"))?)
    }

    /// Makes a secret for an authenticator app and shows it. It protects nothing until `confirm_totp`.
    ///
    /// # Errors
    /// 403 as `Context::require_recent_proof`; 409 when codes are on already.
    pub async fn begin_totp(&self) -> ServiceResult<TotpSetup> {
        self.protect()?;
        let user = self.context.user_row().await?;
        let (sealed, setup) = totp::new_secret(self.context.services(), &user)?;
        let transaction = self.context.instance_transaction().await?;
        totp_key::Entity::delete_by_id(user.id)
            .filter(totp_key::Column::ConfirmedAt.is_null())
            .exec(&transaction)
            .await?;
        let row = totp_key::ActiveModel {
            user_id: Set(user.id),
            sealed: Set(sealed),
            last_step: Set(0),
            created_at: Set(self.context.now()),
            confirmed_at: Set(None),
        };
        row.insert(&transaction).await.map_err(|error| {
            ServiceError::taken(error, || {
                AppError::conflict("Codes of an app are on already.")
                    .with_hint("Turn them off first to set up another app.")
            })
        })?;
        commit_untold(transaction, Untold::Unfinished).await?;
        Ok(setup)
    }

    /// Turns codes on with the first of them. A first factor brings recovery codes.
    ///
    /// # Errors
    /// 403 as `Context::require_recent_proof`; 409 when nothing was begun; 422 for a wrong code; 429 after 10 a minute.
    pub async fn confirm_totp(&self, confirm: &TotpConfirm) -> ServiceResult<RecoveryCodes> {
        self.protect()?;
        let (services, now) = (self.context.services(), self.context.now());
        let user = self.context.user_row().await?;
        let limit = services.config().rate_limits.factor;
        let key = crate::rate_limit::RateKey::Factor(user.id());
        services.rates().count(key, limit, crate::session::MINUTE, now)?;
        let transaction = self.context.instance_transaction().await?;
        let begun = totp_key::Entity::find_by_id(user.id)
            .filter(totp_key::Column::ConfirmedAt.is_null())
            .one(&transaction)
            .await?
            .ok_or_else(|| AppError::conflict("No set-up of codes is under way.").with_hint("Start it again."))?;
        if !totp::take_code(services, &transaction, &begun, &confirm.code, now).await? {
            let refusal = wrong_code();
            return Err(AppError {
                code: ErrorCode::Invalid,
                ..refusal
            }
            .into());
        }
        totp_key::Entity::update_many()
            .col_expr(totp_key::Column::ConfirmedAt, Expr::value(now))
            .filter(totp_key::Column::UserId.eq(user.id))
            .exec(&transaction)
            .await?;
        let recovery_codes = self.first_codes(&transaction, &user).await?;
        let event = Event::of_instance(AuditAction::AccountFactorAdd).with("factor", "totp");
        self.context.commit(transaction, [event]).await?;
        tracing::info!(user.id = %user.id(), "codes of an app turned on");
        Ok(RecoveryCodes { recovery_codes })
    }

    /// Turns codes of an app off.
    ///
    /// # Errors
    /// 403 as `Context::require_recent_proof`; 404 when they are off; 409 when a second factor is asked for and this is the
    /// last.
    pub async fn remove_totp(&self) -> ServiceResult<()> {
        self.protect()?;
        let user = self.context.user_row().await?;
        let transaction = self.context.instance_transaction().await?;
        let left = !passkeys_of(&transaction, &user).await?.is_empty();
        keep_required(self.context.services(), &user, left).await?;
        let removed = totp_key::Entity::delete_by_id(user.id)
            .filter(totp_key::Column::ConfirmedAt.is_not_null())
            .exec(&transaction)
            .await?;
        if removed.rows_affected == 0 {
            return Err(AppError::not_found("authenticator app").into());
        }
        note(&transaction, user.id, self.context.now()).await?;
        let event = Event::of_instance(AuditAction::AccountFactorRemove).with("factor", "totp");
        self.context.commit(transaction, [event]).await?;
        tracing::info!(user.id = %user.id(), "codes of an app turned off");
        Ok(())
    }

    /// Ten new recovery codes; the old ones are worth nothing from now on.
    ///
    /// # Errors
    /// 403 as `Context::require_recent_proof`; 409 without a second factor.
    pub async fn new_recovery_codes(&self) -> ServiceResult<RecoveryCodes> {
        self.protect()?;
        let user = self.context.user_row().await?;
        if user.second_factor_at.is_none() {
            let refusal = AppError::conflict("Recovery codes stand in for a second factor, and this account has none.");
            return Err(refusal.with_hint("Set one up first.").into());
        }
        let transaction = self.context.instance_transaction().await?;
        let key = self.context.services().config().keys.instance();
        let recovery_codes = recovery::replace(&transaction, key, user.id, self.context.now()).await?;
        let event = Event::of_instance(AuditAction::AccountRecoveryCodes);
        self.context.commit(transaction, [event]).await?;
        tracing::info!(user.id = %user.id(), "recovery codes replaced");
        Ok(RecoveryCodes { recovery_codes })
    }

    /// Asks the browser for a new passkey.
    ///
    /// # Errors
    /// 403 as `Context::require_recent_proof`; 409 where passkeys are not possible, or the account has 20.
    pub async fn begin_passkey(&self) -> ServiceResult<Ceremony> {
        self.protect()?;
        let user = self.context.user_row().await?;
        let keys = passkeys_of(self.context.instance_reader(), &user).await?;
        passkey::begin(self.context.services(), &user, &keys)
    }

    /// Keeps what the browser made of `begin_passkey`. A first factor brings recovery codes.
    ///
    /// # Errors
    /// 403 as `Context::require_recent_proof`; 409 for a passkey that is kept already, or the 21st; 422 when it does not answer
    /// what was asked.
    pub async fn add_passkey(&self, create: PasskeyCreate, asked: Option<&Ceremony>) -> ServiceResult<PasskeyCreated> {
        self.protect()?;
        let user = self.context.user_row().await?;
        let made = passkey::finish(self.context.services(), asked, &create.credential)?;
        let row = stored::ActiveModel {
            id: Set(self.context.new_id::<PasskeyId>().as_uuid()),
            user_id: Set(user.id),
            credential_id: Set(made.credential_id),
            name: Set(create.name.into()),
            credential: Set(made.credential),
            created_at: Set(self.context.now()),
            last_used_at: Set(None),
        };
        let transaction = self.context.instance_transaction().await?;
        let others = stored::Entity::find().filter(stored::Column::UserId.eq(user.id));
        if others.count(&transaction).await? >= PASSKEYS {
            return Err(AppError::conflict("An account has at most 20 passkeys.")
                .with_hint("Remove one you no longer use.")
                .into());
        }
        let row = row
            .insert(&transaction)
            .await
            .map_err(|error| ServiceError::taken(error, || AppError::conflict("This passkey is kept already.")))?;
        let recovery_codes = self.first_codes(&transaction, &user).await?;
        let event = Event::of_instance(AuditAction::AccountFactorAdd)
            .with("factor", "passkey")
            .with("name", row.name.as_str());
        self.context.commit(transaction, [event]).await?;
        tracing::info!(user.id = %user.id(), passkey.id = %row.id, "passkey added");
        Ok(PasskeyCreated {
            passkey: row.info()?,
            recovery_codes,
        })
    }

    /// Gives one of the person's passkeys another name.
    ///
    /// # Errors
    /// 404 when it is not one of theirs.
    pub async fn rename_passkey(&self, id: PasskeyId, rename: PasskeyRename) -> ServiceResult<PasskeyInfo> {
        let person = self.context.session_person()?;
        let transaction = self.context.instance_transaction().await?;
        let own = stored::Column::UserId.eq(person.user_id.as_uuid());
        stored::Entity::update_many()
            .col_expr(stored::Column::Name, Expr::value(rename.name.as_str()))
            .filter(stored::Column::Id.eq(id.as_uuid()))
            .filter(own.clone())
            .exec(&transaction)
            .await?;
        let found = stored::Entity::find_by_id(id.as_uuid())
            .filter(own)
            .one(&transaction)
            .await?;
        let row = found.ok_or_else(|| AppError::not_found("passkey"))?;
        commit_untold(transaction, Untold::Label).await?;
        Ok(row.info()?)
    }

    /// # Errors
    /// 403 as `Context::require_recent_proof`; 404 when it is not one of the person's; 409 when a second factor is asked for
    /// and this is the last.
    pub async fn remove_passkey(&self, id: PasskeyId) -> ServiceResult<()> {
        self.protect()?;
        let user = self.context.user_row().await?;
        let transaction = self.context.instance_transaction().await?;
        let others = passkeys_of(&transaction, &user).await?;
        let left =
            others.iter().any(|key| key.id != id.as_uuid()) || totp::confirmed(&transaction, user.id).await?.is_some();
        keep_required(self.context.services(), &user, left).await?;
        let removed = stored::Entity::delete_by_id(id.as_uuid())
            .filter(stored::Column::UserId.eq(user.id))
            .exec(&transaction)
            .await?;
        if removed.rows_affected == 0 {
            return Err(AppError::not_found("passkey").into());
        }
        note(&transaction, user.id, self.context.now()).await?;
        let event = Event::of_instance(AuditAction::AccountFactorRemove).with("factor", "passkey");
        self.context.commit(transaction, [event]).await?;
        tracing::info!(user.id = %user.id(), passkey.id = %id, "passkey removed");
        Ok(())
    }

    /// What changes the protection of an account takes its person, and a recent proof that it is them.
    fn protect(&self) -> ServiceResult<()> {
        self.context.session_person()?;
        self.context.require_recent_proof()
    }

    /// Notes that the account is protected; with the first factor come recovery codes.
    async fn first_codes(&self, connection: &impl ConnectionTrait, user: &user::Model) -> ServiceResult<Vec<String>> {
        let now = self.context.now();
        note(connection, user.id, now).await?;
        if user.second_factor_at.is_some() {
            return Ok(Vec::new());
        }
        let key = self.context.services().config().keys.instance();
        recovery::replace(connection, key, user.id, now).await
    }
}
