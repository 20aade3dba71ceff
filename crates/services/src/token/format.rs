use shared::ids::TokenId;
use uuid::Uuid;

use crate::secrets::Digest;

const PREFIX: &str = "sl_";
/// Characters of id, secret and checksum.
const ID: usize = 32;
const SECRET: usize = 43;
const CHECKSUM: usize = 8;

/// A token in its parts. The checksum lets scanners tell a real token from text that looks like one, and spares the
/// database a look at mistyped ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenParts<'a> {
    pub id: TokenId,
    pub secret: &'a str,
}

/// `sl_` id `_` secret `_` checksum.
pub fn write(id: TokenId, secret: &str) -> String {
    let body = format!("{PREFIX}{}_{secret}", id.as_uuid().simple());
    let checksum = checksum(&body);
    format!("{body}_{checksum}")
}

/// `None` for everything `write` could not have written.
pub fn read(token: &str) -> Option<TokenParts<'_>> {
    if !token.is_ascii() || token.len() != PREFIX.len() + ID + 1 + SECRET + 1 + CHECKSUM {
        return None;
    }
    let (body, tail) = token.split_at_checked(token.len() - CHECKSUM - 1)?;
    if tail.strip_prefix('_')? != checksum(body) {
        return None;
    }
    let (id, secret) = body.strip_prefix(PREFIX)?.split_at_checked(ID)?;
    let uuid = Uuid::try_parse(id).ok()?;
    Some(TokenParts {
        id: uuid.into(),
        secret: secret.strip_prefix('_')?,
    })
}

fn checksum(body: &str) -> String {
    let mut digits = Digest::of(body).to_hex();
    digits.truncate(CHECKSUM);
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_as_written_and_not_otherwise() {
        let id = TokenId::from(Uuid::from_u128(0x0192_f0c1_2d3e_7abc_8def_0123_4567_89ab));
        let token = write(id, &"a".repeat(43));
        assert_eq!(token.len(), 88);
        assert_eq!(read(&token).map(|parts| parts.id), Some(id));
        let flipped = token.replacen('a', "b", 5);
        for bad in [
            "",
            "sl_",
            &flipped,
            &token.to_uppercase(),
            &format!("{token} "),
            token.get(1..).unwrap(),
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
