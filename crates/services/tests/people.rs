//! Everybody on the instance, and links that set a new password.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod support;

use chrono::TimeDelta;
use services::{
    PageRequest, PeopleService, RateLimits, ResetService, SessionService, TokenService,
    people::reset_link_for,
    session::{DatabaseSessionStore, SessionUser},
};
use shared::{
    ErrorCode,
    account::{SignInRequest, TokenCreate},
    ids::UserId,
    people::{PasswordReset, PersonUpdate},
    permission::{PlatformRole, Principal},
};
use support::{Instance, PASSWORD, client, proved_anew, refusal, request, status};
use tower_sessions_core::{
    SessionStore,
    session::{Id, Record},
};

const NEW: &str = "seven hills of clay";

fn people(instance: &Instance, principal: &Principal) -> PeopleService {
    PeopleService::new(&instance.services, principal.clone(), request())
}

fn resets(instance: &Instance) -> ResetService {
    ResetService::new(&instance.services, Principal::Anonymous, request())
}

fn id(principal: &Principal) -> UserId {
    principal.user().unwrap().user_id
}

fn role(role: PlatformRole) -> PersonUpdate {
    PersonUpdate {
        platform_role: Some(role),
        disabled: None,
    }
}

fn disabled(disabled: bool) -> PersonUpdate {
    PersonUpdate {
        platform_role: None,
        disabled: Some(disabled),
    }
}

fn sessions(instance: &Instance) -> SessionService {
    SessionService::new(&instance.services, Principal::Anonymous, request())
}

async fn sign_in(instance: &Instance, name: &str, password: &str) -> Result<SessionUser, services::ServiceError> {
    let request = SignInRequest {
        email: format!("{name}@example.org"),
        password: password.to_owned(),
    };
    let outcome = sessions(instance).sign_in(&request, &client(1)).await?;
    Ok(support::whole(outcome).session_user)
}

/// What the session layer does after a sign-in.
async fn begin(store: &DatabaseSessionStore, remembered: &SessionUser) -> Id {
    let data = [(SessionUser::KEY.to_owned(), serde_json::to_value(remembered).unwrap())].into();
    let mut record = Record {
        id: Id::default(),
        data,
        expiry_date: time::OffsetDateTime::now_utc(),
    };
    store.create(&mut record).await.unwrap();
    record.id
}

/// The secret part of a link.
fn token(url: &str) -> String {
    assert!(url.starts_with("https://bi.example.com/reset/"), "{url}");
    url.rsplit('/').next().unwrap().to_owned()
}

fn password(text: &str) -> PasswordReset {
    PasswordReset {
        password: text.to_owned(),
    }
}

