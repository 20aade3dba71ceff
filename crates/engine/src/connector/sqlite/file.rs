//! One SQLite file, opened to be read and nothing else.

use std::{fmt::Write as _, path::Path};

use rusqlite::{
    Connection, Error, OpenFlags,
    config::DbConfig,
    hooks::{AuthAction, AuthContext, Authorization},
    limits::Limit,
    types::ValueRef,
};
use shared::table::ColumnType;

use crate::{
    connector::{DatabaseError, DatabaseFault, Fetch, Fetched, PartWriter, Value},
    error::EngineError,
};

/// Of one value, and of one row.
const MOST_BYTES: i32 = 64 << 20;

/// Opens the file as one that nobody changes, so that no journal is looked for and none is made. What a schema or a query may
/// do beside reading is nothing: no other file, no setting, no function that is not a plain one.
///
/// # Errors
/// `NoDatabaseFile`.
pub fn open(file: &Path) -> Result<Connection, DatabaseError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(uri(file), flags).map_err(explain)?;
    for (option, value) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        // A name that is no column is an error, not a text.
        (DbConfig::SQLITE_DBCONFIG_DQS_DML, false),
        (DbConfig::SQLITE_DBCONFIG_DQS_DDL, false),
    ] {
        connection.set_db_config(option, value).map_err(explain)?;
    }
    for (limit, value) in [
        (Limit::SQLITE_LIMIT_ATTACHED, 0),
        (Limit::SQLITE_LIMIT_LENGTH, MOST_BYTES),
        (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
        (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1_000),
    ] {
        connection.set_limit(limit, value).map_err(explain)?;
    }
    // Reads the header, so that a file that is none is told apart from a query that fails.
    connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))
        .map_err(|error| DatabaseError::new(DatabaseFault::NoDatabaseFile, error.to_string()))?;
    connection.authorizer(Some(authorize)).map_err(explain)?;
    Ok(connection)
}

/// Reading, and pragmas that only tell.
fn authorize(context: AuthContext<'_>) -> Authorization {
    match context.action {
        AuthAction::Select | AuthAction::Read { .. } | AuthAction::Recursive => Authorization::Allow,
        AuthAction::Function { function_name } if !REACHING.contains(&function_name.to_ascii_lowercase().as_str()) => {
            Authorization::Allow
        }
        AuthAction::Pragma { pragma_name, .. } if TELLING.contains(&pragma_name) => Authorization::Allow,
        _ => Authorization::Deny,
    }
}

/// Functions that reach beyond values, in whichever build.
const REACHING: [&str; 6] = [
    "load_extension",
    "readfile",
    "writefile",
    "edit",
    "fts3_tokenizer",
    "sqlite_log",
];
const TELLING: [&str; 5] = [
    "table_xinfo",
    "index_list",
    "index_info",
    "foreign_key_list",
    "table_list",
];

/// Special letters of addresses are written by number.
fn uri(file: &Path) -> String {
    let mut text = "file:".to_owned();
    for byte in file.to_string_lossy().bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text.push_str("?mode=ro&immutable=1");
    text
}

/// The rows of a query as parts.
///
/// # Errors
/// What SQLite refuses; limits; values that do not fit.
pub fn fetch(file: &Path, fetch: &Fetch) -> Result<Fetched, EngineError> {
    let connection = open(file)?;
    let mut statement = connection.prepare(&fetch.sql).map_err(explain)?;
    if statement.column_count() != fetch.columns.len() || !statement.readonly() {
        let detail = format!("{} columns for {}", statement.column_count(), fetch.columns.len());
        return Err(DatabaseError::new(DatabaseFault::Query, detail).into());
    }
    let mut rows = statement.query([]).map_err(explain)?;
    let mut writer = PartWriter::new(fetch);
    while let Some(row) = rows.next().map_err(explain)? {
        let mut values = Vec::with_capacity(fetch.columns.len());
        for (index, (_, kind)) in fetch.columns.iter().enumerate() {
            values.push(value(row.get_ref(index).map_err(explain)?, *kind)?);
        }
        if writer.push(values.into_iter())? {
            writer.flush()?;
        }
    }
    writer.finish()
}

