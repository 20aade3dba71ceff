//! Who uses a model, and what a change to it would break.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod data;
mod support;

use data::{Data, equals};
use services::{
    AccessService, EmbedService, ShareService,
    dashboard::{DashboardSource, NewDashboard},
    dataset::LoadRequest,
};
use shared::{
    access::AccessUpdate,
    dashboard::{Content, Rect, Tile},
    ids::{DashboardId, TileId},
    permission::WorkspaceRole,
    semantic::{Aggregation, Model, NamesUsed, Warning},
    share::{EmbedCreate, ShareCreate},
    visual::{Visual, VisualKind, WellItem},
};
use support::{request, status};
use uuid::Uuid;

/// With one tile: the row count by region.
async fn dashboard(data: &Data, title: &str) -> DashboardId {
    let (dashboards, acme) = (data.dashboards(&data.ann()), data.acme());
    let new = NewDashboard {
        title: title.try_into().unwrap(),
        source: DashboardSource::Model("orders".to_owned()),
        folder: None,
    };
    let made = dashboards.create(&acme, new).await.unwrap();
    let mut visual = Visual::new(VisualKind::Bar);
    visual.title = Some("Orders by region".to_owned());
    visual.wells.axis = vec![WellItem::dimension("orders.region")];
    visual.wells.values = vec![WellItem::metric("row_count")];
    // Kept for when the kind is swapped back, and not shown.
    visual.wells.latitude = vec![WellItem::aggregate("orders.amount", Aggregation::Sum)];
    let mut document = made.document;
    document.tiles = vec![Tile {
        id: TileId::from(Uuid::now_v7()),
        page: document.pages[0].id,
        rect: Rect::new(0, 0, 8, 20),
        z: 0,
        locked: false,
        group: None,
        content: Content::Visual(visual),
    }];
    dashboards
        .put(&acme, made.summary.id, document, made.summary.revision)
        .await
        .unwrap();
    made.summary.id
}

fn names(metrics: &[&str], fields: &[&str]) -> NamesUsed {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    NamesUsed {
        metrics: owned(metrics),
        fields: owned(fields),
    }
}

fn breaks(warnings: &[Warning]) -> Vec<&str> {
    let breaking = warnings.iter().filter(|warning| warning.code == "breaks_dashboard");
    breaking.map(|warning| warning.message.as_str()).collect()
}

