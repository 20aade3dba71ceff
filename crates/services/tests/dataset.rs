//! Files become datasets, or leave nothing behind.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod data;
mod support;

use std::time::Duration;

use chrono::TimeDelta;
use data::{Data, ORDERS, pieces};
use futures::{StreamExt as _, stream};
use sea_orm::{ConnectionTrait as _, EntityTrait as _, QuerySelect as _};
use services::{DataLimits, DatasetService, PageRequest, dataset::LoadRequest};
use shared::{
    dataset::{ReadOptions, UploadState},
    permission::{PlatformRole, WorkspaceRole},
    table::{Cell, ColumnType},
};
use support::{refusal, status};

fn named(name: &str) -> LoadRequest {
    LoadRequest {
        name: Some(name.to_owned()),
        ..LoadRequest::default()
    }
}

testkit::for_each_database! {
    async fn a_file_becomes_a_dataset_with_profile_rows_and_model(test: TestDatabase) {
        let data = Data::new(test).await;
        let loaded = data.orders().await;
        assert_eq!((loaded.summary.name.as_str(), loaded.summary.label.as_str(), loaded.summary.rows), ("orders", "Orders", 9));
        let kinds: Vec<_> = loaded.columns.iter().map(|column| (column.name.as_str(), column.kind)).collect();
        assert_eq!(kinds, [("order_id", ColumnType::Integer), ("order_date", ColumnType::Date), ("region", ColumnType::String), ("amount", ColumnType::Integer)]);
        let datasets = data.datasets(&data.ann());
        let profile = datasets.profile(&data.acme(), loaded.summary.id).await.unwrap();
        let amount = profile.columns[3].profile.clone().unwrap();
        assert_eq!((amount.min, amount.max, amount.distinct), (Cell::Int(10), Cell::Int(90), 9));
        assert_eq!(datasets.get(&data.acme(), loaded.summary.id).await.unwrap().columns[3].profile, None);
        let rows = datasets.rows(&data.acme(), loaded.summary.id, 3, 2).await.unwrap();
        assert_eq!((rows.total, rows.rows.len(), rows.next.as_deref()), (9, 2, Some("5")));
        assert_eq!(rows.rows[0][2], Cell::from("AP"));
        let model = data.models(&data.ann()).get(&data.acme(), "orders", None).await.unwrap();
        assert_eq!((model.version, model.tables[0].default_time.as_ref().unwrap().as_str()), (1, "order_date"));
        // Nothing but the one object is left.
        assert_eq!(data.files().len(), 1);
    }

    async fn a_dialog_receives_previews_loads_and_cancels(test: TestDatabase) {
        let data = Data::new(test).await;
        let datasets = data.datasets(&data.ann());
        let acme = data.acme();
        let text = ORDERS.replace(',', ";");
        let receipt = datasets.receive(&acme, "C:\\orders.csv", pieces(&text)).await.unwrap();
        assert_eq!((receipt.file_name.as_str(), receipt.bytes), ("orders.csv", text.len() as u64));
        let preview = datasets.preview(&acme, receipt.upload, &ReadOptions::default()).await.unwrap();
        assert_eq!((preview.columns.len(), preview.rows.len(), preview.options.delimiter), (4, 9, Some(';')));
        datasets.load(&acme, receipt.upload, LoadRequest::default()).await.unwrap();
        let dataset = loop {
            match datasets.status(&acme, receipt.upload).await.unwrap().state {
                UploadState::Running { .. } => tokio::time::sleep(std::time::Duration::from_millis(20)).await,
                UploadState::Done { dataset } => break dataset,
                UploadState::Failed { error } => panic!("{error:?}"),
            }
        };
        assert_eq!(datasets.get(&acme, dataset).await.unwrap().summary.rows, 9);
        assert_eq!(status(datasets.load(&acme, receipt.upload, LoadRequest::default()).await), 409);

        let other = datasets.receive(&acme, "more.csv", pieces(ORDERS)).await.unwrap();
        let editor = data.instance.member("editor", WorkspaceRole::Editor).await;
        assert_eq!(status(data.datasets(&editor).status(&acme, other.upload).await), 404);
        datasets.cancel(&acme, other.upload).await.unwrap();
        assert_eq!(status(datasets.status(&acme, other.upload).await), 404);
        assert_eq!(data.files().len(), 1);
    }

    async fn bad_files_are_refused_with_reason_and_leave_nothing(test: TestDatabase) {
        let data = Data::with_limits(test, DataLimits { upload_bytes: 4_000, ..DataLimits::default() }).await;
        let datasets = data.datasets(&data.ann());
        let acme = data.acme();
        assert_eq!(status(data.upload("virus.exe", ORDERS, LoadRequest::default()).await), 415);
        assert_eq!(status(data.upload("empty.csv", "", LoadRequest::default()).await), 422);
        assert_eq!(status(data.upload("large.csv", &"x,y\n".repeat(2_000), LoadRequest::default()).await), 413);
        let cut = stream::iter([Ok(b"a,b\n1,2\n".to_vec()), Err("connection reset")]);
        assert_eq!(status(datasets.upload(&acme, "cut.csv", cut, LoadRequest::default()).await), 400);
        let lie = data.upload("orders.parquet", ORDERS, LoadRequest::default()).await;
        let lie = refusal(lie);
        assert!([415, 422].contains(&lie.http_status()), "{lie:?}");
        assert!(data.files().is_empty(), "{:?}", data.files());
        assert!(datasets.list(&acme, &PageRequest::default()).await.unwrap().items.is_empty());
        let ragged = data.upload("ragged.csv", "a,b\n1,2\n3\n4,5,6\n7,8\n", LoadRequest::default()).await.unwrap();
        assert_eq!(ragged.summary.rows + ragged.rejects.count, 4);
    }

    async fn a_new_file_keeps_edits_and_old_versions_are_swept_later(test: TestDatabase) {
        let data = Data::new(test).await;
        let first = data.orders().await;
        let models = data.models(&data.ann());
        let acme = data.acme();
        let mut model = (*models.get(&acme, "orders", None).await.unwrap()).clone();
        model.tables[0].dimensions[3].label = Some("Turnover".to_owned());
        models.put(&acme, "orders", model, Some(1)).await.unwrap();
        let replace = LoadRequest { replace: Some(first.summary.id), ..LoadRequest::default() };
        let text = "Order ID,Order date,Amount,Channel\n1,2026-01-01,5,web\n";
        let second = data.upload("new.csv", text, replace).await.unwrap();
        assert_eq!((second.summary.id, second.summary.version, second.summary.rows), (first.summary.id, 2, 1));
        assert_eq!(second.summary.name, "orders");
        assert_eq!(second.warnings.iter().map(|warning| warning.code.as_str()).collect::<Vec<_>>(), ["lost_column"]);
        let model = models.get(&acme, "orders", None).await.unwrap();
        let names: Vec<&str> = model.tables[0].dimensions.iter().map(|dimension| dimension.name.as_str()).collect();
        assert_eq!((model.version, names), (3, vec!["order_id", "order_date", "region", "amount", "channel"]));
        assert_eq!(model.tables[0].dimensions[3].label.as_deref(), Some("Turnover"));

        let datasets = data.datasets(&data.ann());
        let versions = datasets.versions(&acme, first.summary.id).await.unwrap();
        assert_eq!(versions.iter().map(|version| (version.version, version.current)).collect::<Vec<_>>(), [(2, true), (1, false)]);
        assert_eq!(data.files().len(), 2);
        assert_eq!(DatasetService::sweep(data.services()).await.unwrap().versions, 0);
        data.instance.clock.advance(TimeDelta::hours(1));
        assert_eq!(DatasetService::sweep(data.services()).await.unwrap().versions, 1);
        assert_eq!(data.files().len(), 1);
        assert_eq!(datasets.rows(&acme, first.summary.id, 0, 10).await.unwrap().total, 1);
    }

    async fn names_are_unique_and_a_deleted_dataset_frees_its_name(test: TestDatabase) {
        let data = Data::new(test).await;
        let first = data.orders().await;
        let second = data.orders().await;
        assert_eq!((second.summary.name.as_str(), second.summary.label.as_str()), ("orders_2", "Orders (2)"));
        let datasets = data.datasets(&data.ann());
        let acme = data.acme();
        let renamed = datasets.rename(&acme, second.summary.id, "Web orders".try_into().unwrap()).await.unwrap();
        assert_eq!((renamed.summary.name.as_str(), renamed.summary.label.as_str()), ("orders_2", "Web orders"));
        datasets.delete(&acme, first.summary.id).await.unwrap();
        assert_eq!(status(datasets.get(&acme, first.summary.id).await), 404);
        assert_eq!(status(data.models(&data.ann()).get(&acme, "orders", None).await), 404);
        assert_eq!(data.upload("x.csv", ORDERS, named("Orders")).await.unwrap().summary.name, "orders");
    }

    async fn a_file_stays_when_the_database_does_not_say_whether_it_knows_it(test: TestDatabase) {
        let data = Data::new(test).await;
        let writer = data.services().database().writer();
        writer.execute_unprepared("ALTER TABLE model_versions RENAME TO lost").await.unwrap();
        assert_eq!(status(data.orders_result().await), 500);
        assert_eq!(data.files().len(), 1, "{:?}", data.files());
    }

    async fn of_two_files_for_one_version_one_wins(test: TestDatabase) {
        let data = Data::new(test).await;
        let first = data.orders().await;
        let datasets = data.datasets(&data.ann());
        let acme = data.acme();
        let replace = || LoadRequest { replace: Some(first.summary.id), ..LoadRequest::default() };
        let one = datasets.receive(&acme, "one.csv", pieces(ORDERS)).await.unwrap().upload;
        let two = datasets.receive(&acme, "two.csv", pieces(ORDERS)).await.unwrap().upload;
        let (one, two) = tokio::join!(
            datasets.load_and_wait(&acme, one, replace(), Some(first.version_id)),
            datasets.load_and_wait(&acme, two, replace(), Some(first.version_id)),
        );
        let (won, lost) = if one.is_ok() { (one, two) } else { (two, one) };
        assert_eq!((won.unwrap().summary.version, status(lost)), (2, 412));
        assert_eq!(data.files().len(), 2);
    }

    async fn a_dataset_is_deleted_when_no_file_is_on_its_way_into_it(test: TestDatabase) {
        let data = Data::new(test).await;
        let id = data.orders().await.summary.id;
        let acme = data.acme();
        let datasets = data.datasets(&data.ann());
        let replacing = data.services().database().write_transaction().await.unwrap();
        let workspace = entity::workspace::Entity::find_by_id(data.instance.acme.id.as_uuid());
        workspace.lock_exclusive().one(&replacing).await.unwrap().unwrap();
        let early = tokio::time::timeout(Duration::from_millis(300), datasets.delete(&acme, id)).await;
        assert!(early.is_err(), "{early:?}");
        replacing.rollback().await.unwrap();
        datasets.delete(&acme, id).await.unwrap();
    }

    async fn the_quota_is_exact_under_parallel_loads(test: TestDatabase) {
        let data = Data::with_limits(test, DataLimits { workspace_files: 2, ..DataLimits::default() }).await;
        let (one, two, three, four) = tokio::join!(data.orders_result(), data.orders_result(), data.orders_result(), data.orders_result());
        let done = [one, two, three, four].into_iter().filter(Result::is_ok).count();
        assert_eq!(done, 2);
        assert_eq!(status(data.orders_result().await), 422);
        assert_eq!(data.files().len(), 2);
    }

    async fn files_that_are_received_at_once_share_the_space(test: TestDatabase) {
        let data = Data::with_limits(test, DataLimits { workspace_bytes: 3 << 20, ..DataLimits::default() }).await;
        let datasets = data.datasets(&data.ann());
        let acme = data.acme();
        // Each fits alone, and none is complete before all have begun.
        let all_begun = tokio::sync::Barrier::new(8);
        let uploads = (0..8).map(|_| {
            let pieces = stream::iter(0..32).then(|piece| {
                let all_begun = &all_begun;
                async move {
                    if piece == 8 {
                        all_begun.wait().await;
                    }
                    Ok::<_, std::convert::Infallible>(vec![b'1'; 64 << 10])
                }
            });
            datasets.receive(&acme, "large.csv", pieces)
        });
        let received = futures::future::join_all(uploads).await;
        let kept = received.iter().filter(|upload| upload.is_ok()).count();
        assert!((1..=2).contains(&kept), "{kept}");
        assert!(received.into_iter().filter_map(Result::err).all(|error| status::<()>(Err(error)) == 422));
        assert_eq!(data.files().len(), kept);
    }

    async fn what_was_replaced_takes_space_until_it_is_swept(test: TestDatabase) {
        let data = Data::new(test).await;
        let first = data.orders().await;
        let limits = DataLimits { workspace_bytes: first.summary.bytes * 5 / 2, workspace_files: 1, ..DataLimits::default() };
        let services = data::services_with_data(&data.instance, &data.folder, limits);
        let datasets = DatasetService::new(&services, data.ann(), support::request());
        let replace = async || {
            let load = LoadRequest { replace: Some(first.summary.id), ..LoadRequest::default() };
            datasets.upload(&data.acme(), "more.csv", pieces(ORDERS), load).await
        };
        assert_eq!(replace().await.unwrap().summary.version, 2);
        assert_eq!(replace().await.unwrap().summary.version, 3);
        assert_eq!(status(replace().await), 422);
        data.instance.clock.advance(TimeDelta::hours(1));
        assert_eq!(DatasetService::sweep(&services).await.unwrap().versions, 2);
        assert_eq!(replace().await.unwrap().summary.version, 4);
    }

    async fn what_a_killed_server_left_is_swept_at_start(test: TestDatabase) {
        let data = Data::new(test).await;
        let kept = data.orders().await;
        let objects = data.folder.path().join("objects").join(data.instance.acme.id.to_string()).join("datasets");
        let orphan = objects.join(uuid::Uuid::now_v7().to_string());
        std::fs::create_dir_all(&orphan).unwrap();
        let old = uuid::Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, 1_700_000_000, 0));
        std::fs::write(orphan.join(format!("{old}.parquet")), b"half").unwrap();
        std::fs::create_dir_all(data.folder.path().join("uploads")).unwrap();
        std::fs::write(data.folder.path().join("uploads/left.upload"), b"half").unwrap();
        let swept = DatasetService::sweep_at_start(data.services()).await.unwrap();
        assert_eq!((swept.uploads, swept.objects), (1, 1));
        assert_eq!(data.files().len(), 1);
        assert_eq!(data.datasets(&data.ann()).rows(&data.acme(), kept.summary.id, 0, 1).await.unwrap().total, 9);
    }

    async fn a_start_with_another_database_removes_nothing(test: TestDatabase) {
        let data = Data::new(test).await;
        let kept = data.orders().await;
        let empty = support::Instance::new(testkit::TestDatabase::sqlite().await).await;
        let other = data::services_with_data(&empty, &data.folder, DataLimits::default());
        let swept = DatasetService::sweep_at_start(&other).await.unwrap();
        assert_eq!((swept.objects, swept.foreign), (0, 1));
        assert_eq!(data.datasets(&data.ann()).rows(&data.acme(), kept.summary.id, 0, 1).await.unwrap().total, 9);
    }

    async fn a_deleted_workspace_takes_its_files_along(test: TestDatabase) {
        let data = Data::new(test).await;
        data.orders().await;
        assert!(data.files().iter().any(|path| path.extension().is_some_and(|end| end == "parquet")));
        let workspaces = services::WorkspaceService::new(data.services(), data.ann(), support::request());
        workspaces.delete(&data.acme()).await.unwrap();
        let left: Vec<_> = data.files().into_iter().filter(|path| path.extension().is_some_and(|end| end == "parquet")).collect();
        assert!(left.is_empty(), "{left:?}");
    }

    async fn roles_and_tenants_are_kept_apart(test: TestDatabase) {
        let data = Data::new(test).await;
        let loaded = data.orders().await;
        let id = loaded.summary.id;
        let acme = data.acme();
        let viewer = data.instance.member("viewer", WorkspaceRole::Viewer).await;
        data.datasets(&viewer).get(&acme, id).await.unwrap();
        assert_eq!(status(data.datasets(&viewer).delete(&acme, id).await), 403);
        assert_eq!(status(data.datasets(&viewer).receive(&acme, "a.csv", pieces(ORDERS)).await), 403);
        let stranger = data.instance.person("stranger", PlatformRole::Analyst).await;
        assert_eq!(status(data.datasets(&stranger).get(&acme, id).await), 404);
        let theirs = services::WorkspaceService::new(data.services(), stranger.clone(), support::request())
            .create(shared::account::WorkspaceCreate { title: "Theirs".try_into().unwrap(), slug: None })
            .await
            .unwrap();
        let theirs = theirs.id.into();
        let datasets = data.datasets(&stranger);
        assert_eq!(status(datasets.get(&theirs, id).await), 404);
        assert_eq!(status(datasets.rows(&theirs, id, 0, 1).await), 404);
        assert_eq!(status(datasets.delete(&theirs, id).await), 404);
        assert_eq!(status(datasets.versions(&theirs, id).await), 404);
        let replace = LoadRequest { replace: Some(id), ..LoadRequest::default() };
        assert_eq!(status(datasets.upload(&theirs, "a.csv", pieces(ORDERS), replace).await), 404);
        assert!(datasets.list(&theirs, &PageRequest::default()).await.unwrap().items.is_empty());
    }
}

impl Data {
    async fn orders_result(&self) -> Result<shared::dataset::DatasetDetail, services::ServiceError> {
        self.upload("orders.csv", ORDERS, LoadRequest::default()).await
    }
}
