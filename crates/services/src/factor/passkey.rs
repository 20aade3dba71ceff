//! Passkeys: what a device is asked, and whether it answered.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use entity::{passkey as stored, user};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::{AppError, ErrorCode};
use uuid::Uuid;
use webauthn_rs::{
    Webauthn, WebauthnBuilder,
    prelude::{
        AuthenticationResult, CredentialID, DiscoverableAuthentication, Passkey, PasskeyAuthentication,
        PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, Url, WebauthnError,
    },
};

use crate::{ServiceError, ServiceResult, Services};

/// How long a device may take to answer.
const LIFE: TimeDelta = TimeDelta::minutes(5);
const NAME: &str = "Sightline";

/// A question to a device, kept in the session until it is answered, once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ceremony {
    /// What the browser is asked with, as its `parse…OptionsFromJSON` read it.
    pub options: Value,
    purpose: Purpose,
    /// The library's own memory of the question.
    state: Value,
    asked_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Purpose {
    /// A new passkey.
    Make,
    /// One of the passkeys of an account that is known.
    Prove,
    /// Any passkey: it says whose it is.
    SignIn,
}

/// A passkey that was just made, as columns.
pub(super) struct Made {
    pub credential_id: String,
    pub credential: Value,
}

impl Ceremony {
    /// Key in the session's data.
    pub const KEY: &'static str = "passkey";

    fn new(services: &Services, purpose: Purpose, mut options: Value, state: &impl Serialize) -> ServiceResult<Self> {
        Ok(Self {
            options: options["publicKey"].take(),
            purpose,
            state: serde_json::to_value(state)?,
            asked_at: services.clock().now(),
        })
    }
}

/// Passkeys belong to a host's name; the address of this machine is also called `localhost`.
pub(super) fn are_possible(services: &Services) -> bool {
    matches!(relying_party(services), Ok(Some(_)))
}

/// Asks for a new passkey of `user`, on a device that holds none of `keys`.
pub(super) fn begin(services: &Services, user: &user::Model, keys: &[stored::Model]) -> ServiceResult<Ceremony> {
    let site = site(services)?;
    let known: Vec<CredentialID> = read_all(keys)?.iter().map(|key| key.cred_id().clone()).collect();
    let (options, state) = site
        .start_passkey_registration(user.id, &user.email, &user.name, Some(known))
        .map_err(|error| defect(&error))?;
    let mut options = serde_json::to_value(&options)?;
    // A key that remembers whose it is signs in without an address; one that cannot is welcome too.
    options["publicKey"]["authenticatorSelection"]["residentKey"] = Value::from("preferred");
    Ceremony::new(services, Purpose::Make, options, &state)
}

/// Reads what the device made.
pub(super) fn finish(services: &Services, asked: Option<&Ceremony>, answer: &Value) -> ServiceResult<Made> {
    let refusal =
        || AppError::invalid("credential", "This is not the passkey that was asked for.").with_hint("Start again.");
    let state: PasskeyRegistration = open(services, asked, Purpose::Make).ok_or_else(refusal)?;
    let answer = RegisterPublicKeyCredential::deserialize(answer).map_err(|_| refusal())?;
    let made = site(services)?
        .finish_passkey_registration(&answer, &state)
        .map_err(|error| {
            tracing::info!(%error, "a new passkey was not accepted");
            refusal()
        })?;
    Ok(Made {
        credential_id: name_of(made.cred_id()),
        credential: serde_json::to_value(&made)?,
    })
}

/// Asks for one of `keys`; `None` where passkeys are no longer possible.
pub(super) fn ask(services: &Services, keys: &[stored::Model]) -> ServiceResult<Option<Ceremony>> {
    if !are_possible(services) {
        return Ok(None);
    }
    let (options, state) = site(services)?
        .start_passkey_authentication(&read_all(keys)?)
        .map_err(|error| defect(&error))?;
    Ceremony::new(services, Purpose::Prove, serde_json::to_value(&options)?, &state).map(Some)
}

/// Asks for any passkey that remembers whose it is.
pub(crate) fn ask_anybody(services: &Services) -> ServiceResult<Ceremony> {
    let (options, state) = site(services)?
        .start_discoverable_authentication()
        .map_err(|error| defect(&error))?;
    Ceremony::new(services, Purpose::SignIn, serde_json::to_value(&options)?, &state)
}

/// Takes the answer of one of `keys`.
///
/// # Errors
/// 401 when it does not answer what was asked.
pub(super) async fn take(
    services: &Services,
    connection: &impl ConnectionTrait,
    keys: &[stored::Model],
    asked: Option<&Ceremony>,
    answer: &Value,
) -> ServiceResult<()> {
    let state: PasskeyAuthentication = open(services, asked, Purpose::Prove).ok_or_else(not_accepted)?;
    let answer = PublicKeyCredential::deserialize(answer).map_err(|_| not_accepted())?;
    let proved = site(services)?
        .finish_passkey_authentication(&answer, &state)
        .map_err(|error| refused(&error))?;
    note_use(services, connection, keys, &proved).await
}

