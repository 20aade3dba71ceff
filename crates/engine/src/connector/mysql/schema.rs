//! What a server holds that the role can read.

use std::{collections::HashMap, time::Instant};

use mysql_async::{
    Column,
    consts::{ColumnFlags, ColumnType as Stored},
    prelude::Queryable as _,
};
use plan::sql::SqlDialect;
use shared::{
    connection::{ConnectionFound, DatabaseColumn, DatabaseSchema, DatabaseTable, ForeignKey},
    table::ColumnType,
};

use super::{failure::explain, session::MysqlSession};
use crate::{connector::twice, error::EngineError};

/// Columns of all tables that are listed at most.
const MOST_COLUMNS: usize = 50_000;

/// Number of the collation of what is no text.
const BINARY: u16 = 63;

/// Privileges with which something could be changed, as `SHOW GRANTS` calls them.
const WRITING: [&str; 10] = [
    "ALL", "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER", "FILE", "SUPER", "TRIGGER",
];

/// Version, number of tables, and whether the role could change anything.
pub async fn look(session: &mut MysqlSession) -> Result<ConnectionFound, EngineError> {
    let start = Instant::now();
    let version: Option<String> = session.conn.query_first("SELECT VERSION()").await.map_err(explain)?;
    let tables: Option<u64> = session
        .conn
        .query_first("SELECT count(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()")
        .await
        .map_err(explain)?;
    let grants: Vec<String> = session.conn.query("SHOW GRANTS").await.map_err(explain)?;
    let database: Option<String> = session.conn.query_first("SELECT DATABASE()").await.map_err(explain)?;
    let database = database.unwrap_or_default();
    let name = match session.features.dialect {
        SqlDialect::MariaDb(_) => "MariaDB",
        SqlDialect::MySql(_) | SqlDialect::Postgres | SqlDialect::Sqlite | SqlDialect::DuckDb => "MySQL",
    };
    let version = version.unwrap_or_default();
    Ok(ConnectionFound {
        server: format!("{name} {}", version.split('-').next().unwrap_or_default()),
        can_write: grants.iter().any(|grant| writes(grant, &database)),
        tables: tables.unwrap_or(0),
        millis: u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX),
    })
}

/// Could something in the database be changed with `GRANT SELECT, INSERT (a) ON `shop`.`orders` TO …`?
fn writes(grant: &str, database: &str) -> bool {
    let (granted, object) = grant.split_once(" ON ").unwrap_or((grant, ""));
    // In names of databases `_` and `%` are wildcards, unless a backslash stands before them.
    let of = object
        .split_once("`.")
        .map(|(name, _)| name.trim_start_matches('`').replace('\\', ""));
    let is_here = of.is_none_or(|name| name == database || name.contains('%'));
    let mut words = granted.split(|letter: char| !letter.is_ascii_alphabetic());
    is_here && words.any(|word| WRITING.contains(&word))
}

/// Tables, columns and keys of the connection's database.
pub async fn read(session: &mut MysqlSession) -> Result<DatabaseSchema, EngineError> {
    let mut schema = columns(session).await?;
    let places: HashMap<String, usize> = schema
        .tables
        .iter()
        .enumerate()
        .map(|(place, table)| (table.name.clone(), place))
        .collect();
    for (table, key, columns) in unique_keys(session).await? {
        let place = places.get(&table);
        if let Some(table) = place.and_then(|place| schema.tables.get_mut(*place)) {
            if key == "PRIMARY" {
                table.primary_key = columns;
            } else {
                table.unique_keys.push(columns);
            }
        }
    }
    for (table, key) in foreign_keys(session).await? {
        let place = places.get(&table);
        if let Some(table) = place.and_then(|place| schema.tables.get_mut(*place)) {
            table.foreign_keys.push(key);
        }
    }
    Ok(schema)
}

/// What a query gives.
pub async fn describe(session: &mut MysqlSession, query: &str) -> Result<Vec<DatabaseColumn>, EngineError> {
    let statement = session.conn.prep(query).await.map_err(explain)?;
    let mut columns: Vec<DatabaseColumn> = Vec::new();
    let mut second = None;
    for column in statement.columns().iter() {
        let name = column.name_str();
        if columns.iter().any(|known| known.name == name) {
            second = Some(name.into_owned());
            break;
        }
        if let Some((kind, exact)) = kind_of_result(column, session.features.has_zero_days) {
            columns.push(DatabaseColumn {
                name: name.into_owned(),
                kind,
                declared: format!("{:?}", column.column_type())
                    .trim_start_matches("MYSQL_TYPE_")
                    .to_lowercase(),
                nullable: true,
                exact,
                comment: None,
            });
        }
    }
    session.conn.close(statement).await.map_err(explain)?;
    match second {
        Some(name) => Err(twice(&name)),
        None => Ok(columns),
    }
}

/// Table, whether it is a view, rows, comment; column, type with its length, type, nullable, collation, comment.
type ColumnRow = (
    String,
    bool,
    Option<u64>,
    Option<String>,
    String,
    String,
    String,
    bool,
    Option<String>,
    String,
);

