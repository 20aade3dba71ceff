//! Two editors and a server in memory: nothing is lost, and all end with the same document.

use chrono::DateTime;
use plan::catalog::{FieldInfo, FieldList, MetricInfo, PlaceKind};
use shared::{
    AppError, ErrorCode,
    dashboard::{
        Action, Content, Dashboard, FilterScope, Missing, OpsAccepted, OpsRejected, OpsRequest, RecordedAction, Rect,
        apply_operations,
    },
    ids::{ActionId, PageId, TileId, UserId},
    semantic::{Aggregation, Atlas, DimensionType, Grain, Sort, SortDirection},
    visual::{Visual, VisualKind, WellItem, WellName},
};
use uuid::Uuid;

use super::{commands::*, *};

struct Ids(u128);

impl Ids {
    fn uuid(&mut self) -> Uuid {
        self.0 += 1;
        Uuid::from_u128(self.0)
    }

    fn stamp(&mut self) -> Stamp {
        Stamp {
            id: ActionId::from(self.uuid()),
            at: DateTime::from_timestamp(1_700_000_000, 0).unwrap(),
        }
    }
}

fn user(number: u128) -> UserId {
    UserId::from(Uuid::from_u128(number))
}

const PAGE: u128 = 1;

fn document() -> Dashboard {
    Dashboard::new("Sales", "orders", PageId::from(Uuid::from_u128(PAGE)))
}

fn catalog() -> FieldCatalog {
    let info = |field: &str, label: &str, kind, agg| FieldInfo {
        field: format!("orders.{field}"),
        table: "orders".to_owned(),
        table_label: "Orders".to_owned(),
        label: label.to_owned(),
        description: None,
        kind,
        stored: None,
        grains: if kind == DimensionType::Time {
            vec![Grain::Day, Grain::Month, Grain::Year]
        } else {
            Vec::new()
        },
        calendar_grains: Vec::new(),
        place: (kind == DimensionType::Geo).then_some(match field {
            "shop" => PlaceKind::Point,
            _ => PlaceKind::Region(Atlas::UsStates),
        }),
        default_aggregation: agg,
        format: None,
        synonyms: Vec::new(),
        hidden: false,
        default_time: false,
    };
    FieldCatalog::from(FieldList {
        dimensions: vec![
            info("amount", "Amount", DimensionType::Number, Some(Aggregation::Sum)),
            info("cost", "Cost", DimensionType::Number, Some(Aggregation::Sum)),
            info("region", "Region", DimensionType::String, None),
            info("product", "Product", DimensionType::String, None),
            info("order_date", "Order date", DimensionType::Time, None),
            info("state", "State", DimensionType::Geo, None),
            info("shop", "Shop", DimensionType::Geo, None),
            FieldInfo {
                hidden: true,
                ..info("shop_lat", "Shop, latitude", DimensionType::Number, None)
            },
        ],
        hierarchies: Vec::new(),
        metrics: vec![MetricInfo {
            metric: "revenue".to_owned(),
            label: "Revenue".to_owned(),
            description: None,
            kind: "simple".to_owned(),
            tables: vec!["orders".to_owned()],
            format: None,
            synonyms: vec!["turnover".to_owned()],
            hidden: false,
        }],
    })
}

fn field(name: &str) -> Field {
    catalog()
        .get(name)
        .or(catalog().get(&format!("orders.{name}")))
        .cloned()
        .unwrap()
}

/// The server's side of the exchange.
#[derive(Default)]
struct Server {
    log: Vec<RecordedAction>,
}

impl Server {
    fn document(&self) -> Dashboard {
        let mut document = document();
        for record in &self.log {
            apply_operations(&mut document, &record.action.ops, Missing::Skip).unwrap();
        }
        document
    }

    fn newer(&self, base: u64) -> Vec<RecordedAction> {
        self.log
            .iter()
            .filter(|record| record.revision > base)
            .cloned()
            .collect()
    }

