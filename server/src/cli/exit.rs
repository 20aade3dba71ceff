use std::{future::Future, process::ExitCode};

use services::ServiceError;
use shared::AppError;

use crate::{config::ConfigError, instance::InstanceError};

/// How a command ends when it does not succeed: a code, and what is told on standard error.
#[derive(Debug)]
pub struct Exit {
    code: u8,
    lines: Vec<String>,
}

impl Exit {
    pub fn new(code: u8, line: impl Into<String>) -> Self {
        Self {
            code,
            lines: vec![line.into()],
        }
    }

    pub fn with_lines(code: u8, lines: Vec<String>) -> Self {
        Self { code, lines }
    }

    /// Something the operator must change before it can work.
    pub fn configuration(line: impl Into<String>) -> Self {
        Self::new(2, line)
    }

    pub fn failure(line: impl Into<String>) -> Self {
        Self::new(1, line)
    }

    pub fn report(self) -> ExitCode {
        for line in self.lines {
            // One line each, whatever an error's own text holds.
            eprintln!("sightline: {}", line.split_whitespace().collect::<Vec<_>>().join(" "));
        }
        ExitCode::from(self.code)
    }
}

impl From<ConfigError> for Exit {
    fn from(error: ConfigError) -> Self {
        Self::configuration(error.to_string())
    }
}

impl From<InstanceError> for Exit {
    fn from(error: InstanceError) -> Self {
        Self::configuration(error.to_string())
    }
}

impl From<AppError> for Exit {
    fn from(error: AppError) -> Self {
        let hint = error.hint.map(|hint| format!(" {hint}")).unwrap_or_default();
        Self::failure(format!("{}{hint}", error.message))
    }
}

impl From<ServiceError> for Exit {
    fn from(error: ServiceError) -> Self {
        error.app_error(crate::middleware::current_request_id()).into()
    }
}

/// An error with its causes, in one line.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text
}

/// # Errors
/// What the command answers, or that no runtime could be started.
pub fn block_on(command: impl Future<Output = Result<(), Exit>>) -> Result<(), Exit> {
    // Rendering a page nests deeply; the usual 2 MiB are too small for it in builds without optimisation.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .thread_stack_size(8 * 1024 * 1024)
        .enable_all()
        .build()
        .map_err(|error| Exit::failure(format!("the runtime does not start: {error}")))?;
    let outcome = runtime.block_on(command);
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    outcome
}