async fn columns(session: &mut MysqlSession) -> Result<DatabaseSchema, EngineError> {
    let text = format!(
        "SELECT t.TABLE_NAME, t.TABLE_TYPE = 'VIEW', t.TABLE_ROWS, t.TABLE_COMMENT, c.COLUMN_NAME, \
           CAST(c.COLUMN_TYPE AS CHAR), CAST(c.DATA_TYPE AS CHAR), c.IS_NULLABLE = 'YES', c.COLLATION_NAME, c.COLUMN_COMMENT \
         FROM information_schema.TABLES t JOIN information_schema.COLUMNS c \
           ON c.TABLE_SCHEMA = t.TABLE_SCHEMA AND c.TABLE_NAME = t.TABLE_NAME \
         WHERE t.TABLE_SCHEMA = DATABASE() AND t.TABLE_TYPE <> 'SEQUENCE' \
         ORDER BY t.TABLE_NAME, c.ORDINAL_POSITION LIMIT {}",
        MOST_COLUMNS + 1
    );
    let rows: Vec<ColumnRow> = session.conn.query(text).await.map_err(explain)?;
    let database: Option<String> = session.conn.query_first("SELECT DATABASE()").await.map_err(explain)?;
    let mut schema = DatabaseSchema {
        tables: Vec::new(),
        truncated: rows.len() > MOST_COLUMNS,
    };
    let given = |text: String| Some(text).filter(|text| !text.is_empty());
    for row in rows.into_iter().take(MOST_COLUMNS) {
        let (table, is_view, rows, comment, name, declared, stored, nullable, collation, about) = row;
        if schema.tables.last().is_none_or(|known| known.name != table) {
            schema.tables.push(DatabaseTable {
                schema: database.clone(),
                name: table,
                is_view,
                // That of a view says VIEW.
                comment: comment.and_then(given).filter(|_| !is_view),
                rows,
                columns: Vec::new(),
                primary_key: Vec::new(),
                unique_keys: Vec::new(),
                foreign_keys: Vec::new(),
            });
        }
        let found = kind_of(&stored, &declared, collation.as_deref(), session.features.has_zero_days);
        if let (Some((kind, exact)), Some(table)) = (found, schema.tables.last_mut()) {
            table.columns.push(DatabaseColumn {
                name,
                kind,
                declared,
                // A day that is none.
                nullable: nullable || (kind.is_temporal() && !exact),
                exact,
                comment: given(about),
            });
        }
    }
    Ok(schema)
}

/// Our type for one of MySQL's, and whether it is just that; `None`: there is no reading it. Truth values are `tinyint(1)` and
/// `bit(1)`, as their drivers have it; unsigned numbers of 64 bits are decimals. A `time` may be longer than a day, so it is
/// read as text.
fn kind_of(stored: &str, declared: &str, collation: Option<&str>, has_zero_days: bool) -> Option<(ColumnType, bool)> {
    Some(match stored {
        "tinyint" if declared.starts_with("tinyint(1)") => (ColumnType::Boolean, false),
        "bit" if declared == "bit(1)" => (ColumnType::Boolean, false),
        "bigint" if declared.contains("unsigned") => (ColumnType::Decimal, true),
        "tinyint" | "smallint" | "mediumint" | "int" | "bigint" => (ColumnType::Integer, true),
        "year" => (ColumnType::Integer, false),
        "float" => (ColumnType::Number, false),
        "double" => (ColumnType::Number, true),
        "decimal" => (ColumnType::Decimal, true),
        "char" | "varchar" | "tinytext" | "text" | "mediumtext" | "longtext" | "enum" | "set" => {
            (ColumnType::String, collation.is_some_and(is_bytewise))
        }
        "json" => (ColumnType::Json, false),
        "date" => (ColumnType::Date, !has_zero_days),
        "datetime" => (ColumnType::Timestamp, !has_zero_days),
        "timestamp" => (ColumnType::Timestamptz, !has_zero_days),
        "time" | "uuid" | "inet4" | "inet6" => (ColumnType::String, false),
        _ => return None,
    })
}

fn is_bytewise(collation: &str) -> bool {
    matches!(collation, "utf8mb4_nopad_bin" | "utf8mb4_0900_bin")
}

