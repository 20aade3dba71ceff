//! Rollups: made, read where they answer, and made again; the numbers are the same with them and without.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod data;
mod support;

use data::Data;
use serde_json::{Value, json};
use services::{RollupService, dataset::LoadRequest};
use shared::{
    ErrorCode,
    dataset::DatasetDetail,
    permission::WorkspaceRole,
    semantic::{Model, Query, RollupState, RollupStatus},
};
use support::{refusal, request, status};

const MORE: &str = "Order ID,Order date,Region,Amount\n1,2025-11-03,EU,1000\n2,2026-11-17,,5\n";

fn document() -> Value {
    json!({
        "format": 1, "model": "shop", "parameters": [{"name": "fx", "type": "number", "default": 2}],
        "tables": [{"name": "orders", "source": {"dataset": "orders"}, "default_time": "day", "dimensions": [
            {"name": "region", "type": "string", "expr": {"col": "region"}},
            {"name": "amount", "type": "number", "expr": {"col": "amount"}},
            {"name": "day", "type": "time", "expr": {"col": "order_date"}, "stored": "date"}]}],
        "metrics": [
            {"name": "revenue", "type": "simple", "table": "orders", "agg": "sum", "expr": {"sql": "amount * {param:fx}"}},
            {"name": "orders_count", "type": "simple", "table": "orders", "agg": "count"},
            {"name": "average", "type": "simple", "table": "orders", "agg": "avg", "expr": {"col": "amount"}},
            {"name": "least", "type": "simple", "table": "orders", "agg": "min", "expr": {"col": "amount"}},
            {"name": "large", "type": "simple", "table": "orders", "agg": "count", "filter": {"field": "orders.amount", "op": "gte", "value": 50}},
            {"name": "basket", "type": "ratio", "numerator": "revenue", "denominator": "orders_count"},
            {"name": "so_far", "type": "cumulative", "metric": "revenue"},
            {"name": "regions", "type": "simple", "table": "orders", "agg": "count_distinct", "expr": {"col": "region"}}],
        "rollups": [
            {"name": "months", "metrics": ["revenue", "basket", "average", "least", "large"], "dimensions": ["orders.region"], "time": {"grain": "month"}},
            {"name": "whole", "metrics": ["orders_count"]}],
    })
}

async fn put(data: &Data, document: Value) -> Result<(), services::ServiceError> {
    let model: Model = serde_json::from_value(document).unwrap();
    let saved = data.models(&data.ann()).put(&data.acme(), "shop", model, None).await;
    saved.map(|_| ())
}

async fn shop(test: testkit::TestDatabase) -> (Data, DatasetDetail) {
    let data = Data::new(test).await;
    let orders = data.orders().await;
    put(&data, document()).await.unwrap();
    (data, orders)
}

fn query(mut query: Value) -> Query {
    query["model"] = json!("shop");
    serde_json::from_value(query).unwrap()
}

async fn rows(data: &Data, asked: &Value) -> Vec<Vec<Option<f64>>> {
    // As of another second each time: no kept answer answers.
    data.instance.clock.advance(chrono::TimeDelta::minutes(1));
    let answer = data
        .queries(&data.ann())
        .run(&data.acme(), query(asked.clone()), None)
        .await;
    let answer = answer.unwrap_or_else(|error| panic!("{asked}: {error:?}"));
    let numbers = answer
        .rows
        .iter()
        .map(|row| row.iter().map(shared::table::Cell::as_f64).collect());
    numbers.collect()
}

/// Which rollups a question would read.
async fn read(data: &Data, asked: &Value) -> Vec<String> {
    let explained = data
        .queries(&data.ann())
        .explain(&data.acme(), &query(asked.clone()))
        .await
        .unwrap();
    assert_eq!(
        explained.plan.contains("# With what is kept in"),
        !explained.rollups.is_empty()
    );
    explained.rollups
}

async fn made(data: &Data) -> usize {
    RollupService::make_due(data.services()).await.unwrap()
}

async fn listed(data: &Data) -> Vec<RollupStatus> {
    let rollups = RollupService::new(data.services(), data.ann(), request());
    rollups.list(&data.acme(), "shop").await.unwrap()
}

fn states(listed: &[RollupStatus]) -> Vec<(&str, RollupState, Option<u64>)> {
    let one = |status: &'_ RollupStatus| status.built.and_then(|built| built.rows);
    listed
        .iter()
        .map(|status| (status.name.as_str(), status.state, one(status)))
        .collect()
}

