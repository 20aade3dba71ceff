use std::fmt::Write as _;

use serde_json::Value;

const STYLE: &str = include_str!("docs.css");
const SCRIPT: &str = include_str!("docs.js");

/// The description as one HTML page that loads nothing. It is complete without its script, which adds searching and trying.
pub fn render(document: &Value, nonce: &str) -> String {
    let mut nav = String::new();
    let mut body = String::new();
    for tag in list(&document["tags"]) {
        let name = text(&tag["name"]);
        let _ = write!(nav, "<li><a href=\"#{0}\">{0}</a></li>", escape(name));
        let _ = write!(body, "<section id=\"{0}\"><h2>{0}</h2>", escape(name));
        for (path, operations) in pairs(&document["paths"]) {
            for (method, operation) in pairs(operations) {
                if list(&operation["tags"]).iter().any(|tag| text(tag) == name) {
                    render_operation(&mut body, path, method, operation);
                }
            }
        }
        body.push_str("</section>");
    }
    body.push_str("<section id=\"schemas\"><h2>schemas</h2>");
    for (name, schema) in pairs(&document["components"]["schemas"]) {
        let _ = write!(
            body,
            "<details id=\"schema-{0}\"><summary><b>{0}</b></summary>",
            escape(name)
        );
        render_schema(&mut body, schema);
        body.push_str("</details>");
    }
    body.push_str("</section>");
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, \
         initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\"><title>Sightline API</title><style \
         nonce=\"{nonce}\">{STYLE}</style></head><body><nav aria-label=\"Chapters\"><h1>Sightline API</h1><p>Version {version}. \
         <a href=\"/api/openapi.json\">OpenAPI 3.1</a></p><label>Find <input type=\"search\" id=\"find\" autocomplete=\"off\"></label>\
         <ul>{nav}<li><a href=\"#schemas\">schemas</a></li></ul></nav><main>{INTRODUCTION}{body}</main><script \
         nonce=\"{nonce}\">{SCRIPT}</script></body></html>",
        version = escape(text(&document["info"]["version"])),
    )
}

const INTRODUCTION: &str = "<p>Requests and answers are JSON. Programs send <code>Authorization: Bearer …</code> with an API token; \
    in this page your own session is used. Lists are paged by <code>?limit=&amp;cursor=</code>. A POST with an \
    <code>Idempotency-Key</code> runs once. Times are RFC 3339 in UTC; decimals travel as text. Every error has the shape \
    <code>{\"error\":{\"code\",\"message\",\"request_id\"}}</code>.</p>";

fn render_operation(out: &mut String, path: &str, method: &str, operation: &Value) {
    let upper = method.to_uppercase();
    let _ = write!(
        out,
        "<details class=\"operation\" data-method=\"{upper}\" data-path=\"{0}\"><summary><span class=\"method {method}\">{upper}</span> \
         <code>{0}</code> <span class=\"summary\">{1}</span></summary><p>{2}</p>",
        escape(path),
        escape(text(&operation["summary"])),
        escape(text(&operation["description"])),
    );
    let parameters = list(&operation["parameters"]);
    if !parameters.is_empty() {
        out.push_str("<table><thead><tr><th>Parameter</th><th>In</th><th>Type</th><th>About</th></tr></thead><tbody>");
        for parameter in parameters {
            let _ = write!(
                out,
                "<tr data-parameter=\"{0}\" data-in=\"{1}\"><td><code>{0}</code></td><td>{1}</td><td>{2}</td><td>{3}</td></tr>",
                escape(text(&parameter["name"])),
                escape(text(&parameter["in"])),
                type_of(&parameter["schema"]),
                escape(text(&parameter["schema"]["description"])),
            );
        }
        out.push_str("</tbody></table>");
    }
    if let Value::Object(content) = &operation["requestBody"]["content"] {
        for (kind, body) in content {
            let _ = write!(
                out,
                "<h3>Body <small>{}</small></h3><p data-body=\"{0}\">",
                escape(kind)
            );
            out.push_str(&type_of(&body["schema"]));
            out.push_str("</p>");
            if body["schema"].get("properties").is_some() {
                render_schema(out, &body["schema"]);
            }
        }
    }
    out.push_str("<h3>Answers</h3><ul>");
    for (status, answer) in pairs(&operation["responses"]) {
        let types: Vec<String> = pairs(&answer["content"])
            .into_iter()
            .map(|(_, body)| type_of(&body["schema"]))
            .collect();
        let _ = write!(
            out,
            "<li><b>{}</b> {} {}</li>",
            escape(status),
            escape(text(&answer["description"])),
            types.join(", ")
        );
    }
    out.push_str("</ul></details>");
}

fn render_schema(out: &mut String, schema: &Value) {
    let _ = write!(out, "<p>{}</p>", escape(text(&schema["description"])));
    let fields = pairs(&schema["properties"]);
    if fields.is_empty() {
        let _ = write!(out, "<p>{}</p>", type_of(schema));
        return;
    }
    let required = list(&schema["required"]);
    out.push_str("<table><thead><tr><th>Field</th><th>Type</th><th>About</th></tr></thead><tbody>");
    for (name, field) in fields {
        let must = if required.iter().any(|required| text(required) == name) {
            " <small>required</small>"
        } else {
            ""
        };
        let _ = write!(
            out,
            "<tr><td><code>{}</code>{must}</td><td>{}</td><td>{}</td></tr>",
            escape(name),
            type_of(field),
            escape(text(&field["description"])),
        );
    }
    out.push_str("</tbody></table>");
}

/// A type in words, with links to named schemas.
fn type_of(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = escape(reference.rsplit('/').next().unwrap_or_default());
        return format!("<a href=\"#schema-{name}\">{name}</a>");
    }
    for key in ["oneOf", "anyOf", "allOf"] {
        if let Value::Array(choices) = &schema[key] {
            return choices.iter().map(type_of).collect::<Vec<_>>().join(" or ");
        }
    }
    if let Value::Array(values) = &schema["enum"] {
        return values
            .iter()
            .map(|value| format!("<code>{}</code>", escape(&value.to_string())))
            .collect::<Vec<_>>()
            .join(" or ");
    }
    if let Some(constant) = schema.get("const") {
        return format!("<code>{}</code>", escape(&constant.to_string()));
    }
    match &schema["type"] {
        Value::String(kind) if kind == "array" => format!("list of {}", type_of(&schema["items"])),
        Value::String(kind) if kind == "object" && schema.get("properties").is_some() => {
            let fields = pairs(&schema["properties"])
                .into_iter()
                .map(|(name, field)| format!("{}: {}", escape(name), type_of(field)));
            format!("{{ {} }}", fields.collect::<Vec<_>>().join(", "))
        }
        Value::String(kind) => match schema["format"].as_str() {
            Some(format) => format!("{} <small>{}</small>", escape(kind), escape(format)),
            None => escape(kind),
        },
        Value::Array(kinds) => kinds
            .iter()
            .map(|kind| escape(text(kind)))
            .collect::<Vec<_>>()
            .join(" or "),
        _ => "anything".to_owned(),
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn pairs(value: &Value) -> Vec<(&str, &Value)> {
    value
        .as_object()
        .map(|map| map.iter().map(|(name, value)| (name.as_str(), value)).collect())
        .unwrap_or_default()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
