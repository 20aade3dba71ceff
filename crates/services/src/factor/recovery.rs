//! Codes on paper for a lost phone or key. Stored as keyed hashes; each works once.

use chrono::{DateTime, Utc};
use entity::recovery_code;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use crate::{
    ServiceResult,
    secrets::{Digest, KeyPurpose, SecretKey, random_bytes},
};

pub(super) const CODES: usize = 10;
/// Of 5 bits each: 80 random bits.
const LETTERS: usize = 16;
const GROUP: usize = 4;
/// Base32 in lower case: no 0, 1, 8 or 9, so that nothing is mistaken for a letter.
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// Makes ten new codes in place of those there were.
pub(super) async fn replace(
    connection: &impl ConnectionTrait,
    key: &SecretKey,
    user: Uuid,
    now: DateTime<Utc>,
) -> ServiceResult<Vec<String>> {
    remove(connection, user).await?;
    let codes = (0..CODES).map(|_| new_code()).collect::<ServiceResult<Vec<_>>>()?;
    let rows = codes.iter().map(|code| recovery_code::ActiveModel {
        user_id: Set(user),
        code_hash: Set(hash(key, user, code)),
        created_at: Set(now),
    });
    recovery_code::Entity::insert_many(rows)
        .exec_without_returning(connection)
        .await?;
    Ok(codes)
}

/// Uses a code up; says whether it was one.
pub(super) async fn take(
    connection: &impl ConnectionTrait,
    key: &SecretKey,
    user: Uuid,
    code: &str,
) -> ServiceResult<bool> {
    // The delete decides: of two requests with one code, one removes a row.
    let taken = recovery_code::Entity::delete_by_id((user, hash(key, user, code)))
        .exec(connection)
        .await?;
    Ok(taken.rows_affected == 1)
}

pub(super) async fn remove(connection: &impl ConnectionTrait, user: Uuid) -> ServiceResult<()> {
    recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::UserId.eq(user))
        .exec(connection)
        .await?;
    Ok(())
}

pub(super) async fn count(connection: &impl ConnectionTrait, user: Uuid) -> ServiceResult<u64> {
    Ok(recovery_code::Entity::find()
        .filter(recovery_code::Column::UserId.eq(user))
        .count(connection)
        .await?)
}

fn new_code() -> ServiceResult<String> {
    let mut code = String::with_capacity(LETTERS + LETTERS / GROUP);
    for (index, byte) in random_bytes::<LETTERS>()?.into_iter().enumerate() {
        if index > 0 && index % GROUP == 0 {
            code.push('-');
        }
        // 256 is a multiple of 32: no letter is likelier than another.
        let letter = ALPHABET.get(usize::from(byte % 32)).copied().unwrap_or(b'a');
        code.push(char::from(letter));
    }
    Ok(code)
}

/// Upper case, spaces and missing hyphens are the same code.
fn hash(key: &SecretKey, user: Uuid, code: &str) -> String {
    let letters: String = code
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric())
        .map(|letter| letter.to_ascii_lowercase())
        .take(LETTERS + 1)
        .collect();
    let message = [user.as_bytes().as_slice(), letters.as_bytes()].concat();
    Digest::of(key.sign(KeyPurpose::RecoveryCode, &message)).to_hex()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let key = SecretKey::parse("q8Zr2mN5vX1cB7kJ4hG6fD9sA3pO0iUy").unwrap();
        let (ann, bob) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let code = new_code().unwrap();
        assert_eq!(code.len(), 19, "{code}");
        assert_ne!(new_code().unwrap(), code);
        let typed = format!(" {} ", code.to_uppercase().replace('-', " "));
        assert_eq!(hash(&key, ann, &typed), hash(&key, ann, &code));
        assert_ne!(hash(&key, bob, &code), hash(&key, ann, &code));
        assert_ne!(hash(&key, ann, &format!("{code}a")), hash(&key, ann, &code));
    }
}
