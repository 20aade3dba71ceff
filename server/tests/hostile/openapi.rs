//! What the server says of itself: which bodies and parameters it takes, field by field.

use http::Method;
use leptos::server_fn::axum::server_fn_paths;
use serde_json::{Map, Value};

use crate::support::TestServer;

/// The server functions whose arguments the samples know. The one that is left out takes a secret link; `sign_in.rs` tries those.
pub fn functions() -> Vec<String> {
    let paths = server_fn_paths().map(|(path, _)| path.to_owned());
    paths.filter(|path| path != "/api/fn/account/reset").collect()
}

/// The served description.
pub struct Description(Value);

/// A route that takes a JSON body.
pub struct Operation {
    pub method: Method,
    pub path: String,
    pub schema: Value,
}

/// A field of a body, whether or not a given body has it.
#[derive(Clone, Debug)]
pub struct Place {
    /// Names and list positions that lead to it.
    pub path: Vec<Step>,
    pub schema: Value,
    pub is_required: bool,
}

#[derive(Clone, Debug)]
pub enum Step {
    Field(String),
    Item(usize),
}

impl Place {
    /// `body` with another value here; lists are filled up to the position.
    pub fn put(&self, body: &Value, value: &Value) -> Value {
        let mut body = body.clone();
        let mut at = &mut body;
        for step in &self.path {
            at = match step {
                Step::Field(name) => &mut at[name.as_str()],
                Step::Item(position) => {
                    let items = at.as_array_mut().unwrap();
                    if items.len() == *position {
                        items.push(Value::Null);
                    }
                    &mut items[*position]
                }
            };
        }
        *at = value.clone();
        body
    }

    pub fn name(&self) -> String {
        let step = |step: &Step| match step {
            Step::Field(name) => format!("/{name}"),
            Step::Item(position) => format!("/{position}"),
        };
        self.path.iter().map(step).collect()
    }
}

impl Description {
    pub async fn read(server: &TestServer) -> Self {
        Self(server.visitor().get("/api/openapi.json").await.expect(200))
    }

    fn all(&self) -> impl Iterator<Item = (Method, &String, &Value)> {
        let paths = self.0["paths"].as_object().unwrap();
        paths.iter().flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap().iter();
            methods.map(move |(method, operation)| (method.to_uppercase().parse().unwrap(), path, operation))
        })
    }

    pub fn json_operations(&self) -> Vec<Operation> {
        let bodies = self.all().filter_map(|(method, path, operation)| {
            let schema = operation.pointer("/requestBody/content/application~1json/schema")?;
            Some(Operation {
                method,
                path: path.clone(),
                schema: schema.clone(),
            })
        });
        bodies.collect()
    }

    /// Paths that are read with a query string, and the names of its parameters.
    pub fn read_parameters(&self) -> Vec<(String, Vec<String>)> {
        let reads = self.all().filter(|(method, ..)| *method == Method::GET);
        let named = reads.map(|(_, path, operation)| {
            let parameters = operation["parameters"].as_array().unwrap().iter();
            let of_query = parameters.filter(|parameter| parameter["in"] == "query");
            let names = of_query.map(|parameter| parameter["name"].as_str().unwrap().to_owned());
            (path.clone(), names.collect::<Vec<_>>())
        });
        named.filter(|(_, names)| !names.is_empty()).collect()
    }

    /// The forms a value may have, with what is only referred to put in.
    fn alternatives(&self, schema: &Value) -> Vec<Value> {
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let found = self.0.pointer(reference.trim_start_matches('#')).unwrap();
            return self.alternatives(found);
        }
        let several = schema.get("anyOf").or(schema.get("oneOf")).and_then(Value::as_array);
        let Some(several) = several else {
            return vec![schema.clone()];
        };
        let mut found: Vec<Value> = several.iter().flat_map(|one| self.alternatives(one)).collect();
        if schema.get("properties").is_some() {
            found.push(schema.clone());
        }
        found
    }

    /// JSON types that fit; `None`: all of them.
    pub fn types(&self, schema: &Value) -> Option<Vec<String>> {
        let mut types = Vec::new();
        for one in self.alternatives(schema) {
            match one.get("type") {
                Some(Value::String(name)) => types.push(name.clone()),
                Some(Value::Array(names)) => types.extend(names.iter().map(|name| name.as_str().unwrap().to_owned())),
                Some(_) | None if one.get("properties").is_some() => types.push("object".to_owned()),
                Some(_) | None if one.get("const").is_some() || one.get("enum").is_some() => {
                    types.push("string".to_owned());
                }
                Some(_) | None => return None,
            }
        }
        Some(types)
    }

    /// Whether objects of this form are described field by field, and others are refused.
    pub fn is_closed(&self, schema: &Value) -> bool {
        let forms = self.alternatives(schema);
        forms
            .iter()
            .all(|form| form.get("additionalProperties") == Some(&Value::Bool(false)))
    }

    pub fn fields(&self, schema: &Value) -> Map<String, Value> {
        let forms = self.alternatives(schema);
        let fields = forms.iter().filter_map(|form| form.get("properties")?.as_object());
        fields
            .flatten()
            .map(|(name, field)| (name.clone(), field.clone()))
            .collect()
    }

    /// Every field that is described of `body`, itself and what is in it.
    pub fn places(&self, schema: &Value, body: &Value) -> Vec<Place> {
        let mut found = Vec::new();
        self.collect(schema, body, &[], &mut found);
        found
    }

    fn collect(&self, schema: &Value, body: &Value, path: &[Step], found: &mut Vec<Place>) {
        for form in self.alternatives(schema) {
            let fields = form.get("properties").and_then(Value::as_object);
            // Of several forms only those that the body can be.
            let fits = |fields: &Map<String, Value>| {
                body.as_object()
                    .is_some_and(|body| body.keys().all(|name| fields.contains_key(name)))
            };
            for (name, field) in fields.filter(|fields| fits(fields)).into_iter().flatten() {
                let step = [path, &[Step::Field(name.clone())]].concat();
                let required = form.get("required").and_then(Value::as_array);
                found.push(Place {
                    path: step.clone(),
                    schema: field.clone(),
                    is_required: required.is_some_and(|names| names.iter().any(|one| one == name)),
                });
                if let Some(inner) = body.get(name) {
                    self.collect(field, inner, &step, found);
                }
            }
            if let (Some(items), Some(list)) = (form.get("items"), body.as_array()) {
                let step = [path, &[Step::Item(0)]].concat();
                found.push(Place {
                    path: step.clone(),
                    schema: items.clone(),
                    is_required: true,
                });
                if let Some(first) = list.first() {
                    self.collect(items, first, &step, found);
                }
            }
        }
    }
}
