use std::path::PathBuf;

use super::{ConfigError, Source, key};

/// A certificate chain and its private key, both PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

impl TlsFiles {
    /// `None`: the server speaks plain HTTP.
    ///
    /// # Errors
    /// When only one of the two is given.
    pub fn from_source(source: &Source) -> Result<Option<Self>, ConfigError> {
        let certificate = source.given(&key::TLS_CERT).map(PathBuf::from);
        let private = source.given(&key::TLS_KEY).map(PathBuf::from);
        match (certificate, private) {
            (Some(certificate), Some(key)) => Ok(Some(Self { certificate, key })),
            (None, None) => Ok(None),
            (Some(_), None) => Err(ConfigError::value(
                &key::TLS_KEY,
                "is missing beside SIGHTLINE_TLS_CERT",
            )),
            (None, Some(_)) => Err(ConfigError::value(
                &key::TLS_CERT,
                "is missing beside SIGHTLINE_TLS_KEY",
            )),
        }
    }
}
