//! What a SQLite file holds. Its columns have a wish for a type at most, so that the values themselves are asked.

use std::path::Path;

use rusqlite::Connection;
use shared::{
    connection::{DatabaseColumn, DatabaseSchema, DatabaseTable, ForeignKey},
    table::ColumnType,
};

use super::{
    SqliteAnswer,
    file::{explain, open},
};
use crate::{
    connector::{DatabaseError, twice},
    error::EngineError,
};

/// Tables and views that are listed at most.
const MOST_TABLES: usize = 2_000;

/// How many tables there are; no value is read.
pub fn look(file: &Path) -> Result<SqliteAnswer, EngineError> {
    let connection = open(file)?;
    Ok(SqliteAnswer::Found {
        tables: u64::try_from(names(&connection)?.len()).unwrap_or(u64::MAX),
        version: rusqlite::version().to_owned(),
    })
}

pub fn read(file: &Path) -> Result<DatabaseSchema, EngineError> {
    let connection = open(file)?;
    let mut tables = Vec::new();
    let mut named = names(&connection)?;
    let truncated = named.len() > MOST_TABLES;
    named.truncate(MOST_TABLES);
    for (name, is_view) in named {
        // A view over something that is not there any more.
        if let Ok(table) = table(&connection, &name, is_view) {
            tables.push(table);
        }
    }
    Ok(DatabaseSchema { tables, truncated })
}

fn names(connection: &Connection) -> Result<Vec<(String, bool)>, DatabaseError> {
    let text = "SELECT name, type = 'view' FROM sqlite_schema WHERE type IN ('table', 'view') \
                AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";
    let mut statement = connection.prepare(text).map_err(explain)?;
    let rows = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .map_err(explain)?;
    rows.collect::<Result<_, _>>().map_err(explain)
}