    fn append(&mut self, request: &OpsRequest) -> Result<OpsAccepted, OpsRejected> {
        let newer = self.newer(request.base);
        let mut trial = self.document();
        let mut records = Vec::new();
        for action in &request.actions {
            if self.log.iter().any(|record| record.action.id == action.id) {
                continue;
            }
            match apply_operations(&mut trial, &action.ops, Missing::Skip) {
                Ok(ops) => records.push(RecordedAction {
                    revision: u64::try_from(self.log.len() + records.len() + 1).unwrap(),
                    action: action.clone(),
                    inverse: Action { ops, ..action.clone() },
                    undoes: request.undoes.get(&action.id).copied(),
                }),
                Err(error) => {
                    return Err(OpsRejected {
                        error: AppError::new(ErrorCode::Conflict, error.to_string()),
                        revision: u64::try_from(self.log.len()).unwrap(),
                        newer,
                    });
                }
            }
        }
        self.log.extend(records);
        Ok(OpsAccepted {
            revision: u64::try_from(self.log.len()).unwrap(),
            newer,
        })
    }

    fn open(&self, actor: UserId) -> Editor {
        Editor::open(
            actor,
            u64::try_from(self.log.len()).unwrap(),
            self.document(),
            &self.log,
        )
    }
}

fn save(editor: &mut Editor, server: &mut Server) -> Vec<String> {
    let mut notices = Vec::new();
    for _ in 0..4 {
        let Some(request) = editor.outgoing() else { break };
        match server.append(&request) {
            Ok(accepted) => notices.extend(editor.accepted(&accepted)),
            Err(rejected) => notices.extend(editor.rejected(&rejected)),
        }
    }
    notices
}

fn bars() -> Visual {
    suggest(&[field("amount"), field("region")])
}

fn add(editor: &mut Editor, ids: &mut Ids, visual: Visual) -> TileId {
    let id = TileId::from(ids.uuid());
    let place = NewTile {
        id,
        page: editor.page().unwrap(),
        rect: None,
    };
    let edit = insert_visual(editor.document(), place, visual, &catalog());
    editor.commit(edit, ids.stamp()).unwrap();
    id
}

#[test]
fn dropped_fields_make_finished_visuals() {
    let kind = |names: &[&str]| suggest(&names.iter().map(|name| field(name)).collect::<Vec<_>>()).kind;
    assert_eq!(kind(&["amount"]), VisualKind::Kpi);
    assert_eq!(kind(&["amount", "order_date"]), VisualKind::Line);
    assert_eq!(kind(&["amount", "region"]), VisualKind::Bar);
    assert_eq!(kind(&["amount", "cost"]), VisualKind::Scatter);
    assert_eq!(kind(&["revenue", "cost"]), VisualKind::Kpi);
    assert_eq!(kind(&["region", "product"]), VisualKind::Table);
    assert_eq!(kind(&["amount", "cost", "region"]), VisualKind::Scatter);
    assert_eq!(visual_title(&bars(), &catalog()), "Amount by Region");
}

#[test]
fn places_are_shown_on_maps() {
    let suggested = |names: &[&str]| suggest(&names.iter().map(|name| field(name)).collect::<Vec<_>>());
    let states = suggested(&["revenue", "state"]);
    assert_eq!(
        (states.kind, states.format.atlas),
        (VisualKind::Choropleth, Some(Atlas::UsStates))
    );
    assert_eq!(suggested(&["state"]).wells.values.len(), 1);
    assert_eq!(suggested(&["revenue", "state", "order_date"]).kind, VisualKind::Line);
    let names = |visual: &Visual| {
        [WellName::Latitude, WellName::Longitude, WellName::Detail].map(|well| {
            visual
                .wells
                .get(well)
                .iter()
                .filter_map(|item| item.field.clone())
                .collect::<Vec<_>>()
                .join(" ")
        })
    };
    let shops = suggested(&["shop", "revenue"]);
    assert_eq!(shops.kind, VisualKind::PointMap);
    assert_eq!(names(&shops), ["orders.shop_lat", "orders.shop_lon", ""]);
    assert!(uses(&shops, &field("shop")) && shops.wells.size.len() == 1);
    // Its numbers are not offered, and known all the same.
    let hidden = catalog()
        .of_item(&shops.wells.latitude[0])
        .map(|field| field.label.clone());
    assert_eq!(hidden.as_deref(), Some("Shop, latitude"));
    assert!(catalog().fields.iter().all(|field| field.label != "Shop, latitude"));
    // Bars become a map, and keep what they were of.
    let plan = plan_drop(&bars(), &field("shop")).unwrap();
    assert_eq!(
        names(&plan.visual),
        ["orders.shop_lat", "orders.shop_lon", "orders.region"]
    );
    assert_eq!(plan.says, "Show as point map by Shop");
    assert_eq!(add_to_well(&bars(), &field("shop"), WellName::Legend, None), None);
}

