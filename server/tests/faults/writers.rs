//! Programs that write until they are told to stop, and note what was acknowledged.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::{
    W,
    support::{Client, Reply, client::form},
};

/// What the server said it had done.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// Dataset id → rows.
    pub datasets: HashMap<String, u64>,
    pub actions: Vec<String>,
    /// When a published version was made, which names it.
    pub versions: Vec<String>,
    /// Share id → address.
    pub shares: HashMap<String, String>,
}

impl Ledger {
    pub fn len(&self) -> usize {
        self.datasets.len() + self.actions.len() + self.versions.len() + self.shares.len()
    }
}

/// Four programs at work on one dashboard.
pub struct Writers {
    ledger: Arc<Mutex<Ledger>>,
    stop: Arc<AtomicBool>,
    at_work: Vec<JoinHandle<()>>,
    /// Answers of 500, which are always a defect.
    broken: Arc<Mutex<Vec<String>>>,
}

/// One of the four.
#[derive(Clone)]
struct Writer {
    client: Client,
    dashboard: String,
    ledger: Arc<Mutex<Ledger>>,
    stop: Arc<AtomicBool>,
    broken: Arc<Mutex<Vec<String>>>,
}

impl Writers {
    /// Adds what is acknowledged to `ledger`.
    pub fn start(client: &Client, dashboard: &str, ledger: Ledger) -> Self {
        let writer = Writer {
            client: client.clone(),
            dashboard: dashboard.to_owned(),
            ledger: Arc::new(Mutex::new(ledger)),
            stop: Arc::default(),
            broken: Arc::default(),
        };
        let at_work = vec![
            tokio::spawn(writer.clone().upload()),
            tokio::spawn(writer.clone().act()),
            tokio::spawn(writer.clone().publish()),
            tokio::spawn(writer.clone().share()),
        ];
        Self {
            ledger: writer.ledger,
            stop: writer.stop,
            broken: writer.broken,
            at_work,
        }
    }

    /// What is acknowledged so far.
    pub fn so_far(&self) -> Ledger {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub async fn stop(self) -> Ledger {
        self.stop.store(true, Ordering::Relaxed);
        for writer in self.at_work {
            writer.await.unwrap();
        }
        let broken = self.broken.lock().unwrap().clone();
        assert_eq!(broken, Vec::<String>::new(), "answers of 500");
        self.ledger.lock().unwrap().clone()
    }
}

impl Writer {
    fn goes_on(&self) -> bool {
        !self.stop.load(Ordering::Relaxed)
    }

    fn note(&self, done: impl FnOnce(&mut Ledger)) {
        done(&mut self.ledger.lock().unwrap());
    }

    /// The answer, where there is one and it says "done". A cut connection and a refusal acknowledge nothing.
    async fn acknowledged(&self, request: impl Future<Output = Reply> + Send + 'static) -> Option<Value> {
        // The client panics when nobody answers; that is no failure of this test.
        let Ok(reply) = tokio::spawn(request).await else {
            tokio::time::sleep(Duration::from_millis(20)).await;
            return None;
        };
        if reply.status.is_success() {
            return Some(reply.json());
        }
        if reply.status == 500 {
            self.broken.lock().unwrap().push(reply.text());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        None
    }

    async fn post(&self, path: &str, body: Value) -> Option<Value> {
        let (client, path) = (self.client.clone(), format!("{W}/dashboards/{}/{path}", self.dashboard));
        self.acknowledged(async move { client.post(&path, &body).await }).await
    }

    async fn upload(self) {
        for count in 1..u64::MAX {
            if !self.goes_on() {
                break;
            }
            let count = count % 40 + 1;
            let rows: String = (0..count * 50).map(|row| format!("{row},{count}\n")).collect();
            let name = format!("f{}.csv", Uuid::now_v7().simple());
            let body = form(&name, format!("a,b\n{rows}").as_bytes(), None);
            let client = self.client.clone();
            let kind = Some("multipart/form-data; boundary=edge");
            let request = async move {
                client
                    .send(http::Method::POST, &format!("{W}/datasets"), kind, body)
                    .await
            };
            if let Some(answer) = self.acknowledged(request).await {
                let id = answer["id"].as_str().unwrap().to_owned();
                self.note(|ledger| {
                    ledger.datasets.insert(id, count * 50);
                });
            }
        }
    }

    async fn act(self) {
        while self.goes_on() {
            let id = Uuid::now_v7().to_string();
            let action = json!({"id": id, "actor": Uuid::nil(), "at": "2026-01-01T00:00:00Z", "name": "Rename",
                "ops": [{"set": {"kind": "document", "id": Uuid::nil(), "path": ["title"], "value": format!("Sales {id}")}}]});
            let done = self.post("ops", json!({"base": 0, "actions": [action]})).await;
            if done.is_some() {
                self.note(|ledger| ledger.actions.push(id));
            }
        }
    }

    async fn publish(self) {
        while self.goes_on() {
            if let Some(version) = self.post("publish", json!({})).await {
                let made = version["published_at"].as_str().unwrap().to_owned();
                self.note(|ledger| ledger.versions.push(made));
            }
        }
    }

    async fn share(self) {
        while self.goes_on() {
            if let Some(share) = self.post("shares", json!({})).await {
                let text = |name: &str| share[name].as_str().unwrap().to_owned();
                let (id, url) = (text("id"), text("url"));
                self.note(|ledger| {
                    ledger.shares.insert(id, url);
                });
            }
        }
    }
}
