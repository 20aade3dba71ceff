//! The databases whose SQL is understood.

use sqlparser::{
    ast::Ident,
    dialect::{Dialect as Grammar, DuckDbDialect, MySqlDialect, PostgreSqlDialect, SQLiteDialect},
};

/// The language of a connection. A text is always read with the dialect of the connection it is meant for: comments and quotes
/// end elsewhere in another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dialect {
    /// With `search_path` set to `pg_catalog` by the connector: checked tables carry their schema, and nobody can then put a
    /// function of the same name before the database's own.
    Postgres,
    /// With the default `sql_mode` as to backslashes: the connector has to leave out `NO_BACKSLASH_ESCAPES`.
    MySql,
    Sqlite,
    DuckDb,
}

impl Dialect {
    pub const ALL: [Self; 4] = [Self::Postgres, Self::MySql, Self::Sqlite, Self::DuckDb];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::MySql => "mysql",
            Self::Sqlite => "sqlite",
            Self::DuckDb => "duckdb",
        }
    }

    /// The name people know it by.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Postgres => "PostgreSQL",
            Self::MySql => "MySQL",
            Self::Sqlite => "SQLite",
            Self::DuckDb => "DuckDB",
        }
    }

    pub(crate) fn grammar(self) -> &'static dyn Grammar {
        match self {
            Self::Postgres => &PostgreSqlDialect {},
            Self::MySql => &MySqlDialect {},
            Self::Sqlite => &SQLiteDialect {},
            Self::DuckDb => &DuckDbDialect {},
        }
    }

    /// What stands around a quoted name.
    pub(crate) const fn quote(self) -> char {
        match self {
            Self::MySql => '`',
            Self::Postgres | Self::Sqlite | Self::DuckDb => '"',
        }
    }

    /// The name as the database stores it: PostgreSQL makes unquoted names lower case, the others keep what is written.
    pub(crate) fn stored(self, name: &Ident) -> String {
        match (self, name.quote_style) {
            (Self::Postgres, None) => name.value.to_ascii_lowercase(),
            (Self::Postgres, Some(_)) | (Self::MySql | Self::Sqlite | Self::DuckDb, _) => name.value.clone(),
        }
    }

    /// Whether both stored names may mean the same thing.
    pub(crate) fn same(self, left: &str, right: &str) -> bool {
        match self {
            Self::Postgres => left == right,
            Self::MySql | Self::Sqlite | Self::DuckDb => left.eq_ignore_ascii_case(right),
        }
    }

    /// Whether a backslash hides the character after it in an ordinary text literal.
    pub(crate) const fn backslash_escapes(self) -> bool {
        match self {
            Self::MySql => true,
            Self::Postgres | Self::Sqlite | Self::DuckDb => false,
        }
    }

    /// Whether a schema belongs to the database itself.
    pub(crate) fn system_schema(self, schema: &str) -> bool {
        let schema = schema.to_ascii_lowercase();
        match self {
            Self::Postgres => schema.starts_with("pg_") || schema == "information_schema",
            Self::MySql => matches!(
                schema.as_str(),
                "mysql" | "information_schema" | "performance_schema" | "sys" | "ndbinfo"
            ),
            Self::Sqlite => matches!(schema.as_str(), "temp" | "sqlite"),
            Self::DuckDb => matches!(schema.as_str(), "information_schema" | "pg_catalog" | "system" | "temp"),
        }
    }

    /// Whether a table without a schema belongs to the database itself.
    pub(crate) fn system_table(self, table: &str) -> bool {
        let table = table.to_ascii_lowercase();
        match self {
            Self::Postgres => table.starts_with("pg_"),
            Self::MySql => false,
            Self::Sqlite => table.starts_with("sqlite_") || table.starts_with("pragma_") || table == "dbstat",
            Self::DuckDb => ["duckdb_", "pg_", "sqlite_", "pragma_"]
                .iter()
                .any(|start| table.starts_with(start)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_stored_as_each_database_does() {
        let plain = Ident::new("Orders");
        assert_eq!(Dialect::Postgres.stored(&plain), "orders");
        assert_eq!(Dialect::MySql.stored(&plain), "Orders");
        assert_eq!(Dialect::Postgres.stored(&Ident::with_quote('"', "Orders")), "Orders");
        assert!(!Dialect::Postgres.same("Orders", "orders"));
        assert!(Dialect::Sqlite.same("Orders", "orders"));
    }
}
