//! Dashboards to measure on: charts over the bench model, published and shared, as a program on the API makes them.

use serde_json::{Value, json};

use super::queries::MODEL;
use crate::{
    failure::{Outcome, fail},
    http::Connection,
    instance::Account,
};

/// A published dashboard with a link.
#[derive(Debug)]
pub struct Board {
    pub id: String,
    /// `/s/…`.
    pub share_path: String,
}

/// Makes one with this many charts on its only page.
pub fn make(connection: &mut Connection, account: &Account, charts: usize) -> Outcome<Board> {
    let address = format!("/api/v1/workspaces/{}/dashboards", account.workspace);
    let made = connection.post(&address, &json!({ "document": document(charts) }))?;
    let Some(id) = made.get("id").and_then(Value::as_str).map(str::to_owned) else {
        fail!("POST {address} answered no id: {made}");
    };
    connection.post(&format!("{address}/{id}/publish"), &json!({}))?;
    let share = connection.post(&format!("{address}/{id}/shares"), &json!({ "expires_in": "1d" }))?;
    let url = share.get("url").and_then(Value::as_str).unwrap_or_default();
    match url.find("/s/").and_then(|at| url.get(at..)) {
        Some(path) => Ok(Board {
            id,
            share_path: path.to_owned(),
        }),
        None => fail!("the share answered no address: {share}"),
    }
}

/// Ten kinds of charts in turn, three in a row.
fn document(charts: usize) -> Value {
    const PAGE: &str = "01900000-0000-7000-8000-000000000001";
    let kinds = kinds();
    let tiles = kinds
        .iter()
        .cycle()
        .take(charts)
        .enumerate()
        .map(|(at, (kind, wells))| {
            json!({ "id": format!("01900000-0000-7000-8000-1{at:011x}"), "page": PAGE,
            "rect": { "x": at % 3 * 8, "y": at / 3 * 30, "w": 8, "h": 30 },
            "content": { "visual": { "kind": kind, "title": format!("{kind} {}", at + 1), "wells": wells } } })
        });
    json!({ "format": 1, "title": format!("{charts} charts"), "model": { "name": MODEL, "version": "newest" },
        "pages": [{ "id": PAGE, "order": "a1", "title": "All" }], "tiles": tiles.collect::<Vec<_>>() })
}

fn kinds() -> [(&'static str, Value); 10] {
    let month = json!({ "field": "orders.order_ts", "grain": "month" });
    let week = json!({ "field": "orders.order_ts", "grain": "week" });
    let region = json!({ "field": "orders.region" });
    let channel = json!({ "field": "orders.channel" });
    let revenue = json!({ "metric": "revenue" });
    let orders = json!({ "metric": "orders" });
    [
        ("kpi", json!({ "values": [revenue] })),
        ("line", json!({ "axis": [month], "values": [revenue] })),
        ("bar", json!({ "axis": [region], "values": [revenue] })),
        (
            "column_stacked",
            json!({ "axis": [region], "values": [revenue], "legend": [channel] }),
        ),
        ("donut", json!({ "values": [revenue], "legend": [channel] })),
        (
            "area_stacked",
            json!({ "axis": [week], "values": [revenue], "legend": [channel] }),
        ),
        (
            "combo",
            json!({ "axis": [month], "values": [revenue], "line_values": [orders] }),
        ),
        ("column", json!({ "axis": [channel], "values": [orders] })),
        ("scatter", json!({ "x": [orders], "y": [revenue], "detail": [region] })),
        (
            "table",
            json!({ "axis": [region, channel], "values": [revenue, orders] }),
        ),
    ]
}
