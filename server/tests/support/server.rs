use std::{net::SocketAddr, path::PathBuf};

use http::header;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use server::{
    AppState, Instance,
    config::{Limits, Settings, Source},
    net, router,
};
use services::{Clock, secrets::SecretKey, setup::SetupService};
use shared::{ids::RequestId, permission::Principal};
use tempfile::TempDir;
use testkit::TestDatabase;
use tokio::net::TcpListener;
use uuid::Uuid;

use super::Client;

pub const KEY: &str = "q8Zr2mN5vX1cB7kJ4hG6fD9wA3pO0iUy";
pub const PASSWORD: &str = "a long enough passphrase 7";

/// A server on a free port of this machine, over a private database and data folder. It ends with the test.
pub struct TestServer {
    pub address: SocketAddr,
    pub instance: Instance,
    shutdown: net::Shutdown,
    _data: TempDir,
    _database: TestDatabase,
}

impl TestServer {
    pub async fn start(database: TestDatabase) -> Self {
        Self::start_with(database, &[]).await
    }

    /// With more settings, as the environment would have them.
    pub async fn start_with(database: TestDatabase, more: &[(&'static str, &str)]) -> Self {
        Self::start_by(database, more, Clock::system()).await
    }

    /// By another clock than the machine's.
    pub async fn start_by(database: TestDatabase, more: &[(&'static str, &str)], clock: Clock) -> Self {
        Self::start_in(TempDir::new().unwrap(), database, more, clock).await
    }

    /// Over a data folder that may hold something already.
    pub async fn start_in(data: TempDir, database: TestDatabase, more: &[(&'static str, &str)], clock: Clock) -> Self {
        Self::start_as(data, database, more, clock, |_| ()).await
    }

    /// With limits that no operator sets, such as times short enough to wait for.
    pub async fn start_within(
        database: TestDatabase,
        more: &[(&'static str, &str)],
        change: impl FnOnce(&mut Limits),
    ) -> Self {
        Self::start_as(TempDir::new().unwrap(), database, more, Clock::system(), change).await
    }

    async fn start_as(
        data: TempDir,
        database: TestDatabase,
        more: &[(&'static str, &str)],
        clock: Clock,
        change: impl FnOnce(&mut Limits),
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut pairs = vec![
            ("DATABASE_URL", database.url.clone()),
            ("SIGHTLINE_WORKERS", "2".to_owned()),
        ];
        pairs.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let source = Source::from_environment(pairs);
        let mut settings =
            Settings::from_source(&source, Some(data.path().to_owned()), Some(address.to_string())).unwrap();
        change(&mut settings.limits);
        let worker = || Ok(PathBuf::from(env!("CARGO_BIN_EXE_sightline")));
        let key = SecretKey::parse(KEY).unwrap();
        let instance = Instance::with_keys(settings, key, clock, worker).await.unwrap();
        let state = AppState::new(instance.services.clone(), instance.settings.clone());
        let shutdown = net::Shutdown::default();
        let entrance = net::Entrance {
            listener,
            limits: instance.settings.limits,
            proxies: instance.settings.trusted_proxies.clone(),
            tls: None,
        };
        tokio::spawn(net::serve(entrance, router(state), shutdown.clone()));
        Self {
            address,
            instance,
            shutdown,
            _data: data,
            _database: database,
        }
    }

    /// A visitor without credentials.
    pub fn visitor(&self) -> Client {
        Client::new(self.address)
    }

    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    pub async fn setup_token(&self) -> String {
        let setup = SetupService::new(
            &self.instance.services,
            Principal::Anonymous,
            RequestId::from(Uuid::now_v7()),
        );
        setup.begin().await.unwrap().expect("an empty instance")
    }

    /// The first admin in a browser: with a session, and the header browsers prove their own site with.
    pub async fn owner(&self) -> Client {
        let visitor = self.visitor().with("origin", &self.origin());
        let body = json!({"token": self.setup_token().await, "email": "ann@example.org", "name": "Ann", "password": PASSWORD, "workspace": "Acme"});
        let reply = visitor.post("/api/v1/setup", &body).await;
        let cookie = cookie(&reply);
        reply.expect(201);
        visitor.with("cookie", &cookie)
    }

    /// The same person as a program, with every scope.
    pub async fn program(&self) -> Client {
        let owner = self.owner().await;
        let body = json!({"name": "Tests", "scopes": ["read", "write", "share", "manage"]});
        let made = owner.post("/api/v1/tokens", &body).await.expect(201);
        self.visitor()
            .with("authorization", &format!("Bearer {}", made["token"].as_str().unwrap()))
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.shutdown.start();
    }
}

/// `name=value` of the cookie a reply sets.
pub fn cookie(reply: &super::Reply) -> String {
    let set = reply
        .headers
        .get(header::SET_COOKIE)
        .expect("a cookie")
        .to_str()
        .unwrap();
    set.split(';').next().unwrap().to_owned()
}

/// A small file: 5 rows, one without an amount.
pub const ORDERS: &[u8] = b"order_date,region,amount\n2026-01-02,EU,10\n2026-01-03,US,20.5\n2026-02-01,EU,\n2026-02-10,EU,4\n2026-03-01,APAC,1\n";

/// Uploads `ORDERS` and gives its description.
pub async fn orders(client: &Client) -> Value {
    client
        .upload("/api/v1/workspaces/acme/datasets", "orders.csv", ORDERS, None)
        .await
        .expect(201)
}

/// A SQLite database with one table.
pub async fn sqlite_database() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.db");
    let made = sea_orm::Database::connect(format!("sqlite:{}?mode=rwc", path.display()))
        .await
        .unwrap();
    made.execute_unprepared(
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, amount REAL); INSERT INTO orders VALUES (1, 2.5)",
    )
    .await
    .unwrap();
    made.close().await.unwrap();
    std::fs::read(path).unwrap()
}
