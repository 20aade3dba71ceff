//! How rows are written to a file.

/// Whole files and answers that stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFormat {
    /// RFC 4180, UTF-8, a header first; cells that would be formulas are made text.
    Csv,
    /// One JSON value a line.
    Ndjson,
}

impl FileFormat {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
        }
    }
}
