//! How a file that cannot be read is refused.

use shared::{AppError, ErrorCode};

use crate::protocol::WorkerFailure;

/// `unreadable_file` with a full sentence; `line` (1-based) is added when known.
pub fn unreadable(message: impl Into<String>, line: Option<u64>) -> WorkerFailure {
    let mut message = message.into();
    if let Some(line) = line {
        message = format!("Line {line}: {message}");
    }
    WorkerFailure::refuse(AppError::new(ErrorCode::UnreadableFile, message))
}

/// The system could not read the file; nothing the sender did.
pub fn read_error(error: std::io::Error) -> WorkerFailure {
    WorkerFailure::internal(format!("reading the file: {error}"))
}
