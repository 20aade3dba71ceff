//! Two workspaces with people of every kind in and around them, and the credentials each calls with.

use std::{
    net::Ipv4Addr,
    sync::atomic::{AtomicU32, Ordering},
    time::{SystemTime, UNIX_EPOCH},
};

use jsonwebtoken::{EncodingKey, Header};
use sea_orm::{ConnectionTrait as _, DbBackend};
use serde_json::{Value, json};
use services::{
    EmbedService,
    account::{NewUser, create_user},
    session::ClientInfo,
};
use shared::{
    ids::RequestId,
    permission::{PlatformRole, Principal},
};
use testkit::TestDatabase;
use totp_rs::{Builder, Secret};
use uuid::Uuid;

use crate::{
    sample::{FILTER, TILE},
    support::{
        Client, TestServer,
        server::{ORDERS, PASSWORD, cookie, orders, sqlite_database},
    },
};

/// Address of the workspace that the rows are about.
pub const W: &str = "/api/v1/workspaces/acme";
/// Where the outsider is owner.
pub const OTHER: &str = "/api/v1/workspaces/other";

/// The host page of the frame.
const HOST: &str = "https://host.example";

/// Tables that requests touch only when they have named their workspace. The others are read to find it (links, members), or
/// by the instance.
pub const CONTENT: &[&str] = &[
    "datasets",
    "dataset_versions",
    "models",
    "model_versions",
    "folders",
    "dashboards",
    "dashboard_actions",
    "dashboard_snapshots",
    "dashboard_versions",
    "object_grants",
    "embed_keys",
    "embed_tickets",
    "database_files",
    "connections",
];

/// Hides content also from transactions that name no workspace, which real databases do not: a request whose statements
/// forget to stand behind the wall finds nothing, and the tests say so. Nothing on SQLite.
async fn make_strict(test: &TestDatabase) {
    let writer = test.database.writer();
    if writer.get_database_backend() != DbBackend::Postgres {
        return;
    }
    for table in CONTENT {
        let here = "nullif(current_setting('sightline.workspace', true), '')::uuid";
        let strict = format!("ALTER POLICY workspace_wall ON {table} USING (workspace_id = {here})");
        writer.execute_unprepared(&strict).await.unwrap();
    }
}

/// A kind of caller: one column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    Anonymous,
    Viewer,
    Editor,
    Owner,
    /// An Executive who was made owner of the workspace: the platform role cuts that to reading.
    CappedOwner,
    /// Owner of another workspace.
    Outsider,
    /// The four platform roles, members of nothing.
    Admin,
    Analyst,
    Executive,
    Developer,
    /// With a share link's token as bearer.
    Share,
    /// With the bearer of an open frame.
    Embed,
    /// The owner's tokens, one for each scope.
    ReadToken,
    WriteToken,
    ShareToken,
    ManageToken,
}

impl Caller {
    pub const ALL: [Self; 16] = [
        Self::Anonymous,
        Self::Viewer,
        Self::Editor,
        Self::Owner,
        Self::CappedOwner,
        Self::Outsider,
        Self::Admin,
        Self::Analyst,
        Self::Executive,
        Self::Developer,
        Self::Share,
        Self::Embed,
        Self::ReadToken,
        Self::WriteToken,
        Self::ShareToken,
        Self::ManageToken,
    ];