fn table(connection: &Connection, name: &str, is_view: bool) -> Result<DatabaseTable, DatabaseError> {
    let mut declared: Vec<(String, String, i64)> = Vec::new();
    let mut statement = connection
        .prepare("SELECT name, type, pk FROM pragma_table_xinfo(?1) WHERE hidden <> 1 ORDER BY cid")
        .map_err(explain)?;
    let columns = statement
        .query_map([name], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .map_err(explain)?;
    for column in columns {
        declared.push(column.map_err(explain)?);
    }
    let (rows, columns) = values(connection, &quoted(name), &declared)?;
    let mut key: Vec<&(String, String, i64)> = declared.iter().filter(|(_, _, place)| *place > 0).collect();
    key.sort_by_key(|(_, _, place)| *place);
    Ok(DatabaseTable {
        schema: None,
        name: name.to_owned(),
        is_view,
        comment: None,
        rows: Some(rows),
        columns,
        primary_key: key.into_iter().map(|(name, _, _)| name.clone()).collect(),
        unique_keys: unique_keys(connection, name)?,
        foreign_keys: foreign_keys(connection, name)?,
    })
}

/// Tests of one column's values; each is a count of those that pass.
const TESTS: [&str; 8] = [
    "typeof({c}) = 'integer'",
    "typeof({c}) = 'real'",
    "typeof({c}) = 'text'",
    "typeof({c}) = 'blob'",
    "typeof({c}) = 'integer' AND {c} IN (0, 1)",
    "typeof({c}) = 'text' AND date({c}) = {c}",
    // The clock of a place.
    "typeof({c}) = 'text' AND {c} GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9][ T][0-9][0-9]:[0-9][0-9]*' \
     AND datetime({c}) IS NOT NULL AND {c} NOT GLOB '*[Z+]*' AND substr({c}, 12) NOT GLOB '*-*'",
    // An instant.
    "typeof({c}) = 'text' AND {c} GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9][ T][0-9][0-9]:[0-9][0-9]*' \
     AND datetime({c}) IS NOT NULL AND ({c} GLOB '*[Z+]*' OR substr({c}, 12) GLOB '*-*')",
];

/// What a query gives.
pub fn describe(file: &Path, query: &str) -> Result<Vec<DatabaseColumn>, EngineError> {
    let connection = open(file)?;
    let statement = connection.prepare(query).map_err(explain)?;
    let mut declared: Vec<(String, String, i64)> = Vec::new();
    for column in statement.columns() {
        if declared.iter().any(|(known, _, _)| known == column.name()) {
            return Err(twice(column.name()));
        }
        let wish = column.decl_type().unwrap_or_default();
        declared.push((column.name().to_owned(), wish.to_owned(), 0));
    }
    Ok(values(&connection, &format!("({query})"), &declared)?.1)
}

/// Rows of what stands in FROM, and the columns with the types that all their values have.
fn values(
    connection: &Connection,
    relation: &str,
    declared: &[(String, String, i64)],
) -> Result<(u64, Vec<DatabaseColumn>), DatabaseError> {
    /// Columns that are asked about in one pass.
    const AT_ONCE: usize = 100;
    let mut found = Vec::new();
    let mut rows = 0;
    for part in declared.chunks(AT_ONCE) {
        let counts = part.iter().flat_map(|(name, _, _)| {
            let column = quoted(name);
            TESTS.map(|test| format!("count(*) FILTER (WHERE {})", test.replace("{c}", &column)))
        });
        let counts: Vec<String> = std::iter::once("count(*)".to_owned()).chain(counts).collect();
        let text = format!("SELECT {} FROM {relation}", counts.join(", "));
        let counted: Vec<u64> = connection
            .query_row(&text, [], |row| {
                (0..counts.len())
                    .map(|index| row.get::<_, i64>(index))
                    .collect::<Result<Vec<_>, _>>()
            })
            .map_err(explain)?
            .into_iter()
            .map(|count| u64::try_from(count).unwrap_or(0))
            .collect();
        let Some((all, counted)) = counted.split_first() else {
            continue;
        };
        rows = *all;
        for ((name, wish, _), counts) in part.iter().zip(counted.chunks_exact(TESTS.len())) {
            if let Some((kind, nullable, exact)) = kind_of(wish, rows, counts) {
                found.push(DatabaseColumn {
                    name: name.clone(),
                    kind,
                    declared: wish.to_lowercase(),
                    nullable,
                    exact,
                    comment: None,
                });
            }
        }
    }
    Ok((rows, found))
}

/// The type that all values have, whether one is NULL, and whether they stand as printed queries write them; `None` for bytes.
fn kind_of(wish: &str, rows: u64, counts: &[u64]) -> Option<(ColumnType, bool, bool)> {
    let [integers, reals, texts, blobs, truths, dates, clocks, instants] = *counts else {
        return None;
    };
    let given = integers + reals + texts + blobs;
    let nullable = given < rows;
    let wish = wish.to_ascii_lowercase();
    let wishes = |parts: &[&str]| parts.iter().any(|part| wish.contains(part));
    if blobs > 0 {
        return None;
    }
    if given == 0 {
        let kind = if wishes(&["bool"]) {
            ColumnType::Boolean
        } else if wishes(&["int"]) {
            ColumnType::Integer
        } else if wishes(&["real", "floa", "doub", "num", "dec"]) {
            ColumnType::Number
        } else if wishes(&["time"]) {
            ColumnType::Timestamp
        } else if wishes(&["date"]) {
            ColumnType::Date
        } else {
            ColumnType::String
        };
        return Some((kind, true, false));
    }
    Some(if integers == given && truths == given && wishes(&["bool"]) {
        (ColumnType::Boolean, nullable, true)
    } else if integers == given {
        (ColumnType::Integer, nullable, true)
    } else if integers + reals == given {
        (ColumnType::Number, nullable, true)
    } else if dates == given {
        (ColumnType::Date, nullable, true)
    } else if clocks == given {
        (ColumnType::Timestamp, nullable, false)
    } else if instants == given {
        (ColumnType::Timestamptz, nullable, false)
    } else {
        (ColumnType::String, nullable, false)
    })
}

fn unique_keys(connection: &Connection, table: &str) -> Result<Vec<Vec<String>>, DatabaseError> {
    let text = "SELECT l.name, i.name FROM pragma_index_list(?1) AS l, pragma_index_info(l.name) AS i \
                WHERE l.\"unique\" AND NOT l.partial AND l.origin <> 'pk' ORDER BY l.name, i.seqno";
    let mut statement = connection.prepare(text).map_err(explain)?;
    let rows = statement
        .query_map([table], |row| Ok((row.get(0)?, row.get(1)?)))
        .map_err(explain)?;
    let mut keys: Vec<(String, Vec<Option<String>>)> = Vec::new();
    for row in rows {
        let (index, column): (String, Option<String>) = row.map_err(explain)?;
        match keys.last_mut() {
            Some((known, columns)) if *known == index => columns.push(column),
            Some(_) | None => keys.push((index, vec![column])),
        }
    }
    // An index over an expression has no name there.
    Ok(keys
        .into_iter()
        .filter_map(|(_, columns)| columns.into_iter().collect())
        .collect())
}

fn foreign_keys(connection: &Connection, table: &str) -> Result<Vec<ForeignKey>, DatabaseError> {
    let text = "SELECT id, \"table\", \"from\", \"to\" FROM pragma_foreign_key_list(?1) ORDER BY id, seq";
    let mut statement = connection.prepare(text).map_err(explain)?;
    let rows = statement
        .query_map([table], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
        .map_err(explain)?;
    let mut keys: Vec<(i64, ForeignKey)> = Vec::new();
    for row in rows {
        let (id, other, own, to): (i64, String, String, Option<String>) = row.map_err(explain)?;
        if keys.last().is_none_or(|(known, _)| *known != id) {
            let key = ForeignKey {
                columns: Vec::new(),
                table: other,
                references: Vec::new(),
            };
            keys.push((id, key));
        }
        if let Some((_, key)) = keys.last_mut() {
            key.columns.push(own);
            key.references.extend(to);
        }
    }
    Ok(keys.into_iter().map(|(_, key)| key).collect())
}

fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_those_of_the_values() {
        let file = tempfile::NamedTempFile::new().unwrap();
        Connection::open(file.path())
            .unwrap()
            .execute_batch(
                "CREATE TABLE people (id INTEGER PRIMARY KEY, mail TEXT UNIQUE);
                 CREATE TABLE `odd ``name` (
                    whole INT, part NUMERIC, word TEXT, flag BOOLEAN, day TEXT, clock DATETIME, instant TEXT, bytes BLOB,
                    mixed, empty REAL, person INT REFERENCES people (id));
                 INSERT INTO people VALUES (1, 'ada@example.org');
                 INSERT INTO `odd ``name` VALUES
                    (1, 2, 'x', 1, '2026-11-20', '2026-11-20T09:00', '2026-11-20T09:00:00Z', x'00', 1, NULL, 1),
                    (2, 2.5, 'y', NULL, '2026-11-21', '2026-11-20 09:00:00.5', '2026-11-20 09:00:00+02:00', NULL, 'a', NULL, 1);
                 CREATE VIEW gone AS SELECT * FROM absent;
                 CREATE VIEW mails AS SELECT mail FROM people;",
            )
            .unwrap();
        let schema = read(file.path()).unwrap();
        let names: Vec<_> = schema
            .tables
            .iter()
            .map(|table| (table.name.as_str(), table.is_view))
            .collect();
        assert_eq!(names, [("mails", true), ("odd `name", false), ("people", false)]);
        let odd = &schema.tables[1];
        let kinds: Vec<_> = odd
            .columns
            .iter()
            .map(|column| (column.name.as_str(), column.kind, column.nullable))
            .collect();
        assert_eq!(
            kinds,
            [
                ("whole", ColumnType::Integer, false),
                ("part", ColumnType::Number, false),
                ("word", ColumnType::String, false),
                ("flag", ColumnType::Boolean, true),
                ("day", ColumnType::Date, false),
                ("clock", ColumnType::Timestamp, false),
                ("instant", ColumnType::Timestamptz, false),
                ("mixed", ColumnType::String, false),
                ("empty", ColumnType::Number, true),
                ("person", ColumnType::Integer, false),
            ]
        );
        assert_eq!(odd.rows, Some(2));
        assert_eq!(odd.foreign_keys[0].table, "people");
        assert_eq!(schema.tables[2].primary_key, ["id"]);
        assert_eq!(schema.tables[2].unique_keys, [["mail"]]);
    }
}
