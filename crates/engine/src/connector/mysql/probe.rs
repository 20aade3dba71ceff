//! What a server can do, asked when a session begins.

use mysql_async::{Conn, prelude::Queryable as _};
use plan::sql::{SqlDialect, Zones};

use super::failure::explain;
use crate::connector::{DatabaseError, DatabaseFault};

/// What differs between servers of this protocol.
#[derive(Clone, Copy, Debug)]
pub struct Features {
    pub dialect: SqlDialect,
    pub limit: TimeLimit,
    /// Does it keep days such as 0000-00-00?
    pub has_zero_days: bool,
}

/// How a query's time is limited by the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeLimit {
    /// `max_execution_time`, in milliseconds.
    ExecutionTime,
    /// `max_statement_time`, in seconds.
    StatementTime,
    /// It has none; the clock of ours holds.
    None,
}

/// # Errors
/// `TooOld` where no collation compares texts by their bytes.
pub async fn probe(conn: &mut Conn) -> Result<Features, DatabaseError> {
    let zone: Option<Option<String>> = conn
        .query_first("SELECT CAST(CONVERT_TZ('2024-07-01 12:00:00', 'UTC', 'Europe/Berlin') AS CHAR)")
        .await
        .map_err(explain)?;
    let zones = if zone
        .flatten()
        .is_some_and(|text| text.starts_with("2024-07-01 14:00:00"))
    {
        Zones::Loaded
    } else {
        Zones::Missing
    };
    let collations: Vec<String> = conn
        .query("SELECT COLLATION_NAME FROM information_schema.COLLATIONS WHERE COLLATION_NAME IN ('utf8mb4_nopad_bin', 'utf8mb4_0900_bin')")
        .await
        .map_err(explain)?;
    let has = |name: &str| collations.iter().any(|known| known == name);
    let dialect = if has("utf8mb4_0900_bin") {
        SqlDialect::MySql(zones)
    } else if has("utf8mb4_nopad_bin") {
        SqlDialect::MariaDb(zones)
    } else {
        return Err(DatabaseError::new(DatabaseFault::TooOld, "no collation by bytes"));
    };
    let variables: Vec<(String, String)> = conn
        .query("SHOW VARIABLES WHERE Variable_name IN ('max_execution_time', 'max_statement_time')")
        .await
        .map_err(explain)?;
    let has = |name: &str| variables.iter().any(|(known, _)| known == name);
    let limit = if has("max_statement_time") {
        TimeLimit::StatementTime
    } else if has("max_execution_time") {
        TimeLimit::ExecutionTime
    } else {
        TimeLimit::None
    };
    let mode: Option<String> = conn.query_first("SELECT @@GLOBAL.sql_mode").await.map_err(explain)?;
    let mode = mode.unwrap_or_default();
    let forbids = |word: &str| mode.split(',').any(|known| known == word);
    let is_strict = forbids("STRICT_TRANS_TABLES") || forbids("STRICT_ALL_TABLES");
    let has_zero_days = !(is_strict && forbids("NO_ZERO_DATE") && forbids("NO_ZERO_IN_DATE"));
    Ok(Features {
        dialect,
        limit,
        has_zero_days,
    })
}
