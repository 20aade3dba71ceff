//! Every id in every path and body, swapped for the same kind of thing in another workspace: not found, and nothing changed
//! on either side.

use http::Method;
use leptos::server_fn::axum::server_fn_paths;
use serde_json::{Value, json};
use server::routes::{Policy, table};
use uuid::Uuid;

use crate::{
    sample::{Body, Sample, sample},
    support::Client,
    world::{Caller, OTHER, W, World},
};

/// What can be seen of a workspace that a request may have changed.
async fn state(client: &Client, workspace: &str) -> Vec<Value> {
    let mut seen = Vec::new();
    for list in [
        "",
        "/members",
        "/groups",
        "/datasets",
        "/folders",
        "/dashboards",
        "/models",
        "/embed-keys",
        "/connections",
    ] {
        seen.push(client.get(&format!("{workspace}{list}")).await.expect(200));
    }
    for dashboard in seen[5]["items"].clone().as_array().unwrap() {
        for part in ["", "/shares", "/embeds", "/access"] {
            let path = format!("{workspace}/dashboards/{}{part}", dashboard["id"].as_str().unwrap());
            seen.push(client.get(&path).await.expect(200));
        }
    }
    seen
}

/// What stands for `id` in the other workspace: by the name of its field, or by what comes before it in the path.
fn theirs<'a>(world: &'a World, noun: &str) -> Option<&'a str> {
    let outside = &world.outside;
    match noun {
        "dashboard" | "dashboards" => Some(&outside.dashboard),
        "dataset" | "datasets" | "replace" => Some(&outside.dataset),
        "folder" | "folders" | "parent" => Some(&outside.folder),
        "upload" | "uploads" => Some(&outside.upload),
        "share" | "shares" => Some(&outside.share),
        "embed" | "embeds" => Some(&outside.embed),
        "kid" | "embed-key" | "embed-keys" => Some(&outside.embed_key.0),
        "connection" | "connections" => Some(&outside.connection),
        "file" => Some(&outside.database_file),
        "user" | "member" | "members" => Some(&outside.viewer),
        _ => None,
    }
}

/// The path with each of its ids at a time swapped.
fn swapped_paths(world: &World, path: &str) -> Vec<String> {
    let parts: Vec<&str> = path.split('/').collect();
    let swap = |at: usize| {
        let theirs = theirs(world, parts[at - 1])?;
        let mut parts = parts.clone();
        parts[at] = theirs;
        Some(parts.join("/"))
    };
    let ids = (1..parts.len()).filter(|at| parts[*at].parse::<Uuid>().is_ok());
    ids.filter_map(swap).collect()
}

/// The body with each of its ids at a time swapped; `noun` says what a bare `id` is of.
fn swapped_bodies(world: &World, body: &Value, noun: &str) -> Vec<Value> {
    fn places(value: &Value, name: &str, at: &str, out: &mut Vec<(String, String)>) {
        match value {
            Value::String(text) if text.parse::<Uuid>().is_ok() => out.push((at.to_owned(), name.to_owned())),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    places(item, name, &format!("{at}/{index}"), out);
                }
            }
            Value::Object(fields) => {
                for (name, field) in fields {
                    let escaped = name.replace('~', "~0").replace('/', "~1");
                    places(field, name, &format!("{at}/{escaped}"), out);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let mut found = Vec::new();
    places(body, "", "", &mut found);
    let swap = |(pointer, name): &(String, String)| {
        let name = if pointer == "/id" { noun } else { name.as_str() };
        let theirs = theirs(world, name)?;
        let mut body = body.clone();
        *body.pointer_mut(pointer).unwrap() = Value::String(theirs.to_owned());
        Some(body)
    };
    found.iter().filter_map(swap).collect()
}

/// All requests that name something of the workspace, each with one name swapped.
async fn requests(world: &World, owner: &Client) -> Vec<(String, Sample)> {
    let mut rows: Vec<(Method, String)> = table()
        .into_iter()
        .filter(|route| matches!(route.policy, Policy::Member(_)))
        .map(|route| (route.method.clone(), route.path.to_owned()))
        .collect();
    rows.extend(server_fn_paths().map(|(path, method)| (method, path.to_owned())));
    let mut requests = Vec::new();
    for (method, template) in rows {
        let whole = sample(world, owner, &method, &template).await;
        let label = format!("{method} {template}");
        for path in swapped_paths(world, &whole.path) {
            requests.push((
                format!("{label} as {path}"),
                Sample {
                    path,
                    method: method.clone(),
                    body: whole.body.clone(),
                },
            ));
        }
        let noun = template
            .strip_prefix("/api/fn/")
            .and_then(|name| name.split('/').next());
        if let Body::Json(body) = &whole.body {
            for body in swapped_bodies(world, body, noun.unwrap_or_default()) {
                requests.push((
                    format!("{label} with {body}"),
                    Sample {
                        path: whole.path.clone(),
                        method: method.clone(),
                        body: Body::Json(body),
                    },
                ));
            }
        }
    }
    requests.push((
        "a dashboard over another's dataset".to_owned(),
        Sample {
            method: Method::POST,
            path: format!("{W}/dashboards"),
            body: Body::Json(json!({"title": "Theirs", "dataset": world.outside.dataset})),
        },
    ));
    requests
}

testkit::for_each_database! {
    async fn another_workspaces_ids_name_nothing(test: TestDatabase) {
        let world = World::new(test).await;
        let owner = world.client(Caller::Owner).await;
        let olga = world.client(Caller::Outsider).await;
        let requests = requests(&world, &owner).await;
        assert!(requests.len() > 60, "only {} requests name anything", requests.len());
        let (ours, theirs) = (state(&owner, W).await, state(&olga, OTHER).await);
        let mut wrong = Vec::new();
        for (label, request) in &requests {
            let reply = request.send(&owner).await;
            if reply.status != 404 {
                wrong.push(format!("{label}: {} {}", reply.status, reply.text()));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert_eq!(state(&owner, W).await, ours);
        assert_eq!(state(&olga, OTHER).await, theirs);
    }
}
