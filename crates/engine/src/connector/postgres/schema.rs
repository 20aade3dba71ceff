//! What a server holds that the role can read.

use std::{collections::HashMap, time::Instant};

use shared::{
    connection::{ConnectionFound, DatabaseColumn, DatabaseSchema, DatabaseTable, ForeignKey},
    table::ColumnType,
};

use super::{failure::explain, session::PostgresSession};
use crate::{connector::twice, error::EngineError};

/// Columns of all tables that are listed at most.
const MOST_COLUMNS: usize = 50_000;

const READABLE: &str = "c.relkind IN ('r', 'p', 'v', 'm', 'f') \
    AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)' \
    AND has_schema_privilege(n.oid, 'USAGE')";

/// Version, number of tables, and whether the role could change anything.
pub async fn look(session: &PostgresSession) -> Result<ConnectionFound, EngineError> {
    let start = Instant::now();
    let text = format!(
        "SELECT current_setting('server_version'), \
           (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) \
             OR has_database_privilege(current_database(), 'CREATE') \
             OR EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
                        WHERE {READABLE} AND c.relkind IN ('r', 'p') \
                          AND has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')), \
           (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
            WHERE {READABLE} AND has_table_privilege(c.oid, 'SELECT'))"
    );
    let row = session.client.query_one(&text, &[]).await.map_err(explain)?;
    let version: String = row.try_get(0).map_err(explain)?;
    let can_write: Option<bool> = row.try_get(1).map_err(explain)?;
    let tables: i64 = row.try_get(2).map_err(explain)?;
    Ok(ConnectionFound {
        server: format!("PostgreSQL {}", version.split_whitespace().next().unwrap_or_default()),
        can_write: can_write.unwrap_or(false),
        tables: u64::try_from(tables).unwrap_or(0),
        millis: u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX),
    })
}

/// Tables, columns and keys.
pub async fn read(session: &PostgresSession) -> Result<DatabaseSchema, EngineError> {
    let mut schema = columns(session).await?;
    let places: HashMap<(String, String), usize> = schema
        .tables
        .iter()
        .enumerate()
        .map(|(place, table)| ((table.schema.clone().unwrap_or_default(), table.name.clone()), place))
        .collect();
    for (schema_name, table, is_primary, columns) in unique_keys(session).await? {
        let place = places.get(&(schema_name, table));
        if let Some(table) = place.and_then(|place| schema.tables.get_mut(*place)) {
            if is_primary {
                table.primary_key = columns;
            } else {
                table.unique_keys.push(columns);
            }
        }
    }
    for (schema_name, table, key) in foreign_keys(session).await? {
        let place = places.get(&(schema_name, table));
        if let Some(table) = place.and_then(|place| schema.tables.get_mut(*place)) {
            table.foreign_keys.push(key);
        }
    }
    Ok(schema)
}

/// What a query gives.
pub async fn describe(session: &PostgresSession, query: &str) -> Result<Vec<DatabaseColumn>, EngineError> {
    let statement = session.client.prepare(query).await.map_err(explain)?;
    let mut columns: Vec<DatabaseColumn> = Vec::new();
    for column in statement.columns() {
        if columns.iter().any(|known| known.name == column.name()) {
            return Err(twice(column.name()));
        }
        if let Some((kind, exact)) = kind_of(column.type_().name(), false) {
            columns.push(DatabaseColumn {
                name: column.name().to_owned(),
                kind,
                declared: column.type_().name().to_owned(),
                nullable: true,
                exact,
                comment: None,
            });
        }
    }
    Ok(columns)
}

async fn columns(session: &PostgresSession) -> Result<DatabaseSchema, EngineError> {
    let text = format!(
        "SELECT n.nspname::text, c.relname::text, c.relkind IN ('v', 'm'), \
           CASE WHEN c.reltuples >= 0 AND c.relkind <> 'v' THEN c.reltuples::float8::bigint END, \
           obj_description(c.oid, 'pg_class'), a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull, \
           coalesce(b.typname, t.typname)::text, coalesce(l.collname IN ('C', 'POSIX'), false), \
           col_description(c.oid, a.attnum) \
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
           JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
           JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_type b ON b.oid = t.typbasetype \
           LEFT JOIN pg_collation l ON l.oid = a.attcollation \
         WHERE {READABLE} AND has_column_privilege(c.oid, a.attnum, 'SELECT') \
         ORDER BY 1, 2, a.attnum LIMIT {}",
        MOST_COLUMNS + 1
    );
    let rows = session.client.query(&text, &[]).await.map_err(explain)?;
    let mut schema = DatabaseSchema {
        tables: Vec::new(),
        truncated: rows.len() > MOST_COLUMNS,
    };
    for row in rows.iter().take(MOST_COLUMNS) {
        let (schema_name, name): (String, String) =
            (row.try_get(0).map_err(explain)?, row.try_get(1).map_err(explain)?);
        let known = schema
            .tables
            .last()
            .is_some_and(|table| table.name == name && table.schema.as_deref() == Some(schema_name.as_str()));
        if !known {
            let rows: Option<i64> = row.try_get(3).map_err(explain)?;
            schema.tables.push(DatabaseTable {
                schema: Some(schema_name),
                name,
                is_view: row.try_get(2).map_err(explain)?,
                comment: row.try_get(4).map_err(explain)?,
                rows: rows.and_then(|rows| u64::try_from(rows).ok()),
                columns: Vec::new(),
                primary_key: Vec::new(),
                unique_keys: Vec::new(),
                foreign_keys: Vec::new(),
            });
        }
        let stored: String = row.try_get(8).map_err(explain)?;
        let is_bytewise: bool = row.try_get(9).map_err(explain)?;
        if let (Some((kind, exact)), Some(table)) = (kind_of(&stored, is_bytewise), schema.tables.last_mut()) {
            let not_null: bool = row.try_get(7).map_err(explain)?;
            table.columns.push(DatabaseColumn {
                name: row.try_get(5).map_err(explain)?,
                kind,
                declared: row.try_get(6).map_err(explain)?,
                nullable: !not_null,
                exact,
                comment: row.try_get(10).map_err(explain)?,
            });
        }
    }
    Ok(schema)
}

