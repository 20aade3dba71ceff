//! Members and invitations.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod support;

use chrono::TimeDelta;
use services::{MemberService, member::Acceptance};
use shared::{
    account::{InviteCreate, MemberAdd, MemberUpdate, NewAccount},
    permission::{PlatformRole, Principal, WorkspaceRole},
};
use support::{Instance, PASSWORD, request, status};

fn service(instance: &Instance, principal: &Principal) -> MemberService {
    MemberService::new(&instance.services, principal.clone(), request())
}

fn role(role: WorkspaceRole) -> MemberUpdate {
    MemberUpdate {
        role,
        roles: None,
        attributes: None,
    }
}

fn id(principal: &Principal) -> shared::ids::UserId {
    principal.user().unwrap().user_id
}

testkit::for_each_database! {
    async fn owners_manage_members_and_others_only_look(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let editor = instance.member("editor", WorkspaceRole::Editor).await;
        let stranger = instance.person("stranger", PlatformRole::Analyst).await;
        let ann = service(&instance, &instance.ann);
        let names = |list: Vec<shared::account::MemberInfo>| list.into_iter().map(|one| one.name).collect::<Vec<_>>();
        assert_eq!(names(service(&instance, &editor).list(&instance.acme()).await.unwrap()), ["Ann", "editor"]);
        assert_eq!(status(service(&instance, &stranger).list(&instance.acme()).await), 404);
        assert_eq!(status(ann.get(&instance.acme(), id(&stranger)).await), 404);
        let add = |email: &str| MemberAdd { email: email.try_into().unwrap(), role: WorkspaceRole::Viewer, roles: vec!["emea".to_owned()], attributes: [("region".to_owned(), "EU".into())].into() };
        assert_eq!(status(service(&instance, &editor).add(&instance.acme(), add("stranger@example.org")).await), 403);
        assert_eq!(status(ann.add(&instance.acme(), add("editor@example.org")).await), 409);
        assert_eq!(status(ann.add(&instance.acme(), add("nobody@example.org")).await), 422);
        ann.add(&instance.acme(), add("stranger@example.org")).await.unwrap();
        let access = services::Context::new(&instance.services, stranger.clone(), request())
            .workspace_access(&instance.acme(), shared::permission::Capability::Read)
            .await
            .unwrap();
        assert_eq!((access.model_roles, access.attributes["region"].as_str()), (vec!["emea".to_owned()], Some("EU")));
        let changed = ann.update(&instance.acme(), id(&stranger), role(WorkspaceRole::Editor)).await.unwrap();
        assert_eq!(changed.role, WorkspaceRole::Editor);
        assert_eq!(status(service(&instance, &editor).update(&instance.acme(), id(&editor), role(WorkspaceRole::Owner)).await), 403);
        assert_eq!(status(service(&instance, &editor).remove(&instance.acme(), id(&stranger)).await), 403);
        ann.remove(&instance.acme(), id(&stranger)).await.unwrap();
        assert_eq!(status(service(&instance, &stranger).list(&instance.acme()).await), 404);
        // Everyone may leave.
        service(&instance, &editor).remove(&instance.acme(), id(&editor)).await.unwrap();
    }

    async fn there_is_always_an_owner(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let ann = service(&instance, &instance.ann);
        let acme = instance.acme();
        assert_eq!(status(ann.update(&acme, id(&instance.ann), role(WorkspaceRole::Viewer)).await), 409);
        assert_eq!(status(ann.remove(&acme, id(&instance.ann)).await), 409);
        let second = instance.member("second", WorkspaceRole::Owner).await;
        let other = service(&instance, &second);
        let (one, two) = tokio::join!(
            ann.update(&acme, id(&second), role(WorkspaceRole::Viewer)),
            other.update(&acme, id(&instance.ann), role(WorkspaceRole::Viewer)),
        );
        let owners = ann.list(&acme).await.unwrap().iter().filter(|one| one.role == WorkspaceRole::Owner).count();
        assert!(owners >= 1, "{one:?} {two:?}");
        assert!(one.is_ok() != two.is_ok());
    }

    async fn an_invitation_works_once_within_seven_days(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let ann = service(&instance, &instance.ann);
        let viewer = instance.member("viewer", WorkspaceRole::Viewer).await;
        assert_eq!(status(service(&instance, &viewer).invite(&instance.acme(), WorkspaceRole::Viewer.into()).await), 403);
        let token_of = |url: &str| url.rsplit('/').next().unwrap().to_owned();
        let token = token_of(&ann.invite(&instance.acme(), WorkspaceRole::Editor.into()).await.unwrap().url);
        let anonymous = service(&instance, &Principal::Anonymous);
        assert_eq!(anonymous.invite_info(&token).await.unwrap().workspace.as_str(), "Acme");
        assert_eq!(status(anonymous.invite_info("unknown").await), 404);
        assert_eq!(status(anonymous.accept_invite(&token, &Acceptance::Caller).await), 401);
        let new = |email: &str| Acceptance::New(NewAccount { email: email.try_into().unwrap(), name: "Bob".try_into().unwrap(), password: PASSWORD.to_owned() });
        assert_eq!(status(anonymous.accept_invite(&token, &new("ann@example.org")).await), 409);
        let joined = anonymous.accept_invite(&token, &new("bob@example.org")).await.unwrap();
        let bob = Principal::User(joined.signed_in.unwrap().user);
        assert_eq!(service(&instance, &bob).get(&instance.acme(), id(&bob)).await.unwrap().role, WorkspaceRole::Editor);
        assert_eq!(status(anonymous.accept_invite(&token, &new("carl@example.org")).await), 410);

        let member = instance.person("dora", PlatformRole::Analyst).await;
        let token = token_of(&ann.invite(&instance.acme(), WorkspaceRole::Viewer.into()).await.unwrap().url);
        assert_eq!(status(service(&instance, &bob).accept_invite(&token, &Acceptance::Caller).await), 409);
        service(&instance, &member).accept_invite(&token, &Acceptance::Caller).await.unwrap();
        let token = token_of(&ann.invite(&instance.acme(), WorkspaceRole::Viewer.into()).await.unwrap().url);
        instance.clock.advance(TimeDelta::days(7));
        assert_eq!(status(anonymous.invite_info(&token).await), 410);
    }

    async fn open_invitations_can_be_seen_and_ended(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let ann = service(&instance, &instance.ann);
        let editor = instance.member("editor", WorkspaceRole::Editor).await;
        let token = |url: &str| url.rsplit('/').next().unwrap().to_owned();
        let first = token(&ann.invite(&instance.acme(), WorkspaceRole::Viewer.into()).await.unwrap().url);
        instance.clock.advance(TimeDelta::minutes(1));
        let second = token(&ann.invite(&instance.acme(), WorkspaceRole::Editor.into()).await.unwrap().url);
        let open = ann.open_invites(&instance.acme()).await.unwrap();
        let shown: Vec<_> = open.iter().map(|invite| (invite.role, invite.created_by.as_deref())).collect();
        assert_eq!(shown, [(WorkspaceRole::Editor, Some("Ann")), (WorkspaceRole::Viewer, Some("Ann"))]);
        assert_eq!(status(service(&instance, &editor).open_invites(&instance.acme()).await), 403);
        assert_eq!(status(service(&instance, &editor).revoke_invite(&instance.acme(), open[0].id).await), 403);

        ann.revoke_invite(&instance.acme(), open[0].id).await.unwrap();
        assert_eq!(status(ann.revoke_invite(&instance.acme(), open[0].id).await), 404);
        assert_eq!(status(ann.invite_info(&second).await), 404);
        ann.invite_info(&first).await.unwrap();
        instance.clock.advance(TimeDelta::days(8));
        assert_eq!(ann.open_invites(&instance.acme()).await.unwrap(), []);
    }

    async fn rules_of_rows_are_told_to_owners_and_the_member(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let ann = service(&instance, &instance.ann);
        let editor = instance.member("editor", WorkspaceRole::Editor).await;
        let viewer = instance.member("viewer", WorkspaceRole::Viewer).await;
        let rules = MemberUpdate { role: WorkspaceRole::Editor, roles: Some(vec!["emea".to_owned()]), attributes: Some([("region".to_owned(), "EU".into())].into()) };
        ann.update(&instance.acme(), id(&editor), rules).await.unwrap();
        let seen = async |who: &Principal| service(&instance, who).get(&instance.acme(), id(&editor)).await.unwrap().roles;
        assert_eq!(seen(&instance.ann).await, Some(vec!["emea".to_owned()]));
        assert_eq!(seen(&editor).await, Some(vec!["emea".to_owned()]));
        assert_eq!(seen(&viewer).await, None);
    }

    async fn rules_of_rows_have_a_limit(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let ann = service(&instance, &instance.ann);
        let editor = instance.member("editor", WorkspaceRole::Editor).await;
        let rules = |roles: usize, value: &str, attributes: usize| MemberUpdate {
            role: WorkspaceRole::Editor,
            roles: Some(vec!["emea".to_owned(); roles]),
            attributes: Some((0..attributes).map(|at| (at.to_string(), value.into())).collect()),
        };
        ann.update(&instance.acme(), id(&editor), rules(100, "EU", 100)).await.unwrap();
        for too_much in [rules(101, "EU", 1), rules(1, "EU", 101), rules(1, &"x".repeat(1_000), 1)] {
            assert_eq!(status(ann.update(&instance.acme(), id(&editor), too_much.clone()).await), 422);
            let MemberUpdate { role, roles, attributes } = too_much;
            let invite = InviteCreate { role, roles, attributes, email: None };
            assert_eq!(status(ann.invite(&instance.acme(), invite).await), 422);
        }
        assert_eq!(ann.get(&instance.acme(), id(&editor)).await.unwrap().roles.unwrap().len(), 100);
    }

    async fn a_platform_role_cuts_what_the_workspace_gives(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let executive = instance.person("executive", PlatformRole::Executive).await;
        let add = MemberAdd { email: "executive@example.org".try_into().unwrap(), role: WorkspaceRole::Owner, roles: Vec::new(), attributes: Default::default() };
        let info = service(&instance, &instance.ann).add(&instance.acme(), add).await.unwrap();
        assert_eq!((info.role, info.effective_role), (WorkspaceRole::Owner, WorkspaceRole::Viewer));
        assert_eq!(status(service(&instance, &executive).open_invites(&instance.acme()).await), 403);
    }
}
