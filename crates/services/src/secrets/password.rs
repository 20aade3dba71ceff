use std::{
    collections::HashSet,
    fmt,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher as _, PasswordVerifier, Version,
    password_hash::{Error as HashError, phc},
};
use shared::{AppError, ErrorCode};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use super::random_bytes;
use crate::ServiceResult;

/// The OWASP floor for Argon2id: memory in KiB, passes, lanes.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Hashes at once; each takes 19 MiB and tens of milliseconds of a core.
const AT_ONCE: usize = 2;
/// Requests that may wait for a hash before others are sent away.
const QUEUE: usize = 32;
/// Longest input that is looked at, in bytes.
const MAX_BYTES: usize = 1024;
const MIN_CHARACTERS: usize = 12;
const MAX_CHARACTERS: usize = 256;

/// Verified when the account is unknown, so that the answer takes as long as for a known one. Its hash part is zeros.
const DUMMY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm8gc3VjaCBhY2NvdW50$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Frequent passwords of 12 characters and more, lower case, one a line.
static COMMON: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// Words an attacker tries first here; what is left of a password without them has to be long enough by itself.
const PRODUCT_WORDS: [&str; 8] = [
    "sightline",
    "password",
    "dashboard",
    "analytics",
    "welcome",
    "administrator",
    "admin",
    "qwerty",
];

/// Checks and makes password hashes on blocking threads, two at a time.
#[derive(Clone)]
pub struct PasswordHasher {
    running: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
}

/// What a stored hash says about a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Wrong,
    Right,
    /// Right, but the stored hash is weaker than today's: store a new one.
    RightButWeak,
}

/// A password that passed the rules for new ones.
pub struct NewPassword(Zeroizing<String>);

impl NewPassword {
    /// For a share link: 6 to 256 characters. Guessing is held back by the link's own limit.
    ///
    /// # Errors
    /// `Invalid` on field `password`.
    pub(crate) fn for_link(password: &str) -> Result<Self, AppError> {
        if !(6..=MAX_CHARACTERS).contains(&password.chars().count()) || password.len() > MAX_BYTES {
            return Err(AppError::invalid(
                "password",
                "A link's password has 6 to 256 characters.",
            ));
        }
        Ok(Self(Zeroizing::new(password.to_owned())))
    }

    /// One that matched a stored hash, and so may be older than today's rules.
    pub(crate) fn verified(password: &str) -> Self {
        Self(Zeroizing::new(password.to_owned()))
    }
}

impl fmt::Debug for NewPassword {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("NewPassword")
    }
}

/// The rules for a new password: 12 to 256 characters, not a common one, not the owner's own address. `personal` are texts
/// an attacker knows (e-mail, name).
///
/// # Errors
/// `Invalid` on field `password`, with the rule that is broken.
pub fn check_new_password(password: &str, personal: &[&str]) -> Result<NewPassword, AppError> {
    let refuse = |message: &str| Err(AppError::invalid("password", message));
    let characters = password.chars().count();
    if characters < MIN_CHARACTERS {
        return refuse("Use at least 12 characters; a few words in a row are easy to remember.");
    }
    if characters > MAX_CHARACTERS || password.len() > MAX_BYTES {
        return refuse("Use at most 256 characters.");
    }
    let lower = password.to_lowercase();
    let known = personal
        .iter()
        .any(|text| !text.is_empty() && lower == text.to_lowercase());
    if known || COMMON.contains(lower.as_str()) || is_product_words(&lower) || is_one_pattern(&lower) {
        return refuse("This password is among the first that attackers try; choose another.");
    }
    Ok(NewPassword(Zeroizing::new(password.to_owned())))
}

/// Product words and digits around fewer than six other characters.
fn is_product_words(lower: &str) -> bool {
    let without = PRODUCT_WORDS
        .iter()
        .fold(lower.to_owned(), |text, word| text.replace(word, ""));
    without.len() < lower.len() && without.chars().filter(|letter| letter.is_alphabetic()).count() < 6
}

/// A part of up to four characters over and over: `abcabcabcabc`.
fn is_one_pattern(lower: &str) -> bool {
    let letters: Vec<char> = lower.chars().collect();
    (1..=4).any(|period| {
        letters
            .iter()
            .zip(letters.iter().skip(period))
            .all(|(left, right)| left == right)
    })
}

impl PasswordHasher {
    pub fn new() -> Self {
        Self {
            running: Arc::new(Semaphore::new(AT_ONCE)),
            waiting: Arc::new(AtomicUsize::new(0)),
        }
    }

