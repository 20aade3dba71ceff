//! First set-up: the link, the race for it, and what it leaves behind.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod support;

use chrono::TimeDelta;
use services::{RateLimits, SetupService};
use shared::{account::SetupRequest, permission::Principal};
use support::{Instance, PASSWORD, request, services_on, setup_request, status};
use testkit::FakeClock;

testkit::for_each_database! {
    async fn the_link_makes_the_first_admin_and_is_dead_afterwards(test: TestDatabase) {
        let services = services_on(&test, &FakeClock::new(), RateLimits::OFF).await;
        let setup = SetupService::new(&services, Principal::Anonymous, request());
        let token = setup.begin().await.unwrap().unwrap();
        assert_eq!(token.len(), 43);
        setup.check(&token).await.unwrap();
        let done = setup.complete(&token, setup_request()).await.unwrap();
        assert_eq!(done.workspace.slug.as_str(), "acme");
        assert_eq!(status(setup.check(&token).await), 404);
        assert_eq!(status(setup.complete(&token, setup_request()).await), 404);
        assert_eq!(setup.begin().await.unwrap(), None);
    }

    async fn of_fifty_attempts_at_once_one_wins(test: TestDatabase) {
        let services = services_on(&test, &FakeClock::new(), RateLimits::OFF).await;
        let setup = SetupService::new(&services, Principal::Anonymous, request());
        // Two starts of the server: both links are live until one is used.
        let tokens = [setup.begin().await.unwrap().unwrap(), setup.begin().await.unwrap().unwrap()];
        let attempts = (0..50).map(|number| {
            let (setup, token) = (setup.clone(), tokens[number % 2].clone());
            let wanted = SetupRequest { email: format!("ann{number}@example.org").as_str().try_into().unwrap(), ..setup_request() };
            tokio::spawn(async move { setup.complete(&token, wanted).await })
        });
        let mut won = 0;
        for attempt in attempts.collect::<Vec<_>>() {
            match attempt.await.unwrap() {
                Ok(_) => won += 1,
                // 429: more hashes were asked for than may wait.
                Err(error) => assert!([404, 429].contains(&error.app_error(request()).http_status()), "{error:?}"),
            }
        }
        assert_eq!(won, 1);
        assert_eq!(setup.begin().await.unwrap(), None);
    }

    async fn weak_passwords_strangers_and_old_links_are_refused(test: TestDatabase) {
        let clock = FakeClock::new();
        let services = services_on(&test, &clock, RateLimits::OFF).await;
        let setup = SetupService::new(&services, Principal::Anonymous, request());
        let token = setup.begin().await.unwrap().unwrap();
        let weak = SetupRequest { password: "sightline2026".to_owned(), ..setup_request() };
        assert_eq!(status(setup.complete(&token, weak).await), 422);
        assert_eq!(status(setup.complete("not-the-token", setup_request()).await), 404);
        clock.advance(TimeDelta::hours(25));
        assert_eq!(status(setup.complete(&token, setup_request()).await), 404);
        let fresh = setup.begin().await.unwrap().unwrap();
        setup.complete(&fresh, setup_request()).await.unwrap();
    }

    async fn the_admin_owns_the_workspace(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let me = instance.account_service(&instance.ann).me().await.unwrap();
        assert_eq!(me.user.email.as_str(), "ann@example.org");
        assert_eq!(me.workspaces, vec![instance.acme.clone()]);
        assert!(!format!("{me:?}").contains(PASSWORD));
    }
}
