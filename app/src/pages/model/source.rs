//! Where the rows of a table come from, as the page speaks of it.

use shared::semantic::{ModelTable, Source};

/// As a line below the table's name.
pub fn source_words(table: &ModelTable) -> String {
    let connection = table.connection.as_deref().unwrap_or("a database");
    match &table.source {
        Source::Dataset(name) => format!("Dataset {name}"),
        Source::Table(name) => format!("{name} in {connection}"),
        Source::Sql(_) => format!("A query to {connection}"),
    }
}
