//! The audit log: written with what it tells of, never changed, and found out when it was.

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
use sea_orm::{ConnectionTrait as _, DbBackend};
use services::{
    AuditService, FolderService, MemberService, PageRequest, WorkspaceService,
    audit::{Chain, Fault},
    dashboard::{DashboardSource, NewDashboard},
    session::SessionService,
};
use shared::{
    account::{MemberUpdate, SignInRequest, WorkspaceUpdate},
    audit::{AuditAction, AuditActorKind, AuditEntry, AuditFilter, AuditOutcome},
    dashboard::{Action, ObjectKind, Operation, OpsRequest},
    ids::{ActionId, DashboardId},
    permission::{Capability, PlatformRole, Principal, Scope, WorkspaceRole},
};
use support::{Instance, client, request, status, with_scopes};
use uuid::Uuid;

fn audit(instance: &Instance, principal: &Principal) -> AuditService {
    AuditService::new(&instance.services, principal.clone(), request())
}

/// Entries of Acme, the oldest first.
async fn entries(instance: &Instance) -> Vec<AuditEntry> {
    let page = audit(instance, &instance.ann)
        .list(Some(&instance.acme()), &AuditFilter::default(), &PageRequest::largest())
        .await
        .unwrap();
    assert_eq!(page.next, None);
    page.items.into_iter().rev().collect()
}

async fn actions(instance: &Instance) -> Vec<AuditAction> {
    entries(instance).await.iter().map(|entry| entry.action).collect()
}

fn folders(instance: &Instance, principal: &Principal) -> FolderService {
    FolderService::new(&instance.services, principal.clone(), request())
}

async fn folder(instance: &Instance, title: &str) {
    folders(instance, &instance.ann)
        .create(&instance.acme(), title.try_into().unwrap(), None)
        .await
        .unwrap();
}

/// What is wrong with the log, as the console's command says it.
async fn fault(instance: &Instance) -> Option<(Chain, Fault)> {
    let found = AuditService::verify(&instance.services, &[]).await.unwrap();
    found.broken().map(|(chain, fault)| (chain.chain, fault.clone()))
}

/// As somebody with the database's password, who can switch triggers off.
async fn tamper(instance: &Instance, statement: &str) {
    let writer = instance.services.database().writer();
    let off: &[&str] = match writer.get_database_backend() {
        DbBackend::Postgres => &[
            "ALTER TABLE audit_entries DISABLE TRIGGER ALL",
            "ALTER TABLE audit_heads DISABLE TRIGGER ALL",
        ],
        _ => &[
            "DROP TRIGGER IF EXISTS audit_entries_hold",
            "DROP TRIGGER IF EXISTS audit_entries_stay",
            "DROP TRIGGER IF EXISTS audit_heads_grow",
            "DROP TRIGGER IF EXISTS audit_heads_stay",
        ],
    };
    for statement in off.iter().chain([&statement]) {
        writer.execute_unprepared(statement).await.unwrap();
    }
}

/// Acme's log in SQL.
const ACME: &str = "chain_id = (SELECT chain_id FROM audit_entries WHERE action = 'workspace.create')";

