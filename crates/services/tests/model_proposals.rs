//! Joins proposed from names, types and profiles.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod data;
mod support;

use data::Data;
use services::{AccessService, dataset::LoadRequest};
use shared::{
    access::AccessUpdate,
    permission::WorkspaceRole,
    semantic::{Cardinality, JoinProposals, Model},
};
use support::{request, status};

const CUSTOMERS: &str = "ID,Name,Region\n1,Ada,north\n2,Bob,south\n3,Cem,north\n";
const SALES: &str = "Order,Customer ID,Billed customer,Day,Amount\n\
1,1,2,2026-01-01,10\n2,2,2,2026-01-01,20\n3,1,1,2026-01-03,30\n4,3,1,2026-01-04,40\n";
const LINES: &str = "Order,Product\n1,pen\n1,pen\n1,ink\n3,pen\n4,ink\n";

async fn shop(test: testkit::TestDatabase) -> Data {
    let data = Data::new(test).await;
    for (file, text) in [("customers.csv", CUSTOMERS), ("sales.csv", SALES), ("lines.csv", LINES)] {
        data.upload(file, text, LoadRequest::default()).await.unwrap();
    }
    data
}

fn lines(found: &JoinProposals) -> Vec<String> {
    let line = |proposal: &shared::semantic::JoinProposal| {
        let join = &proposal.join;
        let (own, other) = &join.on[0];
        let role = join.role.as_ref().map(|role| format!(" as {role}")).unwrap_or_default();
        format!("{}.{own} -> {}.{other}{role}", join.from, join.to)
    };
    found.proposals.iter().map(line).collect()
}

testkit::for_each_database! {
    async fn a_proposal_can_be_stored_as_it_stands(test: TestDatabase) {
        let data = shop(test).await;
        let (models, acme) = (data.models(&data.ann()), data.acme());
        let found = models.propose_joins(&acme, "sales", "customers").await.unwrap();
        assert_eq!(lines(&found), ["sales.customer_id -> customers.id", "sales.billed_customer -> customers.id"]);
        let best = &found.proposals[0];
        assert_eq!(best.join.cardinality, Cardinality::ManyToOne);
        assert_eq!(best.reason, "Customer ID in Sales names a row of Customers, and no two rows of Customers have the same ID.");
        let mut model = Model::clone(&*models.get(&acme, "sales", None).await.unwrap());
        model.tables.push(found.table.clone().unwrap());
        model.joins.push(best.join.clone());
        let check = models.validate(&acme, "sales", &model).await.unwrap();
        assert!(check.errors.is_empty(), "{check:?}");
        models.put(&acme, "sales", model, None).await.unwrap();
        // The same table once more, in a role.
        let again = models.propose_joins(&acme, "sales", "customers").await.unwrap();
        assert!(again.table.is_none());
        assert_eq!(lines(&again), ["sales.billed_customer -> customers.id as billed_customer"]);
    }

    async fn a_table_of_details_points_to_the_model(test: TestDatabase) {
        let data = shop(test).await;
        let found = data.models(&data.ann()).propose_joins(&data.acme(), "sales", "lines").await.unwrap();
        assert_eq!(lines(&found), ["lines.order -> sales.order"]);
        assert_eq!(found.table.unwrap().display_label(), "Lines");
    }

    async fn nothing_is_told_to_those_who_may_not_ask(test: TestDatabase) {
        let data = shop(test).await;
        let acme = data.acme();
        let viewer = data.instance.member("viewer", WorkspaceRole::Viewer).await;
        assert_eq!(status(data.models(&viewer).propose_joins(&acme, "sales", "customers").await), 403);
        assert_eq!(status(data.models(&data.ann()).propose_joins(&acme, "sales", "nobody").await), 404);
        let customers = data.datasets(&data.ann()).list(&acme, &Default::default()).await.unwrap();
        let customers = customers.items.iter().find(|one| one.name == "customers").unwrap().id;
        let only_chosen = AccessUpdate { restricted: true, grants: Vec::new() };
        AccessService::new(data.services(), data.ann(), request()).set(&acme, customers, only_chosen).await.unwrap();
        let editor = data.instance.member("editor", WorkspaceRole::Editor).await;
        assert_eq!(status(data.models(&editor).propose_joins(&acme, "sales", "customers").await), 403);
    }
}