#[test]
fn a_drop_on_a_visual_finds_its_well() {
    let kpi = suggest(&[field("amount")]);
    let plan = plan_drop(&kpi, &field("order_date")).unwrap();
    assert_eq!(
        (plan.visual.kind, plan.says.as_str()),
        (VisualKind::Line, "Show as lines by Order date")
    );
    let plan = plan_drop(&bars(), &field("product")).unwrap();
    assert_eq!(
        (plan.well, plan.says.as_str()),
        (Some(WellName::Legend), "Add to Legend")
    );
    let full = plan_drop(&plan.visual, &field("order_date")).unwrap();
    assert_eq!(full.says, "Replace in Axis");
    assert!(add_to_well(&bars(), &field("revenue"), WellName::Axis, None).is_none());
}

#[test]
fn swapping_the_kind_and_back_keeps_the_fields() {
    let mut visual = bars();
    visual.wells.legend = vec![WellItem::dimension("orders.product")];
    let kpi = swap_kind(&visual, VisualKind::Kpi);
    assert_eq!(kpi.wells.values.len(), 1);
    let back = swap_kind(&kpi, VisualKind::Bar);
    assert_eq!(
        (&back.wells.axis, &back.wells.legend),
        (&visual.wells.axis, &visual.wells.legend)
    );
    let pie = swap_kind(&bars(), VisualKind::Pie);
    assert_eq!(pie.wells.legend, bars().wells.axis);
    assert_eq!(swap_kind(&pie, VisualKind::Column).wells.axis, bars().wells.axis);
    for kind in VisualKind::ALL {
        let swapped = swap_kind(&visual, kind);
        for well in kind.wells() {
            assert!(
                kind.capacity(*well)
                    .is_none_or(|most| swapped.wells.get(*well).len() <= most)
            );
        }
    }
}

#[test]
fn what_only_the_tooltip_says_stays_there() {
    let visual = add_to_well(&bars(), &field("revenue"), WellName::Tooltip, None)
        .unwrap()
        .visual;
    assert_eq!(visual_title(&visual, &catalog()), "Amount by Region");
    assert_eq!(output_names(&visual).len(), 3, "it is asked for");
    let pie = swap_kind(&visual, VisualKind::Pie);
    assert_eq!(pie.wells.tooltip, visual.wells.tooltip);
    assert_eq!(swap_kind(&pie, VisualKind::Line).wells.values, visual.wells.values);
    let kpi = swap_kind(&visual, VisualKind::Kpi);
    assert_eq!((kpi.wells.values.len(), kpi.wells.tooltip.len()), (2, 0));
}

#[test]
fn moving_pushes_what_is_in_the_way_in_one_action() {
    let (mut ids, mut editor) = (Ids(100), Server::default().open(user(1)));
    let first = add(&mut editor, &mut ids, bars());
    let second = add(&mut editor, &mut ids, bars());
    let edit = place_tiles(
        editor.document(),
        &[(second, Rect::new(0, 0, 12, 36))],
        "Move",
        &catalog(),
    )
    .unwrap();
    assert_eq!(edit.name, "Move Amount by Region");
    editor.commit(edit, ids.stamp()).unwrap();
    assert_eq!(editor.document().tile(first).unwrap().rect.y, 36);
    editor.undo(ids.stamp()).unwrap();
    assert_eq!(editor.document().tile(first).unwrap().rect.y, 0);
    assert_eq!(editor.document().tile(second).unwrap().rect.x, 12);
}

#[test]
fn held_arrow_keys_are_one_action_and_one_undo() {
    let (mut ids, mut editor) = (Ids(100), Server::default().open(user(1)));
    let tile = add(&mut editor, &mut ids, bars());
    let before = editor.document().clone();
    for _ in 0..10 {
        let edit = move_by(editor.document(), editor.selection(), 0, 1, &catalog()).unwrap();
        editor.commit(edit, ids.stamp()).unwrap();
    }
    assert_eq!(editor.pending().len(), 2);
    assert_eq!(editor.document().tile(tile).unwrap().rect.y, 10);
    editor.undo(ids.stamp());
    assert_eq!(editor.document(), &before);
}

