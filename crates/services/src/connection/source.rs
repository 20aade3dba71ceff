//! What the tables of a model are in their databases.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use engine::Connector;
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

/// The connections that a workspace's models name, by id and by name.
async fn named(
    context: &Context,
    workspace: WorkspaceId,
    tables: &[&ModelTable],
) -> ServiceResult<HashMap<String, connection::Model>> {
    let names: Vec<&str> = tables.iter().filter_map(|table| table.connection.as_deref()).collect();
    if names.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = connection::Entity::find()
        .filter(connection::Column::WorkspaceId.eq(workspace.as_uuid()))
        .all(&context.reader(workspace))
        .await?;
    let mut found = HashMap::new();
    for row in rows {
        for name in [row.name.clone(), row.id().to_string()] {
            if names.contains(&name.as_str()) {
                found.insert(name, row.clone());
            }
        }
    }
    Ok(found)
}

/// Finds those of `tables` that are in databases.
///
/// # Errors
/// 410 when a connection or a table is not there any more; 422 for SQL that is refused; as the database says.
pub(crate) async fn relations_of(
    context: &Context,
    workspace: WorkspaceId,
    tables: &[&ModelTable],
) -> ServiceResult<Relations> {
    let rows = named(context, workspace, tables).await?;
    let mut relations = Relations::default();
    for table in tables {
        let Some(name) = &table.connection else { continue };
        let row = rows.get(name).ok_or_else(|| {
            AppError::new(
                ErrorCode::SourceGone,
                format!("The connection {name} behind this was removed."),
            )
            .with_field(name.clone())
            .with_hint("Connect the database again under this name, or let the model read another one.")
        })?;
        let relation = relation(context, row, table).await?;
        let connector = context.data()?.connectors().of(context, row).await?;
        let bound = Bound {
            connection: row.id().to_string(),
            dialect: connector.dialect(),
            relation,
        };
        relations.tables.insert(table.name.to_string(), (bound, connector));
    }
    Ok(relations)
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
            let printed = checked(text, connector.dialect(), &schema)?;
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
    let (dialect, default_schema) = match dialect {
        SqlDialect::Postgres => (guard::Dialect::Postgres, "public"),
        SqlDialect::MySql(_) | SqlDialect::MariaDb(_) => (guard::Dialect::MySql, ""),
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
/// As the database says, when it does not answer.
pub(crate) async fn database_columns(
    context: &Context,
    workspace: WorkspaceId,
    document: &Model,
) -> ServiceResult<DatabaseColumns> {
    let tables: Vec<&ModelTable> = document.tables.iter().collect();
    let rows = named(context, workspace, &tables).await?;
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
                            ErrorCode::SourceGone | ErrorCode::Invalid => wrong("source", said),
                            _ => return Err(error),
                        }
                    }
                },
            },
        }
    }
    Ok(found)
}