/// SQLite's columns hold what they like; what cannot be one of the column's type is refused by name.
fn value(stored: ValueRef<'_>, kind: ColumnType) -> Result<Value, DatabaseError> {
    let refused = |held: &str| {
        let detail = format!("a value of type {held} in a column of {}", kind.as_str());
        DatabaseError::new(DatabaseFault::Value, detail)
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok(match (stored, kind) {
        (ValueRef::Null, _) => Value::Null,
        (ValueRef::Integer(number), ColumnType::Integer) => Value::Integer(number),
        (ValueRef::Integer(number), ColumnType::Boolean) => Value::Boolean(number != 0),
        #[expect(clippy::cast_precision_loss, reason = "the column holds floating-point numbers")]
        (ValueRef::Integer(number), ColumnType::Number) => Value::Number(number as f64),
        (ValueRef::Integer(number), ColumnType::Decimal) => Value::Decimal {
            unscaled: number.into(),
            scale: 0,
        },
        (ValueRef::Real(number), ColumnType::Number) => Value::Number(number),
        #[expect(clippy::cast_possible_truncation, reason = "it is whole, and in range")]
        (ValueRef::Real(number), ColumnType::Integer) if number.fract() == 0.0 && number.abs() < 9e15 => {
            Value::Integer(number as i64)
        }
        (ValueRef::Text(bytes), ColumnType::String | ColumnType::Json | ColumnType::Geo) => Value::Text(text(bytes)),
        (ValueRef::Integer(number), ColumnType::String | ColumnType::Json | ColumnType::Geo) => {
            Value::Text(number.to_string())
        }
        (ValueRef::Real(number), ColumnType::String | ColumnType::Json | ColumnType::Geo) => {
            Value::Text(number.to_string())
        }
        (ValueRef::Text(bytes), ColumnType::Date) => date(&text(bytes)).ok_or_else(|| refused("text"))?,
        (ValueRef::Text(bytes), ColumnType::Timestamp | ColumnType::Timestamptz) => {
            moment(&text(bytes)).ok_or_else(|| refused("text"))?
        }
        (ValueRef::Text(bytes), ColumnType::Time) => time(&text(bytes)).ok_or_else(|| refused("text"))?,
        (ValueRef::Integer(_), _) => return Err(refused("integer")),
        (ValueRef::Real(_), _) => return Err(refused("real")),
        (ValueRef::Text(_), _) => return Err(refused("text")),
        (ValueRef::Blob(_), _) => return Err(refused("blob")),
    })
}

fn date(text: &str) -> Option<Value> {
    let day = chrono::NaiveDate::parse_from_str(text.get(..10)?, "%Y-%m-%d").ok()?;
    let days = day.signed_duration_since(chrono::NaiveDate::default()).num_days();
    Some(Value::Date(i32::try_from(days).ok()?))
}

/// `2026-11-20 09:00:00.250000`, as printed queries write clocks.
fn moment(text: &str) -> Option<Value> {
    if text.len() == 10 {
        let Value::Date(days) = date(text)? else { return None };
        return Some(Value::Moment(i64::from(days).checked_mul(86_400_000_000)?));
    }
    let clock = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").ok()?;
    Some(Value::Moment(clock.and_utc().timestamp_micros()))
}

fn time(text: &str) -> Option<Value> {
    let time = chrono::NaiveTime::parse_from_str(text, "%H:%M:%S%.f").ok()?;
    let since = time.signed_duration_since(chrono::NaiveTime::MIN);
    Some(Value::Time(since.num_nanoseconds()?))
}

pub fn explain(error: Error) -> DatabaseError {
    let text = error.to_string();
    let fault = match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase | rusqlite::ErrorCode::DatabaseCorrupt) => DatabaseFault::NoDatabaseFile,
        Some(rusqlite::ErrorCode::AuthorizationForStatementDenied) => DatabaseFault::NoRight,
        _ if text.contains("no such table") || text.contains("no such column") => DatabaseFault::Gone,
        Some(_) | None => DatabaseFault::Query,
    };
    DatabaseError::new(fault, text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connector::PartLimits;

    fn made(statements: &str) -> tempfile::NamedTempFile {
        let file = tempfile::Builder::new().prefix("odd name #").tempfile().unwrap();
        Connection::open(file.path())
            .unwrap()
            .execute_batch(statements)
            .unwrap();
        file
    }

    #[test]
    fn nothing_but_reading_is_let_through() {
        let file = made("CREATE TABLE t (a); INSERT INTO t VALUES (1);");
        let folder = tempfile::tempdir().unwrap();
        let beside = folder.path().join("made.db");
        let connection = open(file.path()).unwrap();
        for statement in [
            "INSERT INTO t VALUES (2)".to_owned(),
            "DELETE FROM t".to_owned(),
            "DROP TABLE t".to_owned(),
            "CREATE TEMP TABLE u (a)".to_owned(),
            format!("ATTACH '{}' AS other", beside.display()),
            format!("VACUUM INTO '{}'", beside.display()),
            "PRAGMA query_only = OFF".to_owned(),
            "PRAGMA journal_mode = DELETE".to_owned(),
            "SELECT load_extension('x')".to_owned(),
            "BEGIN IMMEDIATE".to_owned(),
        ] {
            assert!(connection.execute_batch(&statement).is_err(), "{statement}");
        }
        assert!(!beside.exists());
        let count: i64 = connection
            .query_row("SELECT count(*) FROM t", [], |row| row.get(0))
            .unwrap();
        assert_eq!(count, 1);
    }

    #[test]
    fn files_that_are_no_databases_are_told() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "region,amount\nNorth,1\n".repeat(200)).unwrap();
        assert_eq!(
            open(file.path()).err().map(|error| error.fault),
            Some(DatabaseFault::NoDatabaseFile)
        );
    }

    #[test]
    fn values_take_the_type_of_their_column() {
        let file = made(
            "CREATE TABLE t (a, b, c, d); INSERT INTO t VALUES (1, 2, '2026-11-20', '2026-11-20 09:00:00.5'), (NULL, 2.5, NULL, NULL);",
        );
        let folder = tempfile::tempdir().unwrap();
        let ask = |columns: &[(&str, ColumnType)]| {
            fetch(
                file.path(),
                &Fetch {
                    sql: format!(
                        "SELECT {} FROM t",
                        columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
                    ),
                    columns: columns.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect(),
                    folder: folder.path().to_owned(),
                    stem: "q".to_owned(),
                    limits: PartLimits {
                        rows: 10,
                        bytes: 10_000,
                    },
                },
            )
        };
        let good = [
            ("a", ColumnType::Boolean),
            ("b", ColumnType::Number),
            ("c", ColumnType::Date),
            ("d", ColumnType::Timestamp),
        ];
        assert_eq!(ask(&good).unwrap().rows, 2);
        let error = ask(&[("b", ColumnType::Integer)]).unwrap_err().app_error();
        assert_eq!(error.code, shared::ErrorCode::Limit);
        assert_eq!(
            ask(&[("absent", ColumnType::Integer)]).unwrap_err().app_error().code,
            shared::ErrorCode::SourceGone
        );
    }
}
