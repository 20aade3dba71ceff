//! Roles that come from groups, and rights on single dashboards and datasets.

use http::Method;
use serde_json::{Value, json};

use crate::{
    sample::one_action,
    support::Client,
    world::{self, Caller, W, World, text},
};

async fn user(client: &Client) -> String {
    text(&client.get("/api/v1/me").await.expect(200), "/user/id")
}

fn ids(list: &Value) -> Vec<String> {
    let items = list["items"].as_array().unwrap().iter();
    items
        .map(|item| item["id"].as_str().or(item["name"].as_str()).unwrap().to_owned())
        .collect()
}

/// `[name, role, reason]` of everybody who can see it.
fn audience(access: &Value) -> Vec<Value> {
    let people = access["people"].as_array().unwrap().iter();
    people.map(|one| json!([one["name"], one["role"], one["by"]])).collect()
}

/// Only these see it, with the owners.
fn only(grants: &[(&str, &str, &str)]) -> Value {
    let grants: Vec<Value> = grants
        .iter()
        .map(|(kind, id, role)| json!({"to": {*kind: id}, "role": role}))
        .collect();
    json!({"restricted": true, "grants": grants})
}

testkit::for_each_database! {
    async fn a_group_gives_its_people_its_role_until_it_is_taken(test: TestDatabase) {
        let world = World::new(test).await;
        let alan = world.client(Caller::Analyst).await;
        let alan_id = user(&alan).await;
        alan.get(W).await.refused(404, "not_found");

        let groups = "/api/v1/groups";
        world.client(Caller::Owner).await.post(groups, &json!({"name": "Field"})).await.refused(403, "forbidden");
        let group = text(&world.ann.post(groups, &json!({"name": "Field team"})).await.expect(201), "/id");
        world.ann.post(groups, &json!({"name": "FIELD TEAM"})).await.refused(409, "conflict");
        world.ann.put(&format!("{groups}/{group}/people/{alan_id}"), &Value::Null).await.expect(200);
        let again = world.ann.put(&format!("{groups}/{group}/people/{alan_id}"), &Value::Null).await.expect(200);
        assert_eq!(again["people"].as_array().unwrap().len(), 1);
        alan.get(W).await.refused(404, "not_found");

        let place = format!("{W}/groups/{group}");
        world.client(Caller::Editor).await.put(&place, &json!({"role": "owner"})).await.refused(403, "forbidden");
        let others = world.ann.get(&format!("{W}/groups")).await.expect(200);
        assert_eq!(others["others"][0]["name"], "Field team");
        world.ann.put(&place, &json!({"role": "viewer"})).await.expect(200);
        assert_eq!(alan.get(W).await.expect(200)["role"], "viewer");
        assert_eq!(alan.get("/api/v1/me").await.expect(200)["workspaces"][0]["slug"], "acme");
        alan.post(&format!("{W}/folders"), &json!({"title": "Mine"})).await.refused(403, "forbidden");

        world.ann.put(&place, &json!({"role": "editor"})).await.expect(200);
        alan.post(&format!("{W}/folders"), &json!({"title": "Mine"})).await.expect(201);
        let here = alan.get(&format!("{W}/groups")).await.expect(200);
        assert_eq!((&here["items"][0]["people"], &here["others"]), (&json!(["alan"]), &json!([])));

        // Of an own role and a group's, the higher counts.
        let vera = world.client(Caller::Viewer).await;
        let vera_id = user(&vera).await;
        world.ann.put(&format!("{groups}/{group}/people/{vera_id}"), &Value::Null).await.expect(200);
        let member = vera.get(&format!("{W}/members/{vera_id}")).await.expect(200);
        assert_eq!((&member["role"], &member["effective_role"]), (&json!("viewer"), &json!("editor")));
        vera.post(&format!("{W}/folders"), &json!({"title": "Hers"})).await.expect(201);

        // What the platform role does not allow no group gives.
        let eve = world.client(Caller::Executive).await;
        world.ann.put(&format!("{groups}/{group}/people/{}", user(&eve).await), &Value::Null).await.expect(200);
        assert_eq!(eve.get(W).await.expect(200)["role"], "viewer");

        world.ann.delete(&format!("{groups}/{group}/people/{alan_id}")).await.expect(204);
        alan.get(W).await.refused(404, "not_found");
        world.ann.delete(&format!("{groups}/{group}")).await.expect(204);
        eve.get(W).await.refused(404, "not_found");
        vera.post(&format!("{W}/folders"), &json!({"title": "No more"})).await.refused(403, "forbidden");
    }

    async fn a_dashboard_can_be_given_to_few_and_more_can_be_given_than_the_role(test: TestDatabase) {
        let world = World::new(test).await;
        let [vera, edith, oscar] = [Caller::Viewer, Caller::Editor, Caller::Owner].map(|caller| world.client(caller));
        let (vera, edith, oscar) = (vera.await, edith.await, oscar.await);
        let (vera_id, edith_id) = (user(&vera).await, user(&edith).await);
        let (list, one) = (format!("{W}/dashboards"), format!("{W}/dashboards/{}", world.fixed.dashboard));
        let access = format!("{one}/access");
        let tiles = json!({"state": {}});

        // A viewer may not change who sees it; an editor may, and stays an editor of it.
        vera.put(&access, &only(&[])).await.refused(403, "forbidden");
        let set = edith.put(&access, &only(&[])).await.expect(200);
        assert_eq!(set["grants"], json!([{"to": {"user": edith_id}, "name": "edith", "role": "editor"}]));
        edith.get(&one).await.expect(200);
        for (method, path, body) in [
            (Method::GET, one.clone(), None),
            (Method::POST, format!("{one}/data"), Some(&tiles)),
            (Method::GET, access.clone(), None),
        ] {
            let reply = match body {
                Some(body) => vera.post(&path, body).await,
                None => vera.get(&path).await,
            };
            let refusal = reply.refused(403, "forbidden");
            assert!(refusal.to_string().contains("chosen people"), "{method} {path}: {refusal}");
        }
        assert!(!ids(&vera.get(&list).await.expect(200)).contains(&world.fixed.dashboard));
        assert!(ids(&oscar.get(&list).await.expect(200)).contains(&world.fixed.dashboard));

        // Given to the viewer to read: the published state, and no more of it.
        oscar.put(&access, &only(&[("user", &vera_id, "viewer")])).await.expect(200);
        vera.get(&one).await.expect(200);
        vera.post(&format!("{one}/data"), &tiles).await.expect(200);
        vera.post(&format!("{one}/ops"), &one_action()).await.refused(403, "forbidden");
        assert!(ids(&vera.get(&list).await.expect(200)).contains(&world.fixed.dashboard));
        // The editor of the workspace is none of them any more.
        edith.get(&one).await.refused(403, "forbidden");
        edith.post(&format!("{one}/shares"), &json!({})).await.refused(403, "forbidden");
        assert!(!ids(&edith.get(&list).await.expect(200)).contains(&world.fixed.dashboard));

        // To edit: drafts, publishing and sharing of this one, and of no other.
        let open = json!({"restricted": false, "grants": [{"to": {"user": vera_id}, "role": "editor"}]});
        oscar.put(&access, &open).await.expect(200);
        vera.post(&format!("{one}/ops"), &one_action()).await.expect(200);
        vera.post(&format!("{one}/publish"), &json!({})).await.expect(200);
        vera.clone().with("idempotency-key", "vera-1").post(&format!("{one}/publish"), &json!({})).await.expect(200);
        vera.post(&format!("{one}/shares"), &json!({})).await.expect(201);
        let other = world::dashboard(&world.ann, W, &world.fixed.model).await;
        vera.post(&format!("{W}/dashboards/{other}/ops"), &one_action()).await.refused(403, "forbidden");
        vera.post(&list, &json!({"title": "New", "model": world.fixed.model})).await.refused(403, "forbidden");
        world.ann.delete(&format!("{W}/dashboards/{other}/publish")).await.expect(204);
        assert!(!ids(&vera.get(&list).await.expect(200)).contains(&other), "a draft of another");
        edith.get(&one).await.expect(200);

        // A copy of what is given to few is the copier's alone, until they say otherwise.
        edith.put(&access, &only(&[])).await.expect(200);
        let copy = text(&edith.post(&format!("{one}/duplicate"), &json!({})).await.expect(201), "/id");
        edith.post(&format!("{list}/{copy}/publish"), &json!({})).await.expect(200);
        vera.get(&format!("{list}/{copy}")).await.refused(403, "forbidden");
        oscar.put(&access, &open).await.expect(200);

        // What is wrong with a list of rights is said, and nothing changes.
        let outsider = user(&world.client(Caller::Outsider).await).await;
        oscar.put(&access, &only(&[("user", &outsider, "viewer")])).await.refused(404, "not_found");
        let twice = only(&[("user", &vera_id, "viewer"), ("user", &vera_id, "editor")]);
        oscar.put(&access, &twice).await.refused(422, "invalid");
        oscar.put(&access, &json!({"restricted": true, "grants": [{"to": {"user": vera_id}, "role": "owner"}]})).await.expect(422);
        assert_eq!(oscar.get(&access).await.expect(200)["restricted"], false);

        // Who leaves the workspace and comes back has none of it.
        oscar.delete(&format!("{W}/members/{vera_id}")).await.expect(204);
        oscar.post(&format!("{W}/members"), &json!({"email": "vera@example.org", "role": "viewer"})).await.expect(201);
        vera.post(&format!("{one}/ops"), &one_action()).await.refused(403, "forbidden");
    }

    async fn a_dataset_given_to_few_is_read_by_others_only_where_it_is_published(test: TestDatabase) {
        let world = World::new(test).await;
        let (vera, edith) = (world.client(Caller::Viewer).await, world.client(Caller::Editor).await);
        let edith_id = user(&edith).await;
        let (dataset, model) = (&world.fixed.dataset, &world.fixed.model);
        let (one, dashboard) = (format!("{W}/datasets/{dataset}"), format!("{W}/dashboards/{}", world.fixed.dashboard));
        let query = json!({"model": model, "dimensions": [format!("{model}.region")]});
        world.ann.put(&format!("{one}/access"), &only(&[])).await.expect(200);

        for client in [&vera, &edith] {
            for path in ["", "/rows", "/profile", "/versions", "/access"] {
                client.get(&format!("{one}{path}")).await.refused(403, "forbidden");
            }
            client.get(&format!("{W}/models/{model}")).await.refused(403, "forbidden");
            client.get(&format!("{W}/query/fields?model={model}")).await.refused(403, "forbidden");
            client.get(&format!("{W}/query/values?model={model}&field={model}.region")).await.refused(403, "forbidden");
            client.post(&format!("{W}/query"), &query).await.refused(403, "forbidden");
            client.post(&format!("{W}/query/explain"), &query).await.refused(403, "forbidden");
            let batch = client.post(&format!("{W}/query/batch"), &json!({"queries": [query]})).await.expect(200);
            assert!(batch.to_string().contains("forbidden"), "{batch}");
            assert!(!ids(&client.get(&format!("{W}/datasets")).await.expect(200)).contains(dataset));
            assert!(!ids(&client.get(&format!("{W}/models")).await.expect(200)).contains(model));
            let read = client.post(&format!("{dashboard}/data"), &json!({"state": {}})).await.expect(200);
            assert!(read.to_string().contains("EU"), "{read}");
        }
        edith.post(&format!("{dashboard}/publish"), &json!({})).await.refused(403, "forbidden");
        edith.delete(&one).await.refused(403, "forbidden");
        edith.post(&format!("{W}/dashboards"), &json!({"title": "New", "dataset": dataset})).await.refused(403, "forbidden");

        world.ann.put(&format!("{one}/access"), &only(&[("user", &edith_id, "viewer")])).await.expect(200);
        edith.post(&format!("{W}/query"), &query).await.expect(200);
        edith.post(&format!("{dashboard}/publish"), &json!({})).await.expect(200);
        edith.put(&one, &json!({"label": "Mine"})).await.refused(403, "forbidden");

        // A viewer with the right to edit a dataset can bring a new file for it, and for nothing else.
        let vera_id = user(&vera).await;
        let orders = crate::support::server::ORDERS;
        let uploads = format!("{W}/uploads");
        vera.upload(&uploads, "orders.csv", orders, None).await.refused(403, "forbidden");
        world.ann.put(&format!("{one}/access"), &only(&[("user", &vera_id, "editor")])).await.expect(200);
        let upload = text(&vera.upload(&uploads, "orders.csv", orders, None).await.expect(201), "/upload");
        let load = format!("{uploads}/{upload}/load");
        vera.post(&load, &json!({"name": "Another"})).await.refused(403, "forbidden");
        vera.put(&one, &json!({"label": "Orders"})).await.expect(200);
        vera.get(&format!("{one}/rows")).await.expect(200);
    }

    async fn what_is_done_to_a_group_at_once_is_done_or_refused(test: TestDatabase) {
        let world = World::new(test).await;
        let alan = user(&world.client(Caller::Analyst).await).await;
        let access = format!("{W}/dashboards/{}/access", world.fixed.dashboard);
        for _ in 0..5 {
            let name = json!({"name": format!("Group {}", world.number())});
            let group = text(&world.ann.post("/api/v1/groups", &name).await.expect(201), "/id");
            let (one, place) = (format!("/api/v1/groups/{group}"), format!("{W}/groups/{group}"));
            let role = json!({"role": "viewer"});
            let given = futures::future::join_all((0..8).map(|_| world.ann.put(&place, &role))).await;
            assert!(given.iter().all(|reply| reply.status == 200), "{given:?}");
            let few = only(&[("group", &group, "viewer")]);
            let person = format!("{one}/people/{alan}");
            let (set, added, again, gone) = tokio::join!(
                world.ann.put(&access, &few),
                world.ann.put(&person, &Value::Null),
                world.ann.put(&place, &role),
                world.ann.delete(&one),
            );
            for reply in [set, added, again, gone] {
                assert!([200, 204, 404].contains(&reply.status.as_u16()), "{reply:?}");
            }
            assert_eq!(world.ann.get(&access).await.expect(200)["grants"], json!([]));
        }
    }

    async fn who_can_see_it_is_said_with_the_reason(test: TestDatabase) {
        let world = World::new(test).await;
        let alan = user(&world.client(Caller::Analyst).await).await;
        let vera = user(&world.client(Caller::Viewer).await).await;
        let group = text(&world.ann.post("/api/v1/groups", &json!({"name": "Field team"})).await.expect(201), "/id");
        world.ann.put(&format!("/api/v1/groups/{group}/people/{alan}"), &Value::Null).await.expect(200);
        world.ann.put(&format!("{W}/groups/{group}"), &json!({"role": "viewer"})).await.expect(200);
        let access = format!("{W}/dashboards/{}/access", world.fixed.dashboard);

        let open = world.ann.get(&access).await.expect(200);
        assert_eq!(audience(&open), [
            json!(["Ann", "owner", "role"]),
            json!(["alan", "viewer", {"role_of_group": "Field team"}]),
            json!(["carl", "viewer", "role"]),
            json!(["edith", "editor", "role"]),
            json!(["oscar", "owner", "role"]),
            json!(["vera", "viewer", "role"]),
        ]);
        assert_eq!((&open["links"], &open["frames"], &open["may_change"]), (&json!(1), &json!(1), &json!(true)));

        let few = only(&[("group", &group, "editor"), ("user", &vera, "viewer")]);
        let few = world.ann.put(&access, &few).await.expect(200);
        assert_eq!(audience(&few), [
            json!(["Ann", "owner", "role"]),
            json!(["alan", "editor", {"grant_of_group": "Field team"}]),
            json!(["carl", "viewer", "role"]),
            json!(["oscar", "owner", "role"]),
            json!(["vera", "viewer", "grant"]),
        ]);
        // A group that loses its role takes its rights with it.
        world.ann.delete(&format!("{W}/groups/{group}")).await.expect(204);
        world.ann.put(&format!("{W}/groups/{group}"), &json!({"role": "viewer"})).await.expect(200);
        let after = world.client(Caller::Viewer).await.get(&access).await.expect(200);
        assert_eq!(after["grants"].as_array().unwrap().len(), 1);
        assert_eq!(after["may_change"], false);
    }
}
