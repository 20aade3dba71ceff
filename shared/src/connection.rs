//! Connections to databases: how they are reached, and what is found there.

use std::fmt;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use crate::{ids::ConnectionId, table::ColumnType};

/// What a connection is made from, and changed with. An option that the kind does not have is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ConnectionInput {
    /// A server that speaks PostgreSQL's protocol.
    Postgres(ServerInput),
    /// A server that speaks MySQL's protocol, MariaDB among them.
    Mysql(ServerInput),
    Sqlite(SqliteInput),
}

/// A server, and as whom it is asked.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServerInput {
    /// What models call it.
    pub name: String,
    /// A name or an address.
    pub host: String,
    /// Default: the one that servers of this kind listen on, 5432 or 3306.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    pub database: String,
    pub user: String,
    /// Left out in a change: the one that is kept, as long as host, port and user are the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    #[serde(default)]
    pub tls: TlsMode,
    /// The certificate (PEM) of the authority that signed the server's; `None`: those the system trusts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
}

impl fmt::Debug for ServerInput {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("ServerInput")
            .field("name", &self.name)
            .field("host", &self.host)
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

/// An uploaded SQLite database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SqliteInput {
    pub name: String,
    /// As the upload answered. Left out in a change: the one that is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}

/// How the way to a server is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TlsMode {
    /// Encrypted, and the server proves who it is.
    #[default]
    Verify,
    /// Encrypted; whoever answers is believed.
    Encrypt,
    Off,
}

impl TlsMode {
    /// `true` and PostgreSQL's own words are understood as well.
    fn named(text: &str) -> Option<Self> {
        match text {
            "verify" | "verify-full" | "verify_full" => Some(Self::Verify),
            "encrypt" | "require" => Some(Self::Encrypt),
            "off" | "disable" => Some(Self::Off),
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for TlsMode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Spelling {
            Whether(bool),
            Named(String),
        }
        match Spelling::deserialize(deserializer)? {
            Spelling::Whether(true) => Ok(Self::Verify),
            Spelling::Whether(false) => Ok(Self::Off),
            Spelling::Named(text) => {
                Self::named(&text).ok_or_else(|| D::Error::custom("`tls` is \"verify\", \"encrypt\" or \"off\""))
            }
        }
    }
}

impl ConnectionInput {
    pub fn name(&self) -> &str {
        match self {
            Self::Postgres(input) | Self::Mysql(input) => &input.name,
            Self::Sqlite(input) => &input.name,
        }
    }

    pub const fn kind(&self) -> ConnectionKind {
        match self {
            Self::Postgres(_) => ConnectionKind::Postgres,
            Self::Mysql(_) => ConnectionKind::Mysql,
            Self::Sqlite(_) => ConnectionKind::Sqlite,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionKind {
    Postgres,
    Mysql,
    Sqlite,
}

impl ConnectionKind {
    pub const ALL: [Self; 3] = [Self::Postgres, Self::Mysql, Self::Sqlite];

    pub const fn label(self) -> &'static str {
        match self {
            Self::Postgres => "PostgreSQL",
            Self::Mysql => "MySQL or MariaDB",
            Self::Sqlite => "SQLite file",
        }
    }

    /// Where its servers listen; `None`: it is a file.
    pub const fn port(self) -> Option<u16> {
        match self {
            Self::Postgres => Some(5432),
            Self::Mysql => Some(3306),
            Self::Sqlite => None,
        }
    }
}

/// How a database is reached, without what is secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ConnectionOptions {
    Postgres(ServerOptions),
    Mysql(ServerOptions),
    Sqlite {
        /// Its stored file.
        file: String,
        /// What the file was called where it came from.
        file_name: String,
        bytes: u64,
    },
}

/// A server, and as whom it is asked, without the password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ServerOptions {
    pub host: String,
    pub port: u16,
    pub database: String,
    pub user: String,
    pub tls: TlsMode,
    /// PEM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
}

impl ConnectionOptions {
    pub const fn kind(&self) -> ConnectionKind {
        match self {
            Self::Postgres(_) => ConnectionKind::Postgres,
            Self::Mysql(_) => ConnectionKind::Mysql,
            Self::Sqlite { .. } => ConnectionKind::Sqlite,
        }
    }
}

/// A connection as its workspace sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Connection {
    pub id: ConnectionId,
    pub name: String,
    pub options: ConnectionOptions,
    pub has_password: bool,
    /// What the last test that went well found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<ConnectionFound>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// What a database says about itself and the role that asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConnectionFound {
    /// `PostgreSQL 15.8`
    pub server: String,
    /// May the role change data? Sightline never does, but a role that cannot is safer.
    pub can_write: bool,
    /// Tables and views it can read.
    pub tables: u64,
    pub millis: u64,
}

