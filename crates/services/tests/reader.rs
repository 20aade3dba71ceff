//! Readers see what is published, under the locks of their link, and nothing else.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod data;
mod support;

use data::{Data, asking, equals};
use serde_json::json;
use services::{
    dashboard::{DashboardSource, NewDashboard},
    reader::csv,
};
use shared::{
    ErrorCode,
    dashboard::{
        Content, Dashboard, Filter, FilterScope, FilterState, FilterTarget, OrderKey, Rect, Selection, SelectionRow,
        SelectionValue, Tile, TileData, order_between,
    },
    ids::{DashboardId, FilterId, TileId},
    permission::{Principal, WorkspaceRole},
    semantic::{Aggregation, CacheState},
    table::Cell,
    visual::{Visual, VisualKind, WellItem},
};
use support::{refusal, status};
use uuid::Uuid;

const BAR: u128 = 10;
const KPI: u128 = 11;
const BROKEN: u128 = 12;
const REGION: u128 = 20;
const SECRET: u128 = 21;

fn tile(number: u128, page: shared::ids::PageId, visual: Visual) -> Tile {
    Tile {
        id: TileId::from(Uuid::from_u128(number)),
        page,
        rect: Rect::new(0, 0, 8, 20),
        z: 0,
        locked: false,
        group: None,
        content: Content::Visual(visual),
    }
}

fn filter(number: u128, field: &str, order: OrderKey) -> Filter {
    Filter {
        id: FilterId::from(Uuid::from_u128(number)),
        order,
        scope: FilterScope::Dashboard,
        target: FilterTarget {
            field: field.to_owned(),
        },
        label: None,
        condition: None,
        locked: false,
        hidden: false,
        required: false,
        default: None,
    }
}

/// Amounts by region, their sum, and a tile on a field that does not exist.
fn document(start: &Dashboard) -> Dashboard {
    let page = start.pages[0].id;
    let amount = || WellItem::aggregate("orders.amount", Aggregation::Sum);
    let mut bar = Visual::new(VisualKind::Bar);
    bar.wells.axis = vec![WellItem::dimension("orders.region")];
    bar.wells.values = vec![amount()];
    let mut kpi = Visual::new(VisualKind::Kpi);
    kpi.wells.values = vec![amount()];
    let mut broken = Visual::new(VisualKind::Bar);
    broken.wells.axis = vec![WellItem::dimension("orders.nothing")];
    broken.wells.values = vec![amount()];
    let first = OrderKey::first();
    let mut secret = filter(SECRET, "orders.order_id", order_between(Some(&first), None));
    secret.locked = true;
    secret.hidden = true;
    let mut condition = shared::semantic::Condition::field("orders.order_id", shared::semantic::Operator::Lt);
    condition.value = Some(9.into());
    secret.condition = Some(condition.into());
    Dashboard {
        tiles: vec![tile(BAR, page, bar), tile(KPI, page, kpi), tile(BROKEN, page, broken)],
        filters: vec![filter(REGION, "orders.region", first), secret],
        ..start.clone()
    }
}

async fn published(data: &Data) -> DashboardId {
    let dashboards = data.dashboards(&data.ann());
    let new = NewDashboard {
        title: "Sales".try_into().unwrap(),
        source: DashboardSource::Model("orders".to_owned()),
        folder: None,
    };
    let start = dashboards.create(&data.acme(), new).await.unwrap();
    let id = start.summary.id;
    dashboards
        .put(&data.acme(), id, document(&start.document), 0)
        .await
        .unwrap();
    dashboards.publish(&data.acme(), id).await.unwrap();
    id
}

fn chosen(region: &str) -> FilterState {
    let mut state = FilterState::default();
    state.filters.insert(
        FilterId::from(Uuid::from_u128(REGION)),
        Some(equals("orders.region", region)),
    );
    state
}

fn sum(data: &shared::dashboard::PageData) -> f64 {
    match &data.tiles[&TileId::from(Uuid::from_u128(KPI))] {
        TileData::Answer { answer, .. } => answer.rows[0][0].as_f64().unwrap_or(0.0),
        TileData::Error(error) => panic!("{error:?}"),
    }
}