/// Questions, and the rollups that answer them.
fn questions() -> Vec<(Value, &'static [&'static str])> {
    let by = |dimension: Value| json!({"metrics": ["revenue", "basket", "average", "least", "large"], "dimensions": [dimension], "totals": [[]]});
    vec![
        (by(json!("orders.region")), &["months"]),
        (by(json!({"field": "time", "grain": "quarter"})), &["months"]),
        (
            json!({"metrics": ["revenue"], "time": {"range": {"from": "2025-12-01", "to": "2026-01-01"}}}),
            &["months"],
        ),
        (json!({"metrics": ["orders_count"]}), &["months"]),
        (
            json!({"metrics": ["large"], "where": {"field": "orders.region", "op": "ne", "value": "EU"}}),
            &["months"],
        ),
        (json!({"metrics": ["revenue", "regions"]}), &[]),
        (json!({"metrics": ["revenue"], "parameters": {"fx": 3}}), &[]),
        (
            json!({"metrics": ["revenue"], "time": {"range": {"from": "2025-12-15"}}}),
            &[],
        ),
        (
            json!({"metrics": ["so_far"], "dimensions": [{"field": "time", "grain": "day"}], "time": {"range": {"from": "2025-11-01", "to": "2026-02-01"}}}),
            &[],
        ),
    ]
}

