//! F10: names and texts of people are shown as what they are, on every page that shows them.

use serde_json::{Value, json};
use testkit::TestDatabase;
use uuid::Uuid;

use crate::{
    clean::{complaint, expect_none},
    people::NO_RATES,
    seed::Seed,
    support::{Client, TestServer},
    world::{W, text},
};

/// Texts that act where they are taken for markup.
const VECTORS: [&str; 44] = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<IMG SRC=x OnErRoR=alert(1)>",
    "<img/src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x>",
    "<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>",
    "<math><mi xlink:href=javascript:alert(1)>x</mi></math>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<input autofocus onfocus=alert(1)>",
    "<style>@import 'https://evil.example/x.css'</style>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "\" onmouseover=\"alert(1)",
    "' onmouseover='alert(1)",
    "\"><script>alert(1)</script>",
    "x\u{2028}</script><script>alert(1)</script>",
    "\u{ff1c}script\u{ff1e}alert(1)\u{ff1c}/script\u{ff1e}",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "![x](javascript:alert(1))",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    "[x](https://evil.example \" onmouseover=alert(1) \")",
    "```\"><script>alert(1)</script>\nx\n```",
];

/// A dashboard that holds the vectors wherever a builder can write.
fn document(model: &str, titles: &[&str]) -> Value {
    let page = Uuid::now_v7();
    let tile = |at: usize, content: Value| json!({"id": Uuid::now_v7(), "page": page, "rect": {"x": 0, "y": at * 4, "w": 12, "h": 4}, "content": content});
    let mut tiles = Vec::new();
    for vector in VECTORS {
        tiles.push(tile(tiles.len(), json!({"text": {"markdown": vector}})));
        tiles.push(tile(tiles.len(), json!({"frame": {"title": vector}})));
    }
    let region = json!({"axis": [{"field": format!("{model}.region"), "label": titles[0]}]});
    for kind in ["table", "column"] {
        tiles.push(tile(
            tiles.len(),
            json!({"visual": {"kind": kind, "title": titles[1], "wells": region}}),
        ));
    }
    json!({
        "format": 1, "title": titles[2], "model": {"name": model, "version": "newest"},
        "pages": [{"id": page, "order": "a1", "title": titles[3]}],
        "filters": [{
            "id": Uuid::now_v7(), "order": "a1", "scope": "dashboard", "label": titles[4],
            "target": {"field": format!("{model}.region")},
        }],
        "tiles": tiles,
    })
}

async fn uploaded(owner: &Client) -> Value {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let odd = quoted("<img src=x onerror=alert(1)>");
    let mut rows = format!("region,amount,{odd}\n");
    for vector in VECTORS {
        rows.push_str(&format!("{},1,{}\n", quoted(vector), quoted(vector)));
    }
    let made = owner
        .upload(&format!("{W}/datasets"), "rows.csv", rows.as_bytes(), None)
        .await
        .expect(201);
    let label = json!({"label": "<svg onload=alert(1)>"});
    owner
        .put(&format!("{W}/datasets/{}", text(&made, "/id")), &label)
        .await
        .expect(200);
    made
}

