//! Share links: who makes them, what they open, and when they stop.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod support;

use chrono::TimeDelta;
use services::{
    MemberService, RateLimits, ShareService, WorkspaceService,
    share::{OpenShare, ShareDoor, ShareOpening},
};
use shared::{
    account::{MemberUpdate, WorkspaceCreate, WorkspaceUpdate},
    permission::{PlatformRole, Principal, WorkspaceRole},
    semantic::{Condition, Operator},
    share::{Lifetime, ShareCreate, ShareCreated, ShareUpdate},
};
use support::{Instance, client, dashboard::dashboard, proved_anew, refusal, request, status};

fn service(instance: &Instance, principal: &Principal) -> ShareService {
    ShareService::new(&instance.services, principal.clone(), request())
}

fn reader(instance: &Instance) -> ShareService {
    service(instance, &Principal::Anonymous)
}

fn token(created: &ShareCreated) -> &str {
    created.url.rsplit('/').next().unwrap()
}

fn opened(opening: ShareOpening) -> OpenShare {
    match opening {
        ShareOpening::Open(open) => *open,
        ShareOpening::NeedsPassword => panic!("the link asks for a password"),
    }
}

fn lock(field: &str) -> Condition {
    let mut condition = Condition::field(field, Operator::Eq);
    condition.value = Some("RO".into());
    Condition::Field(condition)
}

