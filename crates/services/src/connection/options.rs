//! From what somebody typed to options, and what of it is secret.

use shared::{
    AppError,
    connection::{ConnectionInput, ConnectionKind, ConnectionOptions, ServerInput, ServerOptions},
    names::Title,
};
use zeroize::Zeroizing;

/// Letters of a host, database or user name at most.
const MOST_LETTERS: usize = 255;
/// Of a password, and of a certificate.
const MOST_SECRET: usize = 1_024;
const MOST_CERTIFICATE: usize = 64 * 1024;

/// # Errors
/// 422 on `name`.
pub fn checked_name(input: &ConnectionInput) -> Result<String, AppError> {
    let name = Title::try_from(input.name()).map_err(|error| AppError::from(error).with_field("name"))?;
    Ok(name.to_string())
}

/// Options and password of a server.
///
/// # Errors
/// 422 on the option that cannot be.
pub fn server(
    input: &ServerInput,
    kind: ConnectionKind,
) -> Result<(ServerOptions, Option<Zeroizing<String>>), AppError> {
    let host = input.host.trim();
    let is_host = host
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || ".-_:[]".contains(letter))
        || host
            .chars()
            .all(|letter| letter.is_alphanumeric() || ".-_".contains(letter));
    if !is_host {
        let message = "A host is a name or an address, without a port or a path.";
        return Err(AppError::invalid("host", message));
    }
    for (field, text) in [
        ("host", host),
        ("database", input.database.as_str()),
        ("user", input.user.as_str()),
    ] {
        if text.is_empty() || text.chars().count() > MOST_LETTERS || text.contains(char::is_control) {
            return Err(AppError::invalid(
                field,
                format!("The {field} has 1 to {MOST_LETTERS} letters."),
            ));
        }
    }
    let port = input.port.or(kind.port()).filter(|port| *port != 0);
    let port = port.ok_or_else(|| AppError::invalid("port", "A port is a number from 1 to 65535."))?;
    let password = input.password.as_ref().filter(|password| !password.is_empty());
    if password.is_some_and(|password| password.len() > MOST_SECRET || password.contains('\0')) {
        return Err(AppError::invalid("password", "This password is too long."));
    }
    let certificate = input
        .certificate
        .as_deref()
        .map(str::trim)
        .filter(|text| !text.is_empty());
    if certificate.is_some_and(|text| text.len() > MOST_CERTIFICATE) {
        return Err(AppError::invalid("certificate", "This certificate is too long."));
    }
    let options = ServerOptions {
        host: host.to_owned(),
        port,
        database: input.database.clone(),
        user: input.user.clone(),
        tls: input.tls,
        certificate: certificate.map(str::to_owned),
    };
    Ok((options, password.cloned().map(Zeroizing::new)))
}

/// Would a password that was given for `before` go to somebody else under `after`?
pub fn asks_somebody_else(before: &ConnectionOptions, after: &ConnectionOptions) -> bool {
    match (before, after) {
        (ConnectionOptions::Postgres(before), ConnectionOptions::Postgres(after))
        | (ConnectionOptions::Mysql(before), ConnectionOptions::Mysql(after)) => {
            let ServerOptions {
                host,
                port,
                user,
                tls,
                certificate,
                database: _,
            } = before;
            (host, *port, user, *tls, certificate)
                != (&after.host, after.port, &after.user, after.tls, &after.certificate)
        }
        (ConnectionOptions::Sqlite { .. }, ConnectionOptions::Sqlite { .. }) => false,
        (
            ConnectionOptions::Postgres(_) | ConnectionOptions::Mysql(_) | ConnectionOptions::Sqlite { .. },
            ConnectionOptions::Postgres(_) | ConnectionOptions::Mysql(_) | ConnectionOptions::Sqlite { .. },
        ) => true,
    }
}