testkit::for_each_database! {
    async fn people_are_found_by_name_and_address_a_page_at_a_time(test: TestDatabase) {
        let instance = Instance::new(test).await;
        for name in ["bob", "carl", "dora", "100%_sure"] {
            instance.account(name, PlatformRole::Analyst).await;
        }
        let ann = people(&instance, &instance.ann);
        let mails = |page: shared::account::Page<shared::people::PersonInfo>| {
            (page.items.into_iter().map(|one| one.email.to_string().split('@').next().unwrap().to_owned()).collect::<Vec<_>>(), page.next)
        };
        let page = |cursor: Option<String>| PageRequest { limit: Some(2), cursor };
        let (mut all, mut next) = mails(ann.list(None, &page(None)).await.unwrap());
        while let Some(cursor) = next {
            let (more, after) = mails(ann.list(None, &page(Some(cursor))).await.unwrap());
            all.extend(more);
            next = after;
        }
        all.sort();
        assert_eq!(all, ["100%_sure", "ann", "bob", "carl", "dora"]);
        let found = |search: &'static str| { let ann = ann.clone(); async move { mails(ann.list(Some(search), &PageRequest::default()).await.unwrap()).0 } };
        assert_eq!(found(" CARL ").await, ["carl"]);
        assert_eq!(found("ann").await, ["ann"]);
        assert_eq!(found("%_").await, ["100%_sure"]);
        assert_eq!(found("a_n").await, Vec::<String>::new());
        assert_eq!(found("").await.len(), 5);
        assert_eq!(status(ann.list(Some(&"x".repeat(201)), &PageRequest::default()).await), 400);
        let store = DatabaseSessionStore::new(&instance.services);
        begin(&store, &sign_in(&instance, "bob", PASSWORD).await.unwrap()).await;
        let bob = ann.list(Some("bob"), &PageRequest::default()).await.unwrap().items.remove(0);
        assert_eq!((bob.sessions, bob.last_seen_at), (1, Some(instance.clock.now())));
    }

    async fn only_admins_who_proved_themselves_manage_people(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let bob = instance.person("bob", PlatformRole::Developer).await;
        let stranger = people(&instance, &bob);
        assert_eq!(status(stranger.list(None, &PageRequest::default()).await), 403);
        assert_eq!(status(stranger.get(id(&bob)).await), 403);
        assert_eq!(status(stranger.update(id(&bob), role(PlatformRole::Admin)).await), 403);
        assert_eq!(status(stranger.reset_link(id(&instance.ann)).await.map(|_| ())), 403);
        assert_eq!(status(stranger.sign_in_rules().await), 403);
        let token = support::with_scopes(&instance.ann, &shared::permission::Scope::ALL);
        assert_eq!(status(people(&instance, &token).list(None, &PageRequest::default()).await), 403);
        assert_eq!(status(people(&instance, &Principal::Anonymous).get(id(&bob)).await), 401);
        let ann = people(&instance, &instance.ann);
        assert_eq!(status(ann.get(uuid::Uuid::now_v7().into()).await), 404);
        assert_eq!(status(ann.update(uuid::Uuid::now_v7().into(), disabled(true)).await), 404);
        instance.clock.advance(TimeDelta::minutes(11));
        ann.list(None, &PageRequest::default()).await.unwrap();
        for refused in [
            refusal(ann.update(id(&bob), disabled(true)).await),
            refusal(ann.reset_link(id(&bob)).await.map(|_| ())),
            refusal(ann.end_sessions(id(&bob)).await),
            refusal(ann.reset_factors(id(&bob)).await),
            refusal(ann.set_sign_in_rules(Default::default()).await),
        ] {
            assert_eq!(refused.code, ErrorCode::ConfirmationRequired);
        }
    }

    async fn a_new_role_and_disabling_act_at_once(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let bob = instance.person("bob", PlatformRole::Analyst).await;
        let ann = people(&instance, &instance.ann);
        let tokens = TokenService::new(&instance.services, bob.clone(), request());
        let made = tokens.create(TokenCreate { name: "ci".try_into().unwrap(), expires_in: None, scopes: vec![] }).await.unwrap();
        let store = DatabaseSessionStore::new(&instance.services);
        let before = sign_in(&instance, "bob", PASSWORD).await.unwrap();
        let cookie = begin(&store, &before).await;

        // What is no change ends nothing.
        ann.update(id(&bob), role(PlatformRole::Analyst)).await.unwrap();
        ann.update(id(&bob), PersonUpdate::default()).await.unwrap();
        assert!(store.load(&cookie).await.unwrap().is_some());
        let changed = ann.update(id(&bob), role(PlatformRole::Executive)).await.unwrap();
        assert_eq!((changed.platform_role, changed.sessions), (PlatformRole::Executive, 0));
        assert_eq!(sessions(&instance).authenticate(&before).await.unwrap(), Principal::Anonymous);
        assert!(store.load(&cookie).await.unwrap().is_none());
        assert_eq!(status(tokens.authenticate(&made.token).await), 401);

        let again = sign_in(&instance, "bob", PASSWORD).await.unwrap();
        assert!(ann.update(id(&bob), disabled(true)).await.unwrap().disabled_at.is_some());
        assert_eq!(sessions(&instance).authenticate(&again).await.unwrap(), Principal::Anonymous);
        assert_eq!(status(sign_in(&instance, "bob", PASSWORD).await), 401);
        assert_eq!(status(ann.reset_link(id(&bob)).await.map(|_| ())), 409);
        assert_eq!(ann.update(id(&bob), disabled(false)).await.unwrap().disabled_at, None);
        // Enabled is not signed in.
        assert_eq!(sessions(&instance).authenticate(&again).await.unwrap(), Principal::Anonymous);
        sign_in(&instance, "bob", PASSWORD).await.unwrap();
    }

    async fn an_admin_who_can_sign_in_is_left(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let ann = people(&instance, &instance.ann);
        assert_eq!(status(ann.update(id(&instance.ann), disabled(true)).await), 409);
        assert_eq!(status(ann.update(id(&instance.ann), role(PlatformRole::Analyst)).await), 409);
        let bob = instance.person("bob", PlatformRole::Admin).await;
        ann.update(id(&bob), disabled(true)).await.unwrap();
        assert_eq!(status(ann.update(id(&instance.ann), role(PlatformRole::Analyst)).await), 409);
        ann.update(id(&bob), disabled(false)).await.unwrap();
        // Both at once: one of them stays.
        let other = people(&instance, &bob);
        let (one, two) = tokio::join!(
            ann.update(id(&bob), role(PlatformRole::Analyst)),
            other.update(id(&instance.ann), disabled(true)),
        );
        assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
        let refused = if one.is_err() { status(one) } else { status(two) };
        assert_eq!(refused, 409);
    }

    async fn signing_out_everywhere_leaves_tokens(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let bob = instance.person("bob", PlatformRole::Analyst).await;
        let tokens = TokenService::new(&instance.services, bob.clone(), request());
        let made = tokens.create(TokenCreate { name: "ci".try_into().unwrap(), expires_in: None, scopes: vec![] }).await.unwrap();
        let store = DatabaseSessionStore::new(&instance.services);
        let remembered = sign_in(&instance, "bob", PASSWORD).await.unwrap();
        let cookies = [begin(&store, &remembered).await, begin(&store, &remembered).await];
        assert_eq!(people(&instance, &instance.ann).end_sessions(id(&bob)).await.unwrap(), 2);
        for cookie in cookies {
            assert!(store.load(&cookie).await.unwrap().is_none());
        }
        tokens.authenticate(&made.token).await.unwrap();
    }

    async fn a_reset_link_sets_one_password_once(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let bob = instance.person("bob", PlatformRole::Analyst).await;
        let ann = people(&instance, &instance.ann);
        let before = sign_in(&instance, "bob", PASSWORD).await.unwrap();
        let older = token(&ann.reset_link(id(&bob)).await.unwrap().url);
        let link = token(&ann.reset_link(id(&bob)).await.unwrap().url);
        assert_eq!(status(resets(&instance).info(&older).await), 410);
        assert_eq!(status(resets(&instance).info("never-made").await), 404);
        assert_eq!(resets(&instance).info(&link).await.unwrap().email.as_str(), "bob@example.org");
        for weak in ["short", "bob@example.org"] {
            let weak = refusal(resets(&instance).redeem(&link, &password(weak), &client(1)).await);
            assert_eq!((weak.http_status(), weak.field.as_deref()), (422, Some("password")));
        }
        let attempts: Vec<_> = (0..6).map(|_| {
            let (resets, link) = (resets(&instance), link.clone());
            tokio::spawn(async move { resets.redeem(&link, &password(NEW), &client(1)).await.map_err(|error| error.app_error(request()).http_status()) })
        }).collect();
        let mut outcomes = Vec::new();
        for attempt in attempts {
            outcomes.push(attempt.await.unwrap().err());
        }
        outcomes.sort_unstable();
        assert_eq!(outcomes, [None, Some(410), Some(410), Some(410), Some(410), Some(410)]);
        assert_eq!(sessions(&instance).authenticate(&before).await.unwrap(), Principal::Anonymous);
        assert_eq!(status(sign_in(&instance, "bob", PASSWORD).await), 401);
        sign_in(&instance, "bob", NEW).await.unwrap();

        let late = token(&reset_link_for(&instance.services, &"bob@example.org".try_into().unwrap()).await.unwrap().url);
        instance.clock.advance(TimeDelta::hours(24));
        assert_eq!(status(resets(&instance).redeem(&late, &password(NEW), &client(1)).await), 410);
        assert_eq!(status(reset_link_for(&instance.services, &"nobody@example.org".try_into().unwrap()).await.map(|_| ())), 404);
    }

    async fn reset_links_are_few(test: TestDatabase) {
        let instance = Instance::with_rates(test, RateLimits { resets_per_hour: 3, ..RateLimits::OFF }).await;
        let bob = instance.person("bob", PlatformRole::Analyst).await;
        let ann = people(&instance, &instance.ann);
        for _ in 0..3 {
            ann.reset_link(id(&bob)).await.unwrap();
        }
        assert_eq!(status(ann.reset_link(id(&bob)).await.map(|_| ())), 429);
        instance.clock.advance(TimeDelta::hours(1));
        let ann = people(&instance, &proved_anew(&instance.ann, &instance.clock));
        ann.reset_link(id(&bob)).await.unwrap();
    }
}
