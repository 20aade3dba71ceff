use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use super::{ConfigError, Source, key};

/// What is logged, and in which form.
#[derive(Debug)]
pub struct LogConfig {
    pub filter: EnvFilter,
    pub format: LogFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// One object a line, for machines.
    Json,
    /// For people.
    Text,
}

impl LogConfig {
    /// # Errors
    /// When the filter or the format cannot be read.
    pub fn from_source(source: &Source) -> Result<Self, ConfigError> {
        let text = source.text(&key::LOG);
        // These two speak of every statement and frame at debug, with values.
        let quiet = format!("{text},sqlx=warn,hyper=warn,tower_sessions=error,tower_sessions_core=error");
        let filter = EnvFilter::try_new(quiet)
            .map_err(|_| ConfigError::value(&key::LOG, format!("`{text}` is no log filter")))?;
        let format = match source.text(&key::LOG_FORMAT) {
            "json" => LogFormat::Json,
            "text" => LogFormat::Text,
            "auto" if std::io::stderr().is_terminal() => LogFormat::Text,
            "auto" => LogFormat::Json,
            other => {
                return Err(ConfigError::value(
                    &key::LOG_FORMAT,
                    format!("`{other}` is not one of json, text, auto"),
                ));
            }
        };
        Ok(Self { filter, format })
    }

    /// Starts logging to standard error. A second call in one process (tests) changes nothing.
    pub fn install(self) {
        let builder = tracing_subscriber::fmt()
            .with_env_filter(self.filter)
            .with_writer(std::io::stderr)
            // Where nobody reads the log, or the disk it goes to is full, requests are answered all the same: telling of it on
            // that same standard error would panic.
            .log_internal_errors(false);
        let _ = match self.format {
            LogFormat::Json => builder
                .json()
                .flatten_event(true)
                .with_current_span(true)
                .with_span_list(false)
                .try_init(),
            LogFormat::Text => builder.with_target(false).try_init(),
        };
    }
}
