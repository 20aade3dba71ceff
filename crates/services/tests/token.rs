//! API tokens: what they prove, and for how long.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod support;

use chrono::TimeDelta;
use services::TokenService;
use shared::{
    account::TokenCreate,
    permission::{PlatformRole, Principal, Scope},
    share::Lifetime,
};
use support::{Instance, request, status, with_scopes};

fn service(instance: &Instance, principal: &Principal) -> TokenService {
    TokenService::new(&instance.services, principal.clone(), request())
}

fn wanted(scopes: &[Scope]) -> TokenCreate {
    TokenCreate {
        name: "nightly".try_into().unwrap(),
        expires_in: None,
        scopes: scopes.to_vec(),
    }
}

testkit::for_each_database! {
    async fn a_token_proves_its_owner_and_scopes(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let tokens = service(&instance, &instance.ann);
        let made = tokens.create(wanted(&[Scope::Read, Scope::Write])).await.unwrap();
        assert!(made.token.starts_with("sl_"));
        let Principal::User(user) = service(&instance, &Principal::Anonymous).authenticate(&made.token).await.unwrap() else { panic!("a user") };
        assert_eq!(user.user_id, instance.ann.user().unwrap().user_id);
        assert_eq!(user.scopes, Some(vec![Scope::Read, Scope::Write]));
        assert_eq!(user.token_id, Some(made.info.id));
        let plain = tokens.create(wanted(&[])).await.unwrap();
        assert_eq!(plain.info.scopes, vec![Scope::Read]);
        let listed = tokens.list().await.unwrap();
        assert_eq!(listed.len(), 2);
        assert!(listed.iter().any(|token| token.last_used_at == Some(instance.clock.now())));
        assert!(!format!("{listed:?}").contains(&made.token[36..70]));
    }

    async fn wrong_expired_and_revoked_tokens_prove_nothing(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let tokens = service(&instance, &instance.ann);
        let made = tokens.create(wanted(&[])).await.unwrap();
        let other = tokens.create(wanted(&[])).await.unwrap();
        // The secret of one under the id of the other.
        let mixed = format!("{}{}", &made.token[..35], &other.token[35..]);
        let flipped = made.token.replacen(&made.token[40..41], "~", 1);
        for bad in ["", "sl_", "Bearer x", &mixed, &flipped, &made.token.to_uppercase()] {
            assert_eq!(status(tokens.authenticate(bad).await), 401, "{bad}");
        }
        tokens.revoke(made.info.id).await.unwrap();
        assert_eq!(status(tokens.authenticate(&made.token).await), 401);
        tokens.authenticate(&other.token).await.unwrap();
        instance.clock.advance(TimeDelta::days(90));
        assert_eq!(status(tokens.authenticate(&other.token).await), 401);
        let tokens = service(&instance, &support::proved_anew(&instance.ann, &instance.clock));
        for seconds in [0, 366 * 86_400, u64::MAX] {
            let request = TokenCreate { expires_in: Some(Lifetime(seconds)), ..wanted(&[]) };
            assert_eq!(status(tokens.create(request).await), 422, "{seconds}");
        }
    }

    async fn tokens_are_their_owners_business(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let bob = instance.person("bob", PlatformRole::Developer).await;
        let made = service(&instance, &instance.ann).create(wanted(&[])).await.unwrap();
        assert_eq!(status(service(&instance, &bob).revoke(made.info.id).await), 404);
        assert!(service(&instance, &bob).list().await.unwrap().is_empty());
        // A token cannot make or end tokens.
        let program = with_scopes(&instance.ann, &Scope::ALL);
        assert_eq!(status(service(&instance, &program).create(wanted(&Scope::ALL)).await), 403);
        assert_eq!(status(service(&instance, &program).revoke(made.info.id).await), 403);
        assert_eq!(status(service(&instance, &Principal::Anonymous).list().await), 401);
        let console = service(&instance, &Principal::Anonymous);
        console.create_for_email(&"bob@example.org".try_into().unwrap(), wanted(&[])).await.unwrap();
        assert_eq!(status(console.create_for_email(&"no@example.org".try_into().unwrap(), wanted(&[])).await), 404);
    }
}
