//! Storing models: checked, numbered, never changed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::type_complexity,
    reason = "a test that cannot go on fails"
)]

mod data;
mod support;

use data::Data;
use services::PageRequest;
use shared::{
    permission::WorkspaceRole,
    semantic::{Aggregation, Expression, MetricDefinition, MetricKind, MetricRef, Model, SimpleMetric},
};
use support::{refusal, status};

fn metric(name: &str, kind: MetricKind) -> MetricDefinition {
    MetricDefinition {
        name: name.try_into().unwrap(),
        kind,
        label: None,
        description: None,
        empty: None,
        format: None,
        good: None,
        synonyms: Vec::new(),
        hidden: false,
    }
}

fn sum(column: &str) -> MetricKind {
    MetricKind::Simple(Box::new(SimpleMetric::new(
        "orders".try_into().unwrap(),
        Aggregation::Sum,
        Some(column),
    )))
}

fn ratio(numerator: &str, denominator: &str) -> MetricKind {
    MetricKind::Ratio {
        numerator: MetricRef::Name(numerator.try_into().unwrap()),
        denominator: MetricRef::Name(denominator.try_into().unwrap()),
    }
}

testkit::for_each_database! {
    async fn versions_are_numbered_and_stale_writers_are_told(test: TestDatabase) {
        let data = Data::new(test).await;
        data.orders().await;
        let models = data.models(&data.ann());
        let acme = data.acme();
        let first = models.get(&acme, "orders", None).await.unwrap();
        let mut model = Model::clone(&first);
        assert_eq!(models.put(&acme, "orders", model.clone(), Some(1)).await.unwrap().version, 1);
        model.metrics.push(metric("revenue", sum("amount")));
        assert_eq!(models.put(&acme, "orders", model.clone(), Some(1)).await.unwrap().version, 2);
        model.metrics.push(metric("per_row", ratio("revenue", "row_count")));
        assert_eq!(status(models.put(&acme, "orders", model.clone(), Some(1)).await), 412);
        assert_eq!(models.put(&acme, "orders", model, None).await.unwrap().version, 3);
        assert_eq!(models.get(&acme, "orders", Some(1)).await.unwrap(), first);
        assert_eq!(status(models.get(&acme, "orders", Some(9)).await), 404);
        let page = PageRequest { limit: Some(2), cursor: None };
        let versions = models.versions(&acme, "orders", &page).await.unwrap();
        assert_eq!(versions.items.iter().map(|one| (one.version, one.created_by.as_str())).collect::<Vec<_>>(), [(3, "Ann"), (2, "Ann")]);
        let rest = models.versions(&acme, "orders", &PageRequest { limit: Some(2), cursor: versions.next }).await.unwrap();
        assert_eq!((rest.items.len(), rest.next), (1, None));
        let list = models.list(&acme, &PageRequest::default()).await.unwrap();
        assert_eq!((list.items[0].version, &list.items[0].datasets), (3, &vec!["orders".to_owned()]));
    }

    async fn everything_wrong_is_named(test: TestDatabase) {
        let data = Data::new(test).await;
        data.orders().await;
        let models = data.models(&data.ann());
        let acme = data.acme();
        let good = Model::clone(&*models.get(&acme, "orders", None).await.unwrap());
        let wrong: [(&str, fn(&mut Model)); 9] = [
            ("tables.0.source", |model| model.tables[0].source = shared::semantic::Source::Dataset("nothing".to_owned())),
            ("tables.0.dimensions", |model| { let twin = model.tables[0].dimensions[0].clone(); model.tables[0].dimensions.push(twin); }),
            ("tables.0.dimensions.2.expr", |model| model.tables[0].dimensions[2].expr = Expression::Col("nowhere".to_owned())),
            ("tables.0.default_time", |model| model.tables[0].default_time = Some("region".try_into().unwrap())),
            ("metrics.1.agg", |model| model.metrics.push(metric("bad", sum("region")))),
            ("metrics.1.numerator", |model| model.metrics.push(metric("bad", ratio("nothing", "row_count")))),
            ("metrics.1", |model| { model.metrics.push(metric("a", ratio("b", "row_count"))); model.metrics.push(metric("b", ratio("a", "row_count"))); }),
            ("metrics.3", |model| {
                model.metrics.push(metric("a", ratio("b", "b")));
                model.metrics.push(metric("b", ratio("a", "row_count")));
                model.metrics.push(metric("leads_there", ratio("a", "row_count")));
            }),
            ("time_zone", |model| model.time_zone = "Mars/Olympus".to_owned()),
        ];
        for (field, spoil) in wrong {
            let mut model = good.clone();
            spoil(&mut model);
            let found = models.validate(&acme, "orders", &model).await.unwrap();
            assert!(found.errors.iter().any(|error| error.field.as_deref() == Some(field)), "{field}: {found:?}");
            let error = refusal(models.put(&acme, "orders", model, None).await);
            assert_eq!(error.http_status(), 422, "{field}");
        }
        assert_eq!(models.get(&acme, "orders", None).await.unwrap().version, 1);
        assert_eq!(refusal(models.put(&acme, "other", good, None).await).field.as_deref(), Some("model"));
        let viewer = data.instance.member("viewer", WorkspaceRole::Viewer).await;
        let model = data.models(&viewer).get(&acme, "orders", None).await.unwrap();
        assert_eq!(status(data.models(&viewer).put(&acme, "orders", Model::clone(&model), None).await), 403);
    }

    async fn towers_of_metrics_are_checked_in_no_time(test: TestDatabase) {
        let data = Data::new(test).await;
        data.orders().await;
        let models = data.models(&data.ann());
        let mut model = Model::clone(&*models.get(&data.acme(), "orders", None).await.unwrap());
        let mut below = "row_count".to_owned();
        for level in 0..1_000 {
            let name = format!("level_{level}");
            model.metrics.push(metric(&name, ratio(&below, &below)));
            below = name;
        }
        let found = models.validate(&data.acme(), "orders", &model).await.unwrap();
        assert!(found.errors.is_empty(), "{found:?}");
    }
}
