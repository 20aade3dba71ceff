//! Models of several tables: joins, roles, parameters, access rules, cumulative metrics.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod data;
mod support;

use data::Data;
use serde_json::{Value, json};
use services::{MemberService, dataset::LoadRequest};
use shared::{
    ErrorCode,
    account::MemberUpdate,
    permission::{Principal, WorkspaceRole},
    semantic::{Answer, Model},
};
use support::{proved_anew, refusal, request};

const CUSTOMERS: &str = "ID,Name,Region\n1,Ada,north\n2,Bob,south\n3,Cem,north\n";
/// The last order's customer is nobody, and one has none.
const SALES: &str = "Order,Customer,Day,Amount\n\
1,1,2026-01-01,10\n2,2,2026-01-01,20\n3,1,2026-01-03,30\n4,9,2026-01-04,40\n5,,2026-01-05,50\n";
const LINES: &str = "Order,Product\n1,pen\n1,pen\n1,ink\n3,pen\n4,ink\n";

fn document() -> Value {
    let column = |name: &str, kind: &str| json!({"name": name, "type": kind, "expr": {"col": name}});
    json!({
        "format": 1, "model": "shop", "parameters": [{"name": "fx", "type": "number", "default": 1, "min": 0.1, "max": 10}],
        "tables": [
            {"name": "sales", "source": {"dataset": "sales"}, "primary_key": ["order"], "default_time": "day", "dimensions": [
                column("order", "number"), {"name": "day", "type": "time", "expr": {"col": "day"}, "stored": "date"},
                {"name": "size", "type": "string", "expr": {"sql": "CASE WHEN amount >= 30 THEN 'large' ELSE 'small' END"}}]},
            {"name": "customers", "source": {"dataset": "customers"}, "primary_key": ["id"], "dimensions": [
                column("name", "string"), column("region", "string")]},
            {"name": "lines", "source": {"dataset": "lines"}, "dimensions": [column("product", "string")]},
        ],
        "joins": [
            {"name": "buyer", "from": "sales", "to": "customers", "on": [["customer", "id"]], "cardinality": "many_to_one"},
            {"name": "lines", "from": "lines", "to": "sales", "on": [["order", "order"]], "cardinality": "many_to_one"},
        ],
        "metrics": [
            {"name": "revenue", "type": "simple", "table": "sales", "agg": "sum", "expr": {"sql": "amount * {param:fx}"}},
            {"name": "line_count", "type": "simple", "table": "lines", "agg": "count"},
            {"name": "so_far", "type": "cumulative", "metric": "revenue"},
        ],
    })
}

async fn shop(test: testkit::TestDatabase, document: Value) -> Data {
    let data = Data::new(test).await;
    for (file, text) in [("customers.csv", CUSTOMERS), ("sales.csv", SALES), ("lines.csv", LINES)] {
        data.upload(file, text, LoadRequest::default()).await.unwrap();
    }
    let model: Model = serde_json::from_value(document).unwrap();
    let saved = data.models(&data.ann()).put(&data.acme(), "shop", model, None).await;
    saved.unwrap();
    data
}

async fn ask(data: &Data, principal: &Principal, query: Value) -> Result<Answer, services::ServiceError> {
    let mut query = query;
    query["model"] = json!("shop");
    let query = serde_json::from_value(query).unwrap();
    data.queries(principal).run(&data.acme(), query, None).await
}

/// Rows as text, in any order.
fn rows(answer: &Answer) -> Vec<String> {
    let text = |cell: &shared::table::Cell| match cell.as_f64() {
        Some(number) => format!("{number}"),
        None => cell.as_text().unwrap_or("-").to_owned(),
    };
    let mut rows: Vec<String> = answer
        .rows
        .iter()
        .map(|row| row.iter().map(text).collect::<Vec<_>>().join(" "))
        .collect();
    rows.sort();
    rows
}

