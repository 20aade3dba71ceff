//! Every kind of visual asks for what it draws: ranges, quartiles, subtotals, courses; and readers look into what they see.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod data;
mod support;

use data::{Data, asking};
use services::dashboard::{DashboardSource, NewDashboard};
use shared::{
    dashboard::{
        Content, FilterState, Interaction, InteractionKind, Rect, Selection, SelectionRow, SelectionValue, Tile,
        TileData,
    },
    ids::{DashboardId, InteractionId, TileId},
    permission::WorkspaceRole,
    semantic::{Aggregation, Answer, Grain},
    table::Cell,
    visual::{Visual, VisualKind, WellItem},
};
use support::status;
use uuid::Uuid;

fn id_of(number: usize) -> TileId {
    TileId::from(Uuid::from_u128(number as u128 + 1))
}

/// A published dashboard with these visuals, one tile each.
async fn published(data: &Data, visuals: Vec<Visual>) -> DashboardId {
    let dashboards = data.dashboards(&data.ann());
    let new = NewDashboard {
        title: "Kinds".try_into().unwrap(),
        source: DashboardSource::Model("orders".to_owned()),
        folder: None,
    };
    let start = dashboards.create(&data.acme(), new).await.unwrap();
    let mut document = start.document.clone();
    let page = document.pages[0].id;
    let tile = |(number, visual): (usize, Visual)| Tile {
        id: id_of(number),
        page,
        rect: Rect::new(0, 20 * number as u32, 8, 20),
        z: 0,
        locked: false,
        group: None,
        content: Content::Visual(visual),
    };
    document.tiles = visuals.into_iter().enumerate().map(tile).collect();
    let id = start.summary.id;
    dashboards.put(&data.acme(), id, document, 0).await.unwrap();
    dashboards.publish(&data.acme(), id).await.unwrap();
    id
}

fn with(kind: VisualKind, axis: &[WellItem], values: &[WellItem]) -> Visual {
    let mut visual = Visual::new(kind);
    visual.wells.axis = axis.to_vec();
    visual.wells.values = values.to_vec();
    visual
}

fn amount() -> WellItem {
    WellItem::aggregate("orders.amount", Aggregation::Sum)
}

fn region() -> WellItem {
    WellItem::dimension("orders.region")
}

async fn answers(data: &Data, id: DashboardId, state: FilterState) -> Vec<(Visual, Answer)> {
    let page = data
        .reader(&data.ann())
        .tiles(&data.acme(), id, &asking(state))
        .await
        .unwrap();
    let in_order = (0..page.tiles.len()).map(|number| match &page.tiles[&id_of(number)] {
        TileData::Answer { visual, answer } => (visual.as_ref().clone(), answer.as_ref().clone()),
        TileData::Error(error) => panic!("{error:?}"),
    });
    in_order.collect()
}

fn numbers(row: &[Cell]) -> Vec<f64> {
    row.iter().filter_map(Cell::as_f64).collect()
}

fn value(field: &str, grain: Option<Grain>, value: &str, until: Option<&str>) -> SelectionValue {
    SelectionValue {
        field: field.to_owned(),
        grain,
        part: None,
        bin: None,
        value: Cell::from(value),
        until: until.map(Cell::from),
        to: None,
    }
}

