//! The second factor: codes of an app, recovery codes, and the confirmation that it is still the same person.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod support;

use chrono::TimeDelta;
use services::{
    FactorService, PeopleService, RateLimits, ServiceError, SessionService, TokenService,
    factor::reset_factors_of,
    session::{PendingSignIn, SessionUser, SignIn, SignedIn},
};
use shared::{
    ErrorCode,
    account::{SignInRequest, TokenCreate},
    factor::{Confirmation, FactorKind, FactorPolicy, FactorProof, TotpConfirm},
    people::SignInRules,
    permission::{PlatformRole, Principal, Scope},
};
use support::{Instance, PASSWORD, client, proved_anew, refusal, request, status, with_scopes};
use totp_rs::{Builder, Secret};

fn factors(instance: &Instance, principal: &Principal) -> FactorService {
    FactorService::new(&instance.services, principal.clone(), request())
}

fn sessions(instance: &Instance) -> SessionService {
    SessionService::new(&instance.services, Principal::Anonymous, request())
}

/// What the app shows now.
fn code(instance: &Instance, secret: &str) -> String {
    let app = Builder::new()
        .with_secret(Secret::try_from_base32(secret).unwrap())
        .with_account_name("any".to_owned())
        .build()
        .unwrap();
    let now_s = u64::try_from(instance.clock.now().timestamp()).unwrap();
    app.generate(now_s).to_string()
}

/// Turns codes on; gives the app's secret and the recovery codes.
async fn turn_on(instance: &Instance, principal: &Principal) -> (String, Vec<String>) {
    let service = factors(instance, principal);
    let setup = service.begin_totp().await.unwrap();
    let confirm = TotpConfirm {
        code: code(instance, &setup.secret),
    };
    let codes = service.confirm_totp(&confirm).await.unwrap();
    (setup.secret, codes.recovery_codes)
}

async fn half_way(instance: &Instance, email: &str) -> PendingSignIn {
    let request = SignInRequest {
        email: email.to_owned(),
        password: PASSWORD.to_owned(),
    };
    match sessions(instance).sign_in(&request, &client(1)).await.unwrap() {
        SignIn::FactorNeeded(pending) => pending,
        SignIn::Done(_) => panic!("no second factor was asked for"),
    }
}

async fn complete(instance: &Instance, pending: &PendingSignIn, proof: FactorProof) -> Result<SignedIn, ServiceError> {
    sessions(instance).complete(pending, &proof, &client(1)).await
}

