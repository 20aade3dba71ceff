//! A first model over tables of a database: what each column means, and how the tables hang together.

use std::collections::{BTreeMap, BTreeSet};

use entity::connection;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shared::{
    AppError,
    connection::{DatabaseColumn, DatabaseSchema, DatabaseTable},
    ids::ConnectionId,
    names::{Identifier, NameError},
    permission::Capability,
    semantic::{
        Cardinality, Expression, InferredColumn, Join, Model, ModelSaved, ModelTable, Source, humanize, infer_model,
        machine_name,
    },
};

use super::{ConnectionService, read::find_connection};
use crate::{
    ServiceResult, WorkspaceSelector,
    model::{ModelService, current_documents},
};

/// What a model is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelRequest {
    /// `public.orders`
    pub tables: Vec<String>,
    /// Default: after the first table.
    #[serde(default)]
    pub name: Option<String>,
}

/// Tables of one model at most.
const MOST_TABLES: usize = 200;

impl ConnectionService {
    /// A model over the tables, joined by their foreign keys, and where there are none by columns that are named after a
    /// table's key. It is not stored: it can be looked at, changed and then put.
    ///
    /// # Errors
    /// 403; 404; 422 on `tables` for one that is not there; 503 when the database does not answer.
    pub async fn propose_model(
        &self,
        workspace: &WorkspaceSelector,
        id: ConnectionId,
        request: &ModelRequest,
    ) -> ServiceResult<Model> {
        let access = self.context.workspace_access(workspace, Capability::Edit).await?;
        let reader = &self.context.reader(access.workspace_id);
        let row = find_connection(reader, access.workspace_id, id).await?;
        let schema = self.context.data()?.connectors().schema(&self.context, &row).await?;
        Ok(proposed(&row, &schema, request)?)
    }
}

impl ConnectionService {
    /// Stores the proposed model under a name that is free, and answers the name.
    ///
    /// # Errors
    /// As `propose_model` and `ModelService::put`.
    pub async fn make_model(
        &self,
        workspace: &WorkspaceSelector,
        id: ConnectionId,
        request: &ModelRequest,
    ) -> ServiceResult<(String, ModelSaved)> {
        let access = self.context.workspace_access(workspace, Capability::Edit).await?;
        let mut model = self.propose_model(workspace, id, request).await?;
        let reader = &self.context.reader(access.workspace_id);
        let documents = current_documents(reader, access.workspace_id).await?;
        let mut taken = documents.iter().map(|document| document.model.to_string()).collect();
        model.model = machine_name(model.model.as_str(), "model", &mut taken).map_err(AppError::from)?;
        let name = model.model.to_string();
        let models = ModelService::over(&self.context);
        // Version 0: somebody who took the name meanwhile is not overwritten.
        let saved = models.put(workspace, &name, model, Some(0)).await?;
        Ok((name, saved))
    }
}

fn proposed(row: &connection::Model, schema: &DatabaseSchema, request: &ModelRequest) -> Result<Model, AppError> {
    if request.tables.is_empty() || request.tables.len() > MOST_TABLES {
        let message = format!("Choose 1 to {MOST_TABLES} tables.");
        return Err(AppError::invalid("tables", message));
    }
    let mut tables: Vec<&DatabaseTable> = Vec::new();
    for name in &request.tables {
        let table = schema
            .table(name)
            .ok_or_else(|| AppError::invalid("tables", format!("{} has no table {name}.", row.name)))?;
        if !tables.iter().any(|known| known.full_name() == table.full_name()) {
            tables.push(table);
        }
    }
    build(row, &tables, request.name.as_deref()).map_err(AppError::from)
}

fn build(row: &connection::Model, tables: &[&DatabaseTable], name: Option<&str>) -> Result<Model, NameError> {
    let mut taken = BTreeSet::new();
    let mut names: BTreeMap<String, Identifier> = BTreeMap::new();
    for table in tables {
        names.insert(table.full_name(), machine_name(&table.name, "table", &mut taken)?);
    }
    let first = tables.first().map_or("model", |table| table.name.as_str());
    let title = name.unwrap_or(first);
    let model_name = machine_name(title, "model", &mut BTreeSet::new())?;
    let mut model: Option<Model> = None;
    for table in tables {
        let Some(own) = names.get(&table.full_name()) else {
            continue;
        };
        let (mut part, metric_name) = (one_table(row, table, own)?, format!("{own}_count"));
        for metric in &mut part.metrics {
            metric.name = machine_name(&metric_name, "row_count", &mut taken)?;
            metric.label = Some(format!("Number of {}", humanize(&table.name).to_lowercase()));
        }
        match &mut model {
            None => model = Some(part),
            Some(model) => {
                model.tables.append(&mut part.tables);
                model.metrics.append(&mut part.metrics);
            }
        }
    }
    let mut model = model.map_or_else(|| infer_model(&model_name, title, &[]), Ok)?;
    model.joins = joins(tables, &names, &mut taken)?;
    model.model = model_name;
    model.label = Some(name.map_or_else(|| humanize(first), str::to_owned));
    Ok(model)
}