/// F10
#[tokio::test(flavor = "multi_thread")]
async fn what_people_write_is_shown_and_never_acts() {
    let server = TestServer::start_with(TestDatabase::sqlite().await, &NO_RATES).await;
    let owner = server.owner().await;
    let dataset = uploaded(&owner).await;
    let model = text(&dataset, "/model");
    let mut seed = Seed::new();
    let one_line: Vec<&str> = VECTORS
        .into_iter()
        .filter(|vector| !vector.contains('\n') && !vector.starts_with(END_OF_TITLE))
        .collect();
    let titles: Vec<&str> = (0..5).map(|_| *seed.pick(&one_line)).collect();
    let made = owner
        .post(
            &format!("{W}/dashboards"),
            &json!({"document": document(&model, &titles)}),
        )
        .await
        .expect(201);
    let id = text(&made, "/id");
    let dashboard = format!("{W}/dashboards/{id}");
    owner
        .post(&format!("{dashboard}/publish"), &json!({}))
        .await
        .expect(200);
    let share = json!({"name": titles[0], "downloads": true});
    let share = owner.post(&format!("{dashboard}/shares"), &share).await.expect(201);
    let link = text(&share, "/url").replacen(&server.origin(), "", 1);
    for title in &titles {
        owner
            .post(&format!("{W}/folders"), &json!({"title": title}))
            .await
            .expect(201);
    }
    owner.put("/api/v1/me", &json!({"name": titles[1]})).await.expect(200);
    owner.put(W, &json!({"title": titles[2]})).await.expect(200);

    let reflected = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E";
    let pages = [
        "/w/acme".to_owned(),
        "/w/acme/dashboards".to_owned(),
        format!("/w/acme/dashboards/{id}"),
        format!("/w/acme/dashboards/{id}?f.region={reflected}"),
        format!("/w/acme/dashboards/{id}?{reflected}={reflected}"),
        format!("/w/acme/dashboards/{id}/edit"),
        "/w/acme/datasets".to_owned(),
        format!("/w/acme/datasets/{}", text(&dataset, "/id")),
        format!("/w/acme/models/{model}"),
        "/w/acme/members".to_owned(),
        "/w/acme/audit".to_owned(),
        format!("/w/acme/audit?q={reflected}"),
        "/settings/account".to_owned(),
        "/settings/tokens".to_owned(),
        format!("/{reflected}"),
        format!("/w/{reflected}"),
        format!("/login?return_to={reflected}&step={reflected}"),
        format!("/invite/{reflected}"),
        format!("/s/{reflected}"),
        link.clone(),
        format!("{link}?f.region={reflected}&tz={reflected}"),
    ];
    let browser = owner.with("accept", "text/html");
    let mut wrong = Vec::new();
    for page in &pages {
        let reply = browser.get(page).await;
        wrong.extend(complaint(&reply, &[200, 303, 404]).map(|said| format!("{page}: {said}")));
        wrong.extend(
            acting_parts(&reply.text())
                .into_iter()
                .map(|part| format!("{page}: {part}")),
        );
        let policy = reply.header("content-security-policy");
        let scripts = policy
            .split(';')
            .find(|part| part.trim().starts_with("script-src"))
            .unwrap_or_default();
        if scripts.contains("unsafe-inline") || scripts.contains("'unsafe-eval'") {
            wrong.push(format!("{page}: {policy}"));
        }
    }
    let tiles = made["document"]["tiles"].as_array().unwrap();
    let table = tiles
        .iter()
        .find(|tile| tile["content"]["visual"]["kind"] == "table")
        .unwrap();
    let csv = server
        .visitor()
        .get(&format!("{link}/csv?tile={}", text(table, "/id")))
        .await;
    assert_eq!(csv.status, 200, "{}", csv.text());
    assert!(
        csv.header("content-type").starts_with("text/csv")
            && csv.header("content-disposition").starts_with("attachment")
    );
    expect_none(&wrong);
}

/// Ends the element that a page's title stands in, and has a test of its own.
const END_OF_TITLE: &str = "</title>";

/// F10
#[tokio::test(flavor = "multi_thread")]
async fn a_title_stays_in_its_element() {
    let server = TestServer::start_with(TestDatabase::sqlite().await, &NO_RATES).await;
    let owner = server.owner().await;
    let model = text(&uploaded(&owner).await, "/model");
    let title = format!("{END_OF_TITLE}<script>alert(1)</script>");
    let made = owner
        .post(&format!("{W}/dashboards"), &json!({"title": title, "model": model}))
        .await
        .expect(201);
    let id = text(&made, "/id");
    owner
        .post(&format!("{W}/dashboards/{id}/publish"), &json!({}))
        .await
        .expect(200);
    let page = owner
        .with("accept", "text/html")
        .get(&format!("/w/acme/dashboards/{id}"))
        .await;
    assert_eq!(page.status, 200);
    expect_none(&acting_parts(&page.text()));
}

