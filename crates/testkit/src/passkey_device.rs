use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use p256::ecdsa::{Signature, SigningKey, signature::Signer as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// "The person is there" and "it is that person", of the flags in authenticator data.
const PRESENT_AND_VERIFIED: u8 = 0x05;
/// A new credential follows.
const WITH_CREDENTIAL: u8 = 0x40;

/// A device that keeps one passkey, and the browser that speaks for it: WebAuthn level 2, ES256, attestation "none".
#[derive(Debug)]
pub struct PasskeyDevice {
    origin: String,
    key: SigningKey,
    id: [u8; 16],
    /// Whose passkey it is, as the server named them.
    owner: Option<String>,
    uses: u32,
}

impl PasskeyDevice {
    /// `origin`: where the browser stands, `http://localhost:8080`.
    pub fn new(origin: &str) -> Self {
        let id = Uuid::now_v7().into_bytes();
        Self {
            origin: origin.to_owned(),
            key: SigningKey::from_slice(&Sha256::digest(id)).expect("a hash is a scalar of P-256"),
            id,
            owner: None,
            uses: 0,
        }
    }

    /// Answers `navigator.credentials.create`.
    pub fn create(&mut self, options: &Value) -> Value {
        self.owner = options["user"]["id"].as_str().map(str::to_owned);
        let mut data = self.authenticator_data(&options["rp"]["id"], PRESENT_AND_VERIFIED | WITH_CREDENTIAL);
        // No model of device, then the credential's name and its public key as a COSE map of five.
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).expect("a short name").to_be_bytes());
        data.extend(self.id);
        let point = self.key.verifying_key().to_sec1_point(false);
        let (x, y) = (point.x().expect("an affine point"), point.y().expect("an affine point"));
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend_from_slice(x);
        data.extend([0x22, 0x58, 0x20]);
        data.extend_from_slice(y);
        // A CBOR map of three: the format, no statement, the data.
        let mut attestation = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        attestation.push(u8::try_from(data.len()).expect("a short length"));
        attestation.extend(data);
        let client_data = self.client_data("webauthn.create", options);
        self.credential(json!({
            "attestationObject": URL_SAFE_NO_PAD.encode(attestation),
            "clientDataJSON": URL_SAFE_NO_PAD.encode(client_data),
        }))
    }

    /// Answers `navigator.credentials.get`.
    pub fn get(&mut self, options: &Value) -> Value {
        let data = self.authenticator_data(&options["rpId"], PRESENT_AND_VERIFIED);
        let client_data = self.client_data("webauthn.get", options);
        let signed = [data.as_slice(), &Sha256::digest(&client_data)].concat();
        let signature: Signature = self.key.sign(&signed);
        self.credential(json!({
            "authenticatorData": URL_SAFE_NO_PAD.encode(data),
            "clientDataJSON": URL_SAFE_NO_PAD.encode(client_data),
            "signature": URL_SAFE_NO_PAD.encode(signature.to_der()),
            "userHandle": self.owner,
        }))
    }

    fn authenticator_data(&mut self, site: &Value, flags: u8) -> Vec<u8> {
        self.uses += 1;
        let mut data = Sha256::digest(site.as_str().expect("a site")).to_vec();
        data.push(flags);
        data.extend(self.uses.to_be_bytes());
        data
    }

    fn client_data(&self, kind: &str, options: &Value) -> String {
        json!({"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false})
            .to_string()
    }

    fn credential(&self, response: Value) -> Value {
        let id = URL_SAFE_NO_PAD.encode(self.id);
        json!({"id": id, "rawId": id, "type": "public-key", "response": response, "clientExtensionResults": {}})
    }
}