    /// Head of the column.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Anonymous => "anon",
            Self::Viewer => "viewer",
            Self::Editor => "editor",
            Self::Owner => "owner",
            Self::CappedOwner => "capped",
            Self::Outsider => "outsider",
            Self::Admin => "admin",
            Self::Analyst => "analyst",
            Self::Executive => "exec",
            Self::Developer => "develop",
            Self::Share => "share",
            Self::Embed => "embed",
            Self::ReadToken => "t:read",
            Self::WriteToken => "t:write",
            Self::ShareToken => "t:share",
            Self::ManageToken => "t:manage",
        }
    }

    /// The account behind it, and its platform role; `None` where there is none, or where it is the owner's.
    const fn account(self) -> Option<(&'static str, PlatformRole)> {
        match self {
            Self::Viewer => Some(("vera", PlatformRole::Analyst)),
            Self::Editor => Some(("edith", PlatformRole::Analyst)),
            Self::Owner => Some(("oscar", PlatformRole::Analyst)),
            Self::CappedOwner => Some(("carl", PlatformRole::Executive)),
            Self::Outsider => Some(("olga", PlatformRole::Analyst)),
            Self::Admin => Some(("ada", PlatformRole::Admin)),
            Self::Analyst => Some(("alan", PlatformRole::Analyst)),
            Self::Executive => Some(("eve", PlatformRole::Executive)),
            Self::Developer => Some(("dan", PlatformRole::Developer)),
            Self::Anonymous
            | Self::Share
            | Self::Embed
            | Self::ReadToken
            | Self::WriteToken
            | Self::ShareToken
            | Self::ManageToken => None,
        }
    }

    /// Role in a workspace whose members are these people.
    const fn member_role(self) -> Option<&'static str> {
        match self {
            Self::Viewer => Some("viewer"),
            Self::Editor => Some("editor"),
            Self::Owner | Self::CappedOwner => Some("owner"),
            Self::Anonymous
            | Self::Outsider
            | Self::Admin
            | Self::Analyst
            | Self::Executive
            | Self::Developer
            | Self::Share
            | Self::Embed
            | Self::ReadToken
            | Self::WriteToken
            | Self::ShareToken
            | Self::ManageToken => None,
        }
    }

    const fn scope(self) -> Option<&'static str> {
        match self {
            Self::ReadToken => Some("read"),
            Self::WriteToken => Some("write"),
            Self::ShareToken => Some("share"),
            Self::ManageToken => Some("manage"),
            Self::Anonymous
            | Self::Viewer
            | Self::Editor
            | Self::Owner
            | Self::CappedOwner
            | Self::Outsider
            | Self::Admin
            | Self::Analyst
            | Self::Executive
            | Self::Developer
            | Self::Share
            | Self::Embed => None,
        }
    }
}

/// What belongs to the workspace of the rows and only rows that read look at; a row that changes gets objects of its own.
pub struct Fixed {
    pub dashboard: String,
    pub dataset: String,
    pub model: String,
    pub folder: String,
    pub upload: String,
    pub share: String,
    pub share_token: String,
    pub embed: String,
    pub embed_key: (String, String),
    pub database_file: String,
    pub connection: String,
    pub viewer: String,
}

/// The server with everybody on it. Ann made the instance; she makes what rows need and has no column.
pub struct World {
    pub server: TestServer,
    pub ann: Client,
    pub fixed: Fixed,
    /// The same things in the outsider's workspace.
    pub outside: Fixed,
    count: AtomicU32,
}

impl World {
    /// Where content is seen only behind the wall between workspaces.
    pub async fn new(test: TestDatabase) -> Self {
        make_strict(&test).await;
        Self::on(test).await
    }

    pub async fn on(test: TestDatabase) -> Self {
        let no_limits = [
            "SIGHTLINE_RATE_SIGN_IN_ACCOUNT",
            "SIGHTLINE_RATE_SIGN_IN_ADDRESS",
            "SIGHTLINE_RATE_FACTOR",
            "SIGHTLINE_RATE_INVITES_PER_DAY",
            "SIGHTLINE_RATE_QUERIES",
            "SIGHTLINE_RATE_SHARE",
            "SIGHTLINE_RATE_SHARE_WRONG",
            "SIGHTLINE_RATE_EMBED",
        ]
        .map(|name| (name, "0"));
        let server = TestServer::start_with(test, &no_limits).await;
        let ann = server.owner().await;
        for caller in Caller::ALL {
            if let Some((name, role)) = caller.account() {
                account(&server, name, role).await;
            }
        }
        add_members(&ann, W).await;
        let olga = sign_in(&server, "olga").await;
        olga.post("/api/v1/workspaces", &json!({"title": "Other"}))
            .await
            .expect(201);
        let fixed = fixed(&ann, W).await;
        let outside = fixed_of_other(&olga).await;
        Self {
            server,
            ann,
            fixed,
            outside,
            count: AtomicU32::new(0),
        }
    }

    /// A number that was not given before.
    pub fn number(&self) -> u32 {
        self.count.fetch_add(1, Ordering::Relaxed)
    }

    /// Whoever calls, with new credentials.
    pub async fn client(&self, caller: Caller) -> Client {
        if let Some((name, _)) = caller.account() {
            return sign_in(&self.server, name).await;
        }
        let bearer = match caller.scope() {
            Some(scope) => {
                let owner = sign_in(&self.server, "oscar").await;
                let body = json!({"name": scope, "scopes": [scope]});
                text(&owner.post("/api/v1/tokens", &body).await.expect(201), "/token")
            }
            None if caller == Caller::Share => self.fixed.share_token.clone(),
            None if caller == Caller::Embed => self.frame_bearer().await,
            None => return self.server.visitor().with("origin", &self.server.origin()),
        };
        self.server.visitor().with("authorization", &format!("Bearer {bearer}"))
    }