/// Parts of a page that would run something that is not the page's own.
fn acting_parts(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, rest)| rest);
            continue;
        }
        if !rest[1..].starts_with(|letter: char| letter.is_ascii_alphabetic()) {
            rest = &rest[1..];
            continue;
        }
        let (tag, after) = Tag::read(rest);
        found.extend(
            tag.acts()
                .map(|why| format!("{why} in {}", rest.chars().take(120).collect::<String>())),
        );
        // What is in these is text until their own end.
        let is_text = ["script", "style", "title", "textarea"].contains(&tag.name.as_str());
        let end = is_text
            .then(|| after.to_ascii_lowercase().find(&format!("</{}", tag.name)))
            .flatten();
        rest = end.map_or(after, |end| &after[end + 2..]);
    }
    found
}

struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    /// The tag that `text` starts with, and what follows it.
    fn read(text: &str) -> (Self, &str) {
        let ends_name = |letter: char| letter.is_whitespace() || "/>=".contains(letter);
        let name_end = text[1..].find(ends_name).map_or(text.len(), |at| at + 1);
        let name = text[1..name_end].to_ascii_lowercase();
        let mut rest = &text[name_end..];
        let mut attributes = Vec::new();
        loop {
            rest = rest.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '/' || letter == '=');
            if rest.is_empty() || rest.starts_with('>') {
                let after = rest.get(1..).unwrap_or_default();
                return (Self { name, attributes }, after);
            }
            let end = rest.find(ends_name).unwrap_or(rest.len());
            let attribute = rest[..end].to_ascii_lowercase();
            rest = rest[end..].trim_start();
            let mut value = "";
            if let Some(given) = rest.strip_prefix('=') {
                let given = given.trim_start();
                let quote = given.chars().next().filter(|quote| "\"'".contains(*quote));
                let inside = quote.map_or(given, |_| &given[1..]);
                let end = match quote {
                    Some(quote) => inside.find(quote),
                    None => inside.find(|letter: char| letter.is_whitespace() || letter == '>'),
                };
                let end = end.unwrap_or(inside.len());
                value = &inside[..end];
                rest = inside[end..].trim_start_matches(|letter: char| Some(letter) == quote);
            }
            attributes.push((attribute, value.to_owned()));
        }
    }

    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
    }

    fn acts(&self) -> Option<String> {
        if ["iframe", "object", "embed", "base", "applet", "frame"].contains(&self.name.as_str()) {
            return Some(format!("<{}>", self.name));
        }
        if self.name == "meta" && self.attribute("http-equiv").is_some() {
            return Some("<meta http-equiv>".to_owned());
        }
        if self.name == "script"
            && self.attribute("nonce").is_none()
            && self.attribute("type") != Some("application/json")
        {
            return Some("a script without nonce".to_owned());
        }
        let runs = |(name, value): &&(String, String)| {
            let compact: String = value
                .chars()
                .filter(|letter| !letter.is_whitespace() && !letter.is_control())
                .collect();
            let compact = compact
                .to_ascii_lowercase()
                .replace("&#58;", ":")
                .replace("&colon;", ":")
                .replace("&#115;", "s");
            let goes = ["javascript:", "vbscript:", "data:text/html"]
                .iter()
                .any(|scheme| compact.starts_with(scheme));
            name.starts_with("on") || name == "srcdoc" || goes || (name != "value" && compact.starts_with("//evil"))
        };
        self.attributes
            .iter()
            .find(runs)
            .map(|(name, value)| format!("{name}={value}"))
    }
}

#[test]
fn what_acts_is_found() {
    for vector in VECTORS
        .iter()
        .filter(|vector| vector.starts_with('<') && !vector.contains(['!', ':']) && !vector.starts_with("</"))
    {
        let is_text_only = ["<style>", "<noscript>", "<template>"]
            .iter()
            .any(|start| vector.starts_with(start));
        assert!(is_text_only || !acting_parts(vector).is_empty(), "{vector}");
    }
    assert_eq!(
        acting_parts("<p class=\"a\">&lt;script&gt; <a href=\"https://x\">x</a> 1 < 2</p>"),
        Vec::<String>::new()
    );
    assert_eq!(acting_parts("<a title=\"x\" onclick=\"y\">").len(), 1);
    assert_eq!(
        acting_parts("<script nonce=\"x\">\"<img onerror=x>\"</script><script>y</script>").len(),
        1
    );
}
