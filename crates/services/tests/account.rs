//! A person's own account.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod support;

use services::{
    AccountService, SessionService, TokenService,
    account::{NewUser, create_user},
    session::SessionUser,
};
use shared::{
    account::{PasswordChange, Preferences, ProfileUpdate, SignInRequest, ThemeChoice, TokenCreate},
    permission::{PlatformRole, Principal, Scope},
};
use support::{Instance, PASSWORD, client, request, status, with_scopes};

testkit::for_each_database! {
    async fn name_and_preferences_change(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let account = instance.account_service(&instance.ann);
        let preferences = Preferences { theme: ThemeChoice::Dark, time_zone: Some("Europe/Bucharest".to_owned()) };
        let update = ProfileUpdate { name: Some("Ann B.".try_into().unwrap()), preferences: Some(preferences.clone()) };
        let info = account.update(update).await.unwrap();
        assert_eq!((info.name.as_str(), &info.preferences), ("Ann B.", &preferences));
        let wrong = Preferences { theme: ThemeChoice::Auto, time_zone: Some("Mars/Olympus".to_owned()) };
        assert_eq!(status(account.update(ProfileUpdate { name: None, preferences: Some(wrong) }).await), 422);
        assert_eq!(account.update(ProfileUpdate::default()).await.unwrap(), info);
        assert_eq!(account.me().await.unwrap().user, info);
    }

    async fn a_new_password_ends_sessions_and_tokens(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let sessions = SessionService::new(&instance.services, Principal::Anonymous, request());
        let sign_in = |password: &str| SignInRequest { email: "ann@example.org".to_owned(), password: password.to_owned() };
        let before: SessionUser = support::whole(sessions.sign_in(&sign_in(PASSWORD), &client(1)).await.unwrap()).session_user;
        let tokens = TokenService::new(&instance.services, instance.ann.clone(), request());
        let token = tokens.create(TokenCreate { name: "ci".try_into().unwrap(), expires_in: None, scopes: vec![] }).await.unwrap().token;

        let account = instance.account_service(&instance.ann);
        let change = |current: &str, new: &str| PasswordChange { current: current.to_owned(), new: new.to_owned() };
        assert_eq!(status(account.change_password(&change("wrong password", "seven hills of clay"), &before).await), 403);
        let weak = support::refusal(account.change_password(&change(PASSWORD, "short"), &before).await);
        assert_eq!((weak.http_status(), weak.field.as_deref()), (422, Some("new")));
        tokens.authenticate(&token).await.unwrap();

        let after = account.change_password(&change(PASSWORD, "seven hills of clay"), &before).await.unwrap();
        assert_eq!(sessions.authenticate(&before).await.unwrap(), Principal::Anonymous);
        assert!(matches!(sessions.authenticate(&after).await.unwrap(), Principal::User(_)));
        assert_eq!(status(tokens.authenticate(&token).await), 401);
        assert_eq!(status(sessions.sign_in(&sign_in(PASSWORD), &client(1)).await), 401);
        sessions.sign_in(&sign_in("seven hills of clay"), &client(1)).await.unwrap();
    }

    async fn tokens_and_strangers_do_not_touch_accounts(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let all = with_scopes(&instance.ann, &Scope::ALL);
        let remembered = SessionUser { user_id: instance.ann.user().unwrap().user_id, auth_epoch: 1, signed_in_at: instance.clock.now(), proved_at: None, user_agent: None, client_address: None };
        let change = PasswordChange { current: PASSWORD.to_owned(), new: "seven hills of clay".to_owned() };
        assert_eq!(status(instance.account_service(&all).change_password(&change, &remembered).await), 403);
        assert_eq!(status(instance.account_service(&all).update(ProfileUpdate::default()).await), 403);
        instance.account_service(&all).me().await.unwrap();
        assert_eq!(status(AccountService::new(&instance.services, Principal::Anonymous, request()).me().await), 401);
    }

    async fn an_address_has_one_account(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let new = |email: &str| NewUser { email: email.try_into().unwrap(), name: None, role: PlatformRole::Developer, password: Some(PASSWORD.to_owned()) };
        let bob = create_user(&instance.services, new("bob@example.org")).await.unwrap();
        assert_eq!((bob.name.as_str(), bob.platform_role), ("bob", PlatformRole::Developer));
        assert_eq!(status(create_user(&instance.services, new("Bob@Example.org")).await), 409);
        let weak = NewUser { password: Some("carl@example.org".to_owned()), ..new("carl@example.org") };
        assert_eq!(status(create_user(&instance.services, weak).await), 422);
    }

    async fn an_executive_only_reads(test: TestDatabase) {
        use shared::{account::MemberAdd, permission::WorkspaceRole};
        let instance = Instance::new(test).await;
        let eve = instance.person("eve", PlatformRole::Executive).await;
        let members = services::MemberService::new(&instance.services, instance.ann.clone(), request());
        let add = MemberAdd { email: "eve@example.org".try_into().unwrap(), role: WorkspaceRole::Owner, roles: vec![], attributes: Default::default() };
        members.add(&instance.acme(), add).await.unwrap();
        assert_eq!(instance.account_service(&eve).me().await.unwrap().workspaces[0].role, WorkspaceRole::Viewer);
        let context = services::Context::new(&instance.services, eve, request());
        context.workspace_access(&instance.acme(), shared::permission::Capability::Read).await.unwrap();
        assert_eq!(status(context.workspace_access(&instance.acme(), shared::permission::Capability::Edit).await), 403);
    }
}
