//! What the driver says, as a fault that people understand.

use std::io;

use mysql_async::{DriverError, Error, IoError, ServerError};

use crate::connector::{DatabaseError, DatabaseFault};

/// Of a query.
pub fn explain(error: Error) -> DatabaseError {
    let fault = match &error {
        Error::Server(said) => fault_of(said),
        Error::Driver(DriverError::PacketTooLarge) => DatabaseFault::Value,
        Error::Driver(_) | Error::Io(_) | Error::Other(_) | Error::Url(_) => DatabaseFault::Lost,
    };
    DatabaseError::new(fault, told(&error))
}

/// While signing in.
pub fn explain_sign_in(error: Error) -> DatabaseError {
    let fault = match &error {
        Error::Server(said) => fault_of(said),
        Error::Driver(DriverError::NoClientSslFlagFromServer) => DatabaseFault::NoTls,
        Error::Driver(DriverError::UnknownAuthPlugin { .. } | DriverError::CleartextPluginDisabled) => {
            DatabaseFault::SignIn
        }
        Error::Driver(_) | Error::Other(_) | Error::Url(_) => DatabaseFault::OtherProtocol,
        Error::Io(IoError::Tls(_)) => DatabaseFault::Tls,
        Error::Io(IoError::Io(error)) => match error.kind() {
            // The certificate is judged within the handshake, which the driver reads and writes as any stream.
            io::ErrorKind::InvalidData if error.to_string().contains("certificate") => DatabaseFault::Tls,
            io::ErrorKind::InvalidData => DatabaseFault::OtherProtocol,
            _ => DatabaseFault::Lost,
        },
    };
    DatabaseError::new(fault, told(&error))
}

/// By the server's numbers (MySQL's Server Error Message Reference, MariaDB's Error Codes).
fn fault_of(said: &ServerError) -> DatabaseFault {
    match said.code {
        1045 | 1130 | 1251 | 1698 => DatabaseFault::SignIn,
        1044 | 1049 => DatabaseFault::UnknownDatabase,
        1142 | 1143 | 1227 | 1356 | 1370 => DatabaseFault::NoRight,
        1051 | 1054 | 1109 | 1146 => DatabaseFault::Gone,
        1317 | 1969 | 3024 => DatabaseFault::TooLong,
        1040 | 1203 | 1226 => DatabaseFault::Full,
        1053 | 1927 | 2006 | 2013 => DatabaseFault::Lost,
        _ => DatabaseFault::Query,
    }
}

/// Number and message. Messages about values (class 22 and their like) hold values of rows, so they are left out.
fn told(error: &Error) -> String {
    match error {
        Error::Server(said)
            if said.state.starts_with("22") || matches!(said.code, 1062 | 1292 | 1366 | 1411 | 1690) =>
        {
            format!("a value was refused ({})", said.code)
        }
        Error::Server(said) => format!("{} ({})", said.message, said.code),
        // The driver's own words may hold what came over the wire.
        Error::Driver(
            DriverError::UnexpectedPacket { .. } | DriverError::FromValue { .. } | DriverError::FromRow { .. },
        ) => "something unexpected came".to_owned(),
        Error::Driver(_) | Error::Io(_) | Error::Other(_) | Error::Url(_) => error.to_string(),
    }
}
