//! Codes of an authenticator app: six digits, SHA-1, 30 s, which is what every app can do.

use chrono::{DateTime, Utc};
use entity::{totp_key, user};
use qrcode::{EcLevel, QrCode};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::Expr};
use shared::{AppError, factor::TotpSetup};
use totp_rs::{Algorithm, Builder, Secret, Totp};
use uuid::Uuid;

use crate::{
    ServiceResult, Services,
    secrets::{SealedPlace, random_bytes},
};

const ISSUER: &str = "Sightline";
/// 160 bits, as RFC 4226 asks.
const SECRET_BYTES: usize = 20;
const DIGITS: u8 = 6;
const STEP_S: u64 = 30;
/// Clocks may be one step apart.
const SKEW_STEPS: u16 = 1;

/// A new secret, sealed for the row of `user`, and what its owner is shown.
pub(super) fn new_secret(services: &Services, user: &user::Model) -> ServiceResult<(String, TotpSetup)> {
    let secret = random_bytes::<SECRET_BYTES>()?;
    let row = user.id.to_string();
    let sealed = services.config().keys.instance().seal(&place(&row), &secret)?;
    let totp = generator(&secret, &user.email)?;
    let url = totp.to_url().map_err(|_| AppError::internal())?;
    let setup = TotpSetup {
        secret: totp.secret().to_base32(),
        qr_svg: qr_svg(&url)?,
        url,
    };
    Ok((sealed, setup))
}

/// Takes a code, if it is right and was not used before; says whether. Of two requests with one code, one is right.
pub(super) async fn take_code(
    services: &Services,
    connection: &impl ConnectionTrait,
    key: &totp_key::Model,
    code: &str,
    now: DateTime<Utc>,
) -> ServiceResult<bool> {
    let row = key.user_id.to_string();
    let secret = services.config().keys.instance().unseal(&place(&row), &key.sealed)?;
    let code: String = code.chars().filter(|letter| !letter.is_whitespace()).collect();
    let now_s = u64::try_from(now.timestamp()).unwrap_or_default();
    let Some(step) = generator(&secret, "account")?.check(&code, now_s) else {
        return Ok(false);
    };
    let step = crate::convert::to_stored(step);
    let taken = totp_key::Entity::update_many()
        .col_expr(totp_key::Column::LastStep, Expr::value(step))
        .filter(totp_key::Column::UserId.eq(key.user_id))
        .filter(totp_key::Column::LastStep.lt(step))
        .exec(connection)
        .await?;
    Ok(taken.rows_affected == 1)
}

/// The confirmed key of a user.
pub(super) async fn confirmed(connection: &impl ConnectionTrait, user: Uuid) -> ServiceResult<Option<totp_key::Model>> {
    Ok(totp_key::Entity::find_by_id(user)
        .filter(totp_key::Column::ConfirmedAt.is_not_null())
        .one(connection)
        .await?)
}

fn place(row: &str) -> SealedPlace<'_> {
    SealedPlace {
        table: "totp_keys",
        row,
        column: "sealed",
        workspace: None,
    }
}

fn generator(secret: &[u8], account: &str) -> ServiceResult<Totp> {
    let built = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(DIGITS)
        .with_skew(SKEW_STEPS)
        .with_step_duration(STEP_S)
        .with_secret(Secret::from(secret))
        .with_issuer(Some(ISSUER))
        .with_account_name(account)
        .build();
    Ok(built.map_err(|_| AppError::internal())?)
}

/// A path of unit squares over a paper with the quiet zone of four modules that readers need.
fn qr_svg(text: &str) -> ServiceResult<String> {
    use std::fmt::Write as _;
    const QUIET: usize = 4;
    let code = QrCode::with_error_correction_level(text, EcLevel::M)?;
    let width = code.width();
    let mut path = String::new();
    for (index, module) in code.to_colors().into_iter().enumerate() {
        if module == qrcode::Color::Dark {
            let (x, y) = (index % width + QUIET, index / width + QUIET);
            // Writing to a String cannot fail.
            let _ = write!(path, "M{x} {y}h1v1h-1z");
        }
    }
    let side = width + 2 * QUIET;
    Ok(format!(
        "<svg viewBox=\"0 0 {side} {side}\" role=\"img\" aria-label=\"QR code for an authenticator app\" \
         shape-rendering=\"crispEdges\"><rect class=\"qr__paper\" width=\"{side}\" height=\"{side}\"/>\
         <path class=\"qr__ink\" d=\"{path}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of RFC 6238 for SHA-1, whose eight digits end in the six of apps.
    #[test]
    fn codes_are_those_of_the_standard() {
        let totp = generator(b"12345678901234567890", "ann@example.org").unwrap();
        for (at, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(totp.check(code, at), Some(at / STEP_S), "{at}");
        }
        assert_eq!(totp.check("287082", 59 + 30), Some(1));
        assert_eq!(totp.check("287082", 59 + 61), None);
        assert_eq!(totp.check("", 59), None);
    }

    #[test]
    fn a_qr_code_has_no_colours_of_its_own() {
        let svg = qr_svg("otpauth://totp/Sightline:ann@example.org?secret=GEZDGNBVGY3TQOJQ").unwrap();
        assert!(svg.starts_with("<svg viewBox=\"0 0 ") && svg.ends_with("</svg>"));
        assert!(!svg.contains('#') && !svg.contains("fill"));
    }
}