testkit::for_each_database! {
    async fn dashboards_links_and_frames_are_found(test: TestDatabase) {
        let data = Data::new(test).await;
        data.orders().await;
        let acme = data.acme();
        let sales = dashboard(&data, "Sales").await;
        let models = data.models(&data.ann());
        let draft = models.usage(&acme, "orders").await.unwrap().dashboards.remove(0);
        assert_eq!((draft.title.as_str(), draft.draft, draft.published), ("Sales", Some(names(&["row_count"], &["orders.region"])), None));

        data.dashboards(&data.ann()).publish(&acme, sales).await.unwrap();
        let share = ShareCreate { locked: vec![equals("orders.order_date", "2026-01-01")], ..Default::default() };
        ShareService::new(data.services(), data.ann(), request()).create(&acme, sales, share).await.unwrap();
        let embed = EmbedCreate { origins: vec!["https://shop.example.com".to_owned()], locked: Vec::new(), editable: None, downloads: false, name: None };
        EmbedService::new(data.services(), data.ann(), request()).create(&acme, sales, embed).await.unwrap();
        let used = models.usage(&acme, "orders").await.unwrap().dashboards.remove(0);
        let published = used.published.clone().unwrap();
        assert_eq!(published.names, names(&["row_count"], &["orders.order_date", "orders.region"]));
        assert_eq!((used.shares, used.embeds, published.model_version), (1, 1, 1));
        assert!(used.uses_metric("row_count") && used.uses_field("orders.order_date") && !used.uses_field("orders.amount"));
        let viewer = data.instance.member("viewer", WorkspaceRole::Viewer).await;
        assert_eq!(status(data.models(&viewer).usage(&acme, "orders").await), 403);
        assert_eq!(status(models.usage(&acme, "nothing").await), 404);
    }

    async fn what_is_given_to_others_is_only_counted(test: TestDatabase) {
        let data = Data::new(test).await;
        data.orders().await;
        let acme = data.acme();
        let board = dashboard(&data, "For the board").await;
        let only_chosen = AccessUpdate { restricted: true, grants: Vec::new() };
        AccessService::new(data.services(), data.ann(), request()).set(&acme, board, only_chosen).await.unwrap();
        let editor = data.instance.member("editor", WorkspaceRole::Editor).await;
        let usage = data.models(&editor).usage(&acme, "orders").await.unwrap();
        assert_eq!((usage.dashboards.len(), usage.hidden), (0, 1));
        let usage = data.models(&data.ann()).usage(&acme, "orders").await.unwrap();
        assert_eq!((usage.dashboards.len(), usage.hidden), (1, 0));

        // Nor does a warning name it.
        let models = data.models(&editor);
        let mut model = Model::clone(&*models.get(&acme, "orders", None).await.unwrap());
        model.metrics.clear();
        let found = models.validate(&acme, "orders", &model).await.unwrap();
        assert_eq!(breaks(&found.warnings), ["Dashboards that are given to others only lose tiles as well (1)."]);
    }

    async fn a_version_over_data_of_others_is_not_replaced_unseen(test: TestDatabase) {
        let data = Data::new(test).await;
        let orders = data.orders().await.summary.id;
        let acme = data.acme();
        let people = data.upload("people.csv", "id,nick\n1,A\n", LoadRequest::default()).await.unwrap();
        let editor = data.instance.member("editor", WorkspaceRole::Editor).await;
        let only_chosen = AccessUpdate { restricted: true, grants: Vec::new() };
        AccessService::new(data.services(), data.ann(), request()).set(&acme, orders, only_chosen).await.unwrap();
        let models = data.models(&editor);
        let mut other = Model::clone(&*models.get(&acme, &people.model, None).await.unwrap());
        other.model = "orders".try_into().unwrap();
        assert_eq!(status(models.put(&acme, "orders", other.clone(), None).await), 403);
        assert_eq!(status(models.validate(&acme, "orders", &other).await), 403);
        let kept = data.models(&data.ann()).get(&acme, "orders", None).await.unwrap();
        assert_eq!(kept.version, 1);
    }

    async fn what_a_change_would_break_is_said_before(test: TestDatabase) {
        let data = Data::new(test).await;
        data.orders().await;
        let acme = data.acme();
        let sales = dashboard(&data, "Sales").await;
        data.dashboards(&data.ann()).publish(&acme, sales).await.unwrap();
        let models = data.models(&data.ann());
        let stored = Model::clone(&*models.get(&acme, "orders", None).await.unwrap());
        let mut harmless = stored.clone();
        harmless.tables[0].dimensions.retain(|dimension| dimension.name.as_str() != "amount");
        assert_eq!(breaks(&models.validate(&acme, "orders", &harmless).await.unwrap().warnings), [""; 0]);
        let mut model = stored;
        model.metrics.clear();
        let found = models.validate(&acme, "orders", &model).await.unwrap();
        let said = breaks(&found.warnings);
        assert_eq!(said.len(), 1, "{found:?}");
        assert!(said[0].starts_with("Sales loses “Orders by region”.") && said[0].contains("row_count"), "{said:?}");
        assert!(said[0].ends_with("Readers keep version 1 of the model until the dashboard is published again."), "{said:?}");
        let saved = models.put(&acme, "orders", model.clone(), None).await.unwrap();
        assert_eq!(breaks(&saved.warnings).len(), 1);
        // What is broken already breaks no more.
        model.description = Some("Without metrics".to_owned());
        assert_eq!(breaks(&models.put(&acme, "orders", model, None).await.unwrap().warnings).len(), 0);
    }
}
