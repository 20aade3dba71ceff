//! Who gets which answer where. `matrix.txt` is the promise; `GOLDEN=write` writes what is answered now.

use std::{fmt::Write as _, fs, path::PathBuf};

use http::Method;
use leptos::server_fn::axum::server_fn_paths;
use server::{
    page_paths,
    routes::{Policy, table},
};
use shared::permission::{Scope, WorkspaceRole};

use crate::{
    sample::sample,
    support::Client,
    world::{Caller, World},
};

/// Width of the column that says which row it is.
const ADDRESS: usize = 68;

/// Rows after which the caller's session is another or gone.
const ENDS_SESSIONS: [&str; 6] = [
    "POST /api/v1/session",
    "DELETE /api/v1/session",
    "POST /api/v1/session/link",
    "DELETE /api/v1/sessions",
    "POST /api/v1/invites/{token}",
    "POST /api/v1/me/confirmation",
];

/// What a person may still do who has to set up a second factor before anything else.
const OPEN_WITHOUT_FACTOR: [&str; 17] = [
    "GET /api/v1/me",
    "POST /api/v1/me/confirmation",
    "POST /api/v1/me/confirmation/passkey",
    "GET /api/v1/me/factors",
    "POST /api/v1/me/factors/totp",
    "POST /api/v1/me/factors/totp/confirmation",
    "DELETE /api/v1/me/factors/totp",
    "POST /api/v1/me/factors/recovery-codes",
    "POST /api/v1/me/passkeys/options",
    "POST /api/v1/me/passkeys",
    "PUT /api/v1/me/passkeys/{id}",
    "DELETE /api/v1/me/passkeys/{id}",
    "GET /api/v1/workspaces",
    "POST /api/fn/account/invite",
    "POST /api/fn/account/me",
    "POST /api/fn/account/reset",
    "POST /api/fn/setup/check",
];

/// Where the answer is another than the policy alone says, and why.
const EXCEPTIONS: [(&str, Caller, u16); 14] = [
    // A password is changed in a session, which then goes on; a token has none.
    ("PUT /api/v1/me/password", Caller::ReadToken, 401),
    ("PUT /api/v1/me/password", Caller::WriteToken, 401),
    ("PUT /api/v1/me/password", Caller::ShareToken, 401),
    ("PUT /api/v1/me/password", Caller::ManageToken, 401),
    // The same of the proof that it is still them.
    ("POST /api/v1/me/confirmation", Caller::ReadToken, 401),
    ("POST /api/v1/me/confirmation", Caller::WriteToken, 401),
    ("POST /api/v1/me/confirmation", Caller::ShareToken, 401),
    ("POST /api/v1/me/confirmation", Caller::ManageToken, 401),
    // The route is for every member, who may leave; the row asks for somebody else to be removed.
    (REMOVE_MEMBER, Caller::Viewer, 403),
    (REMOVE_MEMBER, Caller::Editor, 403),
    (REMOVE_MEMBER, Caller::CappedOwner, 403),
    (REMOVE_MEMBER, Caller::ReadToken, 403),
    (REMOVE_MEMBER, Caller::WriteToken, 403),
    (REMOVE_MEMBER, Caller::ShareToken, 403),
];

const REMOVE_MEMBER: &str = "DELETE /api/v1/workspaces/{w}/members/{user}";

struct Row {
    method: Method,
    path: String,
    /// `None` for what is not in the route table.
    policy: Option<Policy>,
    /// Behind the settings' door, which platform admins open without being members.
    is_setting: bool,
}