testkit::for_each_database! {
    async fn answers_are_the_same_with_what_is_kept(test: TestDatabase) {
        let (data, _) = shop(test).await;
        let mut before = Vec::new();
        for (asked, _) in questions() {
            assert_eq!(read(&data, &asked).await, Vec::<String>::new(), "{asked}");
            before.push(rows(&data, &asked).await);
        }
        assert_eq!(before[3], [[Some(9.0)]]);
        assert_eq!(states(&listed(&data).await), [("months", RollupState::Due, None), ("whole", RollupState::Due, None)]);
        assert_eq!(made(&data).await, 2);
        assert_eq!(made(&data).await, 0);
        assert_eq!(states(&listed(&data).await), [("months", RollupState::Ready, Some(8)), ("whole", RollupState::Ready, Some(1))]);
        for ((asked, expected), before) in questions().into_iter().zip(before) {
            assert_eq!(read(&data, &asked).await, expected, "{asked}");
            assert_eq!(rows(&data, &asked).await, before, "{asked}");
        }
    }

    async fn what_has_changed_is_read_from_the_rows_until_it_is_kept(test: TestDatabase) {
        let (data, orders) = shop(test).await;
        let asked = json!({"metrics": ["revenue"], "dimensions": ["orders.region"], "sort": [{"by": "revenue"}]});
        assert_eq!(made(&data).await, 2);
        assert_eq!(read(&data, &asked).await, ["months"]);
        let replace = LoadRequest { replace: Some(orders.summary.id), ..LoadRequest::default() };
        data.upload("orders.csv", MORE, replace).await.unwrap();
        // The new rows at once.
        assert_eq!(read(&data, &asked).await, Vec::<String>::new());
        assert_eq!(rows(&data, &asked).await, [[None, Some(10.0)], [None, Some(2000.0)]]);
        assert_eq!(made(&data).await, 2);
        assert_eq!(read(&data, &asked).await, ["months"]);
        assert_eq!(rows(&data, &asked).await, [[None, Some(10.0)], [None, Some(2000.0)]]);

        // A disk that lost what was kept is no reason to have no numbers.
        let kept = || data.files().into_iter().filter(|path| path.to_string_lossy().contains("/rollups/")).collect::<Vec<_>>();
        assert_eq!(kept().len(), 4);
        for path in kept() {
            std::fs::write(path, "no table").unwrap();
        }
        let restarted = data::services_with_data(&data.instance, &data.folder, services::DataLimits::default());
        let queries = services::QueryService::new(&restarted, data.ann(), request());
        let answer = queries.run(&data.acme(), query(asked.clone()), None).await.unwrap();
        assert_eq!(answer.rows[1][1].as_f64(), Some(2000.0));
        assert_eq!(RollupService::make_due(&restarted).await.unwrap(), 1);
        let answer = queries.explain(&data.acme(), &query(asked)).await.unwrap();
        assert_eq!(answer.rollups, ["months"]);

        // What nobody asks for goes, and no dataset with it.
        let forgetful = data::services_with_data(&data.instance, &data.folder, services::DataLimits::default());
        data.instance.clock.advance(chrono::TimeDelta::days(2_000));
        services::dataset::DatasetService::sweep_at_start(&forgetful).await.unwrap();
        assert!(!kept().is_empty());
        assert!(RollupService::sweep(&forgetful).await.unwrap() > 0);
        assert_eq!(kept(), Vec::<std::path::PathBuf>::new());
        assert_eq!(rows(&data, &json!({"metrics": ["orders_count"], "limit": 3})).await, [[Some(2.0)]]);
    }

    async fn values_are_kept_for_searching(test: TestDatabase) {
        let (data, _) = shop(test).await;
        let mut document = document();
        document["rollups"] = json!([]);
        document["tables"][0]["dimensions"][0]["values"] = json!({"index": true, "synonyms": {"EU": ["Old World", "Europe"], "US": ["states"]}});
        put(&data, document.clone()).await.unwrap();
        let search = async |text: &str| {
            data.instance.clock.advance(chrono::TimeDelta::minutes(1));
            let found = data.queries(&data.ann()).values(&data.acme(), "shop", None, "orders.region", text, 50).await.unwrap();
            found.into_iter().map(|member| (member.value.as_text().unwrap().to_owned(), member.rows)).collect::<Vec<_>>()
        };
        let cases = [
            ("", vec![("EU".to_owned(), 4), ("US".to_owned(), 3), ("AP".to_owned(), 2)]),
            ("u", vec![("EU".to_owned(), 4), ("US".to_owned(), 3)]),
            ("old w", vec![("EU".to_owned(), 4)]),
            ("STATE", vec![("US".to_owned(), 3)]),
            ("nobody", vec![]),
        ];
        for (text, expected) in &cases {
            assert_eq!(search(text).await, *expected, "{text}");
        }
        // Not the two of the version before.
        assert_eq!(made(&data).await, 1);
        for (text, expected) in &cases {
            assert_eq!(search(text).await, *expected, "{text}");
        }
        let listed_now = listed(&data).await;
        assert_eq!(states(&listed_now), [("values of orders.region", RollupState::Ready, Some(3))]);
        assert_eq!(read(&data, &json!({"metrics": ["orders_count"], "dimensions": ["orders.region"]})).await, ["values of orders.region"]);

        document["tables"][0]["dimensions"][0]["values"]["max"] = json!(2);
        put(&data, document.clone()).await.unwrap();
        assert_eq!(made(&data).await, 0);
        let failed = listed(&data).await;
        assert_eq!(failed[0].state, RollupState::Failed);
        assert_eq!(failed[0].error.as_deref(), Some("There are 3 values; at most 2 are kept."));
        assert_eq!(search("old w").await, [("EU".to_owned(), 4)]);
        document["tables"][0]["dimensions"][0]["values"]["max"] = json!(0);
        assert_eq!(refusal(put(&data, document).await).field.as_deref(), Some("tables.0.dimensions.0.values.max"));
    }

    async fn rules_hold_over_what_is_kept(test: TestDatabase) {
        let (data, _) = shop(test).await;
        let mut document = document();
        document["access"] = json!([{"roles": [], "table": "orders", "rows": {"field": "orders.region", "op": "eq", "value": "US"}}]);
        document["access"][0]["roles"] = json!(["west"]);
        put(&data, document.clone()).await.unwrap();
        assert!(made(&data).await > 0);
        let asked = json!({"metrics": ["orders_count"]});
        // Nobody has the role yet.
        assert_eq!(read(&data, &asked).await, ["months"]);
        assert_eq!(rows(&data, &asked).await, [[Some(0.0)]]);
        document["access"][0]["rows"] = json!({"field": "orders.amount", "op": "gt", "value": 50});
        put(&data, document).await.unwrap();
        made(&data).await;
        assert_eq!(rows(&data, &asked).await, [[Some(0.0)]]);
    }

    async fn what_cannot_be_kept_is_refused_with_its_place(test: TestDatabase) {
        let (data, _) = shop(test).await;
        for (change, field, code) in [
            (json!({"name": "r", "metrics": ["regions"]}), "rollups.0.metrics", ErrorCode::NonAdditive),
            (json!({"name": "r", "metrics": ["revenu"]}), "rollups.0.metrics", ErrorCode::UnknownField),
            (json!({"name": "r", "metrics": ["revenue"], "dimensions": ["orders.regin"]}), "rollups.0.dimensions", ErrorCode::UnknownField),
            (json!({"name": "r", "metrics": []}), "rollups.0.metrics", ErrorCode::Invalid),
        ] {
            let mut document = document();
            document["rollups"] = json!([change]);
            let error = refusal(put(&data, document).await);
            assert_eq!((error.field.as_deref(), error.code), (Some(field), code), "{error:?}");
        }
        let mut twice = document();
        twice["rollups"][1]["name"] = json!("months");
        assert_eq!(refusal(put(&data, twice).await).code, ErrorCode::Invalid);
        let viewer = data.instance.member("viewer", WorkspaceRole::Viewer).await;
        let rollups = RollupService::new(data.services(), viewer, request());
        assert_eq!(status(rollups.list(&data.acme(), "shop").await), 403);
    }
}