/// An uploaded database file that no connection has yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DatabaseFile {
    pub file: String,
    pub file_name: String,
    pub bytes: u64,
}

/// The tables and views that a role can read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DatabaseSchema {
    pub tables: Vec<DatabaseTable>,
    /// There are more than are listed.
    #[serde(default)]
    pub truncated: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DatabaseTable {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    pub name: String,
    pub is_view: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// As the database guesses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    pub columns: Vec<DatabaseColumn>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub primary_key: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unique_keys: Vec<Vec<String>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub foreign_keys: Vec<ForeignKey>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DatabaseColumn {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: ColumnType,
    /// As the database calls its type.
    pub declared: String,
    pub nullable: bool,
    /// Is its own type just that of `kind`, or is it converted where it is read?
    pub exact: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// Columns that name a row of another table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ForeignKey {
    pub columns: Vec<String>,
    /// As `DatabaseTable::full_name`.
    pub table: String,
    pub references: Vec<String>,
}

impl DatabaseTable {
    /// `public.orders`: what a model's `source.table` says.
    pub fn full_name(&self) -> String {
        match &self.schema {
            Some(schema) => format!("{schema}.{}", self.name),
            None => self.name.clone(),
        }
    }
}

impl DatabaseSchema {
    /// The table that a model names: in full, or by its name alone where only one is called that.
    pub fn table(&self, name: &str) -> Option<&DatabaseTable> {
        let full = self.tables.iter().find(|table| table.full_name() == name);
        full.or_else(|| {
            let mut named = self.tables.iter().filter(|table| table.name == name);
            named.next().filter(|_| named.next().is_none())
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(document: serde_json::Value) -> Result<ConnectionInput, String> {
        serde_json::from_value(document).map_err(|error| error.to_string())
    }

    #[test]
    fn options_are_typed_and_unknown_ones_refused() {
        let whole = json!({"kind": "postgres", "name": "shop", "host": "db", "database": "shop", "user": "reader"});
        let ConnectionInput::Postgres(input) = read(whole.clone()).unwrap() else {
            panic!("another kind")
        };
        assert_eq!((input.port, input.tls, input.password), (None, TlsMode::Verify, None));
        assert_eq!(ConnectionKind::Mysql.port(), Some(3306));
        for (key, value) in [
            ("socket", json!("/tmp")),
            ("options", json!("-c x=y")),
            ("port", json!("5432")),
            ("port", json!(70000)),
            ("tls", json!("maybe")),
            ("kind", json!("h2")),
        ] {
            let mut other = whole.clone();
            other[key] = value;
            assert!(read(other).is_err(), "{key}");
        }
        assert!(read(json!({"kind": "sqlite", "name": "f", "file": "x", "password": "y"})).is_err());
    }

    #[test]
    fn passwords_are_in_no_debug_text() {
        let secret =
            json!({"kind": "postgres", "name": "s", "host": "h", "database": "d", "user": "u", "password": "hunter2"});
        assert!(!format!("{:?}", read(secret).unwrap()).contains("hunter2"));
    }

    #[test]
    fn tables_are_found_by_name_where_that_is_enough() {
        let table = |schema: &str, name: &str| DatabaseTable {
            schema: Some(schema.to_owned()),
            name: name.to_owned(),
            is_view: false,
            comment: None,
            rows: None,
            columns: Vec::new(),
            primary_key: Vec::new(),
            unique_keys: Vec::new(),
            foreign_keys: Vec::new(),
        };
        let schema = DatabaseSchema {
            tables: vec![
                table("public", "orders"),
                table("old", "orders"),
                table("public", "people"),
            ],
            truncated: false,
        };
        assert_eq!(
            schema.table("old.orders").map(DatabaseTable::full_name).as_deref(),
            Some("old.orders")
        );
        assert_eq!(
            schema.table("people").map(DatabaseTable::full_name).as_deref(),
            Some("public.people")
        );
        assert_eq!(schema.table("orders"), None);
    }
}