#[test]
fn one_action_is_undone_whatever_came_after_it() {
    let (mut ids, mut editor) = (Ids(100), Server::default().open(user(1)));
    let (first, second) = (add(&mut editor, &mut ids, bars()), add(&mut editor, &mut ids, bars()));
    let edit = lock_tiles(editor.document(), &[second].into(), true, &catalog()).unwrap();
    editor.commit(edit, ids.stamp()).unwrap();
    let both = [first, second].into();
    let edit = remove_tiles(editor.document(), &both, "Delete", &catalog()).unwrap();
    assert_eq!(edit.name, "Delete Amount by Region", "the locked one stays");
    let deleted = editor.commit(edit, ids.stamp()).unwrap().unwrap();
    let edit = rename_tile(editor.document(), second, "Sales", &catalog()).unwrap();
    let renamed = editor.commit(edit, ids.stamp()).unwrap().unwrap();
    let undone = editor.undo_action(deleted, ids.stamp());
    assert!(matches!(undone, Some(Undone::Whole { .. })));
    assert!(editor.document().tile(first).is_some());
    assert_eq!(tile_title(editor.document().tile(second).unwrap(), &catalog()), "Sales");
    assert!(editor.undo_action(deleted, ids.stamp()).is_none());
    assert!(editor.undo_action(renamed, ids.stamp()).is_some());
}

#[test]
fn undo_and_redo_survive_a_reload() {
    let (mut ids, mut server) = (Ids(100), Server::default());
    let mut editor = server.open(user(1));
    let tile = add(&mut editor, &mut ids, bars());
    let edit = rename_tile(editor.document(), tile, "Sales", &catalog()).unwrap();
    editor.commit(edit, ids.stamp()).unwrap();
    editor.undo(ids.stamp());
    save(&mut editor, &mut server);
    let mut again = server.open(user(1));
    assert_eq!(again.redo_name(), Some("Rename Amount by Region"));
    assert_eq!(again.undo_name(), Some("Add Amount by Region"));
    assert_eq!(
        again.redo(ids.stamp()),
        Some(Undone::Whole {
            name: "Rename Amount by Region".to_owned()
        })
    );
    again.undo(ids.stamp());
    again.undo(ids.stamp());
    assert!(again.document().tiles.is_empty());
    assert!(server.open(user(2)).undo_name().is_none());
}

#[test]
fn undo_shows_the_page_it_changes() {
    let mut ids = Ids(100);
    let mut editor = Editor::open(user(1), 0, document(), &[]);
    let tile = add(&mut editor, &mut ids, bars());
    let first = editor.page().unwrap();
    let edit = add_page(editor.document(), ids.uuid());
    editor.commit(edit, ids.stamp()).unwrap();
    let second = editor.page().unwrap();
    assert_ne!(first, second);
    editor.show(first);
    editor.select([tile]);
    let edit = remove_tiles(editor.document(), editor.selection(), "Delete", &catalog()).unwrap();
    editor.commit(edit, ids.stamp()).unwrap();
    editor.show(second);
    editor.undo(ids.stamp());
    assert_eq!(editor.page(), Some(first), "where the tile came back");
    editor.undo(ids.stamp());
    assert_eq!(editor.page(), Some(first), "the added page is gone");
    editor.redo(ids.stamp());
    assert_eq!(editor.page(), Some(second), "and is shown when it comes back");
}

