//! What the driver says, as a fault that people understand.

use std::{error::Error as _, io};

use tokio_postgres::{Error, error::SqlState};

use crate::connector::{DatabaseError, DatabaseFault};

/// Of a query.
pub fn explain(error: Error) -> DatabaseError {
    let fault = match error.code() {
        Some(code) => fault_of(code),
        None => DatabaseFault::Lost,
    };
    DatabaseError::new(fault, told(&error))
}

/// While signing in.
pub fn explain_sign_in(error: Error) -> DatabaseError {
    let text = told(&error);
    let fault = match error.code() {
        Some(code) => fault_of(code),
        None if text.contains("server does not support TLS") => DatabaseFault::NoTls,
        None if text.contains("password missing") || text.contains("authentication") => DatabaseFault::SignIn,
        None if source_is::<rustls::Error>(&error) || text.contains("certificate") => DatabaseFault::Tls,
        None if text.contains("unexpected message") || text.contains("parsing") => DatabaseFault::OtherProtocol,
        None => DatabaseFault::Lost,
    };
    DatabaseError::new(fault, text)
}

fn fault_of(code: &SqlState) -> DatabaseFault {
    match code.code() {
        "28000" | "28P01" => DatabaseFault::SignIn,
        "3D000" => DatabaseFault::UnknownDatabase,
        "42501" => DatabaseFault::NoRight,
        "42P01" | "42703" | "3F000" => DatabaseFault::Gone,
        "57014" => DatabaseFault::TooLong,
        "53300" | "57P03" => DatabaseFault::Full,
        "57P01" | "57P02" | "25P03" => DatabaseFault::Lost,
        code if code.starts_with("08") => DatabaseFault::Lost,
        _ => DatabaseFault::Query,
    }
}

/// Code and message. PostgreSQL's details and hints may hold values of rows, so they are left out, and messages about values
/// (class 22) as well.
fn told(error: &Error) -> String {
    match error.as_db_error() {
        Some(said) if said.code().code().starts_with("22") => format!("a value was refused ({})", said.code().code()),
        Some(said) => format!("{} ({})", said.message(), said.code().code()),
        None => match error.source() {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        },
    }
}

fn source_is<T: std::error::Error + 'static>(error: &Error) -> bool {
    let mut source = error.source();
    while let Some(current) = source {
        let within = current.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if current.is::<T>() || within.is_some_and(|inner| inner.is::<T>()) {
            return true;
        }
        source = current.source();
    }
    false
}
