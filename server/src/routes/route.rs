use std::fmt;

use axum::{
    Router,
    handler::Handler,
    middleware::from_fn_with_state,
    routing::{MethodFilter, MethodRouter, on},
};
use http::Method;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use services::Object;
use shared::permission::Capability;

use crate::{
    middleware::{ObjectOfPath, OncePerKey, answer_in_time, once_per_key, require_user},
    state::AppState,
};

/// Who may call a route. Services decide for the object itself; this is what is known before a body is read, and what the
/// documentation says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Anyone; no identity is looked at.
    Public,
    /// Anyone; a session is looked at when there is one.
    Visitor,
    /// A signed-in person, or a program with that person's token.
    User,
    /// A signed-in person; tokens are refused.
    Session,
    /// A signed-in platform administrator; tokens are refused.
    Admin,
    /// A member of the workspace in the path whose role allows this.
    Member(Capability),
    /// The holder of a share link, whose session cookie is not read.
    Share,
    /// The holder of an embed's ticket or bearer, whose session cookie is not read.
    Embed,
}

impl Policy {
    /// For the documentation.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Public | Self::Visitor => "anyone",
            Self::User => "a signed-in person, or an API token",
            Self::Session => "a signed-in person",
            Self::Admin => "a signed-in platform administrator",
            Self::Member(Capability::Read) => "members of the workspace",
            Self::Member(Capability::Edit) => "editors and owners of the workspace",
            Self::Member(Capability::Share) => "owners, and editors where the workspace lets them share",
            Self::Member(Capability::Manage) => "owners of the workspace",
            Self::Share => "the holder of the link",
            Self::Embed => "the holder of the ticket",
        }
    }

    /// Whether a request without a user is refused before anything else.
    pub const fn needs_user(self) -> bool {
        match self {
            Self::User | Self::Session | Self::Admin | Self::Member(_) => true,
            Self::Public | Self::Visitor | Self::Share | Self::Embed => false,
        }
    }

    /// What a member of the workspace in the path has to be allowed.
    pub const fn capability(self) -> Option<Capability> {
        match self {
            Self::Member(capability) => Some(capability),
            Self::Public | Self::Visitor | Self::User | Self::Session | Self::Admin | Self::Share | Self::Embed => None,
        }
    }

    /// Whether the session cookie is read at all.
    pub const fn reads_session(self) -> bool {
        match self {
            Self::Visitor | Self::User | Self::Session | Self::Admin | Self::Member(_) => true,
            Self::Public | Self::Share | Self::Embed => false,
        }
    }
}

/// What a body is made of.
#[derive(Clone, Copy)]
pub enum Content {
    Json(SchemaOf),
    /// The same as JSON or as YAML.
    Document(SchemaOf),
    /// A file in a multipart form; exempt from the time limit of answers.
    Multipart(&'static [(&'static str, &'static str)]),
    Html,
    Text(&'static str),
}

/// A header that some routes look at. `Idempotency-Key` is taken by all that can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestHeader {
    IfMatch,
    QueryId,
}

pub type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// One row of the table from which router, documentation and permission matrix are made.
#[derive(Clone)]
pub struct Route {
    pub method: Method,
    pub path: &'static str,
    pub policy: Policy,
    /// Which chapter of the documentation.
    pub noun: &'static str,
    pub summary: &'static str,
    pub query: Option<SchemaOf>,
    pub request: Option<Content>,
    pub status: u16,
    pub answer: Option<Content>,
    /// Another answer that is no error: its status, when it is given, and its JSON.
    pub other_answer: Option<(u16, &'static str, SchemaOf)>,
    /// Headers of the request that mean something here, for the documentation.
    pub request_headers: Vec<RequestHeader>,
    /// The answer says its state in an `ETag`.
    pub is_tagged: bool,
    only_reads: bool,
    handler: MethodRouter<AppState>,
}

impl fmt::Debug for Route {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {} ({:?})", self.method, self.path, self.policy)
    }
}

/// The start of a row; what it takes and answers is added to it.
pub fn route<H, T>(method: Method, path: &'static str, policy: Policy, summary: &'static str, handler: H) -> Route
where
    H: Handler<T, AppState>,
    T: 'static,
{
    // Every method in the table is a standard one; another would answer 405 to everything and fail the table's test.
    let filter = MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::TRACE);
    Route {
        method,
        path,
        policy,
        noun: "",
        summary,
        query: None,
        request: None,
        status: 200,
        answer: None,
        other_answer: None,
        request_headers: Vec::new(),
        is_tagged: false,
        only_reads: false,
        handler: on(filter, handler),
    }
}

