//! Dashboards: every edit an action in the log, in one order for all.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod data;
mod support;

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use chrono::TimeDelta;
use data::Data;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use services::{
    DashboardService, PageRequest,
    dashboard::{DashboardFilter, DashboardSource, NewDashboard},
};
use shared::{
    dashboard::{
        Action, Content, Dashboard, DashboardDetail, Missing, Object, ObjectKind, Operation, OpsRequest,
        RecordedAction, Rect, TextContent, Tile, apply_action,
    },
    ids::{ActionId, FolderId, PageId, TileId},
    permission::{PlatformRole, Principal, WorkspaceRole},
    visual::{Visual, VisualKind, WellItem},
};
use support::{refusal, status};
use uuid::Uuid;

fn action(ops: Vec<Operation>) -> Action {
    Action {
        id: ActionId::from(Uuid::now_v7()),
        actor: Uuid::nil().into(),
        at: chrono::DateTime::default(),
        name: "Change something".to_owned(),
        ops,
    }
}

fn request(base: u64, actions: Vec<Action>) -> OpsRequest {
    OpsRequest {
        base,
        actions,
        undoes: Default::default(),
    }
}

fn tile(page: PageId) -> Tile {
    let mut visual = Visual::new(VisualKind::Bar);
    visual.wells.axis = vec![WellItem::dimension("orders.region")];
    visual.wells.values = vec![WellItem::aggregate("orders.amount", shared::semantic::Aggregation::Sum)];
    Tile {
        id: TileId::from(Uuid::now_v7()),
        page,
        rect: Rect::new(0, 0, 8, 20),
        z: 0,
        locked: false,
        group: None,
        content: Content::Visual(visual),
    }
}

fn insert(tile: &Tile) -> Operation {
    Object::Tile(Box::new(tile.clone())).insert().unwrap()
}

fn set(id: TileId, path: &[&str], value: Value) -> Operation {
    Operation::Set {
        kind: ObjectKind::Tile,
        id: id.as_uuid(),
        path: path.iter().map(|key| (*key).to_owned()).collect(),
        value,
    }
}

fn remove(id: TileId) -> Operation {
    Operation::Remove {
        kind: ObjectKind::Tile,
        id: id.as_uuid(),
    }
}

fn new(title: &str) -> NewDashboard {
    NewDashboard {
        title: title.try_into().unwrap(),
        source: DashboardSource::Model("orders".to_owned()),
        folder: None,
    }
}

async fn dashboard(data: &Data) -> DashboardDetail {
    data.dashboards(&data.ann())
        .create(&data.acme(), new("Sales"))
        .await
        .unwrap()
}

fn bytes(document: &Dashboard) -> String {
    serde_json::to_string(document).unwrap()
}

/// The document that the log gives from the start.
fn replay(start: &Dashboard, log: &[RecordedAction]) -> Dashboard {
    let mut document = start.clone();
    for recorded in log {
        apply_action(&mut document, &recorded.action, Missing::Skip).unwrap();
    }
    document
}

/// Numbers that are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, below: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % below.max(1)
    }

    fn operation(&mut self, document: &Dashboard) -> Operation {
        let page = document.pages[0].id;
        let Some(some) = document.tiles.get(self.below(document.tiles.len())).map(|tile| tile.id) else {
            return insert(&tile(page));
        };
        match self.below(6) {
            0 => insert(&tile(page)),
            1 if document.tiles.len() > 3 => remove(some),
            2 => set(
                some,
                &["rect"],
                json!({"x": self.below(16), "y": self.below(90), "w": 8, "h": 1 + self.below(40)}),
            ),
            3 => set(
                some,
                &["content", "visual", "title"],
                json!(format!("Title {}", self.below(1_000))),
            ),
            4 => set(
                some,
                &["content", "visual", "format", "data_labels"],
                json!(self.below(2) == 0),
            ),
            _ => Operation::Set {
                kind: ObjectKind::Document,
                id: Uuid::nil(),
                path: vec!["title".to_owned()],
                value: json!(format!("Sales {}", self.below(1_000))),
            },
        }
    }
}

