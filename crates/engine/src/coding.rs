//! Codes of texts: beside a stored column with few different texts stands one of small numbers, a number to a text, and the
//! footer of the file says which text has which. Grouping and filtering look at numbers then, and texts are read where an
//! answer shows them; after Abadi, Madden and Ferreira, "Integrating Compression and Execution in Column-Oriented Database
//! Systems", SIGMOD 2006.

use std::collections::BTreeMap;

use polars_parquet::parquet::metadata::FileMetadata;

/// The entry of the footer; its value is [`FooterTexts`] as JSON.
pub const FOOTER_KEY: &str = "sightline.texts";

/// By column its texts, in the order of their codes: the first has code 0. NULL has none.
pub type FooterTexts = BTreeMap<String, Vec<String>>;

/// The entry's value, as it was written; `None` for files without codes.
pub fn footer_entry(metadata: &FileMetadata) -> Option<&str> {
    let mut entries = metadata.key_value_metadata().iter().flatten();
    entries.find(|entry| entry.key == FOOTER_KEY)?.value.as_deref()
}

const SUFFIX: &str = "#code";

/// The column that holds the codes of `column`. Names of stored columns have no `#`.
pub fn code_column(column: &str) -> String {
    format!("{column}{SUFFIX}")
}

/// Of a file whose footer has the entry. What a database calls its columns is its own affair.
pub fn is_code_column(column: &str) -> bool {
    column.ends_with(SUFFIX)
}