#[test]
fn random_edits_and_then_undo_all_is_the_start() {
    let (mut ids, mut editor) = (Ids(100), Server::default().open(user(1)));
    let start = editor.document().clone();
    let mut state = 11_u64;
    let mut random = move |most: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % most
    };
    for _ in 0..500 {
        let document = editor.document().clone();
        let tile = document
            .tiles
            .get(usize::try_from(random(9)).unwrap())
            .map(|tile| tile.id);
        let edit = match (random(8), tile) {
            (0, _) => Some(add_page(&document, ids.uuid())),
            (1, Some(tile)) => remove_tiles(&document, &[tile].into(), "Delete", &catalog()),
            (2, Some(tile)) => rename_tile(&document, tile, &format!("T{}", random(50)), &catalog()),
            (3, Some(tile)) => move_by(&document, &[tile].into(), 3, -2, &catalog()),
            (4, Some(tile)) => resize_by(&document, &[tile].into(), 1, 5, &catalog()),
            (5, Some(tile)) => duplicate_tiles(&document, &[tile].into(), &catalog(), &mut || ids.uuid()),
            (6, _) => document.pages.last().and_then(|page| remove_page(&document, page.id)),
            (7, _) => document
                .pages
                .last()
                .and_then(|page| duplicate_page(&document, page.id, &mut || ids.uuid())),
            _ => {
                if document.tiles.len() < 30 {
                    add(&mut editor, &mut ids, bars());
                }
                None
            }
        };
        if let Some(edit) = edit
            && document.tiles.len() < 60
        {
            editor.commit(edit, ids.stamp()).unwrap();
        }
    }
    while editor.undo(ids.stamp()).is_some() {}
    assert_eq!(editor.document(), &start);
}

#[test]
fn two_editors_lose_nothing_and_end_equal() {
    let (mut ids, mut server) = (Ids(100), Server::default());
    let mut anna = server.open(user(1));
    let tile = add(&mut anna, &mut ids, bars());
    save(&mut anna, &mut server);
    let mut ben = server.open(user(2));
    let edit = rename_tile(anna.document(), tile, "Anna's", &catalog()).unwrap();
    anna.commit(edit, ids.stamp()).unwrap();
    let edit = move_by(ben.document(), &[tile].into(), 4, 4, &catalog()).unwrap();
    ben.commit(edit, ids.stamp()).unwrap();
    assert!(save(&mut anna, &mut server).is_empty());
    assert!(save(&mut ben, &mut server).is_empty());
    anna.receive(&server.newer(anna.revision()), 3);
    assert_eq!(anna.document(), ben.document());
    assert_eq!(anna.document().as_ref(), &server.document());
    assert_eq!(ben.document().tile(tile).unwrap().rect.x, 4);
    let Content::Visual(visual) = &ben.document().tile(tile).unwrap().content else {
        panic!()
    };
    assert_eq!(visual.title.as_deref(), Some("Anna's"));
}

#[test]
fn an_edit_of_a_removed_tile_is_dropped_with_a_notice() {
    let (mut ids, mut server) = (Ids(100), Server::default());
    let mut anna = server.open(user(1));
    let tile = add(&mut anna, &mut ids, bars());
    let other = add(&mut anna, &mut ids, bars());
    save(&mut anna, &mut server);
    let mut ben = server.open(user(2));
    let edit = remove_tiles(anna.document(), &[tile].into(), "Delete", &catalog()).unwrap();
    anna.commit(edit, ids.stamp()).unwrap();
    save(&mut anna, &mut server);
    let edit = rename_tile(ben.document(), tile, "gone", &catalog()).unwrap();
    ben.commit(edit, ids.stamp()).unwrap();
    let edit = rename_tile(ben.document(), other, "kept", &catalog()).unwrap();
    ben.commit(edit, ids.stamp()).unwrap();
    let notices = save(&mut ben, &mut server);
    assert_eq!(notices.len(), 1, "{notices:?}");
    assert!(ben.pending().is_empty());
    assert_eq!(ben.document().as_ref(), &server.document());
    anna.receive(&server.newer(anna.revision()), u64::try_from(server.log.len()).unwrap());
    // Anna's undo brings the tile back.
    assert!(matches!(anna.undo(ids.stamp()), Some(Undone::Whole { .. })));
    assert!(anna.document().tile(tile).is_some());
}

