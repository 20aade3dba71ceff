//! The one error of the build tool: a sentence for the person at the terminal.

use std::{fmt, io, path::Path};

/// What went wrong, ready to print after `xtask: `.
#[derive(Debug)]
pub struct Failure(String);

/// Result of everything in this crate.
pub type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    /// A failure with this sentence.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    /// A failed file operation: what was tried, on which path.
    pub fn io(action: &str, path: &Path, error: &io::Error) -> Self {
        Self(format!("cannot {action} {}: {error}", path.display()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Shorthand for `Err(Failure::new(format!(…)))`.
macro_rules! fail {
    ($($part:tt)*) => {
        return Err($crate::failure::Failure::new(format!($($part)*)))
    };
}
pub(crate) use fail;
