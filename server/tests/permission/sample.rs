//! For each route and server function an address and a body that its rightful caller gets a good answer for. What a row
//! changes or ends is made for that one request, so that no cell sees what another did.

use http::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    support::{
        Client, Reply,
        client::form,
        server::{ORDERS, sqlite_database},
    },
    world::{self, World, text},
};

pub const FILTER: &str = "01900000-0000-7000-8000-000000000003";
/// Of the same dashboard.
pub const TILE: &str = "01900000-0000-7000-8000-000000000002";
/// An id that nothing has.
const NOTHING: &str = "01900000-0000-7000-8000-0000000000ff";

/// One request, but for who sends it.
#[derive(Debug)]
pub struct Sample {
    pub method: Method,
    pub path: String,
    pub body: Body,
}

#[derive(Clone, Debug)]
pub enum Body {
    None,
    Json(Value),
    /// A file of this name.
    File(&'static str, Vec<u8>),
}

impl Sample {
    pub async fn send(&self, client: &Client) -> Reply {
        let (kind, bytes) = match &self.body {
            Body::None => (None, Vec::new()),
            Body::Json(value) => (Some("application/json"), value.to_string().into_bytes()),
            Body::File(name, bytes) => (Some("multipart/form-data; boundary=edge"), form(name, bytes, None)),
        };
        client.send(self.method.clone(), &self.path, kind, bytes).await
    }
}

/// A sample for the row `METHOD template`.
///
/// # Panics
/// For a row that has none: whoever adds a route says here how it is called.
pub async fn sample(world: &World, client: &Client, method: &Method, template: &str) -> Sample {
    let (path, body) = match template.strip_prefix("/api/fn/") {
        Some(function) => (
            template.to_owned(),
            Body::Json(arguments(world, client, function).await),
        ),
        None => request(world, client, method, template).await,
    };
    Sample {
        method: method.clone(),
        path,
        body,
    }
}

async fn request(world: &World, client: &Client, method: &Method, template: &str) -> (String, Body) {
    let Some(rest) = template.strip_prefix("/api/v1/workspaces/{w}") else {
        return outside_workspaces(world, method, template).await;
    };
    let fixed = &world.fixed;
    let changes = *method != Method::GET;
    let mut address = world::W.to_owned();
    if rest.is_empty() && *method == Method::DELETE {
        address = world.workspace().await;
    }
    let mut path = rest.to_owned();
    let mut fill = |name: &str, value: &str| path = path.replace(&format!("{{{name}}}"), value);
    if rest.starts_with("/dashboards/{id}") {
        let id = if changes {
            world::dashboard(&world.ann, world::W, &fixed.model).await
        } else {
            fixed.dashboard.clone()
        };
        fill("id", &id);
        if rest.ends_with("{share}") {
            let shares = format!("{}/dashboards/{id}/shares", world::W);
            let share = if changes {
                text(&world.ann.post(&shares, &json!({})).await.expect(201), "/id")
            } else {
                fixed.share.clone()
            };
            fill("share", &share);
        }
        if rest.ends_with("{embed}") {
            let embeds = format!("{}/dashboards/{id}/embeds", world::W);
            let embed = if changes {
                let body = json!({"origins": ["https://host.example"]});
                text(&world.ann.post(&embeds, &body).await.expect(201), "/id")
            } else {
                fixed.embed.clone()
            };
            fill("embed", &embed);
        }
        if rest.ends_with("/restore") {
            let binned = format!("{}/dashboards/{id}", world::W);
            world.ann.delete(&binned).await.expect(204);
        }
    } else if rest.starts_with("/datasets/{id}") {
        let id = if changes {
            text(&world::dataset(&world.ann).await, "/id")
        } else {
            fixed.dataset.clone()
        };
        fill("id", &id);
    } else if rest.starts_with("/folders/{id}") {
        let id = new_folder(world).await;
        fill("id", &id);
    } else if rest.starts_with("/uploads/{id}") {
        fill("id", &own_upload(world, client).await);
    } else if rest.starts_with("/members/{user}") {
        let user = if changes {
            new_member(world).await
        } else {
            fixed.viewer.clone()
        };
        fill("user", &user);
    } else if rest.starts_with("/groups/{group}") {
        let group = new_group(world).await;
        if *method == Method::DELETE {
            let place = format!("{}/groups/{group}", world::W);
            world.ann.put(&place, &json!({"role": "viewer"})).await.expect(200);
        }
        fill("group", &group);
    } else if rest == "/invites/{id}" {
        fill("id", &open_invite(world).await);
    } else if rest.starts_with("/models/{name}") {
        fill("name", &fixed.model);
    } else if rest.starts_with("/connections/{id}") {
        let id = if *method == Method::DELETE {
            new_connection(world).await
        } else {
            fixed.connection.clone()
        };
        fill("id", &id);
    } else if rest.starts_with("/embed-keys") {
        leave_room_for_a_key(world).await;
        if rest.ends_with("{kid}") {
            fill("kid", &new_key(world).await);
        }
    } else {
        fill("id", NOTHING);
    }
    let query = match rest {
        "/query/fields" => format!("?model={}", fixed.model),
        "/query/values" => format!("?model={0}&field={0}.region", fixed.model),
        "/models/{name}/join-proposals" => format!("?dataset={}", fixed.model),
        _ => String::new(),
    };
    let body = workspace_body(world, method, rest).await;
    (format!("{address}{path}{query}"), body)
}

/// Bodies of the routes under a workspace.
async fn workspace_body(world: &World, method: &Method, rest: &str) -> Body {
    let fixed = &world.fixed;
    let model = &fixed.model;
    let query = json!({"model": model, "dimensions": [format!("{model}.region")]});
    let body = match (method.as_str(), rest) {
        ("GET" | "DELETE", _) => return Body::None,
        ("POST", "/datasets" | "/uploads") | ("PUT", "/datasets/{id}/file") => {
            return Body::File("orders.csv", ORDERS.to_vec());
        }
        ("PUT", "") => json!({"title": "Acme"}),
        ("POST", "/query" | "/query/explain" | "/query/stream") => query,
        ("POST", "/query/batch") => json!({"queries": [query]}),
        ("POST", "/members") => json!({"email": world.account().await, "role": "viewer"}),
        ("PUT", "/members/{user}" | "/groups/{group}") | ("POST", "/invites") => json!({"role": "viewer"}),
        ("PUT", "/dashboards/{id}/access" | "/datasets/{id}/access") => {
            json!({"restricted": false, "grants": [{"to": {"user": fixed.viewer}, "role": "viewer"}]})
        }
        ("POST", "/dashboards") => json!({"title": "New", "model": model, "folder": fixed.folder}),
        ("PUT", "/dashboards/{id}") => {
            let dashboard = format!("{}/dashboards/{}", world::W, fixed.dashboard);
            world.ann.get(&dashboard).await.expect(200)["document"].clone()
        }
        ("POST", "/dashboards/{id}/data") => json!({"state": {}}),
        ("POST", "/dashboards/{id}/values") => json!({"filter": FILTER}),
        ("POST", "/dashboards/{id}/duplicate") => json!({"title": "Copy", "folder": fixed.folder}),
        ("PUT", "/dashboards/{id}/folder") => json!({"folder": fixed.folder}),
        ("POST", "/dashboards/{id}/ops") => one_action(),
        ("POST", "/dashboards/{id}/publish" | "/dashboards/{id}/restore") => return Body::None,
        ("POST", "/dashboards/{id}/shares") => json!({"name": "For all"}),
        ("PUT", "/dashboards/{id}/shares/{share}") => json!({"paused": true}),
        ("POST", "/dashboards/{id}/embeds") => json!({"origins": ["https://host.example"]}),
        ("POST", "/embed-keys") => json!({"name": "Second"}),
        ("POST", "/folders") => json!({"title": format!("Folder {}", world.number()), "parent": fixed.folder}),
        ("PUT", "/folders/{id}") => json!({"title": format!("Folder {}", world.number()), "parent": fixed.folder}),
        ("POST", "/connections/files") => return Body::File("shop.db", sqlite_database().await),
        ("POST", "/connections" | "/connections/test" | "/connections/{id}/test") => connection_input(world),
        ("PUT", "/connections/{id}") => json!({"kind": "sqlite", "name": "shop"}),
        ("POST", "/connections/{id}/model") => json!({"tables": ["orders"]}),
        ("PUT", "/datasets/{id}") => json!({"label": "Orders of the year"}),
        ("POST", "/uploads/{id}/preview") => json!({}),
        ("POST", "/uploads/{id}/load") => json!({"name": "Loaded", "replace": fixed.dataset}),
        ("PUT", "/models/{name}") | ("POST", "/models/{name}/validate") => model_document(world).await,
        _ => panic!("{method} …{rest} has no sample here"),
    };
    Body::Json(body)
}

async fn outside_workspaces(world: &World, method: &Method, template: &str) -> (String, Body) {
    let fixed = &world.fixed;
    let password = crate::support::server::PASSWORD;
    let tiles = Body::Json(json!({"state": {}}));
    let values = Body::Json(json!({"filter": FILTER}));
    let body = match (method.as_str(), template) {
        ("POST", "/api/v1/session") => Body::Json(json!({"email": "vera@example.org", "password": password})),
        ("POST", "/api/v1/session/factor" | "/api/v1/me/factors/totp/confirmation") => {
            Body::Json(json!({"code": "not one"}))
        }
        ("POST", "/api/v1/session/passkey") => Body::Json(json!({})),
        ("POST", "/api/v1/me/confirmation") => Body::Json(json!({"password": password})),
        ("POST", "/api/v1/me/passkeys") => Body::Json(json!({"name": "Phone", "credential": {}})),
        ("PUT", "/api/v1/me/passkeys/{id}") => Body::Json(json!({"name": "Phone"})),
        ("PUT", "/api/v1/people/{user}") => Body::Json(json!({"platform_role": "developer"})),
        ("PUT", "/api/v1/settings/sign-in") => Body::Json(json!({"second_factor": "nobody"})),
        ("POST", "/api/v1/resets") => Body::Json(json!({"email": "nobody@example.org"})),
        ("POST", "/api/v1/resets/{token}") => Body::Json(json!({"password": "four walls of plaster"})),
        (
            "POST",
            "/api/v1/session/factor/passkey"
            | "/api/v1/session/passkey/options"
            | "/api/v1/me/confirmation/passkey"
            | "/api/v1/me/factors/totp"
            | "/api/v1/me/factors/recovery-codes"
            | "/api/v1/me/passkeys/options"
            | "/api/v1/people/{user}/reset-link",
        ) => Body::None,
        ("POST", "/api/v1/session/link") => Body::Json(json!({"token": "not a link of the console"})),
        ("PUT", "/api/v1/me") => Body::Json(json!({"preferences": {"theme": "auto"}})),
        ("PUT", "/api/v1/me/password") => Body::Json(json!({"current": "not the one", "new": "four walls of plaster"})),
        ("POST", "/api/v1/setup") => Body::Json(json!({
            "token": "not a link of the console", "email": "x@example.org", "name": "X", "password": password,
            "workspace": "X",
        })),
        ("POST", "/api/v1/tokens") => Body::Json(json!({"name": "Program"})),
        ("POST", "/api/v1/groups") | ("PUT", "/api/v1/groups/{group}") => {
            Body::Json(json!({"name": format!("Group {}", world.number())}))
        }
        ("PUT", "/api/v1/groups/{group}/people/{user}") => Body::None,
        ("POST", "/api/v1/workspaces") => Body::Json(json!({"title": format!("Made {}", world.number())})),
        ("POST", "/api/v1/invites/{token}") => Body::Json(json!({})),
        ("POST", "/s/{token}/data") | ("POST", "/embed/d/{id}/data") => tiles,
        ("POST", "/s/{token}/values") | ("POST", "/embed/d/{id}/values") => values,
        ("POST", "/embed/d/{id}/renew") => Body::Json(json!({"ticket": world.ticket()})),
        ("GET" | "DELETE" | "HEAD", _) => Body::None,
        _ => panic!("{method} {template} has no sample here"),
    };
    let path = match template {
        "/api/v1/setup" if *method == Method::GET => format!("{template}?token=unknown"),
        "/api/v1/sessions/{id}" => template.replace("{id}", &world.session_of_owner().await),
        "/api/v1/tokens/{id}" => template.replace("{id}", &world.token_of_owner().await),
        "/api/v1/me/passkeys/{id}" => template.replace("{id}", NOTHING),
        "/api/v1/resets/{token}" => {
            let person = world.person().await;
            let link = format!("/api/v1/people/{person}/reset-link");
            let made = world.ann.post(&link, &Value::Null).await.expect(201);
            template.replace("{token}", text(&made, "/url").rsplit('/').next().unwrap())
        }
        path if path.starts_with("/api/v1/groups/{group}") => {
            let (group, person) = (new_group(world).await, world.person().await);
            if path.ends_with("/people/{user}") && *method == Method::DELETE {
                let joined = format!("/api/v1/groups/{group}/people/{person}");
                world.ann.put(&joined, &Value::Null).await.expect(200);
            }
            path.replace("{group}", &group).replace("{user}", &person)
        }
        path if path.starts_with("/api/v1/people/{user}") => path.replace("{user}", &world.person().await),
        "/api/v1/invites/{token}" => template.replace("{token}", &new_invite(world).await),
        path if path.starts_with("/s/{token}") => {
            let query = if path.ends_with("/csv") {
                "?tile=01900000-0000-7000-8000-000000000002"
            } else {
                ""
            };
            format!("{}{query}", path.replace("{token}", &fixed.share_token))
        }
        path if path.starts_with("/embed/d/{id}") => {
            let query = if path.ends_with("/csv") {
                "?tile=01900000-0000-7000-8000-000000000002"
            } else {
                ""
            };
            format!("{}{query}", path.replace("{id}", &fixed.embed))
        }
        path => path.replace("{*path}", "none.js"),
    };
    (path, body)
}

/// Arguments of the server functions.
async fn arguments(world: &World, client: &Client, function: &str) -> Value {
    let fixed = &world.fixed;
    let (workspace, model) = ("acme", &fixed.model);
    let query = json!({"model": model, "dimensions": [format!("{model}.region")]});
    let new_dashboard = || world::dashboard(&world.ann, world::W, model);
    match function {
        "account/me" | "account/tokens" | "usage/get" => json!({}),
        "audit/list" => json!({"workspace": workspace, "query": {}, "cursor": null}),
        "setup/check" => json!({"token": "not a link of the console"}),
        "account/update" => json!({"update": {"preferences": {"theme": "auto"}}}),
        "account/token-create" => json!({"create": {"name": "Program"}}),
        "account/token-revoke" => json!({"id": world.token_of_owner().await}),
        "account/reset" => {
            let link = format!("/api/v1/people/{}/reset-link", world.person().await);
            let made = world.ann.post(&link, &Value::Null).await.expect(201);
            json!({"token": text(&made, "/url").rsplit('/').next().unwrap()})
        }
        "account/invite" => json!({"token": new_invite(world).await}),
        "member/list" | "invite/list" => json!({"workspace": workspace}),
        "member/add" => {
            json!({"workspace": workspace, "add": {"email": world.account().await, "role": "viewer"}})
        }
        "member/update" => {
            json!({"workspace": workspace, "user": new_member(world).await, "update": {"role": "editor"}})
        }
        "member/remove" => json!({"workspace": workspace, "user": new_member(world).await}),
        "invite/create" => json!({"workspace": workspace, "new": {"role": "viewer"}}),
        "invite/revoke" => json!({"workspace": workspace, "id": open_invite(world).await}),
        "workspace/create" => json!({"create": {"title": format!("Made {}", world.number())}}),
        "connection/get" => json!({"workspace": workspace, "id": fixed.connection}),
        "connection/schema" => json!({"workspace": workspace, "id": fixed.connection, "fresh": false}),
        "connection/test" | "connection/save" => {
            json!({"workspace": workspace, "id": null, "input": connection_input(world)})
        }
        "connection/delete" => json!({"workspace": workspace, "id": new_connection(world).await}),
        "connection/model" => {
            json!({"workspace": workspace, "id": fixed.connection, "tables": ["orders"], "name": format!("Model {}", world.number())})
        }
        "connection/list" | "dashboard/list" | "dataset/list" | "dataset/limit" | "embed-key/list" | "demo/add" => {
            json!({"workspace": workspace})
        }
        "dashboard/create" => json!({"workspace": workspace, "title": "New", "model": model, "folder": fixed.folder}),
        "dashboard/draft" | "dashboard/history" => json!({"workspace": workspace, "id": fixed.dashboard}),
        "dashboard/read" => json!({"workspace": workspace, "id": fixed.dashboard, "query": ""}),
        "dashboard/actions" => json!({"workspace": workspace, "id": fixed.dashboard, "since": 0}),
        "dashboard/tiles" => json!({"workspace": workspace, "id": fixed.dashboard, "tiles": {"state": {}}}),
        "dashboard/records" => {
            json!({"workspace": workspace, "id": fixed.dashboard, "asked": {"tile": TILE}})
        }
        "dashboard/computed" => {
            json!({"workspace": workspace, "id": fixed.dashboard, "tile": TILE, "state": {}})
        }
        "dashboard/values" => {
            json!({"workspace": workspace, "id": fixed.dashboard, "asked": {"filter": FILTER, "search": "", "state": {}}})
        }
        "dashboard/ops" => {
            json!({"workspace": workspace, "id": new_dashboard().await, "ops": one_action()})
        }
        "dashboard/publish" | "dashboard/delete" => json!({"workspace": workspace, "id": new_dashboard().await}),
        "dashboard/restore" => {
            let id = new_dashboard().await;
            world
                .ann
                .delete(&format!("{}/dashboards/{id}", world::W))
                .await
                .expect(204);
            json!({"workspace": workspace, "id": id})
        }
        "dashboard/duplicate" | "dashboard/rename" => {
            json!({"workspace": workspace, "id": new_dashboard().await, "title": "Other name"})
        }
        "dashboard/move" => json!({"workspace": workspace, "id": new_dashboard().await, "folder": fixed.folder}),
        "folder/create" => json!({"workspace": workspace, "title": format!("Folder {}", world.number())}),
        "folder/delete" => json!({"workspace": workspace, "id": new_folder(world).await}),
        "dataset/profile" => json!({"workspace": workspace, "id": fixed.dataset}),
        "dataset/rows" => json!({"workspace": workspace, "id": fixed.dataset, "offset": 0, "limit": 5}),
        "dataset/delete" => {
            json!({"workspace": workspace, "id": text(&world::dataset(&world.ann).await, "/id")})
        }
        "dataset/status" | "dataset/cancel" => {
            json!({"workspace": workspace, "upload": own_upload(world, client).await})
        }
        "dataset/preview" => {
            json!({"workspace": workspace, "upload": own_upload(world, client).await, "options": {}})
        }
        "dataset/load" => json!({
            "workspace": workspace, "upload": own_upload(world, client).await, "name": "Loaded", "options": {}, "replace": fixed.dataset,
        }),
        "share/list" | "embed/list" => json!({"workspace": workspace, "dashboard": fixed.dashboard}),
        "share/create" => json!({"workspace": workspace, "dashboard": fixed.dashboard, "create": {"name": "For all"}}),
        "share/update" => json!({
            "workspace": workspace, "dashboard": fixed.dashboard, "id": fixed.share, "update": {"name": "Renamed"},
        }),
        "share/revoke" => {
            let shares = format!("{}/dashboards/{}/shares", world::W, fixed.dashboard);
            let made = world.ann.post(&shares, &json!({})).await.expect(201);
            json!({"workspace": workspace, "dashboard": fixed.dashboard, "id": text(&made, "/id")})
        }
        "embed/create" => json!({
            "workspace": workspace, "dashboard": fixed.dashboard, "create": {"origins": ["https://host.example"]},
        }),
        "embed/delete" => {
            let embeds = format!("{}/dashboards/{}/embeds", world::W, fixed.dashboard);
            let body = json!({"origins": ["https://host.example"]});
            let made = world.ann.post(&embeds, &body).await.expect(201);
            json!({"workspace": workspace, "dashboard": fixed.dashboard, "id": text(&made, "/id")})
        }
        "embed-key/create" => {
            leave_room_for_a_key(world).await;
            json!({"workspace": workspace, "create": {"name": "Second"}})
        }
        "embed-key/revoke" => {
            leave_room_for_a_key(world).await;
            json!({"workspace": workspace, "kid": new_key(world).await})
        }
        "model/get" => json!({"workspace": workspace, "name": model, "version": null}),
        "model/put" | "model/validate" => json!({"workspace": workspace, "model": model_document(world).await}),
        "model/versions" | "model/rollups" | "model/usage" => json!({"workspace": workspace, "name": model}),
        "model/propose-joins" => json!({"workspace": workspace, "name": model, "dataset": model}),
        "query/batch" => json!({"workspace": workspace, "queries": [query]}),
        "query/explain" => json!({"workspace": workspace, "query": query}),
        "query/values" => {
            json!({"workspace": workspace, "model": model, "field": format!("{model}.region"), "search": ""})
        }
        other => panic!("the server function {other} has no sample here"),
    }
}

async fn model_document(world: &World) -> Value {
    let path = format!("{}/models/{}", world::W, world.fixed.model);
    world.ann.get(&path).await.expect(200)
}

/// An edit, as the designer sends it.
pub fn one_action() -> Value {
    json!({"base": 0, "actions": [{
        "id": Uuid::now_v7(), "actor": Uuid::nil(), "at": "2026-01-01T00:00:00Z", "name": "Set the time zone",
        "ops": [{"set": {"kind": "document", "id": Uuid::nil(), "path": ["time_zone"], "value": "Europe/Berlin"}}],
    }]})
}

/// An upload is its sender's alone: the caller's own, or Ann's where the caller may send none.
async fn own_upload(world: &World, client: &Client) -> String {
    let path = format!("{}/uploads", world::W);
    let sent = client.upload(&path, "orders.csv", ORDERS, None).await;
    if sent.status == 201 {
        text(&sent.json(), "/upload")
    } else {
        world::upload(&world.ann, world::W).await
    }
}

fn connection_input(world: &World) -> Value {
    json!({"kind": "sqlite", "name": format!("Database {}", world.number()), "file": world.fixed.database_file})
}

async fn new_connection(world: &World) -> String {
    let name = format!("Database {}", world.number());
    world::connection(&world.ann, world::W, &name, &world.fixed.database_file).await
}

async fn new_folder(world: &World) -> String {
    let body = json!({"title": format!("Folder {}", world.number())});
    text(
        &world
            .ann
            .post(&format!("{}/folders", world::W), &body)
            .await
            .expect(201),
        "/id",
    )
}

async fn new_member(world: &World) -> String {
    let body = json!({"email": world.account().await, "role": "viewer"});
    text(
        &world
            .ann
            .post(&format!("{}/members", world::W), &body)
            .await
            .expect(201),
        "/user",
    )
}

/// An empty group; its id.
async fn new_group(world: &World) -> String {
    let body = json!({"name": format!("Group {}", world.number())});
    text(&world.ann.post("/api/v1/groups", &body).await.expect(201), "/id")
}

/// An invitation that nobody has taken up; its id.
async fn open_invite(world: &World) -> String {
    let list = format!("{}/invites", world::W);
    world.ann.post(&list, &json!({"role": "viewer"})).await.expect(201);
    text(&world.ann.get(&list).await.expect(200), "/items/0/id")
}

/// To another workspace: whoever takes it up must not change the rows that follow.
async fn new_invite(world: &World) -> String {
    let workspace = world.workspace().await;
    let made = world
        .ann
        .post(&format!("{workspace}/invites"), &json!({"role": "viewer"}))
        .await
        .expect(201);
    text(&made, "/url").rsplit('/').next().unwrap().to_owned()
}

async fn new_key(world: &World) -> String {
    let made = world
        .ann
        .post(&format!("{}/embed-keys", world::W), &json!({"name": "Second"}))
        .await
        .expect(201);
    text(&made, "/kid")
}

/// A workspace has two live keys at most: ends all but the one that signs the rows' tickets.
async fn leave_room_for_a_key(world: &World) {
    let list = format!("{}/embed-keys", world::W);
    let keys = world.ann.get(&list).await.expect(200);
    for key in keys["items"].as_array().unwrap() {
        let kid = text(key, "/kid");
        if kid != world.fixed.embed_key.0 {
            world.ann.delete(&format!("{list}/{kid}")).await.expect(204);
        }
    }
}
