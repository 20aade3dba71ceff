use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::{TryRng, rngs::SysRng};

use crate::ServiceResult;

/// From the operating system, for secrets.
///
/// # Errors
/// When the operating system gives none.
pub fn random_bytes<const N: usize>() -> ServiceResult<[u8; N]> {
    let mut bytes = [0; N];
    SysRng.try_fill_bytes(&mut bytes)?;
    Ok(bytes)
}

/// 256 random bits in 43 characters that are safe in an address.
///
/// # Errors
/// As `random_bytes`.
pub fn random_token() -> ServiceResult<String> {
    Ok(URL_SAFE_NO_PAD.encode(random_bytes::<32>()?))
}