    /// A new hash in PHC form.
    ///
    /// # Errors
    /// 429 when too many hashes wait.
    pub async fn hash(&self, password: NewPassword) -> ServiceResult<String> {
        let salt = random_bytes::<16>()?;
        self.run(move || {
            Ok(argon2()?
                .hash_password_with_salt(password.0.as_bytes(), &salt)?
                .to_string())
        })
        .await
    }

    /// Compares `password` with `stored`; with none stored it works as long and says `Wrong`.
    ///
    /// # Errors
    /// 400 when the password is longer than 1,024 bytes, 429 when too many hashes wait.
    pub async fn verify(&self, password: &str, stored: Option<&str>) -> ServiceResult<Verdict> {
        if password.len() > MAX_BYTES {
            return Err(AppError::malformed("This password is too long to be one.").into());
        }
        let known = stored.is_some();
        let stored = stored.unwrap_or(DUMMY).to_owned();
        let password = Zeroizing::new(password.to_owned());
        self.run(move || {
            let hash = PasswordHash::new(&stored).map_err(HashError::from)?;
            match argon2()?.verify_password(password.as_bytes(), &hash) {
                Ok(()) if !known => Ok(Verdict::Wrong),
                Ok(()) if is_weak(&hash) => Ok(Verdict::RightButWeak),
                Ok(()) => Ok(Verdict::Right),
                Err(HashError::PasswordInvalid) => Ok(Verdict::Wrong),
                Err(error) => Err(error.into()),
            }
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> ServiceResult<T> + Send + 'static,
    ) -> ServiceResult<T> {
        let _place = Place::take(&self.waiting)?;
        let Ok(permit) = Arc::clone(&self.running).acquire_owned().await else {
            return Err(AppError::internal().into());
        };
        // The permit moves into the task: a caller that goes away does not let a third hash start.
        tokio::task::spawn_blocking(move || {
            let result = work();
            drop(permit);
            result
        })
        .await?
    }
}

impl Default for PasswordHasher {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for PasswordHasher {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("PasswordHasher")
    }
}

/// A place in the queue, given back on drop.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(waiting: &Arc<AtomicUsize>) -> Result<Self, AppError> {
        let place = Self(Arc::clone(waiting));
        if waiting.fetch_add(1, Ordering::AcqRel) >= QUEUE + AT_ONCE {
            let mut answer = AppError::new(
                ErrorCode::TooManyRequests,
                "Too many people are signing in. Try again in a few seconds.",
            );
            answer.retry_after_s = Some(5);
            return Err(answer);
        }
        Ok(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

fn argon2() -> ServiceResult<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(HashError::from)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn is_weak(hash: &phc::PasswordHash) -> bool {
    let strong = Params::try_from(hash).is_ok_and(|params| {
        params.m_cost() >= MEMORY_KIB && params.t_cost() >= PASSES && hash.algorithm.as_str() == "argon2id"
    });
    !strong
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_passwords_are_long_and_not_the_first_ones_tried() {
        assert!(check_new_password("four walls of plaster", &[]).is_ok());
        assert!(check_new_password("parola lungă și sigură", &[]).is_ok());
        for bad in [
            "short",
            "sightline2026!",
            "Password12345",
            "abcabcabcabc",
            "aaaaaaaaaaaaaa",
            "qwertyuiop123",
            "ann@example.org",
        ] {
            assert!(check_new_password(bad, &["Ann@example.org"]).is_err(), "{bad}");
        }
        assert!(check_new_password(&"ab cd ef gh ".repeat(30), &[]).is_err());
    }

    #[tokio::test]
    async fn a_hash_knows_its_password_and_its_age() {
        let hasher = PasswordHasher::new();
        let stored = hasher
            .hash(check_new_password("four walls of plaster", &[]).unwrap())
            .await
            .unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert_eq!(
            hasher.verify("four walls of plaster", Some(&stored)).await.unwrap(),
            Verdict::Right
        );
        assert_eq!(
            hasher.verify("four walls of plastic", Some(&stored)).await.unwrap(),
            Verdict::Wrong
        );
        assert_eq!(
            hasher.verify("four walls of plaster", None).await.unwrap(),
            Verdict::Wrong
        );
        let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8, 1, 1, None).unwrap())
            .hash_password_with_salt(b"four walls of plaster", b"0123456789abcdef")
            .unwrap()
            .to_string();
        assert_eq!(
            hasher.verify("four walls of plaster", Some(&weak)).await.unwrap(),
            Verdict::RightButWeak
        );
        assert!(hasher.verify(&"x".repeat(1025), Some(&stored)).await.is_err());
    }
}
