//! Group F, field by field as the served description names them: values of wrong types, and hostile ones of the right type.

use http::Method;
use serde_json::{Value, json};
use testkit::TestDatabase;

use crate::{
    clean::{complaint, expect_alive, expect_none},
    openapi::{Description, Operation, Place, functions},
    people::browser,
    sample::{Body, Sample, sample},
    seed::{Seed, rounds},
    support::{Client, Reply},
    world::{Caller, W, World},
};

/// Refusals of a body that does not fit.
const REFUSED: [u16; 7] = [400, 404, 409, 412, 413, 415, 422];

/// Everything that an odd but fitting body may be answered with.
const ANSWERED: [u16; 14] = [200, 201, 202, 204, 400, 401, 403, 404, 409, 410, 412, 413, 422, 429];

/// Who may call what.
struct Callers {
    owner: Client,
    admin: Client,
    frame: Client,
    visitor: Client,
}

impl Callers {
    async fn of(world: &World) -> Self {
        Self {
            owner: world.client(Caller::Owner).await,
            admin: world.ann.clone(),
            frame: world.client(Caller::Embed).await,
            visitor: browser(&world.server),
        }
    }

    fn of_path(&self, path: &str) -> &Client {
        let starts = |with: &[&str]| with.iter().any(|start| path.starts_with(start));
        if starts(&["/embed/"]) {
            &self.frame
        } else if starts(&["/api/v1/people", "/api/v1/groups", "/api/v1/settings"]) {
            &self.admin
        } else if starts(&[
            "/s/",
            "/api/v1/session",
            "/api/v1/setup",
            "/api/v1/resets",
            "/api/v1/invites",
        ]) {
            &self.visitor
        } else {
            &self.owner
        }
    }
}

/// Asks one address with many bodies; what a good answer used up is made anew.
struct Asker<'a> {
    world: &'a World,
    client: &'a Client,
    method: Method,
    template: String,
    request: Sample,
    /// As it was before.
    model: Value,
}

fn model_path(world: &World) -> String {
    format!("{W}/models/{}", world.fixed.model)
}

impl<'a> Asker<'a> {
    async fn new(world: &'a World, callers: &'a Callers, method: &Method, template: &str) -> Self {
        let client = callers.of_path(template);
        Self {
            world,
            client,
            method: method.clone(),
            template: template.to_owned(),
            request: sample(world, client, method, template).await,
            model: world.ann.get(&model_path(world)).await.expect(200),
        }
    }

    fn body(&self) -> Value {
        match &self.request.body {
            Body::Json(body) => body.clone(),
            Body::None | Body::File(..) => Value::Null,
        }
    }

    async fn ask(&mut self, body: String) -> Reply {
        let kind = Some("application/json");
        let reply = self
            .client
            .send(self.method.clone(), &self.request.path, kind, body)
            .await;
        if reply.status.is_success() {
            // The model is what the samples of others are made over.
            if self.template.contains("/model") {
                self.world
                    .ann
                    .put(&model_path(self.world), &self.model)
                    .await
                    .expect(200);
            }
            self.request = sample(self.world, self.client, &self.method, &self.template).await;
        }
        reply
    }
}

/// One value of each JSON type, with what the description calls it.
fn of_each_type() -> [(Value, &'static [&'static str]); 7] {
    [
        (Value::Null, &["null"]),
        (json!(true), &["boolean"]),
        (json!(7), &["integer", "number"]),
        (json!(1.5), &["number"]),
        (json!("text"), &["string"]),
        (json!([]), &["array"]),
        (json!({}), &["object"]),
    ]
}

fn wrong_values(description: &Description, place: &Place) -> Vec<Value> {
    let Some(fitting) = description.types(&place.schema) else {
        return Vec::new();
    };
    let wrong = of_each_type()
        .into_iter()
        .filter(|(_, names)| !names.iter().any(|name| fitting.iter().any(|one| one == name)));
    wrong.map(|(value, _)| value).collect()
}

/// F05
#[tokio::test(flavor = "multi_thread")]
async fn no_field_takes_a_value_of_another_type() {
    let world = World::new(TestDatabase::sqlite().await).await;
    let description = Description::read(&world.server).await;
    let callers = Callers::of(&world).await;
    let (mut wrong, mut count) = (Vec::new(), 0);
    for Operation { method, path, schema } in description.json_operations() {
        let mut asker = Asker::new(&world, &callers, &method, &path).await;
        let body = asker.body();
        for place in description.places(&schema, &body) {
            for value in wrong_values(&description, &place) {
                count += 1;
                let body = place.put(&asker.body(), &value);
                let reply = asker.ask(body.to_string()).await;
                let what = if place.is_required { "required" } else { "optional" };
                let complaint = complaint(&reply, &REFUSED);
                wrong
                    .extend(complaint.map(|said| format!("{method} {path} {what} {} = {value}: {said}", place.name())));
            }
        }
    }
    expect_none(&wrong);
    assert!(count > 1_000, "only {count} fields and types");
    expect_alive(&world.server).await;
}

/// Numbers at the ends of what is counted with, as they are written.
const NUMBERS: [&str; 16] = [
    "0",
    "-1",
    "-0",
    "-0.0",
    "1.5",
    "2147483648",
    "4294967295",
    "4294967296",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "1e308",
    "5e-324",
    "1e400",
];

