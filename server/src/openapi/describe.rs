use schemars::{Schema, generate::SchemaSettings};
use serde_json::{Map, Value, json};
use shared::error::ErrorBody;

use crate::routes::{Content, Policy, RequestHeader, Route};

/// The OpenAPI 3.1 document of all routes in the table.
pub fn describe(routes: &[Route], server: &str) -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut generator = settings.into_generator();
    let error = generator.subschema_for::<ErrorBody>();
    let mut paths = Map::new();
    for route in routes {
        let operation = operation(route, &mut generator, &error);
        let path = paths.entry(route.path.replace("{*", "{")).or_insert_with(|| json!({}));
        if let Some(path) = path.as_object_mut() {
            path.insert(route.method.as_str().to_lowercase(), operation);
        }
    }
    let schemas = generator.take_definitions(true);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Sightline",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Datasets, models, queries, dashboards and links of a Sightline server.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": server}],
        "tags": tags(routes),
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "An API token, made under Settings or with `sightline token create`."},
                "session": {"type": "apiKey", "in": "cookie", "name": "__Host-sightline", "description": "The session of a signed-in person."},
            },
        },
    })
}

fn tags(routes: &[Route]) -> Vec<Value> {
    let mut nouns: Vec<&str> = Vec::new();
    for route in routes {
        if !nouns.contains(&route.noun) {
            nouns.push(route.noun);
        }
    }
    nouns.into_iter().map(|noun| json!({"name": noun})).collect()
}

fn operation(route: &Route, generator: &mut schemars::SchemaGenerator, error: &Schema) -> Value {
    let mut operation = json!({
        "operationId": operation_id(route),
        "tags": [route.noun],
        "summary": route.summary,
        "description": format!("For {}.", route.policy.describe()),
        "parameters": parameters(route, generator),
        "responses": {
            "default": {"description": "Why it was refused.", "content": {"application/json": {"schema": error}}},
        },
        "security": security(route.policy),
    });
    if let Some(request) = route.request {
        operation["requestBody"] = json!({"required": true, "content": content(request, generator)});
    }
    let mut answer = json!({"description": if route.status == 204 { "Done." } else { "The answer." }});
    if let Some(body) = route.answer {
        answer["content"] = content(body, generator);
    }
    if route.is_tagged {
        answer["headers"] = json!({"ETag": {"schema": {"type": "string"},
            "description": "The state that `If-Match` can name when it is changed."}});
    }
    operation["responses"][route.status.to_string()] = answer;
    if let Some((status, when, schema)) = route.other_answer {
        operation["responses"][status.to_string()] =
            json!({"description": when, "content": content(Content::Json(schema), generator)});
    }
    operation
}

/// `get_workspaces_w_datasets`: stable as long as the path is.
fn operation_id(route: &Route) -> String {
    let path = route.path.trim_start_matches("/api/v1").replace(['{', '}', '*'], "");
    let words: Vec<&str> = path.split(['/', '-', '.']).filter(|word| !word.is_empty()).collect();
    format!("{}_{}", route.method.as_str().to_lowercase(), words.join("_"))
}

