//! Signing in, limits on it, and the life of sessions.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod support;

use chrono::TimeDelta;
use services::{
    RateLimits, SessionService,
    session::{ClientInfo, DatabaseSessionStore, SessionUser, SignedIn},
};
use shared::{
    account::SignInRequest,
    permission::{PlatformRole, Principal},
};
use support::{Instance, PASSWORD, client, request, status};
use time::OffsetDateTime;
use tower_sessions_core::{
    SessionStore,
    session::{Id, Record},
};

fn service(instance: &Instance, principal: &Principal) -> SessionService {
    SessionService::new(&instance.services, principal.clone(), request())
}

async fn sign_in(
    instance: &Instance,
    email: &str,
    password: &str,
    client: &ClientInfo,
) -> Result<SignedIn, services::ServiceError> {
    let request = SignInRequest {
        email: email.to_owned(),
        password: password.to_owned(),
    };
    let outcome = service(instance, &Principal::Anonymous)
        .sign_in(&request, client)
        .await?;
    Ok(support::whole(outcome))
}

/// What the session layer does after a sign-in.
async fn begin(store: &DatabaseSessionStore, remembered: &SessionUser) -> Id {
    let data = [(SessionUser::KEY.to_owned(), serde_json::to_value(remembered).unwrap())].into();
    let mut record = Record {
        id: Id::default(),
        data,
        expiry_date: OffsetDateTime::now_utc(),
    };
    store.create(&mut record).await.unwrap();
    record.id
}

