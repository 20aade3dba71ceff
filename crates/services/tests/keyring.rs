//! Data keys under a master key that is replaced.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod support;

use entity::data_key;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};
use services::{
    EmbedKeyService, ServiceConfig, Services,
    secrets::{KeyCount, Keyring, KeyringError, MasterKeys, SecretKey, count_keys, rotate_keys},
};
use shared::share::{EmbedKeyAlgorithm, EmbedKeyCreate};
use support::{Instance, KEY, PUBLIC_URL, request};

const NEXT: &str = "Zx9Qw8Er7Ty6Ui5Op4As3Df2Gh1Jk0Lm";

fn masters(current: &str, previous: Option<&str>) -> MasterKeys {
    MasterKeys {
        current: SecretKey::parse(current).unwrap(),
        previous: previous.map(|text| SecretKey::parse(text).unwrap()),
    }
}

async fn open(instance: &Instance, masters: MasterKeys) -> Result<Keyring, KeyringError> {
    Keyring::open(&instance.test.database, masters, instance.clock.now()).await
}

/// The same instance, as a server with other keys has it.
async fn services_with(instance: &Instance, masters: MasterKeys) -> Services {
    let config = ServiceConfig::new(PUBLIC_URL, open(instance, masters).await.unwrap());
    let clock = services::Clock::from_fn(instance.clock.reader());
    Services::new(instance.test.database.clone(), clock, config).unwrap()
}

/// A key of frames, sealed under the workspace's data key.
async fn embed_key(services: &Services, instance: &Instance, name: &str) -> Result<String, services::ServiceError> {
    let create = EmbedKeyCreate {
        name: name.to_owned(),
        alg: EmbedKeyAlgorithm::Hs256,
        public_key: None,
    };
    let keys = EmbedKeyService::new(services, instance.ann.clone(), request());
    Ok(keys.create(&instance.acme.id.into(), create).await?.secret.unwrap())
}

async fn wrapped(instance: &Instance) -> Vec<data_key::Model> {
    let rows = data_key::Entity::find().order_by_asc(data_key::Column::Scope);
    rows.all(instance.test.database.reader()).await.unwrap()
}

async fn damage(instance: &Instance, scope: &str, text: &str) {
    data_key::Entity::update_many()
        .col_expr(data_key::Column::Wrapped, Expr::value(text))
        .filter(data_key::Column::Scope.eq(scope))
        .exec(instance.test.database.writer())
        .await
        .unwrap();
}

testkit::for_each_database! {
    async fn another_master_key_is_taken_up_even_when_that_stops_halfway(test: TestDatabase) {
        let instance = Instance::new(test).await;
        embed_key(&instance.services, &instance, "Portal").await.unwrap();
        let before = wrapped(&instance).await;
        assert_eq!(before.iter().map(|row| row.scope.as_str()).collect::<Vec<_>>(), [instance.acme.id.to_string().as_str(), "instance"]);
        let sign = |keys: &Keyring| keys.instance().sign(services::secrets::KeyPurpose::ShareProof, b"x");
        let signature = sign(&open(&instance, masters(KEY, None)).await.unwrap());
        // A key that was never set here opens nothing.
        assert!(matches!(open(&instance, masters(NEXT, None)).await, Err(KeyringError::OtherMaster)));

        // Stops at the second of two keys.
        let both = masters(NEXT, Some(KEY));
        let server = services_with(&instance, both.clone()).await;
        damage(&instance, "instance", "AAAA").await;
        let stopped = rotate_keys(&server, &both).await;
        assert!(matches!(&stopped, Err(KeyringError::Damaged(scope)) if scope == "instance"), "{stopped:?}");
        damage(&instance, "instance", &before[1].wrapped).await;
        let count = |masters: MasterKeys| { let database = instance.test.database.clone(); async move { count_keys(&database, &masters).await.unwrap() } };
        assert_eq!(count(both.clone()).await, KeyCount { current: 1, previous: 1, other: 0 });
        assert_eq!(count(masters(KEY, None)).await, KeyCount { current: 1, previous: 0, other: 1 });
        // Servers that have both go on; one that has the old key alone says no where it cannot, and breaks nothing.
        let halfway = services_with(&instance, both.clone()).await;
        assert_eq!(sign(&halfway.config().keys), signature);
        let old = services_with(&instance, masters(KEY, None)).await;
        assert!(embed_key(&old, &instance, "Second").await.is_err());

        assert_eq!(rotate_keys(&server, &both).await.unwrap(), 1);
        assert_eq!(rotate_keys(&server, &both).await.unwrap(), 0);
        let after = open(&instance, masters(NEXT, None)).await.unwrap();
        assert_eq!(sign(&after), signature);
        assert!(matches!(open(&instance, masters(KEY, None)).await, Err(KeyringError::OtherMaster)));
        let new = services_with(&instance, masters(NEXT, None)).await;
        embed_key(&new, &instance, "Second").await.unwrap();
        let rows = wrapped(&instance).await;
        assert!(rows.iter().zip(&before).all(|(row, before)| row.wrapped != before.wrapped && row.master != before.master));
    }

    async fn a_database_from_before_data_keys_goes_on_with_what_it_signed(test: TestDatabase) {
        let instance = Instance::new(test).await;
        data_key::Entity::delete_many().exec(instance.test.database.writer()).await.unwrap();
        let keys = open(&instance, masters(KEY, None)).await.unwrap();
        let master = SecretKey::parse(KEY).unwrap();
        assert_eq!(keys.instance().fingerprint(), master.fingerprint());
        // And keeps to it.
        assert_eq!(open(&instance, masters(KEY, None)).await.unwrap().instance().fingerprint(), master.fingerprint());
    }
}