    /// The bearer of a frame that was just opened.
    async fn frame_bearer(&self) -> String {
        let services = &self.server.instance.services;
        let embeds = EmbedService::new(services, Principal::Anonymous, RequestId::from(Uuid::now_v7()));
        let client = ClientInfo {
            address: Ipv4Addr::LOCALHOST.into(),
            user_agent: None,
        };
        let id = self.fixed.embed.parse().unwrap();
        embeds.redeem(id, &self.ticket(), &client).await.unwrap().bearer
    }

    /// Signed by the host, for the embed of the rows.
    pub fn ticket(&self) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let claims = json!({
            "iss": "host", "aud": self.server.origin(), "exp": now + 300, "iat": now,
            "jti": format!("ticket-{}", self.number()), "res": {"id": self.fixed.embed},
        });
        let (kid, secret) = &self.fixed.embed_key;
        let header = Header {
            kid: Some(kid.clone()),
            ..Header::default()
        };
        jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(secret.as_bytes())).unwrap()
    }

    /// A new account without any workspace; its address.
    pub async fn account(&self) -> String {
        let name = format!("person{}", self.number());
        account(&self.server, &name, PlatformRole::Analyst).await;
        format!("{name}@example.org")
    }

    /// The same; its id.
    pub async fn person(&self) -> String {
        let address = self.account().await;
        let found = self
            .ann
            .get(&format!("/api/v1/people?search={address}"))
            .await
            .expect(200);
        text(&found, "/items/0/id")
    }

    /// From now on everybody has to have a second factor, and nobody but Ann has one.
    pub async fn ask_for_factors(&self) {
        let setup = self.ann.post("/api/v1/me/factors/totp", &Value::Null).await.expect(201);
        let app = Builder::new()
            .with_secret(Secret::try_from_base32(text(&setup, "/secret")).unwrap())
            .with_account_name("any".to_owned())
            .build()
            .unwrap();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let code = json!({"code": app.generate(now).to_string()});
        self.ann
            .post("/api/v1/me/factors/totp/confirmation", &code)
            .await
            .expect(200);
        let rules = json!({"second_factor": "everybody"});
        self.ann.put("/api/v1/settings/sign-in", &rules).await.expect(200);
    }

    /// A new workspace with the same members; its address.
    pub async fn workspace(&self) -> String {
        let body = json!({"title": format!("Room {}", self.number())});
        let made = self.ann.post("/api/v1/workspaces", &body).await.expect(201);
        let address = format!("/api/v1/workspaces/{}", text(&made, "/slug"));
        add_members(&self.ann, &address).await;
        address
    }

    /// The session of the owner that a new sign-in makes; its id.
    pub async fn session_of_owner(&self) -> String {
        let owner = sign_in(&self.server, "oscar").await;
        let sessions = owner.get("/api/v1/sessions").await.expect(200);
        let current = sessions
            .as_array()
            .unwrap()
            .iter()
            .find(|session| session["current"] == true);
        text(current.unwrap(), "/id")
    }

    /// A token of the owner; its id.
    pub async fn token_of_owner(&self) -> String {
        let owner = sign_in(&self.server, "oscar").await;
        let made = owner
            .post("/api/v1/tokens", &json!({"name": "Spare"}))
            .await
            .expect(201);
        text(&made, "/info/id")
    }
}

pub fn text(value: &Value, pointer: &str) -> String {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.unwrap_or_else(|| panic!("no {pointer} in {value}")).to_owned()
}

async fn account(server: &TestServer, name: &str, role: PlatformRole) {
    let new = NewUser {
        email: format!("{name}@example.org").as_str().try_into().unwrap(),
        name: None,
        role,
        password: Some(PASSWORD.to_owned()),
    };
    create_user(&server.instance.services, new).await.unwrap();
}

async fn sign_in(server: &TestServer, name: &str) -> Client {
    let visitor = server.visitor().with("origin", &server.origin());
    let body = json!({"email": format!("{name}@example.org"), "password": PASSWORD});
    let reply = visitor.post("/api/v1/session", &body).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let cookie = cookie(&reply);
    visitor.with("cookie", &cookie)
}

async fn add_members(owner: &Client, workspace: &str) {
    for caller in Caller::ALL {
        if let (Some((name, _)), Some(role)) = (caller.account(), caller.member_role()) {
            let body = json!({"email": format!("{name}@example.org"), "role": role});
            owner.post(&format!("{workspace}/members"), &body).await.expect(201);
        }
    }
}