testkit::for_each_database! {
    async fn numbers_are_grouped_by_what_a_join_finds_and_nothing_is_lost(test: TestDatabase) {
        let data = shop(test, document()).await;
        let ann = data.ann();
        let by_region = ask(&data, &ann, json!({"metrics": ["revenue"], "dimensions": ["customers.region"], "totals": [[]]})).await.unwrap();
        assert_eq!(rows(&by_region), ["- 90", "north 40", "south 20"]);
        assert_eq!(by_region.totals[0].rows[0][1].as_f64(), Some(150.0));
        let by_size = ask(&data, &ann, json!({"metrics": ["revenue"], "dimensions": ["sales.size"], "parameters": {"fx": 2}})).await.unwrap();
        assert_eq!(rows(&by_size), ["large 240", "small 60"]);
        // Two facts, two hops from one of them.
        let both = json!({"metrics": ["revenue", "line_count"], "dimensions": ["customers.name"]});
        assert_eq!(rows(&ask(&data, &ann, both).await.unwrap()), ["- 90 1", "Ada 40 4", "Bob 20 0"]);
    }

    async fn rows_that_there_are_many_of_filter_and_never_multiply(test: TestDatabase) {
        let data = shop(test, document()).await;
        let ann = data.ann();
        let pens = json!({"metrics": ["revenue"], "where": {"field": "lines.product", "op": "eq", "value": "pen"}});
        assert_eq!(rows(&ask(&data, &ann, pens).await.unwrap()), ["40"]);
        let no_pens = json!({"metrics": ["revenue"], "where": {"not": {"field": "lines.product", "op": "eq", "value": "pen"}}});
        assert_eq!(rows(&ask(&data, &ann, no_pens).await.unwrap()), ["110"]);
        let grouped = json!({"metrics": ["revenue"], "dimensions": ["lines.product"]});
        assert_eq!(refusal(ask(&data, &ann, grouped.clone()).await).code, ErrorCode::FanOut);
        let mut multiplied = grouped;
        multiplied["multiply"] = json!("distinct");
        let answer = ask(&data, &ann, multiplied).await.unwrap();
        assert_eq!(rows(&answer), ["- 70", "ink 50", "pen 40"]);
        assert_eq!(answer.warnings[0].code, "non_additive");
        let far = json!({"metrics": ["line_count"], "dimensions": ["nobody.name"]});
        assert_eq!(refusal(ask(&data, &ann, far).await).code, ErrorCode::UnknownField);
    }

    async fn days_before_count_on(test: TestDatabase) {
        let data = shop(test, document()).await;
        let range = json!({"from": "2026-01-02", "to": "2026-01-05"});
        let query = json!({"metrics": ["so_far"], "dimensions": [{"field": "time", "grain": "day", "as": "day"}], "time": {"range": range}});
        let answer = ask(&data, &data.ann(), query).await.unwrap();
        assert_eq!(rows(&answer), ["2026-01-02 30", "2026-01-03 60", "2026-01-04 100"]);
    }

    async fn access_rules_hold_over_joins_filters_and_searches(test: TestDatabase) {
        let mut document = document();
        document["access"] = json!([{"roles": ["regional"], "table": "customers", "mask": ["customers.name"],
            "rows": {"field": "customers.region", "op": "eq", "value": {"user": "region"}}}]);
        let data = shop(test, document).await;
        let revenue = || json!({"metrics": ["revenue"]});
        // Nobody is exempt.
        assert_eq!(rows(&ask(&data, &data.ann(), revenue()).await.unwrap()), ["-"]);
        let viewer = data.instance.member("viewer", WorkspaceRole::Viewer).await;
        let ann = proved_anew(&data.ann(), &data.instance.clock);
        let members = MemberService::new(data.services(), ann, request());
        let attributes = json!({"region": "north"});
        let update = MemberUpdate {
            role: WorkspaceRole::Viewer,
            roles: Some(vec!["regional".to_owned()]),
            attributes: serde_json::from_value(attributes).unwrap(),
        };
        members.update(&data.acme(), viewer.user().unwrap().user_id, update).await.unwrap();
        assert_eq!(rows(&ask(&data, &viewer, revenue()).await.unwrap()), ["40"]);
        let lines = json!({"metrics": ["line_count"]});
        assert_eq!(rows(&ask(&data, &viewer, lines).await.unwrap()), ["4"]);
        let regions = data.queries(&viewer).values(&data.acme(), "shop", None, "customers.region", "", 9).await.unwrap();
        assert_eq!(regions.len(), 1, "{regions:?}");
        let named = json!({"metrics": ["revenue"], "dimensions": ["customers.name"]});
        assert_eq!(refusal(ask(&data, &viewer, named).await).code, ErrorCode::Forbidden);
        let fields = data.queries(&viewer).fields(&data.acme(), "shop", None, &["revenue".to_owned()]).await.unwrap();
        let names: Vec<&str> = fields.dimensions.iter().map(|field| field.field.as_str()).collect();
        assert_eq!(names, ["sales.order", "sales.day", "sales.size", "customers.region"]);
    }

    async fn types_that_do_not_meet_are_said_and_nothing_breaks(test: TestDatabase) {
        let mut document = document();
        for (name, sql) in [("words", "size_of || 'x'"), ("sums", "day + 1"), ("tests", "CASE WHEN amount THEN 1 END"), ("mixed", "CASE WHEN amount > 1 THEN day ELSE 'x' END")] {
            let sql = sql.replace("size_of", "'a'");
            let metric = json!({"name": name, "type": "simple", "table": "sales", "agg": "sum", "expr": {"sql": sql}});
            document["metrics"].as_array_mut().unwrap().push(metric);
        }
        let data = shop(test, document).await;
        for name in ["words", "sums", "tests", "mixed"] {
            let error = refusal(ask(&data, &data.ann(), json!({"metrics": [name]})).await);
            assert_eq!((error.code, error.http_status()), (ErrorCode::Invalid, 422), "{name}: {error:?}");
            assert!(error.message.contains("definition"), "{name}: {error:?}");
        }
        // Many conditions and dimensions at once are answered or refused in words.
        let pens = json!({"field": "lines.product", "op": "eq", "value": "pen"});
        for count in [20, 40, 400] {
            let many = json!({"metrics": ["revenue"], "where": {"and": vec![pens.clone(); count]}});
            match ask(&data, &data.ann(), many).await {
                Ok(answer) => assert_eq!(rows(&answer), ["40"]),
                Err(error) => assert_eq!(refusal::<()>(Err(error)).code, ErrorCode::Limit, "{count}"),
            }
        }
    }

    async fn joins_are_held_against_the_data(test: TestDatabase) {
        let data = shop(test, document()).await;
        let models = data.models(&data.ann());
        // The last order's customer is nobody: told, and stored all the same.
        let mut named: Model = serde_json::from_value(document()).unwrap();
        named.label = Some("Shop".to_owned());
        named.joins[0].name = shared::names::Identifier::try_from("customer").unwrap();
        let saved = models.put(&data.acme(), "shop", named, None).await.unwrap();
        let told: Vec<_> = saved.warnings.iter().map(|warning| (warning.code.as_str(), warning.message.as_str())).collect();
        assert_eq!(told, [("orphans", "1 of 4 rows of sales name a row of customers that is not there; they are shown as (none).")]);

        // Several lines have one order: turned the wrong way, sales would be counted more than once.
        let mut wrong = document();
        wrong["joins"][1] = json!({"name": "lines", "from": "sales", "to": "lines", "on": [["order", "order"]], "cardinality": "many_to_one"});
        let model: Model = serde_json::from_value(wrong.clone()).unwrap();
        let check = models.validate(&data.acme(), "shop", &model).await.unwrap();
        assert_eq!(check.errors.len(), 1);
        let error = refusal(models.put(&data.acme(), "shop", model, None).await);
        assert_eq!((error.http_status(), error.field.as_deref()), (422, Some("joins.1.on")), "{error:?}");
        assert!(error.message.starts_with("1 of 3 keys of lines have several rows"), "{error:?}");
        wrong["joins"][1]["cardinality"] = json!("one_to_many");
        let turned: Model = serde_json::from_value(wrong).unwrap();
        models.put(&data.acme(), "shop", turned, None).await.unwrap();
    }

    async fn values_within_json_are_fields_and_numbers(test: TestDatabase) {
        let data = Data::new(test).await;
        let lines = [
            json!({"id": 1, "plan": {"name": "pro", "price": 12.5, "since": "2026-01-05", "tags": ["a", "b"]}}),
            json!({"id": 2, "plan": {"name": "free", "price": "7", "since": "soon", "tags": []}}),
            json!({"id": 3, "plan": {"name": "pro", "price": null, "active": true}}),
            json!({"id": 4, "plan": null}),
        ];
        // The first level becomes columns; what is deeper stays JSON.
        let line = |line: &Value| format!("{}\n", json!({"id": line["id"], "account": {"plan": line["plan"]}}));
        let text: String = lines.iter().map(line).collect();
        data.upload("accounts.ndjson", &text, LoadRequest::default()).await.unwrap();
        let within = |path: &str, kind: &str| json!({"col": "account_plan", "path": path, "as": kind});
        let document = json!({"format": 1, "model": "shop", "tables": [{"name": "accounts", "source": {"dataset": "accounts"}, "primary_key": ["id"],
            "default_time": "since", "dimensions": [
                {"name": "plan", "type": "string", "expr": {"col": "account_plan", "path": "$.name"}},
                {"name": "tag", "type": "string", "expr": within("$.tags[1]", "string")},
                {"name": "active", "type": "bool", "expr": within("$.active", "boolean")},
                {"name": "said", "type": "bool", "expr": {"sql": "CAST(if(id = 3, ' True', 'no') AS boolean)"}},
                {"name": "since", "type": "time", "stored": "date", "expr": within("$.since", "date")}]}],
            "metrics": [{"name": "income", "type": "simple", "table": "accounts", "agg": "sum", "expr": within("$.price", "number")},
                {"name": "accounts", "type": "simple", "table": "accounts", "agg": "count"}]});
        let models = data.models(&data.ann());
        models.put(&data.acme(), "shop", serde_json::from_value(document.clone()).unwrap(), None).await.unwrap();
        for (query, expected) in [
            (json!({"metrics": ["income", "accounts"], "dimensions": ["accounts.plan"]}), vec!["- - 1", "free 7 1", "pro 12.5 2"]),
            (json!({"metrics": ["accounts"], "dimensions": ["accounts.tag"]}), vec!["- 3", "b 1"]),
            (json!({"metrics": ["accounts"], "where": {"field": "accounts.active", "op": "eq", "value": true}}), vec!["1"]),
            (json!({"metrics": ["accounts"], "where": {"field": "accounts.said", "op": "eq", "value": true}}), vec!["1"]),
            (json!({"metrics": ["income"], "dimensions": [{"field": "time", "grain": "month"}],
                "time": {"field": "time", "range": {"from": "2026-01-01", "to": "2026-02-01"}}}), vec!["2026-01-01 12.5"]),
        ] {
            assert_eq!(rows(&ask(&data, &data.ann(), query.clone()).await.unwrap()), expected, "{query}");
        }
        for (field, place, value) in [
            ("tables.0.dimensions.0.expr", "/tables/0/dimensions/0/expr/col", json!("nothing")),
            ("tables.0.dimensions.0.expr", "/tables/0/dimensions/0/expr/col", json!("id")),
            ("tables.0.dimensions.2.type", "/tables/0/dimensions/2/expr/as", json!("number")),
            ("metrics.0.agg", "/metrics/0/expr/as", json!("string")),
        ] {
            let mut document = document.clone();
            *document.pointer_mut(place).unwrap() = value.clone();
            let found = models.validate(&data.acme(), "shop", &serde_json::from_value(document).unwrap()).await.unwrap();
            assert!(found.errors.iter().any(|error| error.field.as_deref() == Some(field)), "{place} = {value}: {found:?}");
        }
    }

    async fn points_have_two_numbers_and_fiscal_years_are_ranges(test: TestDatabase) {
        let data = Data::new(test).await;
        let text = "State,North,East,Opened,Note\nTexas,32.8,-96.8,2024-04-05,\"{\"\"a\"\":1}\"\nTexas,32.8,-96.8,2024-04-06,\nOhio,40,-82,2025-04-05,\n,,,2025-04-06,\n";
        data.upload("shops.csv", text, LoadRequest::default()).await.unwrap();
        let document = json!({"format": 1, "model": "shop", "fiscal_year_start": "04-06", "tables": [{"name": "shops", "source": {"dataset": "shops"},
            "default_time": "opened", "dimensions": [
                {"name": "place", "type": "geo", "expr": {"lat": {"col": "north"}, "lon": {"sql": "east / 2"}}},
                {"name": "state", "type": "geo", "atlas": "us_states", "expr": {"col": "state"}},
                {"name": "note", "type": "json", "expr": {"col": "note"}},
                {"name": "opened", "type": "time", "stored": "date", "expr": {"col": "opened"}}]}],
            "metrics": [{"name": "shops", "type": "simple", "table": "shops", "agg": "count"}]});
        let models = data.models(&data.ann());
        let stored = models.put(&data.acme(), "shop", serde_json::from_value(document.clone()).unwrap(), None).await.unwrap();
        assert_eq!(stored.version, 1);
        let year = |range: Value| json!({"metrics": ["shops"], "as_of": "2026-01-01T00:00:00Z", "time": {"field": "time", "range": range}});
        for (query, expected) in [
            (json!({"metrics": ["shops"], "dimensions": ["shops.place"]}), vec!["- - 1", "32.8 -48.4 2", "40 -41 1"]),
            (json!({"metrics": ["shops"], "dimensions": ["shops.state"], "where": {"field": "shops.place_lat", "op": "gt", "value": 35}}), vec!["Ohio 1"]),
            (json!({"metrics": ["shops"], "dimensions": ["shops.note"]}), vec!["- 3", "{\"a\":1} 1"]),
            (year(json!({"this": 1, "unit": "fiscal_year"})), vec!["1"]),
            (year(json!({"last": 1, "unit": "fiscal_year", "complete": true})), vec!["2"]),
        ] {
            assert_eq!(rows(&ask(&data, &data.ann(), query.clone()).await.unwrap()), expected, "{query}");
        }
        for (field, place, value) in [
            ("tables.0.dimensions.0.expr", "/tables/0/dimensions/0/expr/lat/col", json!("nothing")),
            ("tables.0.dimensions.0.type", "/tables/0/dimensions/0/expr/lat/col", json!("state")),
            ("tables.0.dimensions.0.type", "/tables/0/dimensions/0/type", json!("number")),
            ("tables.0.dimensions", "/tables/0/dimensions/2/name", json!("place_lat")),
            ("tables.0.dimensions.3.atlas", "/tables/0/dimensions/3/atlas", json!("world")),
        ] {
            let mut wrong = document.clone();
            wrong["tables"][0]["dimensions"][3]["atlas"] = Value::Null;
            *wrong.pointer_mut(place).unwrap() = value.clone();
            let found = models.validate(&data.acme(), "shop", &serde_json::from_value(wrong).unwrap()).await.unwrap();
            assert!(found.errors.iter().any(|error| error.field.as_deref() == Some(field)), "{place} = {value}: {found:?}");
        }
    }

    async fn intervals_of_one_key_must_not_overlap(test: TestDatabase) {
        let data = shop(test, document()).await;
        let models = data.models(&data.ann());
        // The second price of 2 begins before its first has ended; an interval without days never counts.
        let prices = "Buyer,Since,Until,Price\n1,2026-01-01,2026-01-03,5\n1,2026-01-03,,6\n2,2026-01-01,2026-01-05,7\n\
            2,2026-01-04,,8\n2,2026-01-04,2026-01-04,9\n,2026-01-01,,1\n,2026-01-01,,2\n";
        data.upload("prices.csv", prices, LoadRequest::default()).await.unwrap();
        let mut dated = document();
        dated["tables"].as_array_mut().unwrap().push(json!({"name": "prices", "source": {"dataset": "prices"},
            "dimensions": [{"name": "price", "type": "number", "expr": {"col": "price"}}]}));
        let join = json!({"name": "price_then", "from": "sales", "to": "prices", "on": [["customer", "buyer"]], "cardinality": "many_to_one",
            "valid": {"at": "day", "from": "since", "to": "until"}});
        dated["joins"].as_array_mut().unwrap().push(join);
        let model: Model = serde_json::from_value(dated.clone()).unwrap();
        let error = refusal(models.put(&data.acme(), "shop", model, None).await);
        assert_eq!((error.http_status(), error.field.as_deref()), (422, Some("joins.2.valid")), "{error:?}");
        assert!(error.message.starts_with("1 of 4 intervals of prices begin"), "{error:?}");

        data.upload("good_prices.csv", &prices.replace("2026-01-05,7", "2026-01-04,7"), LoadRequest::default()).await.unwrap();
        dated["tables"][3]["source"] = json!({"dataset": "good_prices"});
        models.put(&data.acme(), "shop", serde_json::from_value(dated).unwrap(), None).await.unwrap();
        let by_price = ask(&data, &data.ann(), json!({"metrics": ["revenue"], "dimensions": ["prices.price"]})).await.unwrap();
        assert_eq!(rows(&by_price), ["- 90", "5 10", "6 30", "7 20"]);
    }

    async fn a_definition_that_cannot_be_is_refused_with_its_place(test: TestDatabase) {
        let data = shop(test, document()).await;
        let models = data.models(&data.ann());
        let wrong = [
            ("tables.0.dimensions.2.expr", "/tables/0/dimensions/2/expr/sql", json!("pg_sleep(1)")),
            ("tables.0.dimensions.2.expr", "/tables/0/dimensions/2/expr/sql", json!("(SELECT 1)")),
            ("metrics.0.expr", "/metrics/0/expr/sql", json!("amount * {param:nothing}")),
            ("joins.0.on", "/joins/0/on", json!([["nothing", "id"]])),
            ("joins.0.on", "/joins/0/on", json!([["day", "id"]])),
            ("metrics.2.metric", "/metrics/2/metric", json!("nothing")),
            ("parameters.fx", "/parameters/0/default", json!(100)),
        ];
        for (field, place, value) in wrong {
            let mut document = document();
            *document.pointer_mut(place).unwrap() = value;
            let model: Model = serde_json::from_value(document).unwrap();
            let found = models.validate(&data.acme(), "shop", &model).await.unwrap();
            assert!(found.errors.iter().any(|error| error.field.as_deref() == Some(field)), "{field}: {found:?}");
        }
    }
}