/// As `kind_of`, of a column that a query gives.
fn kind_of_result(column: &Column, has_zero_days: bool) -> Option<(ColumnType, bool)> {
    let unsigned = column.flags().contains(ColumnFlags::UNSIGNED_FLAG);
    Some(match column.column_type() {
        Stored::MYSQL_TYPE_TINY if column.column_length() == 1 => (ColumnType::Boolean, false),
        Stored::MYSQL_TYPE_LONGLONG if unsigned => (ColumnType::Decimal, true),
        Stored::MYSQL_TYPE_TINY
        | Stored::MYSQL_TYPE_SHORT
        | Stored::MYSQL_TYPE_INT24
        | Stored::MYSQL_TYPE_LONG
        | Stored::MYSQL_TYPE_LONGLONG => (ColumnType::Integer, true),
        Stored::MYSQL_TYPE_YEAR => (ColumnType::Integer, false),
        Stored::MYSQL_TYPE_FLOAT => (ColumnType::Number, false),
        Stored::MYSQL_TYPE_DOUBLE => (ColumnType::Number, true),
        Stored::MYSQL_TYPE_DECIMAL | Stored::MYSQL_TYPE_NEWDECIMAL => (ColumnType::Decimal, true),
        Stored::MYSQL_TYPE_DATE | Stored::MYSQL_TYPE_NEWDATE => (ColumnType::Date, !has_zero_days),
        Stored::MYSQL_TYPE_DATETIME | Stored::MYSQL_TYPE_DATETIME2 => (ColumnType::Timestamp, !has_zero_days),
        Stored::MYSQL_TYPE_TIMESTAMP | Stored::MYSQL_TYPE_TIMESTAMP2 => (ColumnType::Timestamptz, !has_zero_days),
        Stored::MYSQL_TYPE_TIME | Stored::MYSQL_TYPE_TIME2 => (ColumnType::String, false),
        Stored::MYSQL_TYPE_JSON => (ColumnType::Json, false),
        Stored::MYSQL_TYPE_VARCHAR
        | Stored::MYSQL_TYPE_VAR_STRING
        | Stored::MYSQL_TYPE_STRING
        | Stored::MYSQL_TYPE_ENUM
        | Stored::MYSQL_TYPE_SET
        | Stored::MYSQL_TYPE_TINY_BLOB
        | Stored::MYSQL_TYPE_MEDIUM_BLOB
        | Stored::MYSQL_TYPE_LONG_BLOB
        | Stored::MYSQL_TYPE_BLOB
            if column.character_set() != BINARY =>
        {
            (ColumnType::String, false)
        }
        _ => return None,
    })
}

/// Table, key and columns; those over parts of texts and over expressions are left out.
async fn unique_keys(session: &mut MysqlSession) -> Result<Vec<(String, String, Vec<String>)>, EngineError> {
    let text = "SELECT TABLE_NAME, INDEX_NAME, COLUMN_NAME, SUB_PART IS NOT NULL FROM information_schema.STATISTICS \
        WHERE TABLE_SCHEMA = DATABASE() AND NON_UNIQUE = 0 ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX";
    let rows: Vec<(String, String, Option<String>, bool)> = session.conn.query(text).await.map_err(explain)?;
    let mut keys: Vec<(String, String, Vec<String>, bool)> = Vec::new();
    for (table, key, column, is_part) in rows {
        let is_whole = column.is_some() && !is_part;
        match keys.last_mut().filter(|(of, name, ..)| *of == table && *name == key) {
            Some((.., columns, whole)) => {
                columns.extend(column);
                *whole &= is_whole;
            }
            None => keys.push((table, key, column.into_iter().collect(), is_whole)),
        }
    }
    let whole = keys.into_iter().filter(|(.., whole)| *whole);
    Ok(whole.map(|(table, key, columns, _)| (table, key, columns)).collect())
}

async fn foreign_keys(session: &mut MysqlSession) -> Result<Vec<(String, ForeignKey)>, EngineError> {
    let text = "SELECT TABLE_NAME, CONSTRAINT_NAME, COLUMN_NAME, \
          CONCAT(REFERENCED_TABLE_SCHEMA, '.', REFERENCED_TABLE_NAME), REFERENCED_COLUMN_NAME \
        FROM information_schema.KEY_COLUMN_USAGE \
        WHERE TABLE_SCHEMA = DATABASE() AND REFERENCED_TABLE_SCHEMA = DATABASE() \
        ORDER BY TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION";
    let rows: Vec<(String, String, String, String, String)> = session.conn.query(text).await.map_err(explain)?;
    let mut keys: Vec<(String, String, ForeignKey)> = Vec::new();
    for (table, name, column, target, references) in rows {
        match keys.last_mut().filter(|(of, known, _)| *of == table && *known == name) {
            Some((.., key)) => {
                key.columns.push(column);
                key.references.push(references);
            }
            None => {
                let (columns, references) = (vec![column], vec![references]);
                keys.push((
                    table,
                    name,
                    ForeignKey {
                        columns,
                        table: target,
                        references,
                    },
                ));
            }
        }
    }
    Ok(keys.into_iter().map(|(table, _, key)| (table, key)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grants_say_whether_anything_can_be_changed() {
        for (grant, can) in [
            ("GRANT USAGE ON *.* TO `reader`@`%`", false),
            ("GRANT SELECT, SHOW VIEW ON `all`.* TO `insert`@`%`", false),
            (
                "GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` WITH GRANT OPTION",
                true,
            ),
            ("GRANT SELECT, INSERT (a) ON `shop`.`orders` TO `reader`@`%`", true),
            ("GRANT INSERT ON `other`.* TO `reader`@`%`", false),
            (r"GRANT INSERT ON `sh\_op`.* TO `reader`@`%`", false),
            ("GRANT INSERT ON `sh%`.* TO `reader`@`%`", true),
        ] {
            assert_eq!(writes(grant, "shop"), can, "{grant}");
        }
        assert!(writes(r"GRANT INSERT ON `my\_shop`.* TO `reader`@`%`", "my_shop"));
    }
}
