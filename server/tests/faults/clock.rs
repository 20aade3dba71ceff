//! X13: the clock jumps.

use chrono::TimeDelta;
use serde_json::json;
use services::{AuditService, Clock};
use testkit::FakeClock;

use crate::{
    W,
    support::{
        TestServer,
        server::{PASSWORD, cookie},
    },
};

testkit::for_each_database! {
    async fn jumps_of_the_clock_lock_nobody_out_and_break_no_chain(test: TestDatabase) {
        let clock = FakeClock::new();
        let server = TestServer::start_by(test, &[], Clock::from_fn(clock.reader())).await;
        server.owner().await;
        let visitor = server.visitor().with("origin", &server.origin());
        let credentials = json!({"email": "ann@example.org", "password": PASSWORD});
        for hours in [1, -1, -1, 25, -24, -24, 48] {
            clock.advance(TimeDelta::hours(hours));
            let reply = visitor.post("/api/v1/session", &credentials).await;
            assert_eq!(reply.status, 200, "after {hours} h: {}", reply.text());
            let ann = visitor.clone().with("cookie", &cookie(&reply));
            let title = format!("After {hours} h at {}", clock.now());
            ann.post(&format!("{W}/folders"), &json!({"title": title})).await.expect(201);
            // A step back within a session: it goes on.
            clock.advance(TimeDelta::minutes(-30));
            ann.get(&format!("{W}/folders")).await.expect(200);
            let found = AuditService::verify(&server.instance.services, &[]).await.unwrap();
            assert_eq!(found.broken(), None, "after {hours} h");
        }
    }
}