testkit::for_each_database! {
    async fn ranges_quartiles_and_subtotals_are_asked_for(test: TestDatabase) {
        let data = Data::new(test).await;
        data.orders().await;
        let mut pivot = with(VisualKind::Pivot, &[region()], &[amount()]);
        pivot.wells.columns = vec![WellItem::time("orders.order_date", Grain::Year)];
        let mut figure = with(VisualKind::Kpi, &[], &[amount()]);
        figure.wells.trend = vec![WellItem::time("orders.order_date", Grain::Month)];
        let id = published(&data, vec![
            with(VisualKind::Histogram, &[WellItem::dimension("orders.amount")], &[]),
            with(VisualKind::BoxPlot, &[region()], &[amount()]),
            pivot,
            figure,
        ]).await;
        let answers = answers(&data, id, FilterState::default()).await;
        let [(_, histogram), (_, boxes), (_, pivot), (_, figure)] = answers.as_slice() else { panic!("four tiles") };
        assert_eq!(histogram.columns[0].bin, Some(5.0));
        let counted: f64 = histogram.rows.iter().filter_map(|row| row[1].as_f64()).sum();
        assert_eq!((histogram.rows.len(), counted), (9, 9.0));
        let europe = boxes.rows.iter().find(|row| row[0] == Cell::from("EU")).unwrap();
        assert_eq!(numbers(europe), [10.0, 25.0, 40.0, 55.0, 70.0]);
        let totals = |by: &[&str]| &pivot.totals.iter().find(|totals| totals.by == by).unwrap().rows;
        assert_eq!(numbers(&totals(&[])[0]), [450.0]);
        assert_eq!(totals(&["orders.region"]).len(), 3);
        assert_eq!(totals(&["orders.order_date"]).len(), 2);
        assert_eq!(figure.rows.len(), 3);
        assert_eq!(numbers(&figure.totals[0].rows[0]), [450.0]);
    }

    async fn a_drill_shows_the_next_step_within_and_a_stretch_filters_others(test: TestDatabase) {
        let data = Data::new(test).await;
        data.orders().await;
        let months = with(VisualKind::Column, &[WellItem::time("orders.order_date", Grain::Month)], &[amount()]);
        let id = published(&data, vec![months, with(VisualKind::Kpi, &[], &[amount()])]).await;
        let november = value("orders.order_date", Some(Grain::Month), "2025-11-01", None);
        let state = FilterState { drills: [(id_of(0), vec![november])].into(), ..FilterState::default() };
        let drilled = answers(&data, id, state).await;
        let (shown, answer) = &drilled[0];
        assert_eq!(shown.wells.axis[0].grain, Some(Grain::Day));
        assert_eq!(answer.rows.iter().filter_map(|row| row[1].as_f64()).sum::<f64>(), 60.0);
        assert_eq!(numbers(&drilled[1].1.rows[0]), [450.0], "a drill narrows its own tile only");
        let stretch = value("orders.order_date", Some(Grain::Month), "2025-12-01", Some("2026-02-01"));
        let selection = Selection { rows: vec![SelectionRow(vec![stretch])] };
        let state = FilterState { selections: [(id_of(0), selection)].into(), ..FilterState::default() };
        assert_eq!(numbers(&answers(&data, id, state).await[1].1.rows[0]), [390.0]);
        let other = value("orders.region", None, "EU", None);
        let state = FilterState { drills: [(id_of(0), vec![other])].into(), ..FilterState::default() };
        assert_eq!(status(data.reader(&data.ann()).tiles(&data.acme(), id, &asking(state)).await), 422);
    }

    async fn highlighting_leaves_the_numbers_alone(test: TestDatabase) {
        let data = Data::new(test).await;
        data.orders().await;
        let id = published(&data, vec![with(VisualKind::Bar, &[region()], &[amount()]), with(VisualKind::Kpi, &[], &[amount()])]).await;
        let dashboards = data.dashboards(&data.ann());
        let mut document = dashboards.get(&data.acme(), id).await.unwrap().document;
        document.interactions = vec![Interaction { id: InteractionId::from(Uuid::from_u128(50)), from: id_of(0), to: id_of(1), kind: InteractionKind::Highlight }];
        let revision = dashboards.get(&data.acme(), id).await.unwrap().summary.revision;
        dashboards.put(&data.acme(), id, document, revision).await.unwrap();
        dashboards.publish(&data.acme(), id).await.unwrap();
        let selection = Selection { rows: vec![SelectionRow(vec![value("orders.region", None, "EU", None)])] };
        let state = FilterState { selections: [(id_of(0), selection)].into(), ..FilterState::default() };
        assert_eq!(numbers(&answers(&data, id, state).await[1].1.rows[0]), [450.0]);
    }

    async fn members_see_the_rows_behind_a_mark_and_guests_do_not(test: TestDatabase) {
        let data = Data::new(test).await;
        data.orders().await;
        let id = published(&data, vec![with(VisualKind::Bar, &[region()], &[amount()])]).await;
        let europe = Selection { rows: vec![SelectionRow(vec![value("orders.region", None, "EU", None)])] };
        let state = FilterState::default();
        let viewer = data.instance.member("viewer", WorkspaceRole::Viewer).await;
        let rows = data.reader(&viewer).records(&data.acme(), id, id_of(0), &state, &europe).await.unwrap();
        let labels: Vec<&str> = rows.columns.iter().map(|column| column.label.as_str()).collect();
        assert_eq!(labels.get(..4), Some(["Order id", "Order date", "Region", "Amount"].as_slice()));
        let amounts: Vec<f64> = rows.rows.iter().filter_map(|row| row[3].as_f64()).collect();
        assert_eq!(amounts, [70.0, 50.0, 30.0, 10.0], "newest first");
        let all = data.reader(&viewer).records(&data.acme(), id, id_of(0), &state, &Selection::default()).await.unwrap();
        assert_eq!(all.rows.len(), 9);
        let guest = data.share_of(id, Vec::new());
        assert_eq!(status(data.reader(&guest).records(&data.acme(), id, id_of(0), &state, &europe).await), 403);
        let other = Selection { rows: vec![SelectionRow(vec![value("orders.order_id", None, "1", None)])] };
        assert_eq!(status(data.reader(&viewer).records(&data.acme(), id, id_of(0), &state, &other).await), 422);
        assert_eq!(status(data.reader(&viewer).records(&data.acme(), id, id_of(7), &state, &europe).await), 404);
    }
}