fn schema_of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

impl Route {
    /// A JSON body.
    #[must_use]
    pub fn takes<T: JsonSchema>(mut self) -> Self {
        self.request = Some(Content::Json(schema_of::<T>));
        self
    }

    /// A body in JSON or YAML.
    #[must_use]
    pub fn takes_document<T: JsonSchema>(mut self) -> Self {
        self.request = Some(Content::Document(schema_of::<T>));
        self
    }

    /// A multipart body: names of its parts, each with a word about it.
    #[must_use]
    pub fn takes_file(mut self, parts: &'static [(&'static str, &'static str)]) -> Self {
        self.request = Some(Content::Multipart(parts));
        self
    }

    /// Parameters in the query string: the fields of `T`.
    #[must_use]
    pub fn filtered_by<T: JsonSchema>(mut self) -> Self {
        self.query = Some(schema_of::<T>);
        self
    }

    /// A JSON answer.
    #[must_use]
    pub fn answers<T: JsonSchema>(mut self, status: u16) -> Self {
        self.status = status;
        self.answer = Some(Content::Json(schema_of::<T>));
        self
    }

    /// An answer in JSON, or in YAML to whoever asks for it.
    #[must_use]
    pub fn answers_document<T: JsonSchema>(mut self, status: u16) -> Self {
        self.status = status;
        self.answer = Some(Content::Document(schema_of::<T>));
        self
    }

    /// A second JSON answer that is no error; `when` says when it is given.
    #[must_use]
    pub fn or_answers<T: JsonSchema>(mut self, status: u16, when: &'static str) -> Self {
        self.other_answer = Some((status, when, schema_of::<T>));
        self
    }

    /// An answer that is no JSON.
    #[must_use]
    pub fn answers_content(mut self, content: Content) -> Self {
        self.answer = Some(content);
        self
    }

    /// 204.
    #[must_use]
    pub fn answers_nothing(mut self) -> Self {
        self.status = 204;
        self
    }

    #[must_use]
    pub fn heeds(mut self, header: RequestHeader) -> Self {
        self.request_headers.push(header);
        self
    }

    /// The answer has an `ETag`.
    #[must_use]
    pub fn tagged(mut self) -> Self {
        self.is_tagged = true;
        self
    }

    /// A POST that changes nothing, and is no GET only because of what it takes.
    #[must_use]
    pub fn only_reads(mut self) -> Self {
        self.only_reads = true;
        self
    }

    #[must_use]
    pub fn about(mut self, noun: &'static str) -> Self {
        self.noun = noun;
        self
    }

    /// Whether it takes an `Idempotency-Key`.
    pub fn runs_once_per_key(&self) -> bool {
        let takes_file = matches!(self.request, Some(Content::Multipart(_)));
        self.method == Method::POST && self.policy.needs_user() && !takes_file && !self.only_reads
    }

    /// Whether what it does is to be remembered.
    pub fn changes_something(&self) -> bool {
        !(self.only_reads || self.method == Method::GET || self.method == Method::HEAD)
    }

    /// Adds the row to a router, with the limits its kind needs.
    pub fn add_to(self, router: Router<AppState>, state: &AppState) -> Router<AppState> {
        let once_per_key_too = self.runs_once_per_key();
        let mut handler = self.handler;
        if !matches!(self.request, Some(Content::Multipart(_))) {
            handler = handler.route_layer(from_fn_with_state(state.clone(), answer_in_time));
        }
        if once_per_key_too {
            let once = OncePerKey {
                state: state.clone(),
                capability: self.policy.capability(),
                object: object_of(self.path),
            };
            handler = handler.route_layer(from_fn_with_state(once, once_per_key));
        }
        if self.policy.needs_user() {
            handler = handler.route_layer(axum::middleware::from_fn(require_user));
        }
        router.route(self.path, handler)
    }
}

/// What the `id` of a path names, where rights are given on such objects.
fn object_of(path: &str) -> Option<ObjectOfPath> {
    let inside = path.strip_prefix("/api/v1/workspaces/{w}")?;
    if inside.starts_with("/dashboards/{id}") {
        Some(|id| Some(Object::Dashboard(id.parse().ok()?)))
    } else if inside.starts_with("/datasets/{id}") {
        Some(|id| Some(Object::Dataset(id.parse().ok()?)))
    } else {
        None
    }
}
