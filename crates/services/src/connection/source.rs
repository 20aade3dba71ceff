//! What the tables of a model are in their databases.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use engine::{CancellationToken, Connector};
use entity::connection;
use guard::{QueryRules, check_query};
use plan::sql::{Bound, Relation, RelationRows, SqlDialect, StoredColumn};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use shared::{
    AppError, ErrorCode,
    connection::{DatabaseColumn, DatabaseSchema, DatabaseTable},
    ids::WorkspaceId,
    semantic::{Model, ModelTable, Source},
    table::ColumnType,
};

use crate::{Context, ServiceResult};

/// Where the tables of a model that are in databases lie, by their names in the model.
#[derive(Debug, Default)]
pub(crate) struct Relations {
    tables: HashMap<String, (Bound, Arc<dyn Connector>)>,
}

impl Relations {
    pub fn bound(&self, table: &str) -> Option<&Bound> {
        self.tables.get(table).map(|(bound, _)| bound)
    }

    /// The way to a connection, by its id in `Bound`.
    pub fn connector(&self, connection: &str) -> Option<Arc<dyn Connector>> {
        let mut all = self.tables.values();
        let found = all.find(|(bound, _)| bound.connection == connection);
        found.map(|(_, connector)| Arc::clone(connector))
    }

    pub fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }
}

/// The connections that some tables name, by name and by id.
#[derive(Debug, Default)]
pub(crate) struct Connections(HashMap<String, connection::Model>);

impl Connections {
    /// Asks the database only where a table is in one.
    ///
    /// # Errors
    /// When the metadata database fails.
    pub async fn of<'m>(
        context: &Context,
        workspace: WorkspaceId,
        tables: impl Iterator<Item = &'m ModelTable>,
    ) -> ServiceResult<Self> {
        let names: BTreeSet<&str> = tables.filter_map(|table| table.connection.as_deref()).collect();
        if names.is_empty() {
            return Ok(Self::default());
        }
        let rows = connection::Entity::find()
            .filter(connection::Column::WorkspaceId.eq(workspace.as_uuid()))
            .all(&context.reader(workspace))
            .await?;
        let keyed = |key: fn(&connection::Model) -> String| rows.iter().map(move |row| (key(row), row.clone()));
        // An id is nobody else's name, whatever somebody calls theirs.
        let all = keyed(|row| row.name.clone()).chain(keyed(|row| row.id().to_string()));
        Ok(Self(all.filter(|(key, _)| names.contains(key.as_str())).collect()))
    }

    /// What an answer from it depends on. A stored file never changes; a server's rows are looked at anew every minute, as
    /// relative ranges are.
    pub fn state(&self, name: &str, as_of: DateTime<Utc>) -> Option<String> {
        let row = self.0.get(name)?;
        let minute = match row.file_id {
            Some(_) => 0,
            None => as_of.timestamp() / 60,
        };
        Some(format!("{}:{}:{minute}", row.id(), row.revision))
    }

    /// Finds those of `tables` that are in databases; of each, the columns that are read.
    ///
    /// # Errors
    /// 410 when a connection, a table or a column is not there any more; 422 for SQL that is refused; as the database says.
    pub async fn relations(
        &self,
        context: &Context,
        tables: impl Iterator<Item = (&ModelTable, BTreeSet<&str>)>,
    ) -> ServiceResult<Relations> {
        let mut relations = Relations::default();
        for (table, columns) in tables {
            let Some(name) = &table.connection else { continue };
            let row = self.0.get(name).ok_or_else(|| removed(name))?;
            let mut relation = relation(context, row, table).await?;
            let is_there = |name: &&&str| relation.columns.iter().any(|column| column.name == **name);
            if let Some(lost) = columns.iter().find(|name| !is_there(name)) {
                return Err(lost_column(row, table, lost).into());
            }
            relation.columns.retain(|column| columns.contains(column.name.as_str()));
            let connector = context.data()?.connectors().of(context, row).await?;
            let bound = Bound {
                connection: row.id().to_string(),
                dialect: dialect_of(connector.as_ref()).await?,
                relation,
            };
            relations.tables.insert(table.name.to_string(), (bound, connector));
        }
        Ok(relations)
    }
}

async fn dialect_of(connector: &dyn Connector) -> ServiceResult<SqlDialect> {
    let cancel = CancellationToken::new();
    let _dropped = cancel.clone().drop_guard();
    Ok(connector.dialect(&cancel).await?)
}

fn removed(name: &str) -> AppError {
    AppError::new(
        ErrorCode::SourceGone,
        format!("The connection {name} behind this was removed."),
    )
    .with_field(name)
    .with_hint("Connect the database again under this name, or let the model read another one.")
}

fn lost_column(row: &connection::Model, table: &ModelTable, column: &str) -> AppError {
    let message = format!("{} in {} has no column {column} any more.", table.name, row.name);
    AppError::new(ErrorCode::SourceGone, message)
        .with_field(column)
        .with_hint("Look at the connection's tables, and take the field out of the model or mend it.")
}