testkit::for_each_database! {
    async fn what_is_done_is_told_in_its_own_transaction(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let bob = instance.member("bob", WorkspaceRole::Viewer).await;
        let members = MemberService::new(&instance.services, instance.ann.clone(), request());
        let update = |role| MemberUpdate { role, roles: None, attributes: None };
        members.update(&instance.acme(), bob.user().unwrap().user_id, update(WorkspaceRole::Editor)).await.unwrap();
        // Refused, so nothing is told: the only owner stays one.
        let ann = instance.ann.user().unwrap().user_id;
        assert_eq!(status(members.update(&instance.acme(), ann, update(WorkspaceRole::Viewer)).await), 409);
        let told = entries(&instance).await;
        let said: Vec<String> = told.iter().map(AuditEntry::sentence).collect();
        assert_eq!(said, ["Ann made the workspace Acme", "Ann added bob as viewer", "Ann changed the role of bob from viewer to editor"]);
        assert_eq!(told.iter().map(|entry| entry.number).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(told[2].actor.id, Some(ann.as_uuid()));
        assert_eq!(told[2].at, instance.clock.now());
        // A program is told apart from its person, and found with the person.
        let program = with_scopes(&instance.ann, &Scope::ALL);
        folders(&instance, &program).create(&instance.acme(), "Plans".try_into().unwrap(), None).await.unwrap();
        let last = entries(&instance).await.pop().unwrap();
        assert_eq!((last.actor.kind, last.actor.id), (AuditActorKind::Token, Some(ann.as_uuid())));
        assert_eq!(last.detail["token"], program.user().unwrap().token_id.unwrap().to_string());
        assert_eq!(fault(&instance).await, None);
    }

    async fn many_at_once_make_one_chain(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let each = (0..20).map(|number| {
            let (folders, acme) = (folders(&instance, &instance.ann), instance.acme());
            tokio::spawn(async move { folders.create(&acme, format!("Folder {number}").as_str().try_into().unwrap(), None).await })
        });
        for one in each.collect::<Vec<_>>() {
            one.await.unwrap().unwrap();
        }
        let told = entries(&instance).await;
        assert_eq!(told.iter().map(|entry| entry.number).collect::<Vec<_>>(), (1..=21).collect::<Vec<_>>());
        assert_eq!(fault(&instance).await, None);
    }

    async fn the_database_itself_refuses_changes(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let writer = instance.services.database().writer();
        for statement in [
            "UPDATE audit_entries SET actor_name = 'Eve'",
            "DELETE FROM audit_entries",
            "DELETE FROM audit_heads",
            "UPDATE audit_heads SET number = number - 1",
            "UPDATE audit_heads SET number = number + 2",
        ] {
            assert!(writer.execute_unprepared(statement).await.is_err(), "{statement}");
        }
        assert_eq!(fault(&instance).await, None);
        // Its workspace goes, its log stays.
        WorkspaceService::new(&instance.services, instance.ann.clone(), request()).delete(&instance.acme()).await.unwrap();
        let found = AuditService::verify(&instance.services, &[]).await.unwrap();
        assert_eq!((found.broken(), found.chains.len()), (None, 2));
        let of_instance = audit(&instance, &instance.ann).list(None, &AuditFilter::default(), &PageRequest::default()).await.unwrap();
        assert_eq!(of_instance.items[0].sentence(), "Ann deleted the workspace Acme");
    }

    async fn a_changed_entry_is_found(test: TestDatabase) {
        let instance = Instance::new(test).await;
        folder(&instance, "One").await;
        folder(&instance, "Two").await;
        let acme = Chain::Workspace(instance.acme.id);
        tamper(&instance, "UPDATE audit_entries SET words = 'nothing' WHERE object_title = 'One'").await;
        assert_eq!(fault(&instance).await, Some((acme, Fault::Hidden { number: 2 })));
        tamper(&instance, "UPDATE audit_entries SET actor_name = 'Eve' WHERE object_title = 'One'").await;
        let at = instance.clock.now();
        let changed = |number| Fault::Changed { number, at, action: "folder.create".to_owned() };
        assert_eq!(fault(&instance).await, Some((acme, changed(2))));
        tamper(&instance, &format!("UPDATE audit_entries SET client = NULL, at = at, number = 9 WHERE number = 2 AND {ACME}")).await;
        assert_eq!(fault(&instance).await, Some((acme, Fault::Missing { number: 2 })));
    }

    async fn a_cut_end_is_found_by_the_end_or_by_a_checkpoint(test: TestDatabase) {
        let instance = Instance::new(test).await;
        folder(&instance, "One").await;
        folder(&instance, "Two").await;
        let checkpoints = AuditService::write_checkpoints(&instance.services).await.unwrap();
        assert_eq!(checkpoints.len(), 2);
        assert_eq!(AuditService::write_checkpoints(&instance.services).await.unwrap(), []);
        let acme = Chain::Workspace(instance.acme.id);
        tamper(&instance, &format!("DELETE FROM audit_entries WHERE number = 3 AND {ACME}")).await;
        assert_eq!(fault(&instance).await, Some((acme, Fault::Missing { number: 3 })));
        // Who also mends the end leaves a chain that is whole in itself.
        let second = entries(&instance).await[1].hash.clone();
        tamper(&instance, &format!("UPDATE audit_heads SET number = 2, hash = '{second}' WHERE number = 3 AND {ACME}")).await;
        let fresh = support::services_on(&instance.test, &instance.clock, services::RateLimits::OFF).await;
        assert_eq!(AuditService::verify(&fresh, &[]).await.unwrap().broken(), None);
        let found = AuditService::verify(&fresh, &checkpoints).await.unwrap();
        assert_eq!(found.broken().map(|(chain, fault)| (chain.chain, fault.clone())), Some((acme, Fault::Rewritten { number: 3 })));
        // A server that is running knows it without its log.
        assert_eq!(fault(&instance).await, Some((acme, Fault::Rewritten { number: 3 })));
        let forged: services::audit::Checkpoint = checkpoints[1].to_string().replacen(".3.", ".2.", 1).parse().unwrap();
        let found = AuditService::verify(&fresh, &[forged]).await.unwrap();
        assert_eq!(found.broken().map(|(_, fault)| fault.clone()), Some(Fault::ForeignCheckpoint { number: 2 }));
    }

    async fn owners_and_admins_read_it(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let read = |principal: &Principal, acme: bool| {
            let (audit, place) = (audit(&instance, principal), acme.then(|| instance.acme()));
            async move { audit.list(place.as_ref(), &AuditFilter::default(), &PageRequest::default()).await.map(|page| page.items.len()) }
        };
        let viewer = instance.member("viewer", WorkspaceRole::Viewer).await;
        let editor = instance.member("editor", WorkspaceRole::Editor).await;
        let owner = instance.member("owner", WorkspaceRole::Owner).await;
        let stranger = instance.person("stranger", PlatformRole::Analyst).await;
        let admin = instance.person("admin", PlatformRole::Admin).await;
        for (principal, of_acme, of_instance) in [(&viewer, 403, 403), (&editor, 403, 403), (&stranger, 404, 403), (&Principal::Anonymous, 401, 401)] {
            assert_eq!((status(read(principal, true).await), status(read(principal, false).await)), (of_acme, of_instance));
        }
        assert!(read(&owner, true).await.unwrap() > 0);
        assert_eq!(status(read(&owner, false).await), 403);
        assert!(read(&admin, true).await.unwrap() > 0 && read(&admin, false).await.unwrap() > 0);
        assert_eq!(status(read(&with_scopes(&admin, &[Scope::Read]), false).await), 403);
    }

    async fn refusals_are_told_to_the_workspace_they_concern(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let viewer = instance.member("viewer", WorkspaceRole::Viewer).await;
        let stranger = instance.person("stranger", PlatformRole::Analyst).await;
        for principal in [&viewer, &stranger, &stranger] {
            let update = WorkspaceUpdate { title: None, slug: None, editors_may_share: None };
            assert!(WorkspaceService::new(&instance.services, principal.clone(), request()).update(&instance.acme(), update).await.is_err());
        }
        // What a service only asks itself is no refusal.
        WorkspaceService::new(&instance.services, viewer.clone(), request()).admit(&instance.acme(), Capability::Read).await.unwrap();
        assert_eq!(AuditService::write_refusals(&instance.services).await.unwrap(), 3);
        let mut told = entries(&instance).await.split_off(2);
        told.sort_by_key(AuditEntry::sentence);
        let said: Vec<String> = told.iter().map(AuditEntry::sentence).collect();
        assert_eq!(said, ["stranger was refused Acme as no member (2 times)", "viewer was refused Acme for lack of rights"]);
        assert!(told.iter().all(|entry| entry.outcome == AuditOutcome::Refused));
        assert_eq!(fault(&instance).await, None);
    }

    async fn sign_ins_are_told_and_what_was_typed_is_not(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let sign_in = |email: &str, password: &str| {
            let sessions = SessionService::new(&instance.services, Principal::Anonymous, request());
            let asked = SignInRequest { email: email.to_owned(), password: password.to_owned() };
            async move { sessions.sign_in(&asked, &client(1)).await }
        };
        sign_in("ann@example.org", support::PASSWORD).await.unwrap();
        assert_eq!(status(sign_in("ann@example.org", "a guess of many words").await), 401);
        assert_eq!(status(sign_in("secret-typed-here", "x").await), 401);
        AuditService::write_refusals(&instance.services).await.unwrap();
        let filter = AuditFilter { action: Some("session.sign_in".to_owned()), ..AuditFilter::default() };
        let told = audit(&instance, &instance.ann).list(None, &filter, &PageRequest::default()).await.unwrap().items;
        let mut said: Vec<String> = told.iter().map(AuditEntry::sentence).collect();
        said.sort();
        assert_eq!(said, ["Ann signed in", "Ann signed in", "Somebody failed to sign in", "Somebody failed to sign in as Ann"]);
        let text = serde_json::to_string(&told).unwrap();
        assert!(!text.contains("secret-typed-here") && !text.contains("a guess"), "{text}");
    }

    async fn an_edit_is_told_once_in_a_while(test: TestDatabase) {
        let data = Data::new(test).await;
        let instance = &data.instance;
        data.orders().await;
        let dashboards = data.dashboards(&data.ann());
        let new = NewDashboard { title: "Sales".try_into().unwrap(), source: DashboardSource::Model("orders".to_owned()), folder: None };
        let id = dashboards.create(&data.acme(), new).await.unwrap().summary.id;
        let mut base = 0;
        let before = actions(instance).await.len();
        for minutes in [0, 10, 6] {
            instance.clock.advance(TimeDelta::minutes(minutes));
            base = edit(&data, id, base, "time_zone", "UTC").await;
        }
        dashboards.publish(&data.acme(), id).await.unwrap();
        base = edit(&data, id, base, "time_zone", "Europe/Berlin").await;
        base = edit(&data, id, base, "title", "Sales of all years").await;
        dashboards.rename(&data.acme(), id, "Sales".try_into().unwrap()).await.unwrap();
        let bob = instance.member("bob", WorkspaceRole::Editor).await;
        let by_bob = data.dashboards(&bob).append(&data.acme(), id, set(base + 1, "time_zone", "UTC")).await.unwrap().unwrap();
        assert_eq!(by_bob.revision, base + 2);
        let told = actions(instance).await.split_off(before);
        use AuditAction::{DashboardEdit, DashboardPublish, DashboardRename, MemberAdd};
        // The first, the one after a quarter of an hour, the one after publishing; both new titles; Bob's.
        assert_eq!(told, [DashboardEdit, DashboardEdit, DashboardPublish, DashboardEdit, DashboardRename, DashboardRename, MemberAdd, DashboardEdit]);
    }
}

fn set(base: u64, key: &str, value: &str) -> OpsRequest {
    let operation = Operation::Set {
        kind: ObjectKind::Document,
        id: Uuid::nil(),
        path: vec![key.to_owned()],
        value: value.into(),
    };
    let action = Action {
        id: ActionId::from(Uuid::now_v7()),
        actor: Uuid::nil().into(),
        at: chrono::DateTime::default(),
        name: "Change something".to_owned(),
        ops: vec![operation],
    };
    OpsRequest {
        base,
        actions: vec![action],
        undoes: Default::default(),
    }
}

async fn edit(data: &Data, id: DashboardId, base: u64, key: &str, value: &str) -> u64 {
    let stored = data
        .dashboards(&data.ann())
        .append(&data.acme(), id, set(base, key, value))
        .await;
    stored.unwrap().unwrap().revision
}
