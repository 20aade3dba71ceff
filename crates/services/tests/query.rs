//! Questions: answers, the cache, batches, cancelling, what is missing.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod data;
mod support;

use chrono::TimeDelta;
use data::{Data, ORDERS, by_region, equals};
use futures::TryStreamExt as _;
use services::{DataLimits, FileFormat, RateLimits, dataset::LoadRequest};
use shared::{
    ErrorCode,
    ids::QueryId,
    permission::{PlatformRole, WorkspaceRole},
    semantic::{CacheState, Query},
    table::{Cell, ColumnType},
};
use support::{Instance, refusal, status};
use uuid::Uuid;

fn totals(answer: &shared::semantic::Answer) -> Vec<(String, f64)> {
    let mut rows: Vec<_> = answer
        .rows
        .iter()
        .map(|row| {
            (
                row[0].as_text().unwrap_or("(none)").to_owned(),
                row[1].as_f64().unwrap(),
            )
        })
        .collect();
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    rows
}

testkit::for_each_database! {
    async fn an_answer_is_kept_until_the_data_changes(test: TestDatabase) {
        let data = Data::new(test).await;
        let dataset = data.orders().await.summary.id;
        let queries = data.queries(&data.ann());
        let acme = data.acme();
        let first = queries.run(&acme, by_region(), None).await.unwrap();
        assert_eq!(first.cache, CacheState::Miss);
        assert_eq!(totals(&first), [("AP".to_owned(), 130.0), ("EU".to_owned(), 160.0), ("US".to_owned(), 160.0)]);
        let again = queries.run(&acme, by_region(), None).await.unwrap();
        assert_eq!((again.cache, &again.rows), (CacheState::Hit, &first.rows));
        assert_eq!(again.as_of, first.as_of);
        let replace = LoadRequest { replace: Some(dataset), ..LoadRequest::default() };
        data.upload("new.csv", &ORDERS.replace("US,20", "US,21"), replace).await.unwrap();
        let changed = queries.run(&acme, by_region(), None).await.unwrap();
        assert_eq!(changed.cache, CacheState::Miss);
        assert_eq!(totals(&changed)[2], ("US".to_owned(), 161.0));
    }

    async fn a_batch_answers_in_order_and_equal_queries_run_once(test: TestDatabase) {
        let data = Data::new(test).await;
        data.orders().await;
        let wrong = Query { dimensions: vec![shared::semantic::DimensionRef::Field("orders.regoin".to_owned())], ..by_region() };
        let eu = Query { condition: Some(equals("orders.region", "EU")), ..by_region() };
        let unknown = Query { model: "nothing".to_owned(), ..by_region() };
        let answers = data
            .queries(&data.ann())
            .batch(&data.acme(), vec![by_region(), wrong, eu, by_region(), unknown], None)
            .await
            .unwrap();
        assert_eq!(answers.len(), 5);
        assert_eq!(answers[0].as_ref().unwrap().rows, answers[3].as_ref().unwrap().rows);
        let error = answers[1].as_ref().unwrap_err();
        assert_eq!(error.code, ErrorCode::UnknownField);
        assert!(error.candidates.contains(&"orders.region".to_owned()), "{error:?}");
        assert_eq!(totals(answers[2].as_ref().unwrap()), [("EU".to_owned(), 160.0)]);
        assert_eq!(answers[4].as_ref().unwrap_err().http_status(), 404);
    }

    async fn rows_without_number_come_in_pieces(test: TestDatabase) {
        let data = Data::new(test).await;
        let text: String = (0..45_000).map(|row| format!("{row},{},name {row}\n", row % 7)).collect();
        data.upload("many.csv", &format!("ID,Kind,=Name\n{text}"), LoadRequest::default()).await.unwrap();
        let ask = |changes: serde_json::Value| {
            let mut query = serde_json::json!({"model": "many", "dimensions": ["many.id", "many.kind", "many.name"], "sort": [{"by": "many.id", "dir": "desc"}]});
            for (key, value) in changes.as_object().unwrap() {
                query[key] = value.clone();
            }
            serde_json::from_value::<Query>(query).unwrap()
        };
        let queries = data.queries(&data.ann());
        let acme = data.acme();
        let stream = |query, format| queries.stream(&acme, query, format, None);
        let pieces = stream(ask(serde_json::json!({})), FileFormat::Ndjson).await.unwrap();
        let pieces: Vec<String> = pieces.try_collect().await.unwrap();
        assert_eq!(pieces.len(), 4);
        let lines: Vec<serde_json::Value> = pieces.concat().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!((&lines[0]["row_count"], &lines[0]["truncated"]), (&45_000.into(), &false.into()));
        assert_eq!(lines[0]["columns"][2]["name"], "many.name");
        assert_eq!(lines[0].get("rows"), None);
        assert_eq!(lines.len(), 45_001);
        assert!((0..45_000_u64).all(|row| lines[usize::try_from(45_000 - row).unwrap()][0] == row));
        // The file of the rows is gone with the stream.
        assert!(data.files().iter().all(|path| !path.to_string_lossy().contains("rows-")), "{:?}", data.files());

        let filtered = ask(serde_json::json!({"limit": 2, "where": {"field": "many.kind", "op": "eq", "value": 0}}));
        let csv: Vec<String> = stream(filtered.clone(), FileFormat::Csv).await.unwrap().try_collect().await.unwrap();
        assert_eq!(csv.concat(), "Id,Kind,Name\r\n44996,0,name 44996\r\n44989,0,name 44989\r\n");
        let cut: Vec<String> = stream(filtered, FileFormat::Ndjson).await.unwrap().try_collect().await.unwrap();
        assert!(cut[0].contains(r#""truncated":true"#), "{}", cut[0]);
        let none = ask(serde_json::json!({"where": {"field": "many.kind", "op": "eq", "value": 9}}));
        let none: Vec<String> = stream(none, FileFormat::Csv).await.unwrap().try_collect().await.unwrap();
        assert_eq!(none.concat(), "Id,Kind,Name\r\n");

        for (changes, code) in [
            (serde_json::json!({"limit": 1_000_001}), ErrorCode::Limit),
            (serde_json::json!({"totals": [[]]}), ErrorCode::Invalid),
            (serde_json::json!({"dimensions": ["many.nothing"], "sort": []}), ErrorCode::UnknownField),
        ] {
            let Err(services::ServiceError::Refused(error)) = stream(ask(changes.clone()), FileFormat::Csv).await else {
                panic!("{changes} was answered");
            };
            assert_eq!(error.code, code, "{changes}");
        }
        let remembered = services::AuditService::new(data.services(), data.ann(), support::request());
        let asked = shared::audit::AuditQuery { action: "data.export".to_owned(), ..Default::default() };
        let entries = remembered.list(Some(&acme), &asked.filter().unwrap(), &services::PageRequest::largest()).await.unwrap();
        assert_eq!(entries.items.len(), 4);
    }

    async fn streams_that_nobody_reads_are_as_few_as_queries(test: TestDatabase) {
        let data = Data::with_limits(test, DataLimits { user_queries: 1, ..DataLimits::default() }).await;
        data.orders().await;
        let (queries, acme) = (data.queries(&data.ann()), data.acme());
        let stream = || queries.stream(&acme, by_region(), FileFormat::Csv, None);
        let kept = || data.files().iter().filter(|path| path.to_string_lossy().contains("rows-")).count();
        let first = stream().await.unwrap();
        let waits = tokio::time::timeout(std::time::Duration::from_millis(300), stream()).await;
        assert!(waits.is_err());
        assert_eq!(kept(), 1);
        // Left in the middle.
        drop(first);
        assert_eq!(kept(), 0);
        let rows: Vec<String> = stream().await.unwrap().try_collect().await.unwrap();
        assert_eq!(rows.concat().lines().count(), 4);
    }

    async fn fields_values_and_plans_are_told(test: TestDatabase) {
        let data = Data::new(test).await;
        data.orders().await;
        let queries = data.queries(&data.ann());
        let acme = data.acme();
        let fields = queries.fields(&acme, "orders", None, &[]).await.unwrap();
        assert_eq!(fields.dimensions.len(), 4);
        let values = queries.values(&acme, "orders", None, "orders.region", "", 10).await.unwrap();
        assert_eq!(values.iter().map(|one| (one.value.clone(), one.rows)).collect::<Vec<_>>(), [(Cell::from("EU"), 4), (Cell::from("US"), 3), (Cell::from("AP"), 2)]);
        let found = queries.values(&acme, "orders", None, "orders.region", "u", 10).await.unwrap();
        assert_eq!(found.len(), 2);
        let plan = queries.explain(&acme, &by_region()).await.unwrap();
        assert!(plan.plan.contains("Aggregate"), "{}", plan.plan);
    }

    async fn a_time_of_day_is_found_by_what_it_looks_like(test: TestDatabase) {
        let data = Data::new(test).await;
        let shops = data.upload("shops.csv", "Shop,Opens\nA,09:30\nB,17:05:10\n", LoadRequest::default()).await.unwrap();
        assert_eq!(shops.columns[1].kind, ColumnType::Time);
        let queries = data.queries(&data.ann());
        let acme = data.acme();
        let query = serde_json::json!({ "model": "shops", "metrics": ["row_count"],
            "where": { "field": "shops.opens", "op": "eq", "value": "09:30:00" } });
        let answer = queries.run(&acme, serde_json::from_value(query).unwrap(), None).await.unwrap();
        assert_eq!(answer.rows, [[Cell::Int(1)]]);
        let found = queries.values(&acme, "shops", None, "shops.opens", "17:", 10).await.unwrap();
        assert_eq!(found.into_iter().map(|member| member.value).collect::<Vec<_>>(), [Cell::from("17:05:10")]);
    }

    async fn a_deleted_dataset_says_how_to_mend_it(test: TestDatabase) {
        let data = Data::new(test).await;
        let dataset = data.orders().await.summary.id;
        let acme = data.acme();
        let models = data.models(&data.ann());
        let mut own = (*models.get(&acme, "orders", None).await.unwrap()).clone();
        own.model = "mine".try_into().unwrap();
        models.put(&acme, "mine", own, None).await.unwrap();
        data.datasets(&data.ann()).delete(&acme, dataset).await.unwrap();
        let query = Query { model: "mine".to_owned(), ..by_region() };
        let error = refusal(data.queries(&data.ann()).run(&acme, query.clone(), None).await);
        assert_eq!((error.code, error.http_status()), (ErrorCode::SourceGone, 410));
        assert!(error.hint.unwrap().contains("orders"));
        data.orders().await;
        data.queries(&data.ann()).run(&acme, query, None).await.unwrap();
    }

    async fn what_no_kept_answer_answers_is_counted_wherever_it_is_asked(test: TestDatabase) {
        let rates = RateLimits { queries: 2, ..RateLimits::OFF };
        let data = Data::on(Instance::with_rates(test, rates).await, DataLimits::default());
        data.orders().await;
        let queries = data.queries(&data.ann());
        let acme = data.acme();
        for _ in 0..5 {
            queries.run(&acme, by_region(), None).await.unwrap();
        }
        let values = async |search: &str| queries.values(&acme, "orders", None, "orders.region", search, 10).await;
        values("E").await.unwrap();
        let refused = refusal(values("U").await);
        assert_eq!((refused.code, refused.retry_after_s), (ErrorCode::TooManyRequests, Some(61)));
        queries.run(&acme, by_region(), None).await.unwrap();
        data.instance.clock.advance(TimeDelta::seconds(61));
        values("U").await.unwrap();
    }

    async fn strangers_and_other_tenants_ask_nothing(test: TestDatabase) {
        let data = Data::new(test).await;
        data.orders().await;
        let acme = data.acme();
        let viewer = data.instance.member("viewer", WorkspaceRole::Viewer).await;
        data.queries(&viewer).run(&acme, by_region(), None).await.unwrap();
        let stranger = data.instance.person("stranger", PlatformRole::Admin).await;
        assert_eq!(status(data.queries(&stranger).run(&acme, by_region(), None).await), 403);
        let other = data.instance.person("other", PlatformRole::Analyst).await;
        assert_eq!(status(data.queries(&other).run(&acme, by_region(), None).await), 404);
        let share = data.share_of(Uuid::now_v7().into(), Vec::new());
        assert_eq!(status(data.queries(&share).run(&acme, by_region(), None).await), 401);
        let id = QueryId::from(Uuid::now_v7());
        assert_eq!(status(data.queries(&viewer).cancel(&acme, id).await), 404);
    }
}
