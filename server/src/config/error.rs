use std::path::PathBuf;

use crate::config::key::Key;

/// Why the server does not start; `Display` is the one line an operator sees.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{key}: {problem}")]
    Value { key: String, problem: String },
    #[error("{}: {problem}", file.display())]
    File { file: PathBuf, problem: String },
    #[error("{0}")]
    Refused(String),
}

impl ConfigError {
    pub fn value(key: &Key, problem: impl Into<String>) -> Self {
        Self::Value {
            key: key.variable(),
            problem: problem.into(),
        }
    }
}