testkit::for_each_database! {
    async fn a_person_signs_in_by_password(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let signed_in = sign_in(&instance, " Ann@Example.org ", PASSWORD, &client(1)).await.unwrap();
        assert_eq!(Some(&signed_in.user), instance.ann.user());
        let unknown = support::refusal(sign_in(&instance, "bob@example.org", PASSWORD, &client(1)).await);
        let wrong = support::refusal(sign_in(&instance, "ann@example.org", "four walls of plastic", &client(1)).await);
        assert_eq!((unknown.http_status(), unknown.message), (401, wrong.message));
        assert_eq!(status(sign_in(&instance, "no address", PASSWORD, &client(1)).await), 401);
        assert_eq!(status(sign_in(&instance, "ann@example.org", &"x".repeat(1 << 20), &client(1)).await), 400);
    }

    async fn attempts_are_limited_by_account_and_by_address(test: TestDatabase) {
        let instance = Instance::with_rates(test, RateLimits { sign_in_account: 3, sign_in_address: 5, ..RateLimits::OFF }).await;
        for _ in 0..3 {
            assert_eq!(status(sign_in(&instance, "ann@example.org", "wrong", &client(1)).await), 401);
        }
        let refusal = support::refusal(sign_in(&instance, "ann@example.org", PASSWORD, &client(1)).await);
        assert_eq!(refusal.http_status(), 429);
        assert!(refusal.retry_after_s.is_some());
        // Not a lock-out: another address still gets in, and so does the same one a minute later.
        sign_in(&instance, "ann@example.org", PASSWORD, &client(2)).await.unwrap();
        assert_eq!(status(sign_in(&instance, "bob@example.org", "wrong", &client(1)).await), 401);
        assert_eq!(status(sign_in(&instance, "carl@example.org", "wrong", &client(1)).await), 429);
        instance.clock.advance(TimeDelta::seconds(61));
        sign_in(&instance, "ann@example.org", PASSWORD, &client(1)).await.unwrap();
    }

    async fn a_session_ends_when_idle_when_old_and_when_the_epoch_moves(test: TestDatabase) {
        let instance = Instance::new(test).await;
        instance.person("bob", PlatformRole::Analyst).await;
        let store = DatabaseSessionStore::new(&instance.services);
        let anonymous = service(&instance, &Principal::Anonymous);
        let bob = sign_in(&instance, "bob@example.org", PASSWORD, &client(1)).await.unwrap().session_user;
        let (idle, busy) = (begin(&store, &bob).await, begin(&store, &bob).await);
        for _ in 0..7 {
            instance.clock.advance(TimeDelta::minutes(100));
            assert!(store.load(&busy).await.unwrap().is_some());
            assert!(matches!(anonymous.authenticate(&bob).await.unwrap(), Principal::User(_)));
        }
        assert_eq!(store.load(&idle).await.unwrap(), None);
        instance.clock.advance(TimeDelta::minutes(21));
        assert_eq!(store.load(&busy).await.unwrap(), None);
        assert_eq!(anonymous.authenticate(&bob).await.unwrap(), Principal::Anonymous);
        assert_eq!(store.delete_expired().await.unwrap(), 2);

        let admin = sign_in(&instance, "ann@example.org", PASSWORD, &client(1)).await.unwrap().session_user;
        let stale = SessionUser { auth_epoch: admin.auth_epoch + 1, ..admin.clone() };
        assert_eq!(anonymous.authenticate(&stale).await.unwrap(), Principal::Anonymous);
        instance.clock.advance(TimeDelta::hours(8));
        assert_eq!(anonymous.authenticate(&admin).await.unwrap(), Principal::Anonymous);
    }

    async fn the_store_keeps_hashes_and_never_brings_a_session_back(test: TestDatabase) {
        use sea_orm::EntityTrait;
        let instance = Instance::new(test).await;
        let store = DatabaseSessionStore::new(&instance.services);
        let ann = sign_in(&instance, "ann@example.org", PASSWORD, &client(1)).await.unwrap().session_user.with_client(&client(1));
        let id = begin(&store, &ann).await;
        let rows = entity::session::Entity::find().all(instance.services.database().reader()).await.unwrap();
        assert!(!format!("{rows:?}").contains(&id.to_string()));
        assert_eq!(rows[0].user_agent.as_deref(), Some("Browser 1"));
        let mut record = store.load(&id).await.unwrap().unwrap();
        assert_eq!(serde_json::from_value::<SessionUser>(record.data[SessionUser::KEY].clone()).unwrap(), ann);
        record.data.insert("seen".to_owned(), true.into());
        store.save(&record).await.unwrap();
        assert_eq!(store.load(&id).await.unwrap().unwrap().data["seen"], true);
        store.delete(&id).await.unwrap();
        store.save(&record).await.unwrap();
        assert_eq!(store.load(&id).await.unwrap(), None);
    }

    async fn people_see_and_end_their_own_sessions_only(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let bob = instance.person("bob", PlatformRole::Analyst).await;
        let store = DatabaseSessionStore::new(&instance.services);
        let ann = sign_in(&instance, "ann@example.org", PASSWORD, &client(1)).await.unwrap().session_user;
        let (here, there, _third) = (begin(&store, &ann).await, begin(&store, &ann).await, begin(&store, &ann).await);
        let own = service(&instance, &instance.ann);
        let listed = own.list(Some(here)).await.unwrap();
        assert_eq!(listed.len(), 3);
        assert_eq!(listed.iter().filter(|session| session.current).count(), 1);
        assert!(service(&instance, &bob).list(None).await.unwrap().is_empty());
        let other = listed.iter().find(|session| !session.current).unwrap().id;
        assert_eq!(status(service(&instance, &bob).end(other).await), 404);
        own.end(other).await.unwrap();
        assert_eq!(status(own.end(other).await), 404);
        assert_eq!(own.end_others(Some(here)).await.unwrap(), 1);
        assert!(store.load(&here).await.unwrap().is_some());
        assert_eq!(store.load(&there).await.unwrap(), None);
        assert_eq!(status(service(&instance, &Principal::Anonymous).list(None).await), 401);
    }

    async fn a_console_link_signs_in_once_within_five_minutes(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let sessions = service(&instance, &Principal::Anonymous);
        let email = "ann@example.org".try_into().unwrap();
        let link = sessions.sign_in_link(&email).await.unwrap();
        let attempts: Vec<_> = (0..10).map(|_| {
            let (sessions, link) = (sessions.clone(), link.clone());
            tokio::spawn(async move { sessions.redeem_link(&link, &client(1)).await })
        }).collect();
        let mut won = 0;
        for attempt in attempts {
            won += u32::from(attempt.await.unwrap().is_ok());
        }
        assert_eq!(won, 1);
        let late = sessions.sign_in_link(&email).await.unwrap();
        instance.clock.advance(TimeDelta::minutes(5));
        assert_eq!(status(sessions.redeem_link(&late, &client(1)).await), 404);
        assert_eq!(status(sessions.sign_in_link(&"nobody@example.org".try_into().unwrap()).await), 404);
    }
}
