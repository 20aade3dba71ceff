//! Embeds: origins, keys, tickets and the bearers they buy.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod support;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use services::{EmbedKeyService, EmbedService, RateLimits, ServiceResult, WorkspaceService, embed::OpenEmbed};
use shared::{
    account::{ThemeChoice, WorkspaceCreate},
    ids::EmbedKeyId,
    permission::{PlatformRole, Principal, WorkspaceRole},
    semantic::{Condition, Operator},
    share::{EmbedCreate, EmbedInfo, EmbedKeyAlgorithm, EmbedKeyCreate, EmbedKeyCreated},
};
use support::{Instance, PUBLIC_URL, client, dashboard::dashboard, refusal, request, status};
use testkit::TestDatabase;

/// An Ed25519 pair for these tests: PKCS #8 DER of the private half, and the public half.
const PRIVATE_DER: &str = "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g";
const PUBLIC: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

struct Host {
    instance: Instance,
    embed: EmbedInfo,
    key: EmbedKeyCreated,
}

fn embeds(instance: &Instance, principal: &Principal) -> EmbedService {
    EmbedService::new(&instance.services, principal.clone(), request())
}

fn keys(instance: &Instance, principal: &Principal) -> EmbedKeyService {
    EmbedKeyService::new(&instance.services, principal.clone(), request())
}

fn hs256(name: &str) -> EmbedKeyCreate {
    EmbedKeyCreate {
        name: name.to_owned(),
        ..Default::default()
    }
}

impl Host {
    async fn new(test: TestDatabase) -> Self {
        Self::with(
            test,
            EmbedCreate {
                origins: vec!["https://host.example".to_owned(), "https://b.example".to_owned()],
                downloads: true,
                ..Default::default()
            },
        )
        .await
    }

    async fn with(test: TestDatabase, wanted: EmbedCreate) -> Self {
        Self::on(Instance::new(test).await, wanted).await
    }

    async fn on(instance: Instance, wanted: EmbedCreate) -> Self {
        let sales = dashboard(&instance, instance.acme.id, true).await;
        let embed = embeds(&instance, &instance.ann)
            .create(&instance.acme(), sales, wanted)
            .await
            .unwrap();
        let key = keys(&instance, &instance.ann)
            .create(&instance.acme(), hs256("site"))
            .await
            .unwrap();
        Self { instance, embed, key }
    }

    fn claims(&self, jti: &str) -> Value {
        let now = self.instance.clock.now().timestamp();
        json!({"iss": "host", "aud": PUBLIC_URL, "jti": jti, "exp": now + 300, "iat": now, "sub": "u-1", "res": {"id": self.embed.id}})
    }

    fn sign(&self, claims: &Value) -> String {
        let key = EncodingKey::from_secret(self.key.secret.as_ref().unwrap().as_bytes());
        sign(Algorithm::HS256, self.key.kid, claims, &key)
    }

    async fn redeem(&self, ticket: &str) -> ServiceResult<OpenEmbed> {
        self.redeem_as(ticket, 1).await
    }

    async fn redeem_as(&self, ticket: &str, address: u8) -> ServiceResult<OpenEmbed> {
        embeds(&self.instance, &Principal::Anonymous)
            .redeem(self.embed.id, ticket, &client(address))
            .await
    }

    async fn reason(&self, ticket: &str) -> (u16, String) {
        let answer = refusal(self.redeem(ticket).await);
        (answer.http_status(), answer.hint.unwrap_or_default())
    }
}

fn sign(algorithm: Algorithm, kid: EmbedKeyId, claims: &Value, key: &EncodingKey) -> String {
    let header = Header {
        kid: Some(kid.to_string()),
        ..Header::new(algorithm)
    };
    jsonwebtoken::encode(&header, claims, key).unwrap()
}

fn with(mut claims: Value, name: &str, value: Value) -> Value {
    claims[name] = value;
    claims
}

