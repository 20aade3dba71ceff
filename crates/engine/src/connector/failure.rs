//! Why a database did not answer, in words for whoever set the connection up.

use shared::{AppError, ErrorCode};

use super::EgressError;

/// What went wrong, and what the database or the system said about it, for the log.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{fault:?}: {detail}")]
pub struct DatabaseError {
    pub fault: DatabaseFault,
    pub detail: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatabaseFault {
    /// Nobody knows the host's name.
    UnknownHost,
    /// The operator does not let the server reach that address.
    NotAllowed,
    /// Nothing listens there.
    NothingListens,
    /// No answer in time.
    NoAnswer,
    /// The server has no TLS.
    NoTls,
    /// The server could not prove who it is, or speaks another TLS.
    Tls,
    /// The certificate that was given is none.
    Certificate,
    /// User or password are wrong.
    SignIn,
    UnknownDatabase,
    /// All of the server's connections are taken.
    Full,
    /// The role may not read what was asked for.
    NoRight,
    /// A table or column is not there any more.
    Gone,
    /// The server stopped the query at its time limit.
    TooLong,
    /// The database refused the query itself: a defect of ours, or an expression that meets values it cannot take.
    Query,
    /// A value that we cannot hold, such as a decimal of more than 38 digits.
    Value,
    /// What answers does not speak this protocol.
    OtherProtocol,
    /// A version without what queries need.
    TooOld,
    /// The connection broke.
    Lost,
    /// The file is no database, or damaged.
    NoDatabaseFile,
}

impl DatabaseError {
    pub fn new(fault: DatabaseFault, detail: impl Into<String>) -> Self {
        Self {
            fault,
            detail: detail.into(),
        }
    }

    /// The sentence for people; the field is the option it is about.
    pub fn app_error(&self) -> AppError {
        let (code, message, field, hint) = self.fault.words();
        let mut error = AppError::new(code, message).with_hint(hint);
        error.field = field.map(str::to_owned);
        error
    }
}

impl From<EgressError> for DatabaseError {
    fn from(error: EgressError) -> Self {
        let fault = match error {
            EgressError::Unknown(_) => DatabaseFault::UnknownHost,
            EgressError::NotAllowed(_) => DatabaseFault::NotAllowed,
            EgressError::Refused(_) => DatabaseFault::NothingListens,
            EgressError::NoAnswer => DatabaseFault::NoAnswer,
        };
        Self::new(fault, error.to_string())
    }
}

impl DatabaseFault {
    const fn words(self) -> (ErrorCode, &'static str, Option<&'static str>, &'static str) {
        use ErrorCode::{Invalid, Limit, SourceGone, Timeout, Unavailable};
        match self {
            Self::UnknownHost => (
                Unavailable,
                "Nobody knows a host of this name.",
                Some("host"),
                "Check the spelling, or write the address.",
            ),
            Self::NotAllowed => (
                Unavailable,
                "This server may not connect to that address.",
                Some("host"),
                "The operator allows private networks with SIGHTLINE_EGRESS_DATABASES, as in 10.0.0.0/8.",
            ),
            Self::NothingListens => (
                Unavailable,
                "The host answers, but no database listens on this port.",
                Some("port"),
                "Check the port, and that the database accepts connections from other machines.",
            ),
            Self::NoAnswer => (
                Unavailable,
                "The database did not answer in time.",
                Some("host"),
                "Check host and port, and that no firewall stands between.",
            ),
            Self::NoTls => (
                Unavailable,
                "The database does not offer an encrypted connection.",
                Some("tls"),
                "Turn TLS on there, or off here if the network between is yours alone.",
            ),
            Self::Tls => (
                Unavailable,
                "The database could not prove who it is.",
                Some("tls"),
                "Give the certificate of the authority that signed the server's, or write the host as the certificate does.",
            ),
            Self::Certificate => (
                Invalid,
                "This is no certificate in PEM form.",
                Some("certificate"),
                "It begins with -----BEGIN CERTIFICATE-----.",
            ),
            Self::SignIn => (
                Unavailable,
                "The database does not accept this user with this password.",
                Some("password"),
                "Check both, and that the user may connect from here.",
            ),
            Self::UnknownDatabase => (
                Unavailable,
                "The server has no database of this name, or the user may not use it.",
                Some("database"),
                "Check the spelling; names are case-sensitive.",
            ),
            Self::Full => (
                Unavailable,
                "The database accepts no more connections at the moment.",
                None,
                "Try again in a moment, or raise its limit.",
            ),
            Self::NoRight => (
                Unavailable,
                "The database's user may not read what is asked for.",
                Some("user"),
                "Grant it the right to read: GRANT SELECT.",
            ),
            Self::Gone => (
                SourceGone,
                "A table or column behind this is not in the database any more.",
                None,
                "Look at the connection's tables, and mend the model.",
            ),
            Self::TooLong => (
                Timeout,
                "The database did not finish in time and was stopped.",
                None,
                "Ask for less: a shorter time range, fewer groups or a filter.",
            ),
            Self::Query => (
                Invalid,
                "The database cannot compute this.",
                None,
                "Look at the expressions of the fields and metrics that are asked for.",
            ),
            Self::Value => (
                Limit,
                "The database answered with a value that cannot be held, such as a number of more than 38 digits.",
                None,
                "Round it in an expression of the model.",
            ),
            Self::OtherProtocol => (
                Unavailable,
                "What answers there is no database of this kind.",
                Some("port"),
                "Check the port.",
            ),
            Self::TooOld => (
                Unavailable,
                "This server's version lacks what queries need.",
                Some("host"),
                "MySQL is asked from version 8.0.17 on, MariaDB from 10.2 on.",
            ),
            Self::Lost => (
                Unavailable,
                "The connection to the database broke.",
                None,
                "Try again in a moment.",
            ),
            Self::NoDatabaseFile => (
                Invalid,
                "This file is no SQLite database, or it is damaged.",
                Some("file"),
                "Upload the database file itself, not a dump.",
            ),
        }
    }
}