testkit::for_each_database! {
    async fn a_code_is_asked_for_once_it_is_on_and_works_once(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let ann = factors(&instance, &instance.ann);
        let setup = ann.begin_totp().await.unwrap();
        assert!(setup.url.starts_with("otpauth://totp/Sightline:ann%40example.org?secret="), "{}", setup.url);
        assert!(setup.qr_svg.contains("qr__ink"));
        // Shown is not on.
        assert_eq!(ann.factors().await.unwrap().totp_since, None);
        assert_eq!(status(ann.confirm_totp(&TotpConfirm { code: "000000".to_owned() }).await), 422);
        support::whole(sessions(&instance).sign_in(&SignInRequest { email: "ann@example.org".to_owned(), password: PASSWORD.to_owned() }, &client(1)).await.unwrap());

        // Beginning again makes the first secret worthless.
        let (secret, codes) = turn_on(&instance, &instance.ann).await;
        assert_ne!(secret, setup.secret);
        assert_eq!(codes.len(), 10);
        let state = ann.factors().await.unwrap();
        assert_eq!((state.is_protected(), state.recovery_codes_left), (true, 10));
        assert_eq!(status(ann.begin_totp().await), 409);

        let pending = half_way(&instance, "ann@example.org").await;
        let (needed, _) = sessions(&instance).factor_needed(&pending).await.unwrap();
        assert_eq!(needed.second_factor, [FactorKind::Code, FactorKind::RecoveryCode]);
        // The code that turned it on is used up.
        assert_eq!(status(complete(&instance, &pending, FactorProof::Code(code(&instance, &secret))).await), 401);
        assert_eq!(status(complete(&instance, &pending, FactorProof::Code("12345".to_owned())).await), 401);
        instance.clock.advance(TimeDelta::seconds(30));
        let now = code(&instance, &secret);
        let signed_in = complete(&instance, &pending, FactorProof::Code(format!("{} {}", &now[..3], &now[3..]))).await.unwrap();
        assert_eq!(signed_in.user.user_id, instance.ann.user().unwrap().user_id);
        assert_eq!(status(complete(&instance, &pending, FactorProof::Code(now)).await), 401);
        // A clock that is one step behind still gets in; two steps do not.
        instance.clock.advance(TimeDelta::seconds(60));
        let late = code(&instance, &secret);
        instance.clock.advance(TimeDelta::seconds(30));
        complete(&instance, &pending, FactorProof::Code(late)).await.unwrap();
        let later = { instance.clock.advance(TimeDelta::seconds(60)); code(&instance, &secret) };
        instance.clock.advance(TimeDelta::seconds(60));
        assert_eq!(status(complete(&instance, &pending, FactorProof::Code(later)).await), 401);
    }

    async fn of_requests_with_one_code_one_gets_in(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let (secret, codes) = turn_on(&instance, &instance.ann).await;
        instance.clock.advance(TimeDelta::seconds(30));
        let pending = half_way(&instance, "ann@example.org").await;
        for proof in [FactorProof::Code(code(&instance, &secret)), FactorProof::RecoveryCode(codes[0].clone())] {
            let attempts: Vec<_> = (0..8).map(|_| {
                let (sessions, pending, proof) = (sessions(&instance), pending.clone(), proof.clone());
                tokio::spawn(async move { sessions.complete(&pending, &proof, &client(1)).await.is_ok() })
            }).collect();
            let mut won = 0;
            for attempt in attempts {
                won += u32::from(attempt.await.unwrap());
            }
            assert_eq!(won, 1);
        }
    }

    async fn recovery_codes_work_once_and_can_be_replaced(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let bob = instance.person("bob", PlatformRole::Analyst).await;
        assert_eq!(status(factors(&instance, &bob).new_recovery_codes().await), 409);
        let (_, codes) = turn_on(&instance, &instance.ann).await;
        let (_, of_bob) = turn_on(&instance, &bob).await;
        let pending = half_way(&instance, "ann@example.org").await;
        let give = |code: &str| FactorProof::RecoveryCode(code.to_owned());
        assert_eq!(status(complete(&instance, &pending, give(&of_bob[0])).await), 401);
        complete(&instance, &pending, give(&codes[0].to_uppercase().replace('-', " "))).await.unwrap();
        assert_eq!(status(complete(&instance, &pending, give(&codes[0])).await), 401);
        let ann = factors(&instance, &instance.ann);
        assert_eq!(ann.factors().await.unwrap().recovery_codes_left, 9);
        let fresh = ann.new_recovery_codes().await.unwrap().recovery_codes;
        assert_eq!(status(complete(&instance, &pending, give(&codes[1])).await), 401);
        complete(&instance, &pending, give(&fresh[1])).await.unwrap();
        // They stand in for a factor, and go with the last one.
        ann.remove_totp().await.unwrap();
        assert_eq!(ann.factors().await.unwrap().recovery_codes_left, 0);
        assert_eq!(status(ann.remove_totp().await), 404);
    }

    async fn neither_secrets_nor_codes_are_readable_in_the_database(test: TestDatabase) {
        use sea_orm::EntityTrait;
        let instance = Instance::new(test).await;
        let (secret, codes) = turn_on(&instance, &instance.ann).await;
        let reader = instance.services.database().reader();
        let stored = format!("{:?} {:?}",
            entity::totp_key::Entity::find().all(reader).await.unwrap(),
            entity::recovery_code::Entity::find().all(reader).await.unwrap());
        assert!(!stored.contains(&secret));
        for code in codes {
            assert!(!stored.contains(&code) && !stored.contains(&code.replace('-', "")));
        }
    }

    async fn the_half_way_ends_by_itself_and_with_the_account(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let bob = instance.person("bob", PlatformRole::Analyst).await;
        let (secret, _) = turn_on(&instance, &bob).await;
        let pending = half_way(&instance, "bob@example.org").await;
        instance.clock.advance(TimeDelta::minutes(10));
        assert_eq!(status(complete(&instance, &pending, FactorProof::Code(code(&instance, &secret))).await), 401);
        let pending = half_way(&instance, "bob@example.org").await;
        let ann = proved_anew(&instance.ann, &instance.clock);
        PeopleService::new(&instance.services, ann, request()).reset_factors(bob.user().unwrap().user_id).await.unwrap();
        assert_eq!(status(complete(&instance, &pending, FactorProof::Code(code(&instance, &secret))).await), 401);
    }

    async fn guessing_is_slow_from_wherever_it_comes(test: TestDatabase) {
        let instance = Instance::with_rates(test, RateLimits { sign_in_account: 5, factor: 8, ..RateLimits::OFF }).await;
        let (secret, _) = turn_on(&instance, &instance.ann).await;
        instance.clock.advance(TimeDelta::seconds(61));
        let pending = half_way(&instance, "ann@example.org").await;
        let guess = |last| {
            let (sessions, pending) = (sessions(&instance), pending.clone());
            async move { status(sessions.complete(&pending, &FactorProof::Code("000000".to_owned()), &client(last)).await) }
        };
        // The password took one of the five.
        let mut one_client = Vec::new();
        for _ in 0..5 {
            one_client.push(guess(1).await);
        }
        assert_eq!(one_client, [401, 401, 401, 401, 429]);
        let mut many_clients = Vec::new();
        for last in 2..8 {
            many_clients.push(guess(last).await);
        }
        assert_eq!(many_clients, [401, 401, 401, 401, 429, 429]);
        // Not a lock-out.
        instance.clock.advance(TimeDelta::seconds(61));
        complete(&instance, &pending, FactorProof::Code(code(&instance, &secret))).await.unwrap();
    }

    async fn secrets_and_protection_need_a_recent_proof(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let (secret, _) = turn_on(&instance, &instance.ann).await;
        instance.clock.advance(TimeDelta::minutes(10));
        let tokens = |principal: &Principal| TokenService::new(&instance.services, principal.clone(), request());
        let create = || TokenCreate { name: "ci".try_into().unwrap(), expires_in: None, scopes: vec![] };
        tokens(&instance.ann).create(create()).await.unwrap();
        instance.clock.advance(TimeDelta::seconds(1));
        let stale = refusal(tokens(&instance.ann).create(create()).await);
        assert_eq!((stale.http_status(), stale.code), (403, ErrorCode::ConfirmationRequired));
        let ann = factors(&instance, &instance.ann);
        assert_eq!(refusal(ann.remove_totp().await).code, ErrorCode::ConfirmationRequired);
        assert_eq!(refusal(ann.new_recovery_codes().await.map(|_| ())).code, ErrorCode::ConfirmationRequired);

        let remembered = SessionUser {
            user_id: instance.ann.user().unwrap().user_id, auth_epoch: 1,
            signed_in_at: instance.clock.now() - TimeDelta::minutes(11), proved_at: None, user_agent: None, client_address: None,
        };
        let here = client(1);
        let give = |confirmation| ann.confirm(confirmation, &remembered, None, &here);
        let wrong = refusal(give(Confirmation::Password("not the password".to_owned())).await);
        assert_eq!((wrong.http_status(), wrong.field.as_deref()), (403, Some("password")));
        assert_eq!(status(give(Confirmation::Code("000000".to_owned())).await), 403);
        give(Confirmation::Password(PASSWORD.to_owned())).await.unwrap();
        let renewed = give(Confirmation::Code(code(&instance, &secret))).await.unwrap();
        assert_eq!(renewed.signed_in_at, remembered.signed_in_at);
        let principal = sessions(&instance).authenticate(&renewed).await.unwrap();
        factors(&instance, &principal).remove_totp().await.unwrap();
        // Tokens neither confirm nor protect.
        let token = with_scopes(&instance.ann, &Scope::ALL);
        assert_eq!(status(factors(&instance, &token).begin_totp().await.map(|_| ())), 403);
    }

    async fn who_must_have_a_factor_can_do_nothing_else_first(test: TestDatabase) {
        let instance = Instance::new(test).await;
        let bob = support::whole({
            instance.person("bob", PlatformRole::Analyst).await;
            sessions(&instance).sign_in(&SignInRequest { email: "bob@example.org".to_owned(), password: PASSWORD.to_owned() }, &client(1)).await.unwrap()
        });
        let people = PeopleService::new(&instance.services, instance.ann.clone(), request());
        let everybody = SignInRules { second_factor: FactorPolicy::Everybody };
        // Who asks it of others has one.
        assert_eq!(status(people.set_sign_in_rules(everybody).await), 409);
        turn_on(&instance, &instance.ann).await;
        people.set_sign_in_rules(everybody).await.unwrap();
        let principal = sessions(&instance).authenticate(&bob.session_user).await.unwrap();
        assert!(matches!(principal, Principal::Unprotected(_)), "{principal:?}");
        let account = instance.account_service(&principal);
        assert!(account.me().await.unwrap().must_set_up_factor);
        assert_eq!(refusal(account.update(Default::default()).await).code, ErrorCode::SecondFactorRequired);
        let tokens = TokenService::new(&instance.services, principal.clone(), request());
        assert_eq!(refusal(tokens.list().await).code, ErrorCode::SecondFactorRequired);
        let context = services::Context::new(&instance.services, principal.clone(), request());
        let refused = refusal(context.workspace_access(&instance.acme(), shared::permission::Capability::Read).await);
        assert_eq!(refused.code, ErrorCode::SecondFactorRequired);

        turn_on(&instance, &principal).await;
        let principal = sessions(&instance).authenticate(&bob.session_user).await.unwrap();
        assert!(matches!(principal, Principal::User(_)), "{principal:?}");
        assert_eq!(status(factors(&instance, &principal).remove_totp().await), 409);
        people.set_sign_in_rules(SignInRules { second_factor: FactorPolicy::Admins }).await.unwrap();
        factors(&instance, &principal).remove_totp().await.unwrap();
        assert!(matches!(sessions(&instance).authenticate(&bob.session_user).await.unwrap(), Principal::User(_)));
    }

    async fn the_console_helps_who_lost_everything(test: TestDatabase) {
        let instance = Instance::new(test).await;
        turn_on(&instance, &instance.ann).await;
        half_way(&instance, "ann@example.org").await;
        reset_factors_of(&instance.services, &"ann@example.org".try_into().unwrap()).await.unwrap();
        let request = SignInRequest { email: "ann@example.org".to_owned(), password: PASSWORD.to_owned() };
        support::whole(sessions(&instance).sign_in(&request, &client(1)).await.unwrap());
        assert_eq!(status(reset_factors_of(&instance.services, &"nobody@example.org".try_into().unwrap()).await), 404);
    }

    async fn a_console_link_stands_for_the_password_only(test: TestDatabase) {
        let instance = Instance::new(test).await;
        turn_on(&instance, &instance.ann).await;
        let link = sessions(&instance).sign_in_link(&"ann@example.org".try_into().unwrap()).await.unwrap();
        assert!(matches!(sessions(&instance).redeem_link(&link, &client(1)).await.unwrap(), SignIn::FactorNeeded(_)));
    }
}
