//! Plans over several databases and files: what each database computes, and what is left for the engine.

use super::{Relation, RelationRows, SqlDialect, sql};
use crate::logical::{Expression, Node, PlannedQuery, SourceTable};
use shared::table::ColumnType;

/// Where a table is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    pub connection: String,
    pub dialect: SqlDialect,
    pub relation: Relation,
}

/// A query to a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remote {
    /// By which the local plan scans its rows (`Node::Fetched`).
    pub name: String,
    pub connection: String,
    pub sql: String,
    pub columns: Vec<(String, ColumnType)>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    pub remote: Vec<Remote>,
    pub local: Node,
}

/// Gives every database the largest parts of the plan that it can compute exactly. `bound` is `None` for a file, which the
/// engine always reads itself.
pub fn split(node: &Node, bound: &dyn Fn(&SourceTable) -> Option<Bound>) -> Split {
    let mut remote = Vec::new();
    let local = push(node, bound, &mut remote);
    Split { remote, local }
}

/// The same for the rows and totals of a query, which share what they fetch.
pub fn split_query(
    planned: &PlannedQuery,
    bound: &dyn Fn(&SourceTable) -> Option<Bound>,
) -> (Vec<Remote>, PlannedQuery) {
    let mut remote = Vec::new();
    let mut local = planned.clone();
    local.rows = push(&planned.rows, bound, &mut remote);
    for totals in &mut local.totals {
        totals.rows = push(&totals.rows, bound, &mut remote);
    }
    (remote, local)
}

fn push(node: &Node, bound: &dyn Fn(&SourceTable) -> Option<Bound>, remote: &mut Vec<Remote>) -> Node {
    if let Some(fetched) = fetched(node, bound, remote) {
        return fetched;
    }
    let mut inner = |node: &Node| push(node, bound, remote);
    // Rows that a condition the database knows leaves out are not fetched.
    if let Node::Filter { input, predicate } = node
        && let Some((known, rest)) = pushable(input, predicate, bound)
    {
        let found = input.as_ref().clone().filter(Expression::all(known));
        return inner(&found).filter(Expression::all(rest));
    }
    node.map_inputs(&mut inner)
}

/// The whole node as a query, where one database has all its tables.
fn fetched(node: &Node, bound: &dyn Fn(&SourceTable) -> Option<Bound>, remote: &mut Vec<Remote>) -> Option<Node> {
    let (connection, statement) = statement(node, bound)?;
    let known = remote
        .iter()
        .find(|known| known.connection == connection && known.sql == statement.text);
    let name = known.map_or_else(|| format!("fetched{}", remote.len() + 1), |known| known.name.clone());
    if known.is_none() {
        remote.push(Remote {
            name: name.clone(),
            connection,
            sql: statement.text,
            columns: statement.columns.clone(),
        });
    }
    Some(Node::Fetched {
        name,
        columns: statement.columns.into_iter().map(|(column, _)| column).collect(),
    })
}

fn statement(node: &Node, bound: &dyn Fn(&SourceTable) -> Option<Bound>) -> Option<(String, super::Statement)> {
    let places = node.sources().into_iter().map(bound).collect::<Option<Vec<Bound>>>()?;
    let first = places.first()?;
    if places.iter().any(|place| place.connection != first.connection) {
        return None;
    }
    let relation = |source: &SourceTable| {
        bound(source).map_or_else(
            || Relation {
                rows: RelationRows::Table(Vec::new()),
                columns: Vec::new(),
            },
            |place| place.relation,
        )
    };
    let statement = sql(node, first.dialect, &relation).ok()?;
    Some((first.connection.clone(), statement))
}

/// The conditions that the input's database knows, and the others; `None` where it knows none or has no such input.
fn pushable(
    input: &Node,
    predicate: &Expression,
    bound: &dyn Fn(&SourceTable) -> Option<Bound>,
) -> Option<(Vec<Expression>, Vec<Expression>)> {
    statement(input, bound)?;
    let (known, rest): (Vec<&Expression>, Vec<&Expression>) = predicate
        .conjuncts()
        .into_iter()
        .partition(|part| statement(&input.clone().filter((*part).clone()), bound).is_some());
    let owned = |parts: Vec<&Expression>| parts.into_iter().cloned().collect();
    (!known.is_empty()).then(|| (owned(known), owned(rest)))
}
