//! Where the rows of a table come from, as the page speaks of it.

use shared::semantic::{ModelTable, Source};

/// The dataset that the table reads.
pub fn dataset_of(table: &ModelTable) -> &str {
    let Source::Dataset(name) = &table.source;
    name
}

/// As a line below the table's name.
pub fn source_words(table: &ModelTable) -> String {
    format!("Dataset {}", dataset_of(table))
}
