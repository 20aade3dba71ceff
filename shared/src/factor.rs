//! The second proof at sign-in: codes of an app, passkeys and recovery codes.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{ids::PasskeyId, names::Title, permission::PlatformRole};

/// A way to prove oneself beside the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FactorKind {
    /// Six digits of an authenticator app (TOTP, 30 s).
    Code,
    /// One of the ten codes that were shown once.
    RecoveryCode,
    Passkey,
}

/// `202` of `POST /session`: the password was right and is not enough. Go on with `POST /session/factor` within 10 minutes,
/// with the cookie of this answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FactorNeeded {
    /// What this account can be proved with.
    pub second_factor: Vec<FactorKind>,
    /// What `navigator.credentials.get` is asked with, where the account has a passkey.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passkey: Option<Value>,
}

/// `POST /session/factor`: one of `{"code": "123456"}`, `{"recovery_code": "…"}` and `{"passkey": {…}}`, the last as
/// `PublicKeyCredential.toJSON()` gives it.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FactorProof {
    Code(String),
    RecoveryCode(String),
    Passkey(Value),
}

/// `POST /me/confirmation`: the password, a code of the app, or a passkey.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Confirmation {
    Password(String),
    Code(String),
    Passkey(Value),
}

/// What protects an account beside its password.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Factors {
    /// When codes of an app were turned on; `None`: they are off.
    pub totp_since: Option<DateTime<Utc>>,
    /// Oldest first.
    pub passkeys: Vec<PasskeyInfo>,
    /// Of ten.
    pub recovery_codes_left: u32,
    /// The instance asks this person for a second factor.
    pub required: bool,
    /// False where the instance is reached by a number: passkeys belong to a name.
    pub passkeys_possible: bool,
}

impl Factors {
    /// Whether signing in takes more than the password.
    pub const fn is_protected(&self) -> bool {
        self.totp_since.is_some() || !self.passkeys.is_empty()
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PasskeyInfo {
    pub id: PasskeyId,
    pub name: Title,
    pub created_at: DateTime<Utc>,
    pub last_used_at: Option<DateTime<Utc>>,
}

/// A secret for an authenticator app. Nothing is turned on until a code of it comes back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TotpSetup {
    /// Base32, to be typed where no camera is at hand.
    pub secret: String,
    /// `otpauth://totp/…`.
    pub url: String,
    /// The address as a QR code: SVG with the classes `qr__paper` and `qr__ink` and no colours of its own.
    pub qr_svg: String,
}

#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TotpConfirm {
    pub code: String,
}

/// Shown once; each works once in place of a code or passkey.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RecoveryCodes {
    /// Ten, or none where the account had some already.
    pub recovery_codes: Vec<String>,
}

/// A first factor brings recovery codes with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PasskeyCreated {
    pub passkey: PasskeyInfo,
    /// As in `RecoveryCodes`.
    pub recovery_codes: Vec<String>,
}

/// `POST /me/passkeys`: what the browser made of the options.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PasskeyCreate {
    pub name: Title,
    /// As `PublicKeyCredential.toJSON()` gives it.
    pub credential: Value,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PasskeyRename {
    pub name: Title,
}

/// Who has to have a second factor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FactorPolicy {
    /// Everybody decides for themselves.
    #[default]
    Nobody,
    /// Platform admins.
    Admins,
    Everybody,
}

impl FactorPolicy {
    pub const fn applies_to(self, role: PlatformRole) -> bool {
        match (self, role) {
            (Self::Nobody, _) => false,
            (Self::Admins, PlatformRole::Admin) | (Self::Everybody, _) => true,
            (Self::Admins, PlatformRole::Analyst | PlatformRole::Executive | PlatformRole::Developer) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_is_one_thing() {
        let read = serde_json::from_str::<FactorProof>;
        assert!(matches!(read(r#"{"code":"123456"}"#), Ok(FactorProof::Code(code)) if code == "123456"));
        assert!(matches!(
            read(r#"{"recovery_code":"a"}"#),
            Ok(FactorProof::RecoveryCode(_))
        ));
        assert!(read(r#"{"code":"123456","recovery_code":"a"}"#).is_err());
        assert!(read(r#"{"password":"a"}"#).is_err());
        assert!(read("{}").is_err());
    }

    #[test]
    fn a_policy_says_whom_it_asks() {
        for role in PlatformRole::ALL {
            assert!(!FactorPolicy::Nobody.applies_to(role));
            assert!(FactorPolicy::Everybody.applies_to(role));
            assert_eq!(FactorPolicy::Admins.applies_to(role), role == PlatformRole::Admin);
        }
    }
}