testkit::for_each_database! {
    async fn a_ticket_buys_a_bearer_for_five_minutes(test: TestDatabase) {
        let host = Host::new(test).await;
        let mut claims = with(host.claims("1"), "lock", json!({"orders.country": "RO", "status": ["open", "paid"]}));
        claims["edit"] = json!(["status", "orders.country", "day"]);
        claims["attrs"] = json!({"region": "EU"});
        claims["caps"] = json!({"export": ["csv"], "drill": true});
        claims["origins"] = json!(["https://host.example", "https://elsewhere.example"]);
        claims["tz"] = json!("Europe/Bucharest");
        claims["theme"] = json!("dark");
        let open = host.redeem(&host.sign(&claims)).await.unwrap();
        assert_eq!(open.origins, ["https://host.example"]);
        assert_eq!((open.time_zone.as_deref(), open.theme), (Some("Europe/Bucharest"), Some(ThemeChoice::Dark)));
        assert!(open.grant.downloads);
        assert_eq!(open.grant.subject.as_deref(), Some("u-1"));
        assert_eq!(open.grant.allowed_filters, Some(vec!["day".to_owned()]));
        let Condition::Field(country) = &open.grant.locked[0] else { panic!("a field") };
        assert_eq!((country.field.as_str(), country.op, &country.value), ("orders.country", Operator::Eq, &Some("RO".into())));
        let Condition::Field(status_lock) = &open.grant.locked[1] else { panic!("a field") };
        assert_eq!((status_lock.op, status_lock.values.as_ref().map(Vec::len)), (Operator::In, Some(2)));
        let doors = embeds(&host.instance, &Principal::Anonymous);
        assert_eq!(doors.authenticate(&open.bearer, client(1).address).await.unwrap(), Principal::Embed(open.grant.clone()));
        for bad in ["", "se1.", "se1.e30.e30", &open.bearer[..open.bearer.len() - 2], &open.bearer.replacen('a', "b", 1)] {
            assert_eq!(status(doors.authenticate(bad, client(1).address).await), 401, "{bad}");
        }
        // A page that asks for itself again goes on as it was, and not for longer.
        host.instance.clock.advance(TimeDelta::minutes(4));
        let again = doors.reopen(host.embed.id, &open.bearer).await.unwrap();
        assert_eq!((&again.grant, &again.origins, again.theme), (&open.grant, &open.origins, open.theme));
        assert_eq!((&again.bearer, again.expires_at), (&open.bearer, open.expires_at));
        assert_eq!(status(doors.reopen(uuid::Uuid::now_v7().into(), &open.bearer).await), 404);
        host.instance.clock.advance(TimeDelta::minutes(1));
        assert_eq!(status(doors.authenticate(&open.bearer, client(1).address).await), 401);
        assert_eq!(status(doors.reopen(host.embed.id, &open.bearer).await), 401);
    }

    async fn a_frame_that_asks_too_often_waits_and_another_reader_does_not(test: TestDatabase) {
        let rates = RateLimits { embed: 3, ..RateLimits::OFF };
        let wanted = EmbedCreate { origins: vec!["https://host.example".to_owned()], ..Default::default() };
        let host = Host::on(Instance::with_rates(test, rates).await, wanted).await;
        let open = host.redeem(&host.sign(&host.claims("one"))).await.unwrap();
        let doors = embeds(&host.instance, &Principal::Anonymous);
        for _ in 0..3 {
            doors.authenticate(&open.bearer, client(1).address).await.unwrap();
        }
        assert_eq!(status(doors.authenticate(&open.bearer, client(1).address).await), 429);
        doors.authenticate(&open.bearer, client(2).address).await.unwrap();
        host.instance.clock.advance(TimeDelta::minutes(1));
        doors.authenticate(&open.bearer, client(1).address).await.unwrap();
    }

    async fn forged_tickets_prove_nothing(test: TestDatabase) {
        let host = Host::new(test).await;
        let secret = EncodingKey::from_secret(host.key.secret.as_ref().unwrap().as_bytes());
        let claims = host.claims("1");
        let good = host.sign(&claims);
        let payload = good.split('.').nth(1).unwrap();
        let header = |text: Value| URL_SAFE_NO_PAD.encode(text.to_string());
        let kid = host.key.kid.to_string();
        let unsigned = format!("{}.{payload}.", header(json!({"alg": "none", "typ": "JWT", "kid": kid})));
        let remote = format!("{}.{payload}.x", header(json!({"alg": "HS256", "typ": "JWT", "kid": kid, "jku": "https://evil.example/keys"})));
        let path = format!("{}.{payload}.x", header(json!({"alg": "HS256", "typ": "JWT", "kid": "../../etc/passwd"})));
        let untyped = format!("{}.{payload}.x", header(json!({"alg": "HS256", "typ": "at+jwt", "kid": kid})));
        let other_secret = EncodingKey::from_secret(b"another secret that is long enough");
        let cases = [
            (String::new(), "unreadable"),
            ("a.b".to_owned(), "unreadable"),
            ("x".repeat(100 * 1024), "too_long"),
            (unsigned, "wrong_algorithm"),
            (remote, "wrong_header"),
            (path, "unknown_key"),
            (untyped, "wrong_header"),
            (sign(Algorithm::HS384, host.key.kid, &claims, &secret), "wrong_algorithm"),
            (sign(Algorithm::HS256, host.key.kid, &claims, &other_secret), "wrong_signature"),
            (sign(Algorithm::HS256, uuid::Uuid::now_v7().into(), &claims, &secret), "unknown_key"),
            (good.replacen(payload, &URL_SAFE_NO_PAD.encode(with(claims.clone(), "sub", json!("admin")).to_string()), 1), "wrong_signature"),
        ];
        for (ticket, reason) in cases {
            assert_eq!(host.reason(&ticket).await, (401, format!("reason: {reason}")));
        }
        host.redeem(&good).await.unwrap();
    }

    async fn time_audience_and_resource_must_fit(test: TestDatabase) {
        let host = Host::new(test).await;
        let now = host.instance.clock.now().timestamp();
        let cases = [
            ("exp", json!(now - 30), "expired"),
            ("exp", json!(now + 631), "lives_too_long"),
            ("exp", json!(now + 10 * 365 * 86_400), "lives_too_long"),
            ("nbf", json!(now + 31), "not_yet_valid"),
            ("iat", json!(now + 31), "not_yet_valid"),
            ("aud", json!("https://other.example"), "wrong_audience"),
            ("aud", json!([]), "wrong_audience"),
            ("res", json!({"id": uuid::Uuid::now_v7()}), "other_resource"),
            ("res", json!({"id": host.embed.id, "version": 7}), "other_resource"),
            ("jti", json!(""), "unreadable"),
        ];
        for (name, value, reason) in cases {
            let ticket = host.sign(&with(host.claims("1"), name, value));
            assert_eq!(host.reason(&ticket).await, (401, format!("reason: {reason}")), "{name}");
        }
        for name in ["exp", "aud", "jti", "res"] {
            let mut claims = host.claims("1");
            claims.as_object_mut().unwrap().remove(name);
            assert_eq!(host.reason(&host.sign(&claims)).await.0, 401, "{name}");
        }
        let edge = with(with(host.claims("2"), "exp", json!(now - 29)), "aud", json!([format!("{PUBLIC_URL}/"), "x"]));
        host.redeem(&host.sign(&edge)).await.unwrap();
        let pinned = with(host.claims("3"), "res", json!({"id": host.embed.id, "version": 1}));
        host.redeem(&host.sign(&pinned)).await.unwrap();
    }

    async fn what_a_ticket_says_wrongly_is_named(test: TestDatabase) {
        let host = Host::new(test).await;
        let cases = [
            ("admin", json!(true), "unknown_claim", "ticket.admin"),
            ("caps", json!({"sudo": true}), "unknown_claim", "ticket.caps"),
            ("lock", json!(["orders.country"]), "unknown_claim", "ticket.lock"),
            ("theme", json!("neon"), "unknown_claim", "ticket.theme"),
            ("tz", json!("Mars/Olympus"), "unknown_claim", "ticket.tz"),
            ("lock", json!({"orders.nation": "RO"}), "unbound_lock", "ticket.lock.orders.nation"),
            ("lock", json!({"orders.country": {"gt": 1}}), "unbound_lock", "ticket.lock.orders.country"),
            ("lock", json!({"orders.country": []}), "unbound_lock", "ticket.lock.orders.country"),
        ];
        for (name, value, reason, field) in cases {
            let answer = refusal(host.redeem(&host.sign(&with(host.claims("1"), name, value))).await);
            assert_eq!((answer.http_status(), answer.hint, answer.field.as_deref()), (403, Some(format!("reason: {reason}")), Some(field)));
        }
        let elsewhere = with(host.claims("1"), "origins", json!(["https://elsewhere.example"]));
        assert_eq!(host.reason(&host.sign(&elsewhere)).await, (403, "reason: no_origin".to_owned()));
        // None of the refusals used the ticket's number up.
        host.redeem(&host.sign(&host.claims("1"))).await.unwrap();
    }

    async fn a_ticket_is_used_once_but_for_a_reload(test: TestDatabase) {
        let host = Host::new(test).await;
        let ticket = host.sign(&host.claims("1"));
        host.redeem(&ticket).await.unwrap();
        host.instance.clock.advance(TimeDelta::seconds(60));
        host.redeem(&ticket).await.unwrap();
        assert_eq!(status(host.redeem_as(&ticket, 2).await), 401);
        host.instance.clock.advance(TimeDelta::seconds(1));
        assert_eq!(host.reason(&ticket).await, (401, "reason: used_already".to_owned()));
        let fresh = host.sign(&host.claims("2"));
        let (one, two) = tokio::join!(host.redeem_as(&fresh, 1), host.redeem_as(&fresh, 2));
        assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    }

    async fn an_eddsa_key_signs_too_and_cannot_be_confused(test: TestDatabase) {
        use base64::engine::general_purpose::STANDARD;
        let host = Host::new(test).await;
        let wanted = EmbedKeyCreate { name: "ed".to_owned(), alg: EmbedKeyAlgorithm::EdDsa, public_key: Some(PUBLIC.to_owned()) };
        let made = keys(&host.instance, &host.instance.ann).create(&host.instance.acme(), wanted).await.unwrap();
        assert_eq!(made.secret, None);
        let private = EncodingKey::from_ed_der(&STANDARD.decode(PRIVATE_DER).unwrap());
        host.redeem(&sign(Algorithm::EdDSA, made.kid, &host.claims("1"), &private)).await.unwrap();
        // The public half as a shared secret.
        let confused = EncodingKey::from_secret(&URL_SAFE_NO_PAD.decode(PUBLIC).unwrap());
        let forged = sign(Algorithm::HS256, made.kid, &host.claims("2"), &confused);
        assert_eq!(host.reason(&forged).await, (401, "reason: wrong_algorithm".to_owned()));
    }

    async fn two_keys_live_and_a_deleted_one_ends_its_frames(test: TestDatabase) {
        let host = Host::new(test).await;
        let (instance, acme) = (&host.instance, host.instance.acme());
        let ann = keys(instance, &instance.ann);
        let open = host.redeem(&host.sign(&host.claims("1"))).await.unwrap();
        let attempts = tokio::join!(ann.create(&acme, hs256("b")), ann.create(&acme, hs256("c")));
        assert!(attempts.0.is_ok() != attempts.1.is_ok());
        let listed = ann.list(&acme).await.unwrap();
        assert_eq!(listed.len(), 2);
        assert_eq!(listed[0].last_used_at, Some(instance.clock.now()));
        assert!(!format!("{listed:?}").contains(host.key.secret.as_ref().unwrap()));
        let editor = instance.member("editor", WorkspaceRole::Editor).await;
        assert_eq!(status(keys(instance, &editor).list(&acme).await), 403);
        assert_eq!(status(keys(instance, &editor).create(&acme, hs256("d")).await), 403);
        assert_eq!(status(keys(instance, &editor).delete(&acme, host.key.kid).await), 403);
        for (alg, public_key) in [(EmbedKeyAlgorithm::EdDsa, None), (EmbedKeyAlgorithm::EdDsa, Some("short")), (EmbedKeyAlgorithm::Hs256, Some(PUBLIC))] {
            let wanted = EmbedKeyCreate { name: "x".to_owned(), alg, public_key: public_key.map(ToOwned::to_owned) };
            assert_eq!(status(ann.create(&acme, wanted).await), 422);
        }
        ann.delete(&acme, host.key.kid).await.unwrap();
        assert_eq!(status(ann.delete(&acme, host.key.kid).await), 404);
        assert_eq!(status(embeds(instance, &Principal::Anonymous).authenticate(&open.bearer, client(1).address).await), 401);
        assert_eq!(host.reason(&host.sign(&host.claims("9"))).await, (401, "reason: unknown_key".to_owned()));
    }

    async fn embeds_belong_to_their_workspace(test: TestDatabase) {
        let host = Host::new(test).await;
        let (instance, embed, acme) = (&host.instance, &host.embed, host.instance.acme());
        assert_eq!(embed.url, format!("{PUBLIC_URL}/embed/d/{}", embed.id));
        let stranger = instance.person("stranger", PlatformRole::Analyst).await;
        let wanted = WorkspaceCreate { title: "Rival".try_into().unwrap(), slug: None };
        let rival = WorkspaceService::new(&instance.services, stranger.clone(), request()).create(wanted).await.unwrap();
        let theirs = embeds(instance, &stranger);
        assert_eq!(status(theirs.list(&acme, embed.dashboard).await), 404);
        assert_eq!(status(theirs.get(&rival.id.into(), embed.dashboard, embed.id).await), 404);
        assert_eq!(status(theirs.delete(&rival.id.into(), embed.dashboard, embed.id).await), 404);
        // A key of another workspace opens nothing here.
        let foreign = keys(instance, &stranger).create(&rival.id.into(), hs256("x")).await.unwrap();
        let secret = EncodingKey::from_secret(foreign.secret.unwrap().as_bytes());
        let ticket = sign(Algorithm::HS256, foreign.kid, &host.claims("1"), &secret);
        assert_eq!(host.reason(&ticket).await, (401, "reason: unknown_key".to_owned()));

        let open = host.redeem(&host.sign(&host.claims("2"))).await.unwrap();
        let ann = embeds(instance, &instance.ann);
        assert_eq!(ann.frame_origins(embed.id).await.unwrap(), ["https://b.example", "https://host.example"]);
        ann.delete(&acme, embed.dashboard, embed.id).await.unwrap();
        assert_eq!(status(ann.frame_origins(embed.id).await), 404);
        assert_eq!(status(ann.authenticate(&open.bearer, client(1).address).await), 401);
        assert_eq!(status(host.redeem(&host.sign(&host.claims("3"))).await), 404);
        let viewer = instance.member("viewer", WorkspaceRole::Viewer).await;
        let one = || EmbedCreate { origins: vec!["https://host.example".to_owned()], ..Default::default() };
        assert_eq!(status(embeds(instance, &viewer).create(&acme, embed.dashboard, one()).await), 403);
        for origins in [vec![], vec!["*".to_owned()], vec!["http://host.example".to_owned()]] {
            assert_eq!(status(ann.create(&acme, embed.dashboard, EmbedCreate { origins, ..Default::default() }).await), 422);
        }
        let draft = dashboard(instance, instance.acme.id, false).await;
        assert_eq!(status(ann.create(&acme, draft, one()).await), 409);
    }
}