#[test]
fn pending_work_survives_a_crash_and_is_sent_once() {
    let (mut ids, mut server) = (Ids(100), Server::default());
    let mut editor = server.open(user(1));
    add(&mut editor, &mut ids, bars());
    // Stored by the server, but the answer never came.
    let lost = editor.outgoing().unwrap();
    server.append(&lost).unwrap();
    add(&mut editor, &mut ids, bars());
    let text = serde_json::to_string(&StoredPending::of(editor.pending())).unwrap();
    let mut again = server.open(user(1));
    let notices = again.restore(&serde_json::from_str(&text).unwrap());
    assert!(notices.is_empty(), "{notices:?}");
    assert_eq!(again.document(), editor.document());
    save(&mut again, &mut server);
    assert_eq!(server.log.len(), 2);
    assert_eq!(again.document().as_ref(), &server.document());
    again.undo(ids.stamp()).unwrap();
    assert_eq!(again.document().tiles.len(), 1);
}

#[test]
fn an_unsaved_undo_survives_a_crash_as_one() {
    let (mut ids, mut server) = (Ids(100), Server::default());
    let mut editor = server.open(user(1));
    add(&mut editor, &mut ids, bars());
    save(&mut editor, &mut server);
    let before = editor.document().clone();
    editor.undo(ids.stamp()).unwrap();
    let mut again = server.open(user(1));
    again.restore(&StoredPending::of(editor.pending()));
    assert_eq!(
        (again.undo_name(), again.redo_name()),
        (None, Some("Add Amount by Region"))
    );
    assert!(again.redo(ids.stamp()).is_some());
    assert_eq!(again.document(), &before);
}

#[test]
fn what_the_server_has_is_not_brought_back() {
    let (mut ids, mut server) = (Ids(100), Server::default());
    let mut editor = server.open(user(1));
    add(&mut editor, &mut ids, bars());
    let stored = StoredPending::of(editor.pending());
    save(&mut editor, &mut server);
    editor.undo(ids.stamp()).unwrap();
    save(&mut editor, &mut server);
    let mut again = server.open(user(1));
    assert!(again.restore(&stored).is_empty());
    assert!(again.pending().is_empty() && again.document().tiles.is_empty());
}

#[test]
fn a_lost_answer_is_settled_by_the_next_request() {
    let (mut ids, mut server) = (Ids(100), Server::default());
    let mut editor = server.open(user(1));
    add(&mut editor, &mut ids, bars());
    server.append(&editor.outgoing().unwrap()).unwrap();
    editor.unsent();
    add(&mut editor, &mut ids, bars());
    assert!(save(&mut editor, &mut server).is_empty());
    assert_eq!(server.log.len(), 2);
    assert!(editor.pending().is_empty());
    assert_eq!(editor.document().as_ref(), &server.document());
}

#[test]
fn what_the_server_refuses_is_taken_back_and_said() {
    let mut ids = Ids(100);
    let mut editor = Server::default().open(user(1));
    add(&mut editor, &mut ids, bars());
    editor.outgoing().unwrap();
    let notices = editor.rejected(&OpsRejected {
        error: AppError::new(ErrorCode::Invalid, "No."),
        revision: 0,
        newer: Vec::new(),
    });
    assert_eq!(notices, ["Not saved: Add Amount by Region. No."]);
    assert!(editor.document().tiles.is_empty() && editor.undo_name().is_none());
}

#[test]
fn tiles_travel_as_text() {
    let (mut ids, mut editor) = (Ids(100), Server::default().open(user(1)));
    add(&mut editor, &mut ids, bars());
    let text = clipboard::write(editor.document(), editor.selection()).unwrap();
    let tiles = clipboard::read(&text).unwrap();
    let page = editor.page().unwrap();
    let edit = paste(editor.document(), page, &tiles, "Paste".to_owned(), &mut || ids.uuid()).unwrap();
    editor.commit(edit, ids.stamp()).unwrap();
    assert_eq!(editor.document().tiles.len(), 2);
    assert_eq!(editor.selection().len(), 1);
    assert!(clipboard::read("{\"a\":1}").is_none());
}