impl Row {
    fn label(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

fn rows() -> Vec<Row> {
    let routes = table().into_iter().map(|route| Row {
        method: route.method.clone(),
        path: route.path.to_owned(),
        policy: Some(route.policy),
        is_setting: ["workspaces", "members", "groups", "audit"].contains(&route.noun),
    });
    let mut functions: Vec<Row> = server_fn_paths()
        .map(|(path, method)| Row {
            method,
            path: path.to_owned(),
            policy: None,
            is_setting: false,
        })
        .collect();
    functions.sort_by(|a, b| a.path.cmp(&b.path));
    let pages = page_paths().into_iter().map(|path| Row {
        method: Method::GET,
        path,
        policy: None,
        is_setting: false,
    });
    routes.chain(functions).chain(pages).collect()
}

/// The answer by the default row of the permission contract; `good` is what the workspace's owner gets.
fn by_policy(row: &Row, caller: Caller, good: u16) -> Option<u16> {
    let has_account = |caller| !matches!(caller, Caller::Anonymous | Caller::Share | Caller::Embed);
    match row.policy? {
        Policy::Public | Policy::Visitor | Policy::Share | Policy::Embed => None,
        Policy::User | Policy::Session if !has_account(caller) => Some(401),
        Policy::Session if scope(caller).is_some() => Some(403),
        Policy::User | Policy::Session => None,
        Policy::Admin => match caller {
            Caller::Anonymous | Caller::Share | Caller::Embed => Some(401),
            Caller::Admin => None,
            Caller::Viewer
            | Caller::Editor
            | Caller::Owner
            | Caller::CappedOwner
            | Caller::Outsider
            | Caller::Analyst
            | Caller::Executive
            | Caller::Developer
            | Caller::ReadToken
            | Caller::WriteToken
            | Caller::ShareToken
            | Caller::ManageToken => Some(403),
        },
        Policy::Member(capability) => Some(match caller {
            Caller::Anonymous | Caller::Share | Caller::Embed => 401,
            Caller::Outsider | Caller::Analyst | Caller::Executive | Caller::Developer => 404,
            Caller::Admin if row.is_setting => good,
            Caller::Admin => 403,
            Caller::Viewer | Caller::CappedOwner if WorkspaceRole::Viewer.allows(capability) => good,
            Caller::Editor if WorkspaceRole::Editor.allows(capability) => good,
            Caller::Viewer | Caller::CappedOwner | Caller::Editor => 403,
            Caller::Owner => good,
            Caller::ReadToken | Caller::WriteToken | Caller::ShareToken | Caller::ManageToken => {
                if scope(caller).is_some_and(|scope| scope.allows(capability)) {
                    good
                } else {
                    403
                }
            }
        }),
    }
}

const fn scope(caller: Caller) -> Option<Scope> {
    match caller {
        Caller::ReadToken => Some(Scope::Read),
        Caller::WriteToken => Some(Scope::Write),
        Caller::ShareToken => Some(Scope::Share),
        Caller::ManageToken => Some(Scope::Manage),
        Caller::Anonymous
        | Caller::Viewer
        | Caller::Editor
        | Caller::Owner
        | Caller::CappedOwner
        | Caller::Outsider
        | Caller::Admin
        | Caller::Analyst
        | Caller::Executive
        | Caller::Developer
        | Caller::Share
        | Caller::Embed => None,
    }
}

async fn page(client: &Client, world: &World, template: &str) -> u16 {
    let fixed = &world.fixed;
    let id = if template.contains("/datasets/") {
        &fixed.dataset
    } else {
        &fixed.dashboard
    };
    let path = template
        .replace("{workspace}", "acme")
        .replace("{id}", id)
        .replace("{name}", &fixed.model)
        .replace("{token}", "unknown");
    let reply = client.clone().with("accept", "text/html").get(&path).await;
    reply.status.as_u16()
}

testkit::for_each_database! {
    async fn every_route_answers_each_kind_of_caller_as_kept(test: TestDatabase) {
        let world = World::new(test).await;
        let mut clients = Vec::new();
        for caller in Caller::ALL {
            clients.push(world.client(caller).await);
        }
        let mut printed = format!("{:ADDRESS$}", "");
        for caller in Caller::ALL {
            write!(printed, " {:>8}", caller.name()).unwrap();
        }
        printed.push('\n');
        let mut wrong = Vec::new();
        for row in rows() {
            let label = row.label();
            let mut statuses = Vec::new();
            for (caller, client) in Caller::ALL.into_iter().zip(&mut clients) {
                let is_page = row.policy.is_none() && !row.path.starts_with("/api/");
                statuses.push(if is_page {
                    page(client, &world, &row.path).await
                } else {
                    let reply = sample(&world, client, &row.method, &row.path).await.send(client).await;
                    if ENDS_SESSIONS.contains(&label.as_str()) {
                        *client = world.client(caller).await;
                    }
                    assert!(reply.status.as_u16() < 500, "{label} for {caller:?}: {}", reply.text());
                    reply.status.as_u16()
                });
            }
            write!(printed, "{label:ADDRESS$}").unwrap();
            for status in &statuses {
                write!(printed, " {status:>8}").unwrap();
            }
            printed.push('\n');
            let owner = Caller::ALL.iter().position(|caller| *caller == Caller::Owner).unwrap();
            for (caller, status) in Caller::ALL.into_iter().zip(&statuses) {
                let exception = EXCEPTIONS.iter().find(|(row, who, _)| *row == label && *who == caller);
                let expected = exception.map_or_else(|| by_policy(&row, caller, statuses[owner]), |found| Some(found.2));
                if expected.is_some_and(|expected| expected != *status) {
                    wrong.push(format!("{label} answers {caller:?} {status}, the policy says {expected:?}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{}\n\n{printed}", wrong.join("\n"));
        let kept = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/permission/matrix.txt");
        if std::env::var("GOLDEN").is_ok_and(|value| value == "write") {
            fs::write(&kept, &printed).unwrap();
        }
        let promised = fs::read_to_string(&kept).unwrap_or_default();
        let moved: Vec<_> = printed.lines().filter(|line| !promised.lines().any(|kept| kept == *line)).collect();
        assert!(moved.is_empty(), "answers have moved; look, then run with GOLDEN=write\n{}", moved.join("\n"));
        assert_eq!(promised, printed, "the table has rows that nothing answers any more");
    }
    async fn who_has_to_set_up_a_factor_gets_nothing_but_their_account(test: TestDatabase) {
        let world = World::new(test).await;
        let mut owner = world.client(Caller::Owner).await;
        let mut samples = Vec::new();
        for row in rows() {
            let asks_for_a_person = row.policy.map_or(row.path.starts_with("/api/fn/"), Policy::needs_user);
            if asks_for_a_person {
                samples.push((row.label(), sample(&world, &owner, &row.method, &row.path).await));
            }
        }
        world.ask_for_factors().await;
        let mut open = Vec::new();
        for (label, sample) in samples {
            let reply = sample.send(&owner).await;
            if reply.status != 403 || !reply.text().contains("second_factor_required") {
                open.push(label.clone());
            }
            if ENDS_SESSIONS.contains(&label.as_str()) {
                owner = world.client(Caller::Owner).await;
            }
        }
        assert_eq!(open, OPEN_WITHOUT_FACTOR);
    }
}