fn parameters(route: &Route, generator: &mut schemars::SchemaGenerator) -> Vec<Value> {
    let names = route.path.split(['{', '}']).skip(1).step_by(2);
    let mut parameters: Vec<Value> = names.map(|name| path_parameter(name.trim_start_matches('*'))).collect();
    let query = route.query.map(|schema| schema(generator));
    let reference = query
        .as_ref()
        .and_then(|schema| schema.get("$ref")?.as_str()?.rsplit('/').next().map(str::to_owned));
    let definition = reference.and_then(|name| generator.definitions().get(&name).cloned());
    let fields = definition.as_ref().and_then(|of| of.get("properties")?.as_object());
    let required = definition.as_ref().and_then(|of| of.get("required")?.as_array());
    for (name, schema) in fields.into_iter().flatten() {
        let required = required.is_some_and(|names| names.iter().any(|one| one == name));
        parameters.push(json!({"name": name, "in": "query", "required": required, "schema": schema}));
    }
    parameters.extend(route.request_headers.iter().map(|header| match header {
        RequestHeader::IfMatch => header_parameter("If-Match", json!({"type": "string",
            "description": "The `ETag` of the state the change was made from; 412 when it is no longer the current one."})),
        RequestHeader::QueryId => header_parameter("X-Query-Id", json!({"type": "string", "format": "uuid",
            "description": "Made by you: the query can be cancelled under it while it runs."})),
    }));
    if route.runs_once_per_key() {
        parameters.push(header_parameter(
            "Idempotency-Key",
            json!({"type": "string", "minLength": 1, "maxLength": 200,
            "description": "Chosen by you: a repetition with the same key gets the first one's answer."}),
        ));
    }
    parameters
}

fn header_parameter(name: &str, schema: Value) -> Value {
    json!({"name": name, "in": "header", "required": false, "schema": schema})
}

fn path_parameter(name: &str) -> Value {
    let schema = match name {
        "id" | "user" | "share" => json!({"type": "string", "format": "uuid"}),
        "w" => json!({"type": "string", "description": "The workspace's id or address."}),
        _ => json!({"type": "string"}),
    };
    json!({"name": name, "in": "path", "required": true, "schema": schema})
}

fn content(content: Content, generator: &mut schemars::SchemaGenerator) -> Value {
    match content {
        Content::Json(schema) => json!({"application/json": {"schema": schema(generator)}}),
        Content::Document(schema) => {
            let schema = schema(generator);
            json!({"application/json": {"schema": schema}, "application/yaml": {"schema": schema}})
        }
        Content::Html => json!({"text/html": {"schema": {"type": "string"}}}),
        Content::Text(kind) => json!({kind: {"schema": {"type": "string"}}}),
        Content::Multipart(parts) => {
            let properties: Map<String, Value> = parts
                .iter()
                .map(|(name, about)| {
                    let mut schema = json!({"type": "string", "description": about});
                    if *name == "file" {
                        schema["contentMediaType"] = json!("application/octet-stream");
                    }
                    ((*name).to_owned(), schema)
                })
                .collect();
            json!({"multipart/form-data": {"schema": {"type": "object", "properties": properties, "required": ["file"]}}})
        }
    }
}

fn security(policy: Policy) -> Value {
    match policy {
        Policy::Public | Policy::Visitor | Policy::Share | Policy::Embed => json!([]),
        Policy::Session | Policy::Admin => json!([{"session": []}]),
        Policy::User | Policy::Member(_) => json!([{"token": []}, {"session": []}]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routes::table;

    #[test]
    fn headers_that_mean_something_are_described() {
        let described = describe(&table(), "http://localhost");
        let operation =
            |method: &str, path: &str| described["paths"][format!("/api/v1/workspaces/{{w}}/{path}")][method].clone();
        let headers = |operation: &Value| -> Vec<String> {
            let parameters = operation["parameters"].as_array().unwrap().iter();
            let headers = parameters.filter(|parameter| parameter["in"] == "header");
            headers
                .map(|header| header["name"].as_str().unwrap().to_owned())
                .collect()
        };
        for path in ["models/{name}", "dashboards/{id}", "datasets/{id}/file"] {
            let put = operation("put", path);
            assert_eq!(headers(&put), ["If-Match"], "{path}");
            assert!(put["responses"]["200"]["headers"]["ETag"].is_object(), "{path}");
        }
        for path in ["models/{name}", "dashboards/{id}", "datasets/{id}"] {
            assert!(
                operation("get", path)["responses"]["200"]["headers"]["ETag"].is_object(),
                "{path}"
            );
        }
        assert_eq!(headers(&operation("post", "query")), ["X-Query-Id"]);
        assert_eq!(headers(&operation("post", "folders")), ["Idempotency-Key"]);
    }
}