async fn fixed_of_other(olga: &Client) -> Fixed {
    let dana = json!({"email": "dan@example.org", "role": "viewer"});
    // Someone else than in the first workspace, so that an id of one is not an id of the other.
    olga.post(&format!("{OTHER}/members"), &dana).await.expect(201);
    let made = fixed(olga, OTHER).await;
    let members = olga.get(&format!("{OTHER}/members")).await.expect(200);
    olga.delete(&format!("{OTHER}/members/{}", user_named(&members, "dan@example.org")))
        .await
        .expect(204);
    made
}

fn user_named(members: &Value, email: &str) -> String {
    let found = members["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|member| member["email"] == email);
    text(found.unwrap(), "/user")
}

async fn fixed(owner: &Client, workspace: &str) -> Fixed {
    let dataset = owner
        .upload(&format!("{workspace}/datasets"), "orders.csv", ORDERS, None)
        .await
        .expect(201);
    let model = text(&dataset, "/model");
    let dashboard = dashboard(owner, workspace, &model).await;
    let shares = format!("{workspace}/dashboards/{dashboard}/shares");
    let share = owner.post(&shares, &json!({"downloads": true})).await.expect(201);
    let embeds = format!("{workspace}/dashboards/{dashboard}/embeds");
    let embed = owner
        .post(&embeds, &json!({"origins": [HOST], "downloads": true}))
        .await
        .expect(201);
    let key = owner
        .post(&format!("{workspace}/embed-keys"), &json!({"name": "Host"}))
        .await
        .expect(201);
    let folder = owner
        .post(&format!("{workspace}/folders"), &json!({"title": "Kept"}))
        .await
        .expect(201);
    let upload = upload(owner, workspace).await;
    let files = format!("{workspace}/connections/files");
    let database_file = text(
        &owner
            .upload(&files, "shop.db", &sqlite_database().await, None)
            .await
            .expect(201),
        "/file",
    );
    let connection = connection(owner, workspace, "shop", &database_file).await;
    let members = owner.get(&format!("{workspace}/members")).await.expect(200);
    let url = text(&share, "/url");
    Fixed {
        dashboard,
        dataset: text(&dataset, "/id"),
        model,
        folder: text(&folder, "/id"),
        upload,
        share: text(&share, "/id"),
        share_token: url.rsplit('/').next().unwrap().to_owned(),
        embed: text(&embed, "/id"),
        embed_key: (text(&key, "/kid"), text(&key, "/secret")),
        database_file,
        connection,
        viewer: members["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|member| member["role"] == "viewer")
            .map(|member| text(member, "/user"))
            .unwrap(),
    }
}

/// A connection to an uploaded file; its id.
pub async fn connection(owner: &Client, workspace: &str, name: &str, file: &str) -> String {
    let body = json!({"kind": "sqlite", "name": name, "file": file});
    text(
        &owner.post(&format!("{workspace}/connections"), &body).await.expect(201),
        "/id",
    )
}

/// A published dashboard with one table; its id.
pub async fn dashboard(owner: &Client, workspace: &str, model: &str) -> String {
    let list = format!("{workspace}/dashboards");
    let page = "01900000-0000-7000-8000-000000000001";
    let document = json!({
        "format": 1, "title": "Sales", "model": {"name": model, "version": "newest"},
        "pages": [{"id": page, "order": "a1", "title": "All"}],
        "filters": [{
            "id": FILTER, "order": "a1", "scope": "dashboard", "target": {"field": format!("{model}.region")},
        }],
        "tiles": [{
            "id": TILE, "page": page, "rect": {"x": 0, "y": 0, "w": 12, "h": 20},
            "content": {"visual": {"kind": "table", "wells": {"axis": [{"field": format!("{model}.region")}]}}},
        }],
    });
    let made = owner.post(&list, &json!({"document": document})).await.expect(201);
    let id = text(&made, "/id");
    owner
        .post(&format!("{list}/{id}/publish"), &json!({}))
        .await
        .expect(200);
    id
}

/// A received file that waits to be loaded; its id.
pub async fn upload(owner: &Client, workspace: &str) -> String {
    let received = owner
        .upload(&format!("{workspace}/uploads"), "orders.csv", ORDERS, None)
        .await
        .expect(201);
    text(&received, "/upload")
}

/// A new dataset; its description.
pub async fn dataset(owner: &Client) -> Value {
    orders(owner).await
}