testkit::for_each_database! {
    async fn actions_are_stored_once_with_server_facts(test: TestDatabase) {
        let data = Data::new(test).await;
        data.orders().await;
        let start = dashboard(&data).await;
        let (id, acme) = (start.summary.id, data.acme());
        let dashboards = data.dashboards(&data.ann());
        let tile = tile(start.document.pages[0].id);
        let first = action(vec![insert(&tile)]);
        let sent = request(0, vec![first.clone()]);
        assert_eq!(dashboards.append(&acme, id, sent.clone()).await.unwrap().unwrap().revision, 1);
        // A second time, because the answer was lost: the same single action.
        let again = dashboards.append(&acme, id, sent).await.unwrap().unwrap();
        assert_eq!((again.revision, again.newer.len(), again.newer[0].action.id), (1, 1, first.id));
        let log = dashboards.actions(&acme, id, 0).await.unwrap();
        assert_eq!(log.len(), 1);
        assert_eq!(log[0].action.actor, data.ann().user().unwrap().user_id);
        assert_eq!(log[0].action.at, data.instance.clock.now());
        let wrong = request(1, vec![action(vec![set(TileId::from(Uuid::now_v7()), &["z"], json!(1))])]);
        assert_eq!(status(dashboards.append(&acme, id, wrong).await), 409);
        let illegal = request(1, vec![action(vec![set(tile.id, &["rect", "w"], json!(99))])]);
        assert_eq!(status(dashboards.append(&acme, id, illegal).await), 422);
        assert_eq!(status(dashboards.append(&acme, id, request(7, vec![action(vec![])])).await), 409);
        assert_eq!(dashboards.get(&acme, id).await.unwrap().summary.revision, 1);
    }

    async fn a_document_does_not_grow_without_end(test: TestDatabase) {
        let data = Data::new(test).await;
        data.orders().await;
        let start = dashboard(&data).await;
        let (id, acme) = (start.summary.id, data.acme());
        let dashboards = data.dashboards(&data.ann());
        let long = Content::Text(TextContent { markdown: "x".repeat(100_000) });
        let texts = || action((0..21).map(|_| insert(&Tile { content: long.clone(), ..tile(start.document.pages[0].id) })).collect());
        assert_eq!(dashboards.append(&acme, id, request(0, vec![texts()])).await.unwrap().unwrap().revision, 1);
        let error = refusal(dashboards.append(&acme, id, request(1, vec![texts()])).await);
        assert_eq!(error.code, shared::ErrorCode::Limit);
        assert_eq!(dashboards.get(&acme, id).await.unwrap().document.tiles.len(), 21);
    }

    async fn removal_beats_change_and_a_real_conflict_is_told(test: TestDatabase) {
        let data = Data::new(test).await;
        data.orders().await;
        let start = dashboard(&data).await;
        let (id, acme) = (start.summary.id, data.acme());
        let dashboards = data.dashboards(&data.ann());
        let tile = tile(start.document.pages[0].id);
        dashboards.append(&acme, id, request(0, vec![action(vec![insert(&tile)])])).await.unwrap().unwrap();
        dashboards.append(&acme, id, request(1, vec![action(vec![remove(tile.id)])])).await.unwrap().unwrap();
        let late = request(1, vec![action(vec![set(tile.id, &["z"], json!(3))])]);
        let accepted = dashboards.append(&acme, id, late).await.unwrap().unwrap();
        assert_eq!((accepted.revision, accepted.newer.len()), (3, 1));
        dashboards.append(&acme, id, request(3, vec![action(vec![insert(&tile)])])).await.unwrap().unwrap();
        let twice = request(3, vec![action(vec![insert(&tile)])]);
        let rejected = dashboards.append(&acme, id, twice).await.unwrap().unwrap_err();
        assert_eq!((rejected.error.http_status(), rejected.revision, rejected.newer.len()), (409, 4, 1));
        assert_eq!(dashboards.actions(&acme, id, 0).await.unwrap().len(), 4);
    }

    async fn editors_at_once_end_equal_and_undoing_all_gives_the_start(test: TestDatabase) {
        let data = Data::new(test).await;
        data.orders().await;
        let start = dashboard(&data).await;
        let (id, acme) = (start.summary.id, data.acme());
        let ben = data.instance.member("ben", WorkspaceRole::Editor).await;
        let edit = async |principal: Principal, seed: u64| {
            let dashboards = data.dashboards(&principal);
            let (mut random, mut base, mut document) = (Random(seed), 0, start.document.clone());
            for _ in 0..60 {
                let mine = action(vec![random.operation(&document)]);
                match dashboards.append(&acme, id, request(base, vec![mine.clone()])).await.unwrap() {
                    Ok(accepted) => {
                        for newer in &accepted.newer {
                            apply_action(&mut document, &newer.action, Missing::Skip).unwrap();
                        }
                        apply_action(&mut document, &mine, Missing::Skip).unwrap();
                        base = accepted.revision;
                    }
                    Err(rejected) => {
                        for newer in &rejected.newer {
                            apply_action(&mut document, &newer.action, Missing::Skip).unwrap();
                        }
                        base = rejected.revision;
                    }
                }
            }
            for newer in dashboards.actions(&acme, id, base).await.unwrap() {
                apply_action(&mut document, &newer.action, Missing::Skip).unwrap();
            }
            (document, base)
        };
        let (one, two) = tokio::join!(edit(data.ann(), 1), edit(ben.clone(), 2));
        let dashboards = data.dashboards(&data.ann());
        let stored = dashboards.get(&acme, id).await.unwrap();
        let log = dashboards.actions(&acme, id, 0).await.unwrap();
        assert_eq!(log.len() as u64, stored.summary.revision);
        assert_eq!(bytes(&replay(&start.document, &log)), bytes(&stored.document));
        for (document, base) in [one, two] {
            if base == stored.summary.revision {
                assert_eq!(bytes(&document), bytes(&stored.document));
            }
        }
        assert_eq!(stored.summary.title, stored.document.title);
        let mut actions = Vec::new();
        let mut undoes = std::collections::BTreeMap::new();
        for recorded in log.iter().rev() {
            let undo = action(recorded.inverse.ops.clone());
            undoes.insert(undo.id, recorded.action.id);
            actions.push(undo);
        }
        let undo = OpsRequest { base: stored.summary.revision, actions, undoes };
        dashboards.append(&acme, id, undo).await.unwrap().unwrap();
        let back = dashboards.get(&acme, id).await.unwrap();
        assert_eq!(bytes(&back.document), bytes(&start.document));
        assert!(dashboards.actions(&acme, id, 0).await.unwrap().last().unwrap().undoes.is_some());
    }

    async fn five_hundred_actions_replay_to_the_byte_and_undo_to_the_start(test: TestDatabase) {
        let data = Data::new(test).await;
        data.orders().await;
        let start = dashboard(&data).await;
        let (id, acme) = (start.summary.id, data.acme());
        let dashboards = data.dashboards(&data.ann());
        let (mut random, mut document, mut actions) = (Random(7), start.document.clone(), Vec::new());
        for _ in 0..500 {
            let one = action(vec![random.operation(&document)]);
            apply_action(&mut document, &one, Missing::Refuse).unwrap();
            actions.push(one);
        }
        dashboards.append(&acme, id, request(0, actions)).await.unwrap().unwrap();
        let stored = dashboards.get(&acme, id).await.unwrap();
        assert_eq!((stored.summary.revision, bytes(&stored.document)), (500, bytes(&document)));
        assert_eq!(dashboards.verify_log(&acme, id).await.unwrap(), 500);
        let log = dashboards.actions(&acme, id, 0).await.unwrap();
        let undo: Vec<Action> = log.iter().rev().map(|recorded| action(recorded.inverse.ops.clone())).collect();
        dashboards.append(&acme, id, request(500, undo)).await.unwrap().unwrap();
        assert_eq!(bytes(&dashboards.get(&acme, id).await.unwrap().document), bytes(&start.document));
    }

    async fn a_whole_document_is_put_as_one_action(test: TestDatabase) {
        let data = Data::new(test).await;
        data.orders().await;
        let start = dashboard(&data).await;
        let (id, acme) = (start.summary.id, data.acme());
        let dashboards = data.dashboards(&data.ann());
        let mut document = start.document.clone();
        document.title = "Put".to_owned();
        document.tiles = vec![tile(document.pages[0].id), tile(document.pages[0].id)];
        let put = dashboards.put(&acme, id, document.clone(), 0).await.unwrap();
        assert_eq!((put.summary.revision, put.summary.title.as_str(), bytes(&put.document)), (1, "Put", bytes(&document)));
        assert_eq!(dashboards.put(&acme, id, document.clone(), 1).await.unwrap().summary.revision, 1);
        document.tiles.pop();
        assert_eq!(status(dashboards.put(&acme, id, document, 0).await), 412);
    }

    async fn history_names_people_and_a_rename_stands_in_it(test: TestDatabase) {
        let data = Data::new(test).await;
        data.orders().await;
        let start = dashboard(&data).await;
        let (id, acme) = (start.summary.id, data.acme());
        let ben = data.instance.member("ben", WorkspaceRole::Editor).await;
        let renamed = data.dashboards(&ben).rename(&acme, id, "Turnover".try_into().unwrap()).await.unwrap();
        assert_eq!((renamed.title.as_str(), renamed.revision), ("Turnover", 1));
        let history = data.dashboards(&data.ann()).history(&acme, id, &PageRequest::default()).await.unwrap();
        let lines: Vec<_> = history.items.iter().map(|entry| (entry.name.as_str(), entry.actor_name.as_str())).collect();
        assert_eq!(lines, [("Rename to Turnover", "ben")]);
    }

    async fn what_is_published_stays_until_the_next_time(test: TestDatabase) {
        let data = Data::new(test).await;
        data.orders().await;
        let start = dashboard(&data).await;
        let (id, acme) = (start.summary.id, data.acme());
        let dashboards = data.dashboards(&data.ann());
        let viewer = data.instance.member("viewer", WorkspaceRole::Viewer).await;
        assert_eq!(status(data.reader(&viewer).published(&acme, id).await), 404);
        assert_eq!(status(data.reader(&data.ann()).published(&acme, id).await), 409);
        let version = dashboards.publish(&acme, id).await.unwrap();
        assert_eq!((version.revision, version.model_version, version.published_by.as_str()), (0, 1, "Ann"));
        dashboards.rename(&acme, id, "Later".try_into().unwrap()).await.unwrap();
        assert_eq!(data.reader(&viewer).published(&acme, id).await.unwrap().document.title, "Sales");
        let seen = data.dashboards(&viewer).get(&acme, id).await.unwrap();
        assert_eq!((seen.summary.title.as_str(), seen.summary.revision, seen.document.title.as_str()), ("Sales", 0, "Sales"));
        let listed = data.dashboards(&viewer).list(&acme, DashboardFilter::All, &PageRequest::default()).await.unwrap();
        assert_eq!(listed.items, [seen.summary]);
        assert_eq!(dashboards.publish(&acme, id).await.unwrap().revision, 1);
        assert_eq!(data.reader(&viewer).published(&acme, id).await.unwrap().document.title, "Later");
        let versions = dashboards.versions(&acme, id, &PageRequest::default()).await.unwrap();
        assert_eq!(versions.items.iter().map(|one| one.revision).collect::<Vec<_>>(), [1, 0]);
        dashboards.unpublish(&acme, id).await.unwrap();
        assert_eq!(status(data.reader(&viewer).published(&acme, id).await), 404);
    }

    async fn publishing_tells_a_lost_model_from_a_database_that_fails(test: TestDatabase) {
        let data = Data::new(test).await;
        data.orders().await;
        let (id, acme) = (dashboard(&data).await.summary.id, data.acme());
        let dashboards = data.dashboards(&data.ann());
        let pin = |version: u32| Operation::Set {
            kind: ObjectKind::Document,
            id: Uuid::nil(),
            path: vec!["model".to_owned(), "version".to_owned()],
            value: json!(version),
        };
        dashboards.append(&acme, id, request(0, vec![action(vec![pin(9)])])).await.unwrap().unwrap();
        assert_eq!(refusal(dashboards.publish(&acme, id).await).field.as_deref(), Some("model"));
        let writer = data.services().database().writer();
        writer.execute_unprepared("ALTER TABLE models RENAME TO lost").await.unwrap();
        assert_eq!(status(dashboards.publish(&acme, id).await), 500);
    }

    async fn copies_folders_and_the_bin(test: TestDatabase) {
        let data = Data::new(test).await;
        data.orders().await;
        let start = dashboard(&data).await;
        let (id, acme) = (start.summary.id, data.acme());
        let dashboards = data.dashboards(&data.ann());
        let folders = data.folders(&data.ann());
        let top = folders.create(&acme, "Team".try_into().unwrap(), None).await.unwrap();
        let inner = folders.create(&acme, "Old".try_into().unwrap(), Some(top.id)).await.unwrap();
        let renamed = "Renamed".try_into().unwrap();
        assert_eq!(status(folders.update(&acme, top.id, renamed, Some(inner.id)).await), 422);
        let renamed = "Renamed".try_into().unwrap();
        assert_eq!(status(folders.update(&acme, top.id, renamed, Some(FolderId::from(uuid::Uuid::now_v7()))).await), 404);
        let titles = folders.list(&acme).await.unwrap().into_iter().map(|folder| folder.title).collect::<Vec<_>>();
        assert_eq!(titles, ["Old", "Team"], "a refused move renames nothing");
        let moved = folders.update(&acme, inner.id, "Older".try_into().unwrap(), None).await.unwrap();
        assert_eq!((moved.title.as_str(), moved.parent), ("Older", None));
        folders.update(&acme, inner.id, "Old".try_into().unwrap(), Some(top.id)).await.unwrap();
        let copy = dashboards.duplicate(&acme, id, None, Some(inner.id)).await.unwrap();
        assert_eq!((copy.summary.title.as_str(), copy.summary.folder, copy.summary.revision), ("Copy of Sales", Some(inner.id), 0));
        let titles = async |filter| -> Vec<String> {
            let list = dashboards.list(&acme, filter, &PageRequest::default()).await.unwrap();
            list.items.into_iter().map(|one| one.title).collect()
        };
        assert_eq!(titles(DashboardFilter::Folder(Some(inner.id))).await, ["Copy of Sales"]);
        assert_eq!(titles(DashboardFilter::Folder(None)).await, ["Sales"]);
        dashboards.publish(&acme, copy.summary.id).await.unwrap();
        dashboards.delete(&acme, copy.summary.id).await.unwrap();
        assert_eq!(titles(DashboardFilter::Bin).await, ["Copy of Sales"]);
        assert_eq!(titles(DashboardFilter::All).await, ["Sales"]);
        let viewer = data.instance.member("viewer", WorkspaceRole::Viewer).await;
        let bin = data.dashboards(&viewer).list(&acme, DashboardFilter::Bin, &PageRequest::default()).await.unwrap();
        assert!(bin.items.is_empty(), "{bin:?}");
        assert_eq!(status(dashboards.get(&acme, copy.summary.id).await), 404);
        folders.delete(&acme, inner.id).await.unwrap();
        assert_eq!(dashboards.restore(&acme, copy.summary.id).await.unwrap().folder, Some(top.id));
        dashboards.delete(&acme, copy.summary.id).await.unwrap();
        assert_eq!(DashboardService::empty_bin(data.services()).await.unwrap(), 0);
        data.instance.clock.advance(TimeDelta::days(31));
        assert_eq!(DashboardService::empty_bin(data.services()).await.unwrap(), 1);
        assert_eq!(status(dashboards.restore(&acme, copy.summary.id).await), 404);
    }

    async fn a_list_takes_as_many_statements_for_fifty_as_for_one(test: TestDatabase) {
        let mut data = Data::new(test).await;
        data.orders().await;
        dashboard(&data).await;
        let statements = Arc::new(AtomicUsize::new(0));
        let mut database = data.instance.test.database.clone();
        let counter = statements.clone();
        database.observe(move || { counter.fetch_add(1, Ordering::SeqCst); });
        data.instance.test.database = database;
        data.instance.services = data::services_with_data(&data.instance, &data.folder, services::DataLimits::default());
        let count = async || {
            statements.store(0, Ordering::SeqCst);
            let page = PageRequest { limit: Some(100), cursor: None };
            let list = data.dashboards(&data.ann()).list(&data.acme(), DashboardFilter::All, &page).await.unwrap();
            data.datasets(&data.ann()).list(&data.acme(), &page).await.unwrap();
            data.models(&data.ann()).list(&data.acme(), &page).await.unwrap();
            (list.items.len(), statements.load(Ordering::SeqCst))
        };
        let (one, few) = count().await;
        for _ in 0..49 {
            dashboard(&data).await;
        }
        let (fifty, many) = count().await;
        assert_eq!((one, fifty), (1, 50));
        assert!(few > 0);
        assert_eq!(few, many);
    }

    async fn tenants_and_roles_are_kept_apart(test: TestDatabase) {
        let data = Data::new(test).await;
        data.orders().await;
        let id = dashboard(&data).await.summary.id;
        let acme = data.acme();
        let viewer = data.instance.member("viewer", WorkspaceRole::Viewer).await;
        assert_eq!(status(data.dashboards(&viewer).get(&acme, id).await), 404);
        assert_eq!(status(data.dashboards(&viewer).append(&acme, id, request(0, vec![action(vec![])])).await), 403);
        assert!(data.dashboards(&viewer).list(&acme, DashboardFilter::All, &PageRequest::default()).await.unwrap().items.is_empty());
        let stranger = data.instance.person("stranger", PlatformRole::Analyst).await;
        let theirs = services::WorkspaceService::new(data.services(), stranger.clone(), support::request())
            .create(shared::account::WorkspaceCreate { title: "Theirs".try_into().unwrap(), slug: None })
            .await
            .unwrap();
        let theirs = services::WorkspaceSelector::Id(theirs.id);
        let dashboards = data.dashboards(&stranger);
        assert_eq!(status(dashboards.get(&acme, id).await), 404);
        assert_eq!(status(dashboards.get(&theirs, id).await), 404);
        assert_eq!(status(dashboards.append(&theirs, id, request(0, vec![action(vec![])])).await), 404);
        assert_eq!(status(dashboards.publish(&theirs, id).await), 404);
        assert_eq!(status(dashboards.delete(&theirs, id).await), 404);
        assert_eq!(status(dashboards.restore(&theirs, id).await), 404);
        assert_eq!(status(dashboards.duplicate(&theirs, id, None, None).await), 404);
        assert_eq!(refusal(dashboards.create(&theirs, new("Mine")).await).field.as_deref(), Some("model"));
        assert_eq!(status(data.reader(&stranger).tiles(&theirs, id, &data::asking(Default::default())).await), 404);
    }
}