/// Our type for one of PostgreSQL's, and whether it is just that; `None`: there is no reading it. What is neither a number,
/// a time nor a truth value is read as the text that PostgreSQL writes for it.
fn kind_of(stored: &str, is_bytewise: bool) -> Option<(ColumnType, bool)> {
    Some(match stored {
        "bool" => (ColumnType::Boolean, true),
        "int2" | "int4" | "oid" => (ColumnType::Integer, false),
        "int8" => (ColumnType::Integer, true),
        "float4" => (ColumnType::Number, false),
        "float8" => (ColumnType::Number, true),
        "numeric" => (ColumnType::Decimal, true),
        "text" | "varchar" => (ColumnType::String, is_bytewise),
        "date" => (ColumnType::Date, true),
        "time" => (ColumnType::Time, true),
        "timestamp" => (ColumnType::Timestamp, true),
        "timestamptz" => (ColumnType::Timestamptz, true),
        "json" | "jsonb" => (ColumnType::Json, false),
        "bytea" => return None,
        _ => (ColumnType::String, false),
    })
}

type UniqueKey = (String, String, bool, Vec<String>);

async fn unique_keys(session: &PostgresSession) -> Result<Vec<UniqueKey>, EngineError> {
    let text = format!(
        "SELECT n.nspname::text, c.relname::text, i.indisprimary, \
           (SELECT array_agg(a.attname::text ORDER BY k.place) \
            FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, place) \
              JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number WHERE k.place <= i.indnkeyatts) \
         FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL AND {READABLE}"
    );
    let rows = session.client.query(&text, &[]).await.map_err(explain)?;
    let read = |row: &tokio_postgres::Row| {
        let columns: Option<Vec<String>> = row.try_get(3)?;
        Ok((
            row.try_get(0)?,
            row.try_get(1)?,
            row.try_get(2)?,
            columns.unwrap_or_default(),
        ))
    };
    Ok(rows.iter().map(read).collect::<Result<_, _>>().map_err(explain)?)
}

async fn foreign_keys(session: &PostgresSession) -> Result<Vec<(String, String, ForeignKey)>, EngineError> {
    let text = format!(
        "SELECT n.nspname::text, c.relname::text, rn.nspname::text || '.' || r.relname::text, \
           (SELECT array_agg(a.attname::text ORDER BY k.place) FROM unnest(o.conkey) WITH ORDINALITY AS k(number, place) \
              JOIN pg_attribute a ON a.attrelid = o.conrelid AND a.attnum = k.number), \
           (SELECT array_agg(a.attname::text ORDER BY k.place) FROM unnest(o.confkey) WITH ORDINALITY AS k(number, place) \
              JOIN pg_attribute a ON a.attrelid = o.confrelid AND a.attnum = k.number) \
         FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
           JOIN pg_class r ON r.oid = o.confrelid JOIN pg_namespace rn ON rn.oid = r.relnamespace \
         WHERE o.contype = 'f' AND {READABLE} ORDER BY o.conname"
    );
    let rows = session.client.query(&text, &[]).await.map_err(explain)?;
    let read = |row: &tokio_postgres::Row| {
        let (columns, references): (Option<Vec<String>>, Option<Vec<String>>) = (row.try_get(3)?, row.try_get(4)?);
        let key = ForeignKey {
            columns: columns.unwrap_or_default(),
            table: row.try_get(2)?,
            references: references.unwrap_or_default(),
        };
        Ok((row.try_get(0)?, row.try_get(1)?, key))
    };
    Ok(rows.iter().map(read).collect::<Result<_, _>>().map_err(explain)?)
}
