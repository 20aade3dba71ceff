//! How large a file may be, in the same words from the server and, before anything is sent, in the browser.

use crate::{AppError, ErrorCode};

/// A limit as people set it: whole MiB, or else bytes.
pub fn limit_text(bytes: u64) -> String {
    match (bytes >> 20, bytes.trailing_zeros()) {
        (mebibytes @ 1.., 20..) => format!("{mebibytes} MiB"),
        _ => format!("{bytes} bytes"),
    }
}

pub fn too_large(limit_bytes: u64) -> AppError {
    let message = format!("A file may have at most {}.", limit_text(limit_bytes));
    AppError::new(ErrorCode::TooLarge, message)
        .with_field("file")
        .with_hint("Compress it as Parquet, or split it.")
}

#[cfg(test)]
mod tests {
    use super::limit_text;

    #[test]
    fn limits_are_written_as_they_were_set() {
        assert_eq!(limit_text(200 << 20), "200 MiB");
        assert_eq!(limit_text(4_000), "4000 bytes");
        assert_eq!(limit_text((1 << 20) + 1), "1048577 bytes");
    }
}
