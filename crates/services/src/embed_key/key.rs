use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use entity::{EntityError, embed_key};
use jsonwebtoken::{Algorithm, DecodingKey};
use shared::{
    AppError,
    ids::{EmbedKeyId, WorkspaceId},
    share::EmbedKeyAlgorithm,
};
use zeroize::Zeroizing;

use crate::{
    ServiceResult, Services,
    secrets::{KeyPurpose, SealedPlace, SecretKey, random_token},
};

/// What stands before the 32 bytes of an Ed25519 key in a PEM's DER (RFC 8410).
const ED25519_DER_PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// A new HS256 secret, and what the database holds of it. Not to be called within a write transaction.
///
/// # Errors
/// As `Keyring::workspace`.
pub async fn new_secret(
    services: &Services,
    workspace: WorkspaceId,
    kid: EmbedKeyId,
) -> ServiceResult<(String, String)> {
    let secret = random_token()?;
    let (database, now) = (services.database(), services.clock().now());
    let key = services.config().keys.workspace(database, workspace, now).await?;
    let sealed = key.seal(&place(workspace, &kid.to_string()), secret.as_bytes())?;
    Ok((secret, sealed))
}

async fn secret_of(services: &Services, row: &embed_key::Model) -> ServiceResult<Zeroizing<Vec<u8>>> {
    let (workspace, kid) = (WorkspaceId::from(row.workspace_id), EmbedKeyId::from(row.id));
    let keys = &services.config().keys;
    match &row.sealed {
        Some(sealed) => {
            let key = keys
                .workspace(services.database(), workspace, services.clock().now())
                .await?;
            key.unseal(&place(workspace, &kid.to_string()), sealed)
        }
        None => Ok(derived_secret(keys.instance(), workspace, kid)),
    }
}

const fn place(workspace: WorkspaceId, kid: &str) -> SealedPlace<'_> {
    SealedPlace {
        table: "embed_keys",
        row: kid,
        column: "sealed",
        workspace: Some(workspace),
    }
}

/// The text of a key from before secrets were sealed.
fn derived_secret(key: &SecretKey, workspace: WorkspaceId, kid: EmbedKeyId) -> Zeroizing<Vec<u8>> {
    let mut name = workspace.as_uuid().as_bytes().to_vec();
    name.extend_from_slice(kid.as_uuid().as_bytes());
    let text = URL_SAFE_NO_PAD.encode(key.sign(KeyPurpose::EmbedSecret, &name));
    Zeroizing::new(text.into_bytes())
}

/// Reads an Ed25519 public key, PEM or base64url, and answers its 32 bytes as base64url.
///
/// # Errors
/// `Invalid` on field `public_key`.
pub fn read_public_key(text: &str) -> Result<String, AppError> {
    let refusal = || {
        AppError::invalid(
            "public_key",
            "This is not an Ed25519 public key (PEM, or base64url of its 32 bytes).",
        )
    };
    let text = text.trim();
    let bytes = match text
        .strip_prefix("-----BEGIN PUBLIC KEY-----")
        .and_then(|rest| rest.strip_suffix("-----END PUBLIC KEY-----"))
    {
        Some(body) => {
            let body: String = body.chars().filter(|letter| !letter.is_whitespace()).collect();
            let der = STANDARD.decode(body).map_err(|_| refusal())?;
            der.strip_prefix(ED25519_DER_PREFIX.as_slice())
                .ok_or_else(refusal)?
                .to_vec()
        }
        None => URL_SAFE_NO_PAD
            .decode(text.trim_end_matches('='))
            .map_err(|_| refusal())?,
    };
    if bytes.len() != 32 || bytes.iter().all(|byte| *byte == 0) {
        return Err(refusal());
    }
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// A key with the one algorithm it verifies; a ticket has no say in it.
pub struct VerifyingKey {
    algorithm: Algorithm,
    key: DecodingKey,
}

impl VerifyingKey {
    /// # Errors
    /// When the row cannot be read, or what is sealed in it cannot be opened.
    pub async fn of(services: &Services, row: &embed_key::Model) -> ServiceResult<Self> {
        let unreadable = EntityError::UnreadableRow {
            table: "embed_keys",
            column: "public_key",
        };
        match row.algorithm()? {
            EmbedKeyAlgorithm::Hs256 => {
                let secret = secret_of(services, row).await?;
                Ok(Self {
                    algorithm: Algorithm::HS256,
                    key: DecodingKey::from_secret(&secret),
                })
            }
            EmbedKeyAlgorithm::EdDsa => match row.public_key.as_deref().map(DecodingKey::from_ed_components) {
                Some(Ok(key)) => Ok(Self {
                    algorithm: Algorithm::EdDSA,
                    key,
                }),
                Some(Err(_)) | None => Err(unreadable.into()),
            },
        }
    }

    pub const fn name(&self) -> &'static str {
        match self.algorithm {
            Algorithm::EdDSA => "EdDSA",
            _ => "HS256",
        }
    }

    /// Whether `signature` (base64url) signs `message`.
    pub fn verify(&self, message: &str, signature: &str) -> bool {
        jsonwebtoken::crypto::verify(signature, message.as_bytes(), &self.key, self.algorithm).unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_keys_are_read_in_both_spellings() {
        let pem = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n";
        let raw = "Gb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE";
        assert_eq!(read_public_key(pem).unwrap(), raw);
        assert_eq!(read_public_key(raw).unwrap(), raw);
        for bad in [
            "",
            "Gb9E",
            "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
            &"A".repeat(43),
        ] {
            assert!(read_public_key(bad).is_err(), "{bad}");
        }
    }
}
