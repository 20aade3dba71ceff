//! How long planning takes, in microseconds: queries over a model of seven tables, planned again and again. Prints JSON: for
//! each query the median over the rounds that its first argument says.
#![expect(clippy::print_stdout, reason = "what it is for")]

use std::{
    collections::BTreeMap,
    error::Error,
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use plan::{
    logical::SourceTable,
    query::{PlanContext, Policy, canonical_key, plan_query},
    sql::{Bound, Relation, RelationRows, SqlDialect, StoredColumn, split_query},
};
use serde_json::{Value, json};
use shared::{
    semantic::{Model, Query},
    table::ColumnType,
};

/// Order lines, their orders, customers, cities, countries, products and suppliers: five joins from end to end.
fn model() -> Value {
    let key = |name: &str| json!({"name": name, "type": "number", "expr": {"col": name}});
    let text = |name: &str| json!({"name": name, "type": "string", "expr": {"col": name}});
    let table = |name: &str, dimensions: Value| json!({"name": name, "source": {"table": name}, "connection": "shop", "primary_key": ["id"], "dimensions": dimensions});
    let join = |from: &str, to: &str, column: &str| json!({"name": format!("{from}_{to}"), "from": from, "to": to, "on": [[column, "id"]], "cardinality": "many_to_one"});
    json!({
        "format": 1, "model": "shop", "time_zone": "Europe/Berlin",
        "tables": [
            table("lines", json!([key("id"), key("quantity")])),
            table("orders", json!([key("id"), {"name": "ordered_at", "type": "time", "expr": {"col": "ordered_at"}, "stored": "timestamptz"}, text("channel")])),
            table("customers", json!([key("id"), text("name")])),
            table("cities", json!([key("id"), text("city")])),
            table("countries", json!([key("id"), text("country")])),
            table("products", json!([key("id"), text("product")])),
            table("suppliers", json!([key("id"), text("supplier")])),
        ],
        "joins": [
            join("lines", "orders", "order_id"), join("orders", "customers", "customer_id"), join("customers", "cities", "city_id"),
            join("cities", "countries", "country_id"), join("lines", "products", "product_id"), join("products", "suppliers", "supplier_id"),
        ],
        "metrics": [
            {"name": "revenue", "type": "simple", "table": "lines", "agg": "sum", "expr": {"sql": "price * quantity"}, "time": "orders.ordered_at"},
            {"name": "orders_count", "type": "simple", "table": "orders", "agg": "count", "time": "ordered_at"},
            {"name": "basket", "type": "ratio", "numerator": "revenue", "denominator": "orders_count"},
        ],
    })
}

fn queries() -> BTreeMap<&'static str, Value> {
    let by_country = json!({"model": "shop", "metrics": ["revenue"], "dimensions": ["countries.country", "suppliers.supplier"],
        "where": {"field": "orders.channel", "op": "in", "values": ["web", "mobile"]}, "sort": [{"by": "revenue", "dir": "desc"}]});
    let top = json!({"model": "shop", "metrics": ["revenue"],
        "dimensions": ["countries.country", {"field": "orders.ordered_at", "grain": "month", "as": "m"}],
        "top": {"n": 5, "by": "revenue", "field": "countries.country", "others": true}, "totals": [[], ["m"]]});
    let compared = json!({"model": "shop", "metrics": ["basket", "revenue"],
        "dimensions": ["countries.country", {"field": "orders.ordered_at", "grain": "month", "as": "m"}],
        "time": {"field": "orders.ordered_at", "range": {"last": 4, "unit": "quarter"}},
        "compare": [{"as": "ly", "shift": {"count": 1, "unit": "year"}}]});
    BTreeMap::from([
        ("five joins", by_country),
        ("five joins, top 5 with Others and totals", top),
        ("two facts, compared with the year before", compared),
    ])
}

fn relation(source: &SourceTable) -> Option<Bound> {
    let column = |(name, kind): (&str, ColumnType)| StoredColumn {
        name: name.to_owned(),
        kind,
        nullable: true,
        exact: true,
    };
    let names = [
        ("id", ColumnType::Integer),
        ("quantity", ColumnType::Integer),
        ("price", ColumnType::Decimal),
        ("ordered_at", ColumnType::Timestamptz),
        ("channel", ColumnType::String),
        ("name", ColumnType::String),
        ("city", ColumnType::String),
        ("country", ColumnType::String),
        ("product", ColumnType::String),
        ("supplier", ColumnType::String),
        ("order_id", ColumnType::Integer),
        ("customer_id", ColumnType::Integer),
        ("city_id", ColumnType::Integer),
        ("country_id", ColumnType::Integer),
        ("product_id", ColumnType::Integer),
        ("supplier_id", ColumnType::Integer),
    ];
    Some(Bound {
        connection: "shop".to_owned(),
        dialect: SqlDialect::Postgres,
        relation: Relation {
            rows: RelationRows::Table(vec!["public".to_owned(), source.table.clone()]),
            columns: names.into_iter().map(column).collect(),
        },
    })
}

fn main() -> Result<(), Box<dyn Error>> {
    let rounds: usize = std::env::args().nth(1).map_or(Ok(200), |text| text.parse())?;
    let model: Model = serde_json::from_value(model())?;
    let as_of: DateTime<Utc> = "2026-11-20T09:00:00Z".parse()?;
    let (policy, context) = (Policy::default(), PlanContext::new(as_of));
    let mut medians: BTreeMap<String, f64> = BTreeMap::new();
    for (name, document) in queries() {
        let query: Query = serde_json::from_value(document)?;
        let (mut planning, mut printing, mut keys) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..rounds {
            let start = Instant::now();
            canonical_key(&query, &model, &policy, &context)?;
            keys.push(start.elapsed());
            let start = Instant::now();
            let planned = plan_query(&query, &model, &policy, &context)?;
            planning.push(start.elapsed());
            let start = Instant::now();
            let (remote, _) = split_query(&planned, &relation);
            printing.push(start.elapsed());
            if remote.is_empty() {
                return Err(format!("{name}: nothing was printed").into());
            }
        }
        medians.insert(name.to_owned(), median(planning));
        medians.insert(format!("{name}: cache key"), median(keys));
        medians.insert(format!("{name}: SQL"), median(printing));
    }
    println!("{}", serde_json::to_string(&medians)?);
    Ok(())
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).map_or(0.0, |time| time.as_secs_f64() * 1e6)
}