#[test]
fn a_name_that_is_gone_is_replaced_everywhere_or_taken_out() {
    let (mut ids, mut editor) = (Ids(100), Server::default().open(user(1)));
    let mut sorted = bars();
    sorted.query.sort = vec![Sort {
        by: "sum_amount".to_owned(),
        dir: SortDirection::Desc,
    }];
    sorted.query.condition = serde_json::from_value(serde_json::json!({ "or": [
        { "field": "orders.amount", "op": "gt", "value": 1 }, { "field": "orders.region", "op": "eq", "value": "EU" }] }))
    .unwrap();
    let tiles = [
        add(&mut editor, &mut ids, sorted.clone()),
        add(&mut editor, &mut ids, sorted),
    ];
    let filter = add_filter(editor.document(), &field("amount"), FilterScope::Dashboard, ids.uuid()).unwrap();
    editor.commit(filter, ids.stamp()).unwrap();
    assert_eq!(replace_name(editor.document(), "orders.nothing", "orders.total"), None);
    let edit = replace_name(editor.document(), "orders.amount", "orders.total").unwrap();
    assert_eq!(edit.name, "Use orders.total for orders.amount");
    editor.commit(edit, ids.stamp()).unwrap();
    let visual = |editor: &Editor, tile| editor.document().tile(tile).unwrap().visual().unwrap().clone();
    for tile in tiles {
        let visual = visual(&editor, tile);
        assert_eq!(
            visual.wells.values.first().unwrap().field.as_deref(),
            Some("orders.total")
        );
        assert_eq!(visual.query.sort.first().unwrap().by, "sum_total");
        assert!(visual.query.condition.unwrap().says("orders.total"));
    }
    assert_eq!(editor.document().filters.first().unwrap().target.field, "orders.total");

    let edit = remove_name(editor.document(), tiles[0], "orders.total").unwrap();
    editor.commit(edit, ids.stamp()).unwrap();
    let (first, second) = (visual(&editor, tiles[0]), visual(&editor, tiles[1]));
    assert!(first.wells.values.is_empty() && first.query.sort.is_empty());
    let left = serde_json::json!({ "field": "orders.region", "op": "eq", "value": "EU" });
    assert_eq!(serde_json::to_value(first.query.condition).unwrap(), left);
    assert_eq!(second.wells.values.len(), 1);
    // The tile says it no more: what is left is the filter.
    let edit = remove_name(editor.document(), tiles[0], "orders.total").unwrap();
    editor.commit(edit, ids.stamp()).unwrap();
    assert!(editor.document().filters.is_empty());
    assert_eq!(remove_name(editor.document(), tiles[0], "orders.total"), None);
}

#[test]
fn changing_an_aggregation_keeps_the_sort() {
    let (mut ids, mut editor) = (Ids(100), Server::default().open(user(1)));
    let mut sorted = bars();
    sorted.query.sort = vec![Sort {
        by: "sum_amount".to_owned(),
        dir: SortDirection::Desc,
    }];
    let tile = add(&mut editor, &mut ids, sorted);
    let item = WellItem::aggregate("orders.amount", Aggregation::Avg);
    let edit = set_item(editor.document(), tile, (WellName::Values, 0), Some(item), "Average").unwrap();
    editor.commit(edit, ids.stamp()).unwrap();
    let visual = editor.document().tile(tile).unwrap().visual().unwrap();
    assert_eq!(visual.query.sort.first().unwrap().by, "avg_amount");
    let edit = set_item(editor.document(), tile, (WellName::Values, 0), None, "Remove").unwrap();
    editor.commit(edit, ids.stamp()).unwrap();
    assert!(
        editor
            .document()
            .tile(tile)
            .unwrap()
            .visual()
            .unwrap()
            .query
            .sort
            .is_empty()
    );
}

#[test]
fn a_number_that_becomes_a_chart_makes_room_for_it() {
    let (mut ids, mut editor) = (Ids(100), Server::default().open(user(1)));
    let tile = add(&mut editor, &mut ids, suggest(&[field("amount")]));
    let other = add(&mut editor, &mut ids, bars());
    let visual = editor.document().tile(tile).unwrap().visual().unwrap().clone();
    let changed = plan_drop(&visual, &field("region")).unwrap().visual;
    let edit = change_visual(editor.document(), tile, &changed, "Add Region").unwrap();
    editor.commit(edit, ids.stamp()).unwrap();
    assert_eq!(editor.document().tile(tile).unwrap().rect, Rect::new(0, 0, 12, 36));
    assert_eq!(editor.document().tile(other).unwrap().rect.y, 36);
    editor.undo(ids.stamp());
    assert_eq!(editor.document().tile(tile).unwrap().rect, Rect::new(0, 0, 6, 14));
}