async fn relation(context: &Context, row: &connection::Model, table: &ModelTable) -> ServiceResult<Relation> {
    let connectors = context.data()?.connectors();
    let schema = connectors.schema(context, row).await?;
    match &table.source {
        Source::Table(name) => {
            let found = schema.table(name).ok_or_else(|| gone(row, name))?;
            let parts = found.schema.iter().chain([&found.name]).cloned().collect();
            Ok(Relation {
                rows: RelationRows::Table(parts),
                columns: found.columns.iter().map(stored).collect(),
            })
        }
        Source::Sql(text) => {
            let connector = connectors.of(context, row).await?;
            let printed = checked(text, dialect_of(connector.as_ref()).await?, &schema)?;
            let columns = connectors.describe(context, row, &printed).await?;
            Ok(Relation {
                rows: RelationRows::Query(printed),
                columns: columns.iter().map(stored).collect(),
            })
        }
        Source::Dataset(name) => {
            Err(AppError::invalid("connection", format!("The dataset {name} is in no connection.")).into())
        }
    }
}

fn gone(row: &connection::Model, table: &str) -> AppError {
    let message = format!(
        "The connection {} has no table {table}, or its user may not read it.",
        row.name
    );
    AppError::new(ErrorCode::SourceGone, message)
        .with_field(table)
        .with_hint("Look at the connection's tables, and mend the model.")
}

fn stored(column: &DatabaseColumn) -> StoredColumn {
    StoredColumn {
        name: column.name.clone(),
        kind: column.kind,
        nullable: column.nullable,
        exact: column.exact,
    }
}

/// SQL that somebody wrote as the source of a table, checked against the tables that are there and printed anew.
///
/// # Errors
/// 422 with the reason and the place.
fn checked(text: &str, dialect: SqlDialect, schema: &DatabaseSchema) -> Result<String, AppError> {
    // All of MySQL's tables are in the connection's one database.
    let database = schema.tables.first().and_then(|table| table.schema.as_deref());
    let (dialect, default_schema) = match dialect {
        SqlDialect::Postgres => (guard::Dialect::Postgres, "public"),
        SqlDialect::MySql(_) | SqlDialect::MariaDb(_) => (guard::Dialect::MySql, database.unwrap_or_default()),
        SqlDialect::Sqlite => (guard::Dialect::Sqlite, "main"),
        SqlDialect::DuckDb => (guard::Dialect::DuckDb, "main"),
    };
    let mut relations = guard::Relations::new(default_schema);
    for DatabaseTable { schema, name, .. } in &schema.tables {
        relations.insert(schema.as_deref().unwrap_or(default_schema), name.as_str());
    }
    let rules = QueryRules {
        dialect,
        relations: &relations,
        // Not used: the query stands inside of a planned one.
        row_limit: u32::MAX,
    };
    let checked = check_query(text, &rules).map_err(|refusal| AppError::invalid("sql", refusal.to_string()))?;
    Ok(checked.query().to_owned())
}

/// Columns of a model's tables that are in databases, by the table's name; and what is wrong with a table, with the part of
/// it that it is about.
#[derive(Default)]
pub(crate) struct DatabaseColumns {
    pub columns: HashMap<String, BTreeMap<String, ColumnType>>,
    pub wrong: Vec<(String, AppError)>,
}

/// Looks at every table of the document that is in a database.
///
/// # Errors
/// When the metadata database fails. A database that does not answer is wrong with its table.
pub(crate) async fn database_columns(
    context: &Context,
    workspace: WorkspaceId,
    document: &Model,
) -> ServiceResult<DatabaseColumns> {
    let Connections(rows) = Connections::of(context, workspace, document.tables.iter()).await?;
    let mut found = DatabaseColumns::default();
    for (position, table) in document.tables.iter().enumerate() {
        let mut wrong = |part: &str, error: AppError| found.wrong.push((format!("tables.{position}.{part}"), error));
        match (&table.connection, &table.source) {
            (None, Source::Dataset(_)) => {}
            (None, Source::Table(_) | Source::Sql(_)) => {
                wrong(
                    "connection",
                    AppError::invalid("connection", "Say which connection this table is in."),
                );
            }
            (Some(_), Source::Dataset(_)) => {
                wrong(
                    "connection",
                    AppError::invalid("connection", "A dataset is in no connection; leave it out."),
                );
            }
            (Some(name), Source::Table(_) | Source::Sql(_)) => match rows.get(name) {
                None => {
                    wrong(
                        "connection",
                        AppError::invalid("connection", format!("There is no connection called {name}.")),
                    );
                }
                Some(row) => match relation(context, row, table).await {
                    Ok(relation) => {
                        let columns = relation.columns.into_iter().map(|column| (column.name, column.kind));
                        found.columns.insert(table.name.to_string(), columns.collect());
                    }
                    Err(error) => {
                        let said = error.app_error(context.request_id());
                        match said.code {
                            ErrorCode::SourceGone
                            | ErrorCode::Invalid
                            | ErrorCode::Unavailable
                            | ErrorCode::Timeout => {
                                wrong("source", said);
                            }
                            _ => return Err(error),
                        }
                    }
                },
            },
        }
    }
    Ok(found)
}