/// The table as a model of its own.
fn one_table(row: &connection::Model, table: &DatabaseTable, name: &Identifier) -> Result<Model, NameError> {
    let mut taken = BTreeSet::new();
    let mut columns = Vec::with_capacity(table.columns.len());
    for column in &table.columns {
        columns.push(inferred(
            table,
            column,
            machine_name(&column.name, "column", &mut taken)?,
        ));
    }
    let mut model = infer_model(name, &humanize(&table.name), &columns)?;
    if let Some(own) = model.tables.first_mut() {
        for (dimension, column) in own.dimensions.iter_mut().zip(&table.columns) {
            dimension.expr = Expression::Col(column.name.clone());
            dimension.description.clone_from(&column.comment);
        }
        *own = ModelTable {
            connection: Some(row.name.clone()),
            source: Source::Table(table.full_name()),
            primary_key: table.primary_key.clone(),
            unique_keys: table.unique_keys.clone(),
            description: table.comment.clone(),
            ..own.clone()
        };
    }
    Ok(model)
}

/// What is known of a column without reading it: a key has as many values as there are rows.
fn inferred(table: &DatabaseTable, column: &DatabaseColumn, name: Identifier) -> InferredColumn {
    let rows = table.rows.unwrap_or(0);
    let is_key = keys(table).any(|key| key == [column.name.as_str()]);
    let is_reference = table.foreign_keys.iter().any(|key| key.columns.contains(&column.name));
    InferredColumn {
        name: name.to_string(),
        // A reference is no amount, whatever it is called.
        label: if is_key || is_reference {
            format!("{} id", column.name)
        } else {
            column.name.clone()
        },
        kind: column.kind,
        rows,
        nulls: 0,
        distinct: if is_key { rows } else { rows / 10 },
        distinct_is_estimate: true,
        min: None,
        max: None,
    }
}

fn keys(table: &DatabaseTable) -> impl Iterator<Item = Vec<&str>> {
    let all = std::iter::once(&table.primary_key).chain(&table.unique_keys);
    all.filter(|key| !key.is_empty())
        .map(|key| key.iter().map(String::as_str).collect())
}

/// A way from one table's row to one row of another.
struct Way<'t> {
    from: &'t DatabaseTable,
    to: &'t DatabaseTable,
    on: Vec<(String, String)>,
}

fn joins(
    tables: &[&DatabaseTable],
    names: &BTreeMap<String, Identifier>,
    taken: &mut BTreeSet<String>,
) -> Result<Vec<Join>, NameError> {
    let mut ways: Vec<Way<'_>> = Vec::new();
    for from in tables {
        let before = ways.len();
        for key in &from.foreign_keys {
            let to = tables
                .iter()
                .find(|to| to.full_name() == key.table || to.name == key.table);
            let Some(to) = to else { continue };
            let references = if key.references.is_empty() {
                &to.primary_key
            } else {
                &key.references
            };
            if references.len() == key.columns.len() && !references.is_empty() {
                let on = key.columns.iter().cloned().zip(references.iter().cloned()).collect();
                ways.push(Way { from, to, on });
            }
        }
        if ways.len() == before && from.foreign_keys.is_empty() {
            ways.extend(guessed(from, tables));
        }
    }
    let mut joins = Vec::new();
    for way in &ways {
        let (Some(from), Some(to)) = (names.get(&way.from.full_name()), names.get(&way.to.full_name())) else {
            continue;
        };
        let same = |other: &&Way<'_>| other.to.full_name() == way.to.full_name();
        // Reached in several ways, or its own: each way is a role.
        let is_role = from == to || ways.iter().filter(same).count() > 1;
        let column = way.on.first().map_or("", |(own, _)| own.as_str());
        let stem = column.strip_suffix("_id").unwrap_or(column);
        let role = if is_role {
            let wanted = format!("{}_{}", singular(from.as_str()), stem);
            Some(machine_name(&wanted, "role", taken)?)
        } else {
            None
        };
        joins.push(Join {
            name: machine_name(&format!("{from}_{stem}"), "join", taken)?,
            from: from.clone(),
            to: to.clone(),
            role,
            on: way.on.clone(),
            cardinality: Cardinality::ManyToOne,
            valid: None,
            condition: None,
        });
    }
    Ok(joins)
}

