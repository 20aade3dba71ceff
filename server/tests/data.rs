//! A file becomes a dataset, a query, a dashboard and a link, over HTTP.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has to fail loudly"
)]

mod support;

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use support::{
    Client, TestServer,
    client::form,
    server::{cookie, orders, sqlite_database},
};

use tokio::io::AsyncWriteExt as _;

const W: &str = "/api/v1/workspaces/acme";

testkit::for_each_database! {
    async fn a_file_is_loaded_read_and_asked(test: TestDatabase) {
        let server = TestServer::start(test).await;
        let program = server.program().await;
        let dataset = orders(&program).await;
        assert_eq!((&dataset["rows"], &dataset["rejects"]["count"]), (&json!(5), &json!(0)));
        let id = dataset["id"].as_str().unwrap();
        let window = program.get(&format!("{W}/datasets/{id}/rows?limit=2&offset=1")).await.expect(200);
        assert_eq!(window["rows"].as_array().unwrap().len(), 2);
        assert_eq!(window["total"], 5);
        let next = window["next"].as_str().unwrap();
        let window = program.get(&format!("{W}/datasets/{id}/rows?limit=10&cursor={next}")).await.expect(200);
        assert_eq!(window["offset"], 3);
        let model = dataset["model"].as_str().unwrap();
        let query = json!({"model": model, "metrics": [{"field": format!("{model}.amount"), "agg": "sum"}], "dimensions": [format!("{model}.region")]});
        let answer = program.post(&format!("{W}/query"), &query).await.expect(200);
        assert_eq!(answer["rows"].as_array().unwrap().len(), 3);
        assert_eq!(program.post(&format!("{W}/query"), &query).await.expect(200)["cache"], "hit");
        let lines = program.post(&format!("{W}/query/stream"), &query).await;
        assert_eq!((lines.status.as_u16(), lines.header("content-type")), (200, "application/x-ndjson"));
        assert_eq!(lines.text().lines().count(), 4);
        let csv = program.post(&format!("{W}/query/stream?format=csv"), &query).await;
        assert!(csv.text().starts_with("Region,"), "{}", csv.text());
        program.post(&format!("{W}/query/stream?format=xml"), &query).await.expect(400);
        let wrong = json!({"model": model, "metrics": ["nothing"]});
        program.post(&format!("{W}/query/stream"), &wrong).await.expect(422);
        program.post(&format!("{W}/query"), &wrong).await.expect(422);
        let batch = program.post(&format!("{W}/query/batch"), &json!({"queries": [query, wrong]})).await.expect(200);
        assert!(batch["answers"][0]["rows"].is_array() && batch["answers"][1]["error"]["code"].is_string());
        program.post(&format!("{W}/query/explain"), &json!({"model": model, "dimensions": [format!("{model}.region")]})).await.expect(200);
        let fields = program.get(&format!("{W}/query/fields?model={model}")).await.expect(200);
        assert!(fields["dimensions"].as_array().unwrap().len() >= 2);
        let values = program.get(&format!("{W}/query/values?model={model}&field={model}.region&q=E")).await.expect(200);
        assert_eq!(values["items"][0]["value"], "EU");
    }

    async fn a_bad_file_leaves_nothing(test: TestDatabase) {
        let server = TestServer::start(test).await;
        let program = server.program().await;
        let path = format!("{W}/datasets");
        program.upload(&path, "empty.csv", b"", None).await.expect(422);
        program.upload(&path, "picture.png", b"\x89PNG", None).await.expect(415);
        program.upload(&path, "broken.parquet", b"PAR1 not at all PAR1", None).await.expect(422);
        program.post(&path, &json!({})).await.refused(415, "unsupported_media_type");
        let cut = form("orders.csv", support::server::ORDERS, None);
        let cut = cut[..cut.len() - 12].to_vec();
        program.send(http::Method::POST, &path, Some("multipart/form-data; boundary=edge"), cut).await.expect(400);
        program.send(http::Method::POST, &path, Some("multipart/form-data; boundary=edge"), "--edge--\r\n").await.expect(400);
        let wrong = json!({"delimiter": "much too long"});
        program.upload(&path, "orders.csv", support::server::ORDERS, Some(&wrong)).await.expect(422);
        assert_eq!(program.get(&path).await.expect(200)["items"], json!([]));
        let left = std::fs::read_dir(server.instance.settings.data.join("uploads")).map_or(0, Iterator::count);
        assert_eq!(left, 0);
    }

    async fn a_database_may_come_after_other_parts(test: TestDatabase) {
        let server = TestServer::start(test).await;
        let program = server.program().await;
        let send = async |before: &[u8], file: &[u8]| {
            let path = format!("{W}/connections/files");
            let form = [before, file].concat();
            program.send(Method::POST, &path, Some("multipart/form-data; boundary=edge"), form).await
        };
        let named = b"--edge\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nshop\r\n".as_slice();
        let file = form("shop.db", &sqlite_database().await, None);
        assert!(send(named, &file).await.expect(201)["file"].is_string());
        assert_eq!(send(named, b"--edge--\r\n").await.refused(400, "malformed")["field"], "file");
    }

    async fn an_upload_whose_sender_left_is_forgotten(test: TestDatabase) {
        let server = TestServer::start(test).await;
        let program = server.program().await;
        let whole = form("orders.csv", support::server::ORDERS, Some(&json!({"delimiter": ","})));
        let uploads = server.instance.settings.data.join("uploads");
        // Within the file, after it, and within the part behind it.
        for cut in [100, whole.len() - 60, whole.len() - 20] {
            let head = format!(
                "POST {W}/datasets HTTP/1.1\r\nhost: x\r\nauthorization: {}\r\ncontent-length: {}\r\ncontent-type: \
                 multipart/form-data; boundary=edge\r\n\r\n",
                program.headers[0].1, whole.len()
            );
            let mut stream = tokio::net::TcpStream::connect(server.address).await.unwrap();
            stream.write_all(head.as_bytes()).await.unwrap();
            stream.write_all(&whole[..cut]).await.unwrap();
            tokio::time::sleep(Duration::from_millis(200)).await;
            drop(stream);
            let left = || std::fs::read_dir(&uploads).map_or(0, Iterator::count);
            for _ in 0..50 {
                if left() == 0 {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            assert_eq!(left(), 0, "cut at {cut}");
        }
        assert_eq!(program.get(&format!("{W}/datasets")).await.expect(200)["items"], json!([]));
    }

    async fn no_address_with_a_nul_reaches_the_database(test: TestDatabase) {
        let server = TestServer::start(test).await;
        let program = server.program().await;
        let dataset = orders(&program).await;
        let model = dataset["model"].as_str().unwrap();
        for path in [
            "models/a%00".to_owned(),
            "models/a%00/versions".to_owned(),
            "query/fields?model=a%00".to_owned(),
            format!("query/values?model={model}&field={model}.region&q=%00"),
            format!("query/values?model={model}&field=%00"),
            "datasets?cursor=%00".to_owned(),
        ] {
            program.get(&format!("{W}/{path}")).await.refused(400, "malformed");
        }
        program.get("/api/v1/workspaces/a%00").await.refused(400, "malformed");
    }

    async fn of_many_saves_of_one_state_one_wins(test: TestDatabase) {
        let server = TestServer::start(test).await;
        let owner = server.owner().await;
        let (id, _) = dashboard(&owner).await;
        let models = owner.get(&format!("{W}/models")).await.expect(200);
        let name = models["items"][0]["name"].as_str().unwrap();
        let model = owner.get(&format!("{W}/models/{name}")).await.expect(200);
        let draft = owner.get(&format!("{W}/dashboards/{id}")).await.expect(200);
        for (path, field, state, document) in [
            (format!("{W}/models/{name}"), "label", &model["version"], &model),
            (format!("{W}/dashboards/{id}"), "title", &draft["revision"], &draft["document"]),
        ] {
            let saves = (0..12).map(|number| {
                let mut document = document.clone();
                document[field] = json!(format!("Save {number}"));
                let (client, path) = (owner.clone().with("if-match", &format!("\"{state}\"")), path.clone());
                tokio::spawn(async move { client.put(&path, &document).await.status.as_u16() })
            });
            let mut statuses = Vec::new();
            for save in saves.collect::<Vec<_>>() {
                statuses.push(save.await.unwrap());
            }
            statuses.sort_unstable();
            assert_eq!((statuses[0], &statuses[1..]), (200, [412; 11].as_slice()), "{path}");
        }
    }

    async fn of_many_files_for_one_state_one_wins(test: TestDatabase) {
        let server = TestServer::start(test).await;
        let owner = server.owner().await;
        let dataset = orders(&owner).await;
        let path = format!("{W}/datasets/{}/file", dataset["id"].as_str().unwrap());
        let tag = format!("\"{}\"", dataset["version_id"].as_str().unwrap());
        let puts = (0..4).map(|number| {
            let (client, path) = (owner.clone().with("if-match", &tag), path.clone());
            let body = form("more.csv", format!("region,amount\nEU,{number}\n").as_bytes(), None);
            tokio::spawn(async move {
                let kind = Some("multipart/form-data; boundary=edge");
                client.send(Method::PUT, &path, kind, body).await.status.as_u16()
            })
        });
        let mut statuses = Vec::new();
        for put in puts.collect::<Vec<_>>() {
            statuses.push(put.await.unwrap());
        }
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412, 412, 412]);
    }

    async fn a_model_is_written_as_yaml_too(test: TestDatabase) {
        let server = TestServer::start(test).await;
        let program = server.program().await;
        let dataset = orders(&program).await;
        let path = format!("{W}/models/{}", dataset["model"].as_str().unwrap());
        let mut model = program.get(&path).await.expect(200);
        model["tables"][0]["label"] = json!("Bestellungen");
        // Every JSON document is one in YAML; a comment is what JSON has not.
        let yaml = format!("# ours\n{model}\n");
        let put = |kind, body| program.send(http::Method::PUT, &path, Some(kind), body);
        let check = format!("{path}/validate");
        program.send(http::Method::POST, &check, Some("text/yaml"), yaml.clone()).await.expect(200);
        put("application/yaml", yaml.clone()).await.expect(200);
        assert_eq!(program.get(&path).await.expect(200)["tables"][0]["label"], "Bestellungen");
        put("application/json", yaml.clone()).await.refused(400, "malformed");
        put("text/plain", yaml).await.refused(415, "unsupported_media_type");
        put("application/yaml", "model: [".to_owned()).await.refused(400, "malformed");
        let refused = put("application/yaml", "model: shop\ntables: 5\n".to_owned()).await.refused(422, "invalid");
        assert_eq!(refused["field"], "tables");

        // Out as YAML, and in again as it is.
        let written = program.clone().with("accept", "application/yaml").get(&path).await;
        assert_eq!((written.header("content-type"), written.header("etag")), ("application/yaml", "\"2\""));
        assert!(written.header("vary").contains("accept"), "{:?}", written.headers);
        assert!(written.text().contains("label: Bestellungen\n"), "{}", written.text());
        let again = put("application/yaml", format!("{}# once more\n", written.text())).await.expect(200);
        assert_eq!(again["version"], 2);
    }

    async fn the_upload_dialog_goes_step_by_step(test: TestDatabase) {
        let server = TestServer::start(test).await;
        let owner = server.owner().await;
        let receipt = owner.upload(&format!("{W}/uploads"), "orders.csv", support::server::ORDERS, None).await.expect(201);
        let upload = format!("{W}/uploads/{}", receipt["upload"].as_str().unwrap());
        let preview = owner.post(&format!("{upload}/preview"), &json!({})).await.expect(200);
        assert_eq!(preview["columns"].as_array().unwrap().len(), 3);
        owner.post(&format!("{upload}/load"), &json!({"name": "Orders of 2026"})).await.expect(202);
        let mut done = Value::Null;
        for _ in 0..200 {
            done = owner.get(&upload).await.expect(200);
            if done["state"].get("running").is_none() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        let dataset = done["state"]["done"]["dataset"].as_str().unwrap_or_else(|| panic!("{done}"));
        assert_eq!(owner.get(&format!("{W}/datasets/{dataset}")).await.expect(200)["label"], "Orders of 2026");
    }

    async fn a_dashboard_is_edited_published_and_read_by_link(test: TestDatabase) {
        let server = TestServer::start(test).await;
        let owner = server.owner().await;
        let (id, page) = dashboard(&owner).await;
        let stale = owner.clone().with("if-match", "\"7\"");
        let document = owner.get(&format!("{W}/dashboards/{id}")).await.expect(200)["document"].clone();
        stale.put(&format!("{W}/dashboards/{id}"), &document).await.refused(412, "precondition_failed");
        owner.post(&format!("{W}/dashboards/{id}/shares"), &json!({})).await.expect(409);
        owner.post(&format!("{W}/dashboards/{id}/publish"), &json!({})).await.expect(200);
        let data = owner.get(&format!("{W}/dashboards/{id}/data")).await.expect(200);
        assert_eq!(data["page"], json!(page));
        assert_eq!(data["tiles"].as_object().unwrap().len(), 1);
        owner.get(&format!("{W}/dashboards/{id}/data?f.nothing=1")).await.refused(400, "malformed");

        let share = owner.post(&format!("{W}/dashboards/{id}/shares"), &json!({"password": "open sesame please"})).await.expect(201);
        let link = share["url"].as_str().unwrap().strip_prefix(&server.origin()).unwrap().to_owned();
        let reader = server.visitor();
        let asked = reader.get(&link).await;
        assert!(asked.status == 401 && asked.text().contains("<form"), "{}", asked.text());
        reader.post(&format!("{link}/data"), &json!({"state": {}})).await.refused(401, "unauthenticated");
        let kind = Some("application/x-www-form-urlencoded");
        assert_eq!(reader.send(http::Method::POST, &link, kind, "password=wrong").await.status, 401);
        let unlocked = reader.send(http::Method::POST, &link, kind, "password=open+sesame+please").await;
        assert_eq!(unlocked.status, 303, "{}", unlocked.text());
        assert!(unlocked.header("set-cookie").contains(&format!("Path={link}")));
        let reader = reader.with("cookie", &cookie(&unlocked));
        let page = reader.get(&link).await;
        assert_eq!(page.status, 200, "{}", page.text());
        assert!(page.text().contains("<svg") && page.text().contains("EU"), "{}", page.text());
        assert!(page.header("cache-control").contains("no-store") && page.header("x-robots-tag").contains("noindex"));
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        reader.post(&format!("{link}/data"), &json!({"state": {}})).await.expect(200);
        // The cookie of a link opens nothing else, and a session is not looked at here.
        reader.get("/api/v1/me").await.refused(401, "unauthenticated");
        assert_eq!(owner.get(&link).await.status, 401);
        let share_id = share["id"].as_str().unwrap();
        owner.delete(&format!("{W}/dashboards/{id}/shares/{share_id}")).await.expect(204);
        assert_eq!(reader.get(&link).await.status, 410);
        assert_eq!(reader.get("/s/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").await.status, 404);
    }

    /// A page is made on one thread and may be dropped on another: what it keeps must stand that.
    async fn pages_arrive_whole_however_many_ask(test: TestDatabase) {
        let server = TestServer::start(test).await;
        let owner = server.owner().await;
        let (dashboard, _) = dashboard(&owner).await;
        owner.post(&format!("{W}/dashboards/{dashboard}/publish"), &json!({})).await.expect(200);
        let datasets = owner.get(&format!("{W}/datasets")).await.expect(200);
        let dataset = datasets["items"][0]["id"].as_str().unwrap();
        let detail = owner.get(&format!("{W}/datasets/{dataset}")).await.expect(200);
        let model = detail["model"].as_str().unwrap();
        let pages = ["/w/acme".to_owned(), "/w/acme/datasets".to_owned(), format!("/w/acme/datasets/{dataset}"),
            format!("/w/acme/dashboards/{dashboard}"), format!("/w/acme/dashboards/{dashboard}/edit"),
            format!("/w/acme/models/{model}"), "/settings/account".to_owned(), "/settings/tokens".to_owned(),
            "/w/acme/audit".to_owned(), "/settings/audit".to_owned()];
        for _ in 0..25 {
            let asked = pages.iter().map(|page| owner.get(page));
            for (page, reply) in pages.iter().zip(futures::future::join_all(asked).await) {
                assert_eq!(reply.status, 200, "{page}");
                assert_eq!(parts_not_sent(&reply.text()), Vec::<String>::new(), "{page} breaks off");
            }
        }
    }

    async fn a_frame_opens_by_ticket_for_its_origins_only(test: TestDatabase) {
        let server = TestServer::start(test).await;
        let owner = server.owner().await;
        let (id, _) = dashboard(&owner).await;
        owner.post(&format!("{W}/dashboards/{id}/publish"), &json!({})).await.expect(200);
        let embed = owner.post(&format!("{W}/dashboards/{id}/embeds"), &json!({"origins": ["https://host.example"]})).await.expect(201);
        let frame = embed["url"].as_str().unwrap().strip_prefix(&server.origin()).unwrap().to_owned();
        let missing = server.visitor().get(&frame).await;
        assert_eq!(missing.status, 401);
        assert!(missing.header("content-security-policy").contains("frame-ancestors https://host.example;"));
        let forged = server.visitor().get(&format!("{frame}?ticket=a.b.c")).await;
        assert_eq!(forged.status, 401, "{}", forged.text());
        server.visitor().post(&format!("{frame}/data"), &json!({"state": {}})).await.refused(401, "unauthenticated");
    }
}

/// Parts of a page in whose place it shows that they are loading, and that never came behind it.
fn parts_not_sent(page: &str) -> Vec<String> {
    let opened = page.split("<!--s-").skip(1).filter_map(|rest| rest.split_once("-o-->"));
    opened
        .map(|(part, _)| part.to_owned())
        .filter(|part| !page.contains(&format!("<template id=\"{part}-f\">")))
        .collect()
}

/// A dashboard over `orders` with one chart; its id and its page's.
async fn dashboard(owner: &Client) -> (String, String) {
    let dataset = orders(owner).await;
    let created = json!({"title": "Sales", "dataset": dataset["id"]});
    let detail = owner.post(&format!("{W}/dashboards"), &created).await.expect(201);
    let (id, page) = (
        detail["id"].as_str().unwrap().to_owned(),
        detail["document"]["pages"][0]["id"].as_str().unwrap().to_owned(),
    );
    let table = dataset["model"].as_str().unwrap();
    let tile = json!({"id": uuid::Uuid::now_v7(), "page": page, "rect": {"x": 0, "y": 0, "w": 8, "h": 30}, "z": 0, "locked": false, "group": null,
        "content": {"visual": {"kind": "column", "title": null,
            "wells": {"axis": [{"field": format!("{table}.region")}], "values": [{"field": format!("{table}.amount"), "agg": "sum"}]},
            "query": {}, "format": {}}}});
    let action = json!({"id": uuid::Uuid::now_v7(), "actor": uuid::Uuid::nil(), "at": "2026-01-01T00:00:00Z", "name": "Add a chart",
        "ops": [{"insert": {"kind": "tile", "object": tile}}]});
    let ops = json!({"base": detail["revision"], "actions": [action]});
    let accepted = owner.post(&format!("{W}/dashboards/{id}/ops"), &ops).await.expect(200);
    // The same action again is the same action.
    let again = owner.post(&format!("{W}/dashboards/{id}/ops"), &ops).await.expect(200);
    assert_eq!(accepted["revision"], again["revision"]);
    (id, page)
}
