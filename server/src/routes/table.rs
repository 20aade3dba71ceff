use super::{
    Route, access, account, audit, connection, dashboard, dataset, factor, group, health, member, metrics, model,
    people, query, session, setup, sharing, token, usage, workspace,
};
use crate::{assets, openapi};

/// Every route that is not a page or a server function.
pub fn table() -> Vec<Route> {
    [
        session::routes(),
        account::routes(),
        factor::routes(),
        people::routes(),
        group::routes(),
        usage::routes(),
        setup::routes(),
        workspace::routes(),
        member::routes(),
        token::routes(),
        dataset::routes(),
        connection::routes(),
        model::routes(),
        query::routes(),
        dashboard::routes(),
        access::routes(),
        sharing::routes(),
        audit::routes(),
        openapi::routes(),
        health::routes(),
        metrics::routes(),
        assets::routes(),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_route_has_a_chapter_a_summary_and_an_entry_in_the_description() {
        let table = table();
        let document = openapi::describe(&table, "http://127.0.0.1:3000");
        let mut operations = HashSet::new();
        let mut places = HashSet::new();
        for route in &table {
            assert!(!route.noun.is_empty() && !route.summary.is_empty(), "{route:?}");
            assert!(
                places.insert((route.method.clone(), route.path)),
                "{route:?} stands twice"
            );
            let entry = &document["paths"][route.path.replace("{*", "{")][route.method.as_str().to_lowercase()];
            let id = entry["operationId"]
                .as_str()
                .unwrap_or_else(|| panic!("{route:?} is not described"));
            assert!(operations.insert(id.to_owned()), "{id} stands twice");
            assert!(entry["responses"][route.status.to_string()].is_object(), "{route:?}");
        }
    }

    #[test]
    fn references_in_the_description_lead_somewhere() {
        let document = openapi::describe(&table(), "http://127.0.0.1:3000");
        let text = document.to_string();
        for reference in text.split("\"$ref\":\"#/components/schemas/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(document["components"]["schemas"].get(name).is_some(), "{name}");
        }
    }

    #[test]
    fn routes_of_a_workspace_are_for_its_members() {
        use super::super::Policy;
        for route in table()
            .iter()
            .filter(|route| route.path.starts_with("/api/v1/workspaces/{w}"))
        {
            assert!(matches!(route.policy, Policy::Member(_)), "{route:?}");
        }
    }
}
