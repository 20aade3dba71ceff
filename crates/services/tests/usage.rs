//! Who read what.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod data;
mod support;

use chrono::TimeDelta;
use data::Data;
use services::{
    UsageService,
    dashboard::{DashboardSource, NewDashboard},
};
use shared::permission::{Principal, WorkspaceRole};
use support::{proved_anew, request, status};

testkit::for_each_database! {
    async fn what_is_read_is_told_by_day_dashboard_and_person(test: TestDatabase) {
        let data = Data::new(test).await;
        let instance = &data.instance;
        let usage = |principal: &Principal| UsageService::new(data.services(), principal.clone(), request());
        let bob = instance.member("bob", WorkspaceRole::Viewer).await;
        data.orders().await;
        let new = NewDashboard { title: "Sales".try_into().unwrap(), source: DashboardSource::Model("orders".to_owned()), folder: None };
        let sales = data.dashboards(&data.ann()).create(&data.acme(), new).await.unwrap().summary.id;
        data.dashboards(&data.ann()).publish(&data.acme(), sales).await.unwrap();
        let read = async |principal: &Principal| { data.reader(principal).published(&data.acme(), sales).await.unwrap(); };
        for _ in 0..3 {
            read(&bob).await;
        }
        UsageService::flush(data.services()).await.unwrap();
        read(&bob).await;
        read(&data.ann()).await;
        read(&data.share_of(sales, Vec::new())).await;
        instance.clock.advance(TimeDelta::days(1));
        let ann = proved_anew(&data.ann(), &instance.clock);
        read(&ann).await;

        assert_eq!(status(usage(&bob).usage().await), 403);
        assert_eq!(status(usage(&Principal::Anonymous).usage().await), 401);
        let told = usage(&ann).usage().await.unwrap();
        assert_eq!(told.days.len(), 30);
        let last: Vec<_> = told.days.iter().rev().take(3).map(|day| (day.views, day.people, day.guest_views)).collect();
        assert_eq!(last, [(1, 1, 0), (5, 2, 1), (0, 0, 0)]);
        assert_eq!(told.people, 2);
        let line = &told.dashboards[0];
        assert_eq!((line.id, line.views, line.people, line.guest_views, line.workspace.as_str()), (sales, 6, 2, 1, "Acme"));
        let readers: Vec<_> = told.readers.iter().map(|reader| (reader.views, reader.dashboards)).collect();
        assert_eq!(readers, [(4, 1), (2, 1)]);
        // Told once, however often it is looked at.
        assert_eq!(usage(&ann).usage().await.unwrap().dashboards[0].views, 6);
    }
}
