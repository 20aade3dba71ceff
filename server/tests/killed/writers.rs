//! Programs that write until the server is gone, and note what was acknowledged.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::{
    W,
    support::{Client, Reply, client::form},
};

/// What the server said it had done.
#[derive(Debug, Default)]
pub struct Ledger {
    /// Dataset id → rows.
    pub datasets: HashMap<String, u64>,
    pub actions: Vec<String>,
    /// When a published version was made, which names it.
    pub versions: Vec<String>,
    /// Share id → address.
    pub shares: HashMap<String, String>,
}

/// A request whose connection is cut counts as not acknowledged.
async fn acknowledged(request: impl Future<Output = Reply> + Send + 'static) -> Option<Value> {
    let reply = tokio::spawn(request).await.ok()?;
    reply.status.is_success().then(|| reply.json())
}

pub async fn upload_until_lost(client: Client, round: u32) -> Vec<(String, u64)> {
    let mut done = Vec::new();
    for count in 1..1000_u64 {
        let rows: String = (0..count * 50).map(|row| format!("{row},{round}\n")).collect();
        let body = form(
            &format!("f{round}_{count}.csv"),
            format!("a,b\n{rows}").as_bytes(),
            None,
        );
        let client = client.clone();
        let request = async move {
            client
                .send(
                    http::Method::POST,
                    &format!("{W}/datasets"),
                    Some("multipart/form-data; boundary=edge"),
                    body,
                )
                .await
        };
        let Some(answer) = acknowledged(request).await else {
            break;
        };
        done.push((answer["id"].as_str().unwrap().to_owned(), count * 50));
    }
    done
}

pub async fn act_until_lost(client: Client, dashboard: String) -> Vec<String> {
    let mut done = Vec::new();
    for count in 0..10_000 {
        let id = uuid::Uuid::now_v7().to_string();
        let action = json!({"id": id, "actor": uuid::Uuid::nil(), "at": "2026-01-01T00:00:00Z", "name": "Rename",
            "ops": [{"set": {"kind": "document", "id": uuid::Uuid::nil(), "path": ["title"], "value": format!("Sales {count}")}}]});
        let body = json!({"base": 0, "actions": [action]});
        let (client, path) = (client.clone(), format!("{W}/dashboards/{dashboard}/ops"));
        let Some(_) = acknowledged(async move { client.post(&path, &body).await }).await else {
            break;
        };
        done.push(id);
    }
    done
}

pub async fn publish_until_lost(client: Client, dashboard: String) -> Vec<String> {
    let mut done = Vec::new();
    for _ in 0..10_000 {
        let (client, path) = (client.clone(), format!("{W}/dashboards/{dashboard}/publish"));
        let Some(version) = acknowledged(async move { client.post(&path, &json!({})).await }).await else {
            break;
        };
        done.push(version["published_at"].as_str().unwrap().to_owned());
    }
    done
}

pub async fn share_until_lost(client: Client, dashboard: String) -> Vec<(String, String)> {
    let mut done = Vec::new();
    for _ in 0..10_000 {
        let (client, path) = (client.clone(), format!("{W}/dashboards/{dashboard}/shares"));
        let Some(share) = acknowledged(async move { client.post(&path, &json!({})).await }).await else {
            break;
        };
        let text = |name: &str| share[name].as_str().unwrap().to_owned();
        done.push((text("id"), text("url")));
    }
    done
}