testkit::for_each_database! {
    async fn a_link_opens_its_dashboard_and_keeps_its_secret(test: TestDatabase) {
        use sea_orm::EntityTrait;
        let instance = Instance::new(test).await;
        let sales = dashboard(&instance, instance.acme.id, true).await;
        let request = ShareCreate { downloads: true, locked: vec![lock("orders.country")], allowed_filters: Some(vec!["orders.status".to_owned()]), hide_title: true, ..Default::default() };
        let made = service(&instance, &instance.ann).create(&instance.acme(), sales, request).await.unwrap();
        assert!(made.url.starts_with("https://bi.example.com/s/"));
        assert_eq!(made.share.expires_at, instance.clock.now() + TimeDelta::days(30));
        assert_eq!(made.share.created_by, "Ann");
        let open = opened(reader(&instance).open(token(&made), None, ShareDoor::Page, client(1).address).await.unwrap());
        assert_eq!((open.grant.share_id, open.grant.workspace_id, open.grant.dashboard_id), (made.id, instance.acme.id, sales));
        assert_eq!(open.grant.locked, vec![lock("orders.country")]);
        assert!(open.grant.downloads && open.hide_title && open.proof.is_none());
        let rows = entity::share::Entity::find().all(instance.services.database().reader()).await.unwrap();
        assert!(!format!("{rows:?}").contains(token(&made)));
        for other in ["", "x", &token(&made).to_uppercase(), &token(&made)[..42]] {
            assert_eq!(status(reader(&instance).open(other, None, ShareDoor::Page, client(1).address).await), 404, "{other}");
        }
        reader(&instance).open(token(&made), None, ShareDoor::Page, client(1).address).await.unwrap();
        let listed = service(&instance, &instance.ann).list(&instance.acme(), sales).await.unwrap();
        assert_eq!((listed.len(), listed[0].views, listed[0].last_viewed_at), (1, 2, Some(instance.clock.now())));
    }

    async fn a_link_ends_by_time_revocation_and_pause(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let sales = dashboard(&instance, instance.acme.id, true).await;
        let ann = service(&instance, &instance.ann);
        let acme = instance.acme();
        let short = ShareCreate { expires_in: Some(Lifetime(60)), ..Default::default() };
        let made = ann.create(&acme, sales, short).await.unwrap();
        let open = || async { reader(&instance).open(token(&made), None, ShareDoor::Data, client(1).address).await };
        instance.clock.advance(TimeDelta::seconds(59));
        open().await.unwrap();
        instance.clock.advance(TimeDelta::seconds(1));
        assert_eq!(status(open().await), 410);
        let longer = ShareUpdate { expires_in: Some(Lifetime(3600)), paused: Some(true), ..Default::default() };
        ann.update(&acme, sales, made.id, longer).await.unwrap();
        assert_eq!(status(open().await), 410);
        ann.update(&acme, sales, made.id, ShareUpdate { paused: Some(false), ..Default::default() }).await.unwrap();
        open().await.unwrap();
        ann.revoke(&acme, sales, made.id).await.unwrap();
        ann.revoke(&acme, sales, made.id).await.unwrap();
        assert_eq!(status(open().await), 410);
        assert_eq!(status(ann.update(&acme, sales, made.id, ShareUpdate::default()).await), 410);
        assert!(ann.get(&acme, sales, made.id).await.unwrap().revoked_at.is_some());
    }

    async fn a_password_is_asked_once_and_its_change_asks_again(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let sales = dashboard(&instance, instance.acme.id, true).await;
        let ann = service(&instance, &instance.ann);
        let wanted = ShareCreate { password: Some("open sesame".to_owned()), ..Default::default() };
        let made = ann.create(&instance.acme(), sales, wanted).await.unwrap();
        assert!(made.share.has_password);
        let other = ann.create(&instance.acme(), sales, ShareCreate { password: Some("open sesame".to_owned()), ..Default::default() }).await.unwrap();
        let readers = reader(&instance);
        let address = client(1).address;
        let open = |proof: Option<String>| {
            let (readers, token) = (readers.clone(), token(&made).to_owned());
            async move { readers.open(&token, proof.as_deref(), ShareDoor::Page, address).await.unwrap() }
        };
        assert_eq!(open(None).await, ShareOpening::NeedsPassword);
        assert_eq!(status(readers.unlock(token(&made), "wrong word", address).await), 401);
        let proof = readers.unlock(token(&made), "open sesame", address).await.unwrap().value;
        opened(open(Some(proof.clone())).await);
        let tampered = format!("9{proof}");
        assert_eq!(open(Some(tampered)).await, ShareOpening::NeedsPassword);
        assert_eq!(readers.open(token(&other), Some(&proof), ShareDoor::Page, address).await.unwrap(), ShareOpening::NeedsPassword);
        instance.clock.advance(TimeDelta::hours(2));
        assert_eq!(open(Some(proof)).await, ShareOpening::NeedsPassword);
        let proof = readers.unlock(token(&made), "open sesame", address).await.unwrap().value;
        let change = |password: &str| ShareUpdate { password: Some(password.to_owned()), ..Default::default() };
        ann.update(&instance.acme(), sales, made.id, change("another word")).await.unwrap();
        assert_eq!(open(Some(proof)).await, ShareOpening::NeedsPassword);
        ann.update(&instance.acme(), sales, made.id, change("")).await.unwrap();
        opened(open(None).await);
        assert_eq!(status(ann.update(&instance.acme(), sales, made.id, change("short")).await), 422);
    }

    async fn limited_views_are_given_out_exactly(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let sales = dashboard(&instance, instance.acme.id, true).await;
        let made = service(&instance, &instance.ann).create(&instance.acme(), sales, ShareCreate { max_views: Some(3), ..Default::default() }).await.unwrap();
        let address = client(1).address;
        assert_eq!(status(reader(&instance).open(token(&made), None, ShareDoor::Data, address).await), 401);
        let attempts: Vec<_> = (0..12).map(|_| {
            let (readers, token) = (reader(&instance), token(&made).to_owned());
            tokio::spawn(async move { readers.open(&token, None, ShareDoor::Page, address).await })
        }).collect();
        let mut proofs = Vec::new();
        for attempt in attempts {
            match attempt.await.unwrap() {
                Ok(opening) => proofs.push(opened(opening).proof.unwrap().value),
                Err(error) => assert_eq!(error.app_error(request()).http_status(), 410),
            }
        }
        assert_eq!(proofs.len(), 3);
        // Whoever was let in may go on, reload and read data; nobody else comes in.
        for door in [ShareDoor::Page, ShareDoor::Data] {
            opened(reader(&instance).open(token(&made), Some(&proofs[0]), door, address).await.unwrap());
        }
        assert_eq!(status(reader(&instance).open(token(&made), None, ShareDoor::Page, address).await), 410);
    }

    async fn guessing_and_hammering_are_limited(test: TestDatabase) {
        let instance = Instance::with_rates(test, RateLimits { share: 5, share_wrong: 4, ..RateLimits::OFF }).await;
        let sales = dashboard(&instance, instance.acme.id, true).await;
        let wanted = ShareCreate { password: Some("open sesame".to_owned()), ..Default::default() };
        let made = service(&instance, &instance.ann).create(&instance.acme(), sales, wanted).await.unwrap();
        for guess in 0..2 {
            assert_eq!(status(reader(&instance).open(&format!("guess-{guess}"), None, ShareDoor::Page, client(1).address).await), 404);
            assert_eq!(status(reader(&instance).unlock(token(&made), "wrong word", client(1).address).await), 401);
        }
        assert_eq!(status(reader(&instance).open("guess", None, ShareDoor::Page, client(1).address).await), 429);
        assert_eq!(status(reader(&instance).unlock(token(&made), "open sesame", client(1).address).await), 429);
        for _ in 0..5 {
            reader(&instance).open(token(&made), None, ShareDoor::Page, client(2).address).await.unwrap();
        }
        assert_eq!(status(reader(&instance).open(token(&made), None, ShareDoor::Page, client(2).address).await), 429);
        reader(&instance).open(token(&made), None, ShareDoor::Page, client(3).address).await.unwrap();
    }

    async fn links_are_made_by_editors_for_published_dashboards_of_their_own(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let (sales, draft) = (dashboard(&instance, instance.acme.id, true).await, dashboard(&instance, instance.acme.id, false).await);
        let viewer = instance.member("viewer", WorkspaceRole::Viewer).await;
        let editor = instance.member("editor", WorkspaceRole::Editor).await;
        let stranger = instance.person("stranger", PlatformRole::Analyst).await;
        let acme = instance.acme();
        let create = |who: &Principal, what| {
            let shares = service(&instance, who);
            let acme = acme.clone();
            async move { shares.create(&acme, what, ShareCreate::default()).await }
        };
        let made = create(&editor, sales).await.unwrap();
        assert_eq!(status(create(&editor, draft).await), 409);
        assert_eq!(status(create(&viewer, sales).await), 403);
        assert_eq!(status(create(&stranger, sales).await), 404);
        assert_eq!(status(create(&Principal::Anonymous, sales).await), 401);
        // Of another workspace, by an owner there.
        let rival = WorkspaceService::new(&instance.services, stranger.clone(), request())
            .create(WorkspaceCreate { title: "Rival".try_into().unwrap(), slug: None })
            .await
            .unwrap();
        let shares = service(&instance, &stranger);
        let rival = rival.id.into();
        assert_eq!(status(shares.create(&rival, sales, ShareCreate::default()).await), 404);
        assert_eq!(status(shares.get(&rival, sales, made.id).await), 404);
        assert_eq!(status(shares.update(&rival, sales, made.id, ShareUpdate::default()).await), 404);
        assert_eq!(status(shares.revoke(&rival, sales, made.id).await), 404);
        assert_eq!(status(shares.list(&rival, sales).await), 404);
        reader(&instance).open(token(&made), None, ShareDoor::Page, client(1).address).await.unwrap();
        let policy = WorkspaceUpdate { editors_may_share: Some(false), ..Default::default() };
        WorkspaceService::new(&instance.services, instance.ann.clone(), request()).update(&acme, policy).await.unwrap();
        assert_eq!(status(create(&editor, sales).await), 403);
    }

    async fn an_editors_link_shows_no_more_than_the_editor_sees(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let sales = dashboard(&instance, instance.acme.id, true).await;
        let editor = instance.member("editor", WorkspaceRole::Editor).await;
        let update = MemberUpdate {
            role: WorkspaceRole::Editor,
            roles: Some(vec!["regional".to_owned(), "no_names".to_owned()]),
            attributes: Some([("region".to_owned(), "EU".into())].into()),
        };
        let members = MemberService::new(&instance.services, proved_anew(&instance.ann, &instance.clock), request());
        members.update(&instance.acme(), editor.user().unwrap().user_id, update).await.unwrap();
        let with = |roles: &[&str], attrs: &[(&str, &str)]| ShareCreate {
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            attrs: attrs.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect(),
            ..Default::default()
        };
        let shares = service(&instance, &editor);
        let made = shares.create(&instance.acme(), sales, with(&["no_names", "regional"], &[("region", "EU")])).await.unwrap();
        assert_eq!((made.share.roles.len(), made.share.attrs["region"].as_str()), (2, Some("EU")));
        let open = opened(reader(&instance).open(token(&made), None, ShareDoor::Page, client(1).address).await.unwrap());
        assert_eq!((open.grant.roles, open.grant.attributes), (made.share.roles, made.share.attrs));
        for (wanted, field) in [
            (with(&["board"], &[]), "roles"),
            // What one role masks is not shown by leaving it out.
            (with(&["regional"], &[]), "roles"),
            (with(&["regional", "no_names"], &[("region", "US")]), "attrs"),
            (with(&[], &[("level", "1")]), "attrs"),
        ] {
            let refused = refusal(shares.create(&instance.acme(), sales, wanted.clone()).await);
            assert_eq!((refused.http_status(), refused.field.as_deref()), (403, Some(field)));
            service(&instance, &instance.ann).create(&instance.acme(), sales, wanted).await.unwrap();
        }
        let many = vec!["a"; 101];
        assert_eq!(status(shares.create(&instance.acme(), sales, with(&many, &[])).await), 422);
    }

    async fn what_makes_no_sense_is_refused(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let sales = dashboard(&instance, instance.acme.id, true).await;
        let ann = service(&instance, &instance.ann);
        for (wanted, field) in [
            (ShareCreate { expires_in: Some(Lifetime(0)), ..Default::default() }, "expires_in"),
            (ShareCreate { expires_in: Some(Lifetime(366 * 86_400)), ..Default::default() }, "expires_in"),
            (ShareCreate { expires_in: Some(Lifetime(u64::MAX)), ..Default::default() }, "expires_in"),
            (ShareCreate { password: Some("short".to_owned()), ..Default::default() }, "password"),
            (ShareCreate { max_views: Some(0), ..Default::default() }, "max_views"),
            (ShareCreate { locked: vec![lock("orders.nation")], ..Default::default() }, "locked"),
            (ShareCreate { locked: vec![Condition::Not { not: Box::new(lock("nation")) }], ..Default::default() }, "locked"),
        ] {
            let answer = refusal(ann.create(&instance.acme(), sales, wanted).await);
            assert_eq!((answer.http_status(), answer.field.as_deref()), (422, Some(field)));
        }
    }
}