/// Without foreign keys: `customer_id` names a row of `customers`, where that has a key of one column of the same type.
fn guessed<'t>(from: &'t DatabaseTable, tables: &[&'t DatabaseTable]) -> Vec<Way<'t>> {
    let mut ways = Vec::new();
    for column in &from.columns {
        let name = column.name.to_lowercase();
        let Some(stem) = name.strip_suffix("_id") else { continue };
        let target = tables.iter().find(|to| {
            let named = to.name.to_lowercase();
            to.full_name() != from.full_name() && (named == stem || singular(&named) == stem)
        });
        let Some(to) = target else { continue };
        let key = keys(to).find(|key| key.len() == 1).and_then(|key| key.first().copied());
        let fits = |key: &&str| {
            to.columns
                .iter()
                .any(|own| own.name == **key && own.kind == column.kind)
        };
        if let Some(key) = key.filter(fits) {
            ways.push(Way {
                from,
                to,
                on: vec![(column.name.clone(), key.to_owned())],
            });
        }
    }
    ways
}

/// `categories` → `category`, `addresses` → `address`, `orders` → `order`.
fn singular(name: &str) -> String {
    if let Some(stem) = name.strip_suffix("ies") {
        format!("{stem}y")
    } else if let Some(stem) = name.strip_suffix("sses") {
        format!("{stem}ss")
    } else {
        name.strip_suffix('s')
            .filter(|stem| !stem.ends_with('s'))
            .unwrap_or(name)
            .to_owned()
    }
}

#[cfg(test)]
mod tests {
    use shared::{connection::ForeignKey, table::ColumnType};

    use super::*;

    fn table(name: &str, columns: &[&str], references: &[(&str, &str)]) -> DatabaseTable {
        let column = |name: &&str| DatabaseColumn {
            name: (*name).to_owned(),
            kind: ColumnType::Integer,
            declared: "integer".to_owned(),
            nullable: true,
            exact: false,
            comment: None,
        };
        let key = |(column, table): &(&str, &str)| ForeignKey {
            columns: vec![(*column).to_owned()],
            table: format!("public.{table}"),
            references: vec!["id".to_owned()],
        };
        DatabaseTable {
            schema: Some("public".to_owned()),
            name: name.to_owned(),
            is_view: false,
            comment: None,
            rows: Some(1_000),
            columns: columns.iter().map(column).collect(),
            primary_key: vec!["id".to_owned()],
            unique_keys: Vec::new(),
            foreign_keys: references.iter().map(key).collect(),
        }
    }

    fn model_of(tables: &[DatabaseTable]) -> Model {
        let row = connection::Model {
            id: uuid::Uuid::nil(),
            workspace_id: uuid::Uuid::nil(),
            name: "shop".to_owned(),
            options: serde_json::Value::Null,
            file_id: None,
            sealed: None,
            found: None,
            revision: 1,
            created_by: None,
            created_at: chrono::DateTime::default(),
            updated_at: chrono::DateTime::default(),
        };
        build(&row, &tables.iter().collect::<Vec<_>>(), None).unwrap()
    }

    fn ways(model: &Model) -> Vec<String> {
        let way = |join: &Join| {
            let on: Vec<String> = join.on.iter().map(|(own, other)| format!("{own}={other}")).collect();
            format!("{} {}→{} {}", join.node(), join.from, join.to, on.join(","))
        };
        model.joins.iter().map(way).collect()
    }

    #[test]
    fn foreign_keys_become_joins_and_roles_where_several_lead_to_one_table() {
        let orders = table(
            "orders",
            &["id", "customer_id", "bill_id", "ship_id", "amount"],
            &[
                ("customer_id", "customers"),
                ("bill_id", "addresses"),
                ("ship_id", "addresses"),
                ("amount", "not_chosen"),
            ],
        );
        let model = model_of(&[
            orders,
            table("customers", &["id"], &[]),
            table("addresses", &["id"], &[]),
        ]);
        assert_eq!(
            ways(&model),
            [
                "customers orders→customers customer_id=id",
                "order_bill orders→addresses bill_id=id",
                "order_ship orders→addresses ship_id=id"
            ]
        );
        assert_eq!(model.model.as_str(), "orders");
        assert_eq!(model.tables[0].connection.as_deref(), Some("shop"));
        let names: Vec<_> = model.metrics.iter().map(|metric| metric.name.as_str()).collect();
        assert_eq!(names, ["orders_count", "customers_count", "addresses_count"]);
    }

    #[test]
    fn without_foreign_keys_names_lead() {
        let orders = table("orders", &["id", "category_id", "parent_id"], &[]);
        let model = model_of(&[orders, table("categories", &["id"], &[])]);
        assert_eq!(ways(&model), ["categories orders→categories category_id=id"]);
        assert_eq!(
            ["addresses", "classes", "class", "orders"].map(singular),
            ["address", "class", "class", "order"]
        );
    }
}