/// Texts that are seldom tried, as they are written.
const TEXTS: [&str; 20] = [
    r#""""#,
    r#"" ""#,
    r#""\u0000""#,
    r#""a\u0000b""#,
    r#""\ud800""#,
    r#""\udc00\ud800""#,
    r#""\u202e\u2066abc""#,
    r#""e\u0301\u0301\u0301\u0301""#,
    r#""\ufeff""#,
    r#""\ufffe\uffff""#,
    r#""\u001b[2J\u0007""#,
    r#""\r\n""#,
    r#""'; DROP TABLE users; --""#,
    r#""%s%n%00%ff""#,
    r#""../../../../etc/passwd""#,
    r#""${jndi:ldap://x}{{7*7}}""#,
    r#""\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67""#,
    r#""\uff19\uff19\uff19""#,
    r#""0000-00-00T99:99:99Z""#,
    r#""+292278994-08-17T07:12:55.807Z""#,
];

/// Stands for the hostile value until the body is written.
const MARK: &str = "@@here@@";

fn hostile(description: &Description, place: &Place) -> Vec<String> {
    let fitting = description.types(&place.schema);
    let takes = |name: &str| fitting.as_ref().is_none_or(|types| types.iter().any(|one| one == name));
    let mut values = Vec::new();
    if takes("integer") || takes("number") {
        values.extend(NUMBERS.map(str::to_owned));
    }
    if takes("string") {
        values.extend(TEXTS.map(str::to_owned));
        values.push(format!("\"{}\"", "a".repeat(60_000)));
    }
    values
}

fn written(place: &Place, body: &Value, value: &str) -> String {
    let marked = place.put(body, &json!(MARK)).to_string();
    marked.replace(&format!("\"{MARK}\""), value)
}

/// Places of a body that nothing describes: those it has.
fn places_of(body: &Value) -> Vec<Place> {
    use crate::openapi::Step;
    fn collect(value: &Value, path: &[Step], found: &mut Vec<Place>) {
        let inner: Vec<(Step, &Value)> = match value {
            Value::Object(fields) => fields
                .iter()
                .map(|(name, value)| (Step::Field(name.clone()), value))
                .collect(),
            Value::Array(items) => items
                .iter()
                .enumerate()
                .map(|(at, value)| (Step::Item(at), value))
                .collect(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
        };
        for (step, value) in inner {
            let path = [path, &[step]].concat();
            found.push(Place {
                path: path.clone(),
                schema: json!({}),
                is_required: false,
            });
            collect(value, &path, found);
        }
    }
    let mut found = Vec::new();
    collect(body, &[], &mut found);
    found
}

testkit::for_each_database! {
    /// F02 and F04: whatever a field is given, it is kept or refused.
    async fn an_odd_value_is_kept_or_refused_and_no_defect(test: TestDatabase) {
        let world = World::new(test).await;
        let description = Description::read(&world.server).await;
        let callers = Callers::of(&world).await;
        let mut seed = Seed::new();
        let mut rows: Vec<(Method, String, Option<Value>)> = description
            .json_operations()
            .into_iter()
            .map(|operation| (operation.method, operation.path, Some(operation.schema)))
            .collect();
        rows.extend(functions().into_iter().map(|path| (Method::POST, path, None)));
        let mut wrong = Vec::new();
        for (method, path, schema) in rows {
            let mut asker = Asker::new(&world, &callers, &method, &path).await;
            let body = asker.body();
            let places = schema.map_or_else(|| places_of(&body), |schema| description.places(&schema, &body));
            for place in places {
                let values = hostile(&description, &place);
                let tries = if values.is_empty() { 0 } else { rounds(2) };
                for _ in 0..tries {
                    let value = seed.pick(&values);
                    let body = written(&place, &asker.body(), value);
                    let reply = asker.ask(body).await;
                    let shown: String = value.chars().take(60).collect();
                    let complaint = complaint(&reply, &ANSWERED);
                    wrong.extend(complaint.map(|said| format!("{method} {path} {} = {shown}: {said}", place.name())));
                }
            }
        }
        expect_none(&wrong);
        expect_alive(&world.server).await;
    }

    /// F02 and F04 in addresses.
    async fn an_odd_parameter_is_read_or_refused_and_no_defect(test: TestDatabase) {
        let world = World::new(test).await;
        let description = Description::read(&world.server).await;
        let callers = Callers::of(&world).await;
        let mut wrong = Vec::new();
        for (template, names) in description.read_parameters() {
            let client = match template.as_str() {
                "/api/v1/audit" | "/api/v1/audit/export" => &callers.admin,
                other => callers.of_path(other),
            };
            let path = sample(&world, client, &Method::GET, &template).await.path;
            let (path, query) = path.split_once('?').unwrap_or((&path, ""));
            for name in names {
                let others: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with(&format!("{name}="))).collect();
                let texts = ["", "%20", "%ff%fe", "%F0%9F%92%A9", "%27--", "%25", "null", "[]", "a,b", "..%2f", "%0d%0a", "%e2%80%ae"];
                let days = ["9999-12-31", "0000-01-01", "-262144-01-01", "2026-02-30", "2026-01-01T00:00:00Z", "%2B262143-12-31"];
                for value in NUMBERS.iter().chain(&texts).chain(&days) {
                    let query = [others.join("&"), format!("{name}={value}")].join("&");
                    let reply = client.get(&format!("{path}?{query}")).await;
                    let complaint = complaint(&reply, &[200, 204, 303, 400, 401, 404, 410, 422]);
                    wrong.extend(complaint.map(|said| format!("{template}?{query}: {said}")));
                }
            }
        }
        expect_none(&wrong);
        expect_alive(&world.server).await;
    }
}
