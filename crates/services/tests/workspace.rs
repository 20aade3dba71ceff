//! Workspaces, and the rule that decides inside them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod support;

use services::{Context, WorkspaceSelector, WorkspaceService};
use shared::{
    account::{WorkspaceCreate, WorkspaceUpdate},
    permission::{Capability, PlatformRole, Principal, Scope, ShareGrant, WorkspaceRole},
};
use support::{Instance, request, status, with_scopes};
use uuid::Uuid;

const CAPABILITIES: [Capability; 4] = [
    Capability::Read,
    Capability::Edit,
    Capability::Share,
    Capability::Manage,
];

fn service(instance: &Instance, principal: &Principal) -> WorkspaceService {
    WorkspaceService::new(&instance.services, principal.clone(), request())
}

/// Status of each capability for a principal in Acme; 200 when let in.
async fn row(instance: &Instance, principal: &Principal) -> [u16; 4] {
    let context = Context::new(&instance.services, principal.clone(), request());
    let mut row = [200; 4];
    for (cell, capability) in row.iter_mut().zip(CAPABILITIES) {
        if let Err(error) = context.workspace_access(&instance.acme(), capability).await {
            *cell = error.app_error(request()).http_status();
        }
    }
    row
}

testkit::for_each_database! {
    async fn the_matrix_of_roles_holds(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let viewer = instance.member("viewer", WorkspaceRole::Viewer).await;
        let editor = instance.member("editor", WorkspaceRole::Editor).await;
        let owner = instance.member("owner", WorkspaceRole::Owner).await;
        assert_eq!(row(&instance, &Principal::Anonymous).await, [401; 4]);
        assert_eq!(row(&instance, &viewer).await, [200, 403, 403, 403]);
        assert_eq!(row(&instance, &editor).await, [200, 200, 200, 403]);
        assert_eq!(row(&instance, &owner).await, [200; 4]);
        assert_eq!(row(&instance, &with_scopes(&owner, &[Scope::Read])).await, [200, 403, 403, 403]);
        assert_eq!(row(&instance, &with_scopes(&owner, &[Scope::Share])).await, [200, 403, 200, 403]);
        assert_eq!(row(&instance, &with_scopes(&editor, &Scope::ALL)).await, [200, 200, 200, 403]);
        assert_eq!(row(&instance, &with_scopes(&owner, &[])).await, [403; 4]);
        for role in [PlatformRole::Analyst, PlatformRole::Executive, PlatformRole::Developer] {
            let stranger = instance.person(role.as_str(), role).await;
            assert_eq!(row(&instance, &stranger).await, [404; 4]);
        }
        let admin = instance.person("second-admin", PlatformRole::Admin).await;
        assert_eq!(row(&instance, &admin).await, [403; 4]);
        let share = Principal::Share(ShareGrant {
            share_id: Uuid::now_v7().into(),
            workspace_id: instance.acme.id,
            dashboard_id: Uuid::now_v7().into(),
            locked: vec![],
            allowed_filters: None,
            downloads: true,
            roles: Vec::new(),
            attributes: Default::default(),
        });
        assert_eq!(row(&instance, &share).await, [401; 4]);
    }

    async fn a_workspace_is_found_by_id_and_by_address(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let workspaces = service(&instance, &instance.ann);
        for name in [instance.acme.id.to_string(), "acme".to_owned()] {
            assert_eq!(workspaces.get(&name.parse().unwrap()).await.unwrap(), instance.acme);
        }
        assert_eq!(status(workspaces.get(&"other".parse().unwrap()).await), 404);
        for text in ["*", "%", "ACME", "", "acme' or 1=1"] {
            assert_eq!(text.parse::<WorkspaceSelector>().unwrap_err().http_status(), 404, "{text}");
        }
    }

    async fn analysts_make_workspaces_and_others_do_not(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let wanted = |slug: Option<&str>| WorkspaceCreate { title: "Acme".try_into().unwrap(), slug: slug.map(|slug| slug.try_into().unwrap()) };
        let bob = instance.person("bob", PlatformRole::Analyst).await;
        let made = service(&instance, &bob).create(wanted(None)).await.unwrap();
        assert_eq!((made.slug.as_str(), made.role), ("acme-2", WorkspaceRole::Owner));
        assert_eq!(status(service(&instance, &bob).create(wanted(Some("acme"))).await), 409);
        assert_eq!(status(service(&instance, &bob).create(wanted(Some("0192f0c1-2d3e-7abc-8def-0123456789ab"))).await), 422);
        assert_eq!(status(service(&instance, &with_scopes(&bob, &[Scope::Write])).create(wanted(None)).await), 403);
        for role in [PlatformRole::Executive, PlatformRole::Developer] {
            let person = instance.person(role.as_str(), role).await;
            assert_eq!(status(service(&instance, &person).create(wanted(None)).await), 403);
        }
        assert_eq!(service(&instance, &bob).list().await.unwrap(), vec![made]);
    }

    async fn owners_rename_and_delete(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let editor = instance.member("editor", WorkspaceRole::Editor).await;
        let stranger = instance.person("stranger", PlatformRole::Analyst).await;
        let rename = || WorkspaceUpdate { title: Some("Acme Ltd".try_into().unwrap()), slug: Some("acme-ltd".try_into().unwrap()), editors_may_share: Some(false) };
        assert_eq!(status(service(&instance, &editor).update(&instance.acme(), rename()).await), 403);
        assert_eq!(status(service(&instance, &stranger).update(&instance.acme(), rename()).await), 404);
        let renamed = service(&instance, &instance.ann).update(&instance.acme(), rename()).await.unwrap();
        assert_eq!((renamed.title.as_str(), renamed.slug.as_str()), ("Acme Ltd", "acme-ltd"));
        assert_eq!(row(&instance, &editor).await, [200, 200, 403, 403]);
        assert_eq!(status(service(&instance, &editor).delete(&instance.acme()).await), 403);
        assert_eq!(status(service(&instance, &stranger).delete(&instance.acme()).await), 404);
        service(&instance, &instance.ann).delete(&instance.acme()).await.unwrap();
        assert_eq!(row(&instance, &instance.ann).await, [404; 4]);
        assert_eq!(row(&instance, &editor).await, [404; 4]);
    }
}
