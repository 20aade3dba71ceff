//! An instance outside this process: its folder, its database and the programs that run on it.

use std::{fs::File, path::PathBuf, process::Command};

use serde_json::json;
use tempfile::TempDir;
use testkit::TestDatabase;

use crate::{
    W,
    proxy::Proxy,
    support::{
        Client,
        process::{Running, SERVE, command, run},
        server::{PASSWORD, orders},
    },
    writers::Ledger,
};

pub const KEY: &str = "q8Zr2mN5vX1cB7kJ4hG6fD9wA3pO0iUy";

/// One dashboard over one dataset, in the workspace *Acme*, written to by one program.
pub struct Site {
    pub folder: TempDir,
    pub database: TestDatabase,
    /// Between server and database, where that is a server.
    pub proxy: Option<Proxy>,
    pub dashboard: String,
    bearer: String,
}

impl Site {
    /// Makes everything, and stops the server it was made with.
    pub async fn new(database: TestDatabase) -> (Self, Ledger) {
        let proxy = match host_of(&database.url) {
            Some(host) => Some(Proxy::start(host.to_owned()).await),
            None => None,
        };
        let mut site = Self {
            folder: TempDir::new().unwrap(),
            database,
            proxy,
            dashboard: String::new(),
            bearer: String::new(),
        };
        let words = |line: &'static str| line.split(' ').collect::<Vec<_>>();
        let create = words("user create --email ann@example.org --role admin --password-stdin");
        run(&mut site.command(&create), &format!("{PASSWORD}\n"));
        let token = words("token create --email ann@example.org --name t --scope read,write,share,manage");
        site.bearer = format!("Bearer {}", run(&mut site.command(&token), "").trim());
        let server = site.start();
        let ann = site.client(&server);
        ann.post("/api/v1/workspaces", &json!({"title": "Acme"}))
            .await
            .expect(201);
        let dataset = orders(&ann).await;
        let create = json!({"title": "Sales", "dataset": dataset["id"]});
        let created = ann.post(&format!("{W}/dashboards"), &create).await.expect(201);
        created["id"].as_str().unwrap().clone_into(&mut site.dashboard);
        let publish = format!("{W}/dashboards/{}/publish", site.dashboard);
        ann.post(&publish, &json!({})).await.expect(200);
        let mut ledger = Ledger::default();
        ledger.datasets.insert(dataset["id"].as_str().unwrap().to_owned(), 5);
        (site, ledger)
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// What the server writes to its log, for a failure that has to be understood.
    pub fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// Of this instance's folder and database.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = command(&self.data(), words);
        command.env("SIGHTLINE_SECRET_KEY", KEY).env("DATABASE_URL", self.url());
        command
    }

    /// By way of the proxy, where there is one.
    pub fn url(&self) -> String {
        match (&self.proxy, host_of(&self.database.url)) {
            (Some(proxy), Some(host)) => self.database.url.replacen(host, &proxy.address.to_string(), 1),
            (Some(_) | None, _) => self.database.url.clone(),
        }
    }

    pub fn start(&self) -> Running {
        let log = File::options().create(true).append(true).open(self.log()).unwrap();
        Running::spawn(self.command(SERVE).stderr(log))
    }

    pub fn client(&self, server: &Running) -> Client {
        Client::new(server.address).with("authorization", &self.bearer)
    }
}

/// `host:port` of a database that is a server.
fn host_of(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("postgres://")?;
    let (_, after_user) = rest.rsplit_once('@').unwrap_or(("", rest));
    after_user.split('/').next()
}