async fn kpi(data: &Data, principal: &Principal, id: DashboardId, state: FilterState) -> f64 {
    sum(&data
        .reader(principal)
        .tiles(&data.acme(), id, &asking(state))
        .await
        .unwrap())
}

testkit::for_each_database! {
    async fn a_page_is_one_batch_and_an_error_stays_in_its_tile(test: TestDatabase) {
        let data = Data::new(test).await;
        data.orders().await;
        let id = published(&data).await;
        let viewer = data.instance.member("viewer", WorkspaceRole::Viewer).await;
        let page = data.reader(&viewer).tiles(&data.acme(), id, &asking(FilterState::default())).await.unwrap();
        assert_eq!(page.tiles.len(), 3);
        // Order 9 is beyond the locked filter.
        assert_eq!(sum(&page), 360.0);
        let TileData::Answer { answer, visual } = &page.tiles[&TileId::from(Uuid::from_u128(BAR))] else { panic!("{page:?}") };
        assert_eq!((answer.rows.len(), visual.kind, answer.cache), (3, VisualKind::Bar, CacheState::Miss));
        let TileData::Error(error) = &page.tiles[&TileId::from(Uuid::from_u128(BROKEN))] else { panic!("{page:?}") };
        assert_eq!(error.code, ErrorCode::UnknownField);
        assert_eq!(kpi(&data, &viewer, id, chosen("EU")).await, 160.0);
        let state = chosen("EU");
        let document = data.reader(&viewer).published(&data.acme(), id).await.unwrap().document;
        let answered = data.reader(&viewer).tiles(&data.acme(), id, &asking(state.clone())).await.unwrap();
        assert_eq!(answered.digest, state.digest(&document));
    }

    async fn a_link_sees_its_locks_everywhere(test: TestDatabase) {
        let data = Data::new(test).await;
        data.orders().await;
        let id = published(&data).await;
        let region = FilterId::from(Uuid::from_u128(REGION));
        let open = data.share_of(id, Vec::new());
        let locked = data.share_of(id, vec![equals("orders.region", "US")]);
        assert_eq!(kpi(&data, &open, id, FilterState::default()).await, 360.0);
        assert_eq!(kpi(&data, &locked, id, FilterState::default()).await, 160.0);
        assert_eq!(kpi(&data, &locked, id, chosen("EU")).await, 0.0);
        let values = async |principal: &Principal| -> Vec<Cell> {
            let values = data.reader(principal).filter_values(&data.acme(), id, region, "", &FilterState::default()).await.unwrap();
            values.into_iter().map(|one| one.value).collect()
        };
        assert_eq!(values(&locked).await, [Cell::from("US")]);
        assert_eq!(values(&open).await.len(), 3);
        let readable = data.reader(&locked).published(&data.acme(), id).await.unwrap();
        assert_eq!(readable.changeable, [region]);
        assert!(readable.document.filters.iter().all(|filter| filter.condition.is_none()));
        assert_eq!(readable.fields["orders.region"].label, "Region");
        assert!(!readable.fields.contains_key("orders.order_date"));
        let page = data.reader(&locked).tiles(&data.acme(), id, &asking(FilterState::default())).await.unwrap();
        let TileData::Answer { answer, .. } = &page.tiles[&TileId::from(Uuid::from_u128(BAR))] else { panic!("{page:?}") };
        assert!(answer.sql.is_empty());
        let TileData::Error(error) = &page.tiles[&TileId::from(Uuid::from_u128(BROKEN))] else { panic!("{page:?}") };
        assert!(error.candidates.is_empty());
    }

    async fn readers_cannot_say_more_than_the_page_offers(test: TestDatabase) {
        let data = Data::new(test).await;
        data.orders().await;
        let id = published(&data).await;
        let share = data.share_of(id, Vec::new());
        let reader = data.reader(&share);
        let acme = data.acme();
        let mut secret = FilterState::default();
        secret.filters.insert(FilterId::from(Uuid::from_u128(SECRET)), None);
        assert_eq!(status(reader.tiles(&acme, id, &asking(secret.clone())).await), 403);
        assert_eq!(status(reader.filter_values(&acme, id, FilterId::from(Uuid::from_u128(SECRET)), "", &FilterState::default()).await), 403);
        let mut other = FilterState::default();
        other.filters.insert(FilterId::from(Uuid::from_u128(REGION)), Some(equals("orders.order_id", "1")));
        assert_eq!(status(reader.tiles(&acme, id, &asking(other)).await), 422);
        let mark = |field: &str| {
            let value = SelectionValue { field: field.to_owned(), grain: None, part: None, bin: None, value: Cell::from("EU"), until: None, to: None };
            let mut state = FilterState::default();
            let selection = Selection { rows: vec![SelectionRow(vec![value])] };
            state.selections.insert(TileId::from(Uuid::from_u128(BAR)), selection);
            state
        };
        assert_eq!(status(reader.tiles(&acme, id, &asking(mark("orders.order_date"))).await), 422);
        assert_eq!(kpi(&data, &share, id, mark("orders.region")).await, 160.0);
        let only = Principal::Share(shared::permission::ShareGrant {
            allowed_filters: Some(Vec::new()),
            ..match share.clone() { Principal::Share(grant) => grant, _ => unreachable!() }
        });
        assert_eq!(status(data.reader(&only).tiles(&acme, id, &asking(chosen("EU"))).await), 403);
        let readable = data.reader(&only).published(&acme, id).await.unwrap();
        let (state, left_out) = services::ReaderService::state_of_query(&readable, "f.region=EU&f.nothing=1&tz=Mars");
        assert_eq!((state, left_out), (FilterState::default(), vec!["f.nothing".to_owned(), "f.region".to_owned(), "tz".to_owned()]));
    }

    async fn drills_go_down_hierarchies_and_nowhere_else(test: TestDatabase) {
        let data = Data::new(test).await;
        data.orders().await;
        let acme = data.acme();
        let models = data.models(&data.ann());
        let mut model = serde_json::to_value(&*models.get(&acme, "orders", None).await.unwrap()).unwrap();
        let size = json!({"name": "size", "type": "string", "expr": {"sql": "CASE WHEN amount > 100 THEN 'large' ELSE 'small' END"}});
        model["tables"][0]["dimensions"].as_array_mut().unwrap().push(size);
        model["hierarchies"] = json!([{"name": "parts", "levels": ["orders.region", "orders.size", "orders.order_id"]}]);
        models.put(&acme, "orders", serde_json::from_value(model).unwrap(), None).await.unwrap();
        let id = published(&data).await;
        let share = data.share_of(id, Vec::new());
        let reader = data.reader(&share);
        let bar = TileId::from(Uuid::from_u128(BAR));
        let step = |field: &str, value: &str, to: &str| SelectionValue {
            field: field.to_owned(), grain: None, part: None, bin: None, value: Cell::from(value), until: None, to: Some(to.to_owned()),
        };
        let state = |steps: &[SelectionValue]| FilterState { drills: [(bar, steps.to_vec())].into(), ..FilterState::default() };
        let shown = async |state: FilterState| {
            let page = reader.tiles(&acme, id, &asking(state)).await.unwrap();
            let TileData::Answer { answer, .. } = &page.tiles[&bar] else { panic!("{page:?}") };
            let column = answer.columns[0].clone();
            let members: Vec<_> = answer.rows.iter().map(|row| row[0].as_text().unwrap_or("-").to_owned()).collect();
            (column, members)
        };
        let (column, _) = shown(FilterState::default()).await;
        let offered: Vec<_> = column.finer.iter().map(|level| (level.field.as_str(), level.label.as_str())).collect();
        assert_eq!(offered, [("orders.size", "Size")]);
        let into = step("orders.region", "EU", "orders.size");
        let (column, members) = shown(state(std::slice::from_ref(&into))).await;
        assert_eq!((column.source.as_deref(), column.finer[0].field.as_str()), (Some("orders.size"), "orders.order_id"));
        assert!(!members.is_empty() && members.iter().all(|member| ["large", "small"].contains(&member.as_str())), "{members:?}");
        // The address says the same, and a mark of the level that is shown can be chosen.
        let document = reader.published(&acme, id).await.unwrap().document;
        let two = [into.clone(), step("orders.size", &members[0], "orders.order_id")];
        let query = state(&two).to_query(&document);
        assert!(query.contains("orders.region@to_orders.size:EU"), "{query}");
        assert_eq!(FilterState::from_query(&query, &document), (state(&two), Vec::new()));
        let mut chosen = state(std::slice::from_ref(&into));
        let mark = SelectionValue { to: None, ..step("orders.size", &members[0], "") };
        chosen.selections.insert(bar, Selection { rows: vec![SelectionRow(vec![mark.clone()])] });
        reader.tiles(&acme, id, &asking(chosen.clone())).await.unwrap();
        chosen.drills.clear();
        assert_eq!(status(reader.tiles(&acme, id, &asking(chosen)).await), 422);
        for wrong in [
            vec![step("orders.region", "EU", "orders.order_id")],
            vec![step("orders.region", "EU", "orders.order_date")],
            vec![step("orders.region", "EU", "nothing.nowhere")],
            vec![step("orders.size", "small", "orders.order_id")],
            vec![into.clone(), into],
        ] {
            assert_eq!(status(reader.tiles(&acme, id, &asking(state(&wrong))).await), 422, "{wrong:?}");
        }
    }

    async fn a_link_sees_the_rows_that_its_roles_open(test: TestDatabase) {
        let data = Data::new(test).await;
        data.orders().await;
        let acme = data.acme();
        let models = data.models(&data.ann());
        let mut model = serde_json::to_value(&*models.get(&acme, "orders", None).await.unwrap()).unwrap();
        model["access"] = json!([{"roles": ["regional"], "table": "orders",
            "rows": {"field": "orders.region", "op": "eq", "value": {"user": "region"}}}]);
        models.put(&acme, "orders", serde_json::from_value(model).unwrap(), None).await.unwrap();
        let id = published(&data).await;
        let of = |roles: &[&str], region: Option<&str>| match data.share_of(id, Vec::new()) {
            Principal::Share(grant) => Principal::Share(shared::permission::ShareGrant {
                roles: roles.iter().map(|role| (*role).to_owned()).collect(),
                attributes: region.map(|region| ("region".to_owned(), json!(region))).into_iter().collect(),
                ..grant
            }),
            Principal::Anonymous | Principal::User(_) | Principal::Unprotected(_) | Principal::Embed(_) => unreachable!(),
        };
        let seen = async |principal: Principal| kpi(&data, &principal, id, FilterState::default()).await;
        assert_eq!(seen(of(&["regional"], Some("EU"))).await, 160.0);
        for nothing in [of(&[], Some("EU")), of(&["regional"], None), of(&["other"], Some("EU"))] {
            assert_eq!(seen(nothing).await, 0.0);
        }
    }

    async fn rows_are_handed_out_where_downloads_are_on(test: TestDatabase) {
        let data = Data::new(test).await;
        data.orders().await;
        let id = published(&data).await;
        let acme = data.acme();
        let grant = |locked, downloads| match data.share_of(id, locked) {
            Principal::Share(grant) => Principal::Share(shared::permission::ShareGrant { downloads, ..grant }),
            Principal::Anonymous | Principal::User(_) | Principal::Unprotected(_) | Principal::Embed(_) => unreachable!(),
        };
        let bar = Some(TileId::from(Uuid::from_u128(BAR)));
        let closed = data.reader(&grant(Vec::new(), false));
        assert_eq!(status(closed.tile_rows(&acme, id, bar, "").await), 403);
        let open = data.reader(&grant(Vec::new(), true));
        let rows = open.tile_rows(&acme, id, bar, "f.region=EU,US").await.unwrap();
        assert_eq!(csv(&rows.answer), "Region,Sum of Amount\r\nEU,160\r\nUS,160\r\n");
        let locked = data.reader(&grant(vec![equals("orders.region", "US")], true));
        assert_eq!(csv(&locked.tile_rows(&acme, id, bar, "f.order_id=1").await.unwrap().answer), "Region,Sum of Amount\r\nUS,160\r\n");
        assert_eq!(status(open.tile_rows(&acme, id, None, "").await), 422);
        assert_eq!(status(open.tile_rows(&acme, id, Some(TileId::from(Uuid::from_u128(99))), "").await), 404);
        assert_eq!(status(open.tile_rows(&acme, published(&data).await, bar, "").await), 404);
    }

    async fn a_grant_is_for_one_dashboard_and_ends_with_it(test: TestDatabase) {
        let data = Data::new(test).await;
        data.orders().await;
        let id = published(&data).await;
        let other = published(&data).await;
        let acme = data.acme();
        let share = data.share_of(id, Vec::new());
        let request = asking(FilterState::default());
        assert_eq!(status(data.reader(&share).tiles(&acme, other, &request).await), 404);
        assert_eq!(status(data.reader(&share).draft_tiles(&acme, id, &request).await), 401);
        assert_eq!(status(data.reader(&Principal::Anonymous).tiles(&acme, id, &request).await), 401);
        let viewer = data.instance.member("viewer", WorkspaceRole::Viewer).await;
        assert_eq!(status(data.reader(&viewer).draft_tiles(&acme, id, &request).await), 403);
        assert_eq!(sum(&data.reader(&data.ann()).draft_tiles(&acme, id, &request).await.unwrap()), 360.0);
        let dashboards = data.dashboards(&data.ann());
        dashboards.unpublish(&acme, id).await.unwrap();
        assert_eq!(status(data.reader(&share).tiles(&acme, id, &request).await), 410);
        dashboards.publish(&acme, id).await.unwrap();
        data.reader(&share).tiles(&acme, id, &request).await.unwrap();
        dashboards.delete(&acme, id).await.unwrap();
        assert_eq!(status(data.reader(&share).tiles(&acme, id, &request).await), 410);
    }

    async fn a_deleted_dataset_breaks_tiles_with_a_reason_and_a_new_file_mends_them(test: TestDatabase) {
        let data = Data::new(test).await;
        let dataset = data.orders().await.summary.id;
        let id = published(&data).await;
        let viewer = data.instance.member("viewer", WorkspaceRole::Viewer).await;
        data.datasets(&data.ann()).delete(&data.acme(), dataset).await.unwrap();
        let page = data.reader(&viewer).tiles(&data.acme(), id, &asking(FilterState::default())).await.unwrap();
        let TileData::Error(error) = &page.tiles[&TileId::from(Uuid::from_u128(KPI))] else { panic!("{page:?}") };
        assert_eq!(error.code, ErrorCode::SourceGone);
        assert!(error.hint.as_ref().unwrap().contains("Upload"));
        // A guest cannot mend it, and learns no name of a table.
        let share = data.share_of(id, Vec::new());
        let page = data.reader(&share).tiles(&data.acme(), id, &asking(FilterState::default())).await.unwrap();
        let TileData::Error(error) = &page.tiles[&TileId::from(Uuid::from_u128(KPI))] else { panic!("{page:?}") };
        assert_eq!(error.code, ErrorCode::SourceGone);
        assert!(!format!("{error:?}").contains("orders") && error.hint.as_ref().unwrap().contains("Ask"), "{error:?}");
        assert_eq!(data.orders().await.summary.name, "orders");
        assert_eq!(kpi(&data, &viewer, id, FilterState::default()).await, 360.0);
        let preview = document(&data.dashboards(&data.ann()).get(&data.acme(), id).await.unwrap().document);
        let page = data.reader(&data.ann()).preview_tiles(&data.acme(), &preview, &asking(chosen("EU"))).await.unwrap();
        assert_eq!(sum(&page), 160.0);
        let error = refusal(data.reader(&viewer).preview_tiles(&data.acme(), &preview, &asking(FilterState::default())).await);
        assert_eq!(error.http_status(), 403);
    }
}