/// Whose passkey answers; nothing is proved by that yet.
pub(crate) fn claimed_user(services: &Services, answer: &Value) -> ServiceResult<Uuid> {
    let answer = PublicKeyCredential::deserialize(answer).map_err(|_| not_accepted())?;
    let (user, _) = site(services)?
        .identify_discoverable_authentication(&answer)
        .map_err(|error| refused(&error))?;
    Ok(user)
}

/// Takes the answer to `ask_anybody` of one of the keys of a user.
///
/// # Errors
/// 401 when it does not answer what was asked.
pub(crate) async fn take_from_anybody(
    services: &Services,
    connection: &impl ConnectionTrait,
    user: Uuid,
    asked: Option<&Ceremony>,
    answer: &Value,
) -> ServiceResult<()> {
    let state: DiscoverableAuthentication = open(services, asked, Purpose::SignIn).ok_or_else(not_accepted)?;
    let answer = PublicKeyCredential::deserialize(answer).map_err(|_| not_accepted())?;
    let keys = stored::Entity::find()
        .filter(stored::Column::UserId.eq(user))
        .all(connection)
        .await?;
    let row = keys
        .iter()
        .find(|key| key.credential_id == answer.id)
        .ok_or_else(not_accepted)?;
    let proved = site(services)?
        .finish_discoverable_authentication_v2(&answer, state, read(row)?)
        .map_err(|error| refused(&error))?;
    note_use(services, connection, &keys, &proved).await
}

/// Writes the moment, and the counter that tells a copied key from its original.
async fn note_use(
    services: &Services,
    connection: &impl ConnectionTrait,
    keys: &[stored::Model],
    proved: &AuthenticationResult,
) -> ServiceResult<()> {
    let name = name_of(proved.cred_id());
    let row = keys
        .iter()
        .find(|key| key.credential_id == name)
        .ok_or_else(not_accepted)?;
    let mut key = read(row)?;
    key.update_credential(proved);
    let used = stored::Entity::update_many()
        .col_expr(stored::Column::LastUsedAt, Expr::value(services.clock().now()))
        .col_expr(stored::Column::Credential, Expr::value(serde_json::to_value(&key)?))
        .filter(stored::Column::Id.eq(row.id))
        .exec(connection)
        .await?;
    if used.rows_affected == 0 {
        return Err(not_accepted().into());
    }
    Ok(())
}

/// The state of a question of this purpose that is not too old.
fn open<T: for<'de> Deserialize<'de>>(services: &Services, asked: Option<&Ceremony>, purpose: Purpose) -> Option<T> {
    let asked = asked.filter(|asked| asked.purpose == purpose && services.clock().now() - asked.asked_at < LIFE)?;
    T::deserialize(&asked.state).ok()
}

/// Name and origin that passkeys belong to.
fn relying_party(services: &Services) -> ServiceResult<Option<(String, Url)>> {
    let config = services.config();
    let mut origin = Url::parse(&config.public_url).map_err(|_| AppError::internal())?;
    if config.is_loopback() && origin.set_host(Some("localhost")).is_err() {
        return Ok(None);
    }
    Ok(origin.domain().map(str::to_owned).map(|name| (name, origin)))
}

fn site(services: &Services) -> ServiceResult<Webauthn> {
    let Some((name, origin)) = relying_party(services)? else {
        return Err(
            AppError::conflict("Passkeys belong to a host name, and this Sightline is reached by a number.")
                .with_hint("Ask your administrator for an address with a name.")
                .into(),
        );
    };
    WebauthnBuilder::new(&name, &origin)
        .and_then(|builder| builder.rp_name(NAME).build())
        .map_err(|error| defect(&error))
}

fn read(row: &stored::Model) -> ServiceResult<Passkey> {
    Ok(Passkey::deserialize(&row.credential)?)
}

fn read_all(rows: &[stored::Model]) -> ServiceResult<Vec<Passkey>> {
    rows.iter().map(read).collect()
}

/// As browsers write it.
fn name_of(id: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(id)
}

fn refused(error: &WebauthnError) -> AppError {
    tracing::info!(%error, "a passkey was not accepted");
    not_accepted()
}

fn not_accepted() -> AppError {
    AppError::new(ErrorCode::Unauthenticated, "This passkey was not accepted.")
        .with_hint("Try again, or use another way.")
        .with_field("passkey")
}

/// The library refuses to ask: nothing a caller did.
fn defect(error: &WebauthnError) -> ServiceError {
    tracing::error!(%error, "a passkey could not be asked for");
    AppError::internal().into()
}
