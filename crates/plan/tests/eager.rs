//! Aggregating early: the same rows, whatever is aggregated first.

use plan::{logical::eager, query::Policy};
use serde_json::json;

use crate::{
    interpreter::run,
    invariants::Dice,
    rollups::{near, question, tables, try_planned},
};

#[test]
fn answers_are_the_same_however_early_rows_are_aggregated() {
    let mut dice = Dice(17);
    let (mut early, mut all) = (0, 0);
    for round in 0..400 {
        let tables = tables(&mut dice);
        let query = question(&mut dice);
        let Ok(planned) = try_planned(&query, &Policy::default()) else {
            continue;
        };
        for plan in planned.plans() {
            let sooner = eager(plan, &mut |_, _| true);
            all += 1;
            early += usize::from(sooner != *plan);
            let (expected, found) = (run(plan, &tables), run(&sooner, &tables));
            assert_eq!(found.columns, expected.columns);
            assert!(
                near(&found.rows, &expected.rows),
                "round {round}: {query}\nearly {:?}\nwhole {:?}\n{sooner}",
                found.rows,
                expected.rows
            );
        }
    }
    assert!(early * 6 > all, "{early} of {all} plans were changed");
}

#[test]
fn rows_are_brought_down_before_they_are_joined_and_truncated() {
    let plan = |query| {
        let planned = try_planned(&query, &Policy::default()).unwrap();
        eager(&planned.rows, &mut |_, _| true).to_string()
    };
    let by_region = json!({ "model": "shop", "metrics": ["revenue", "average"], "dimensions": ["customers.region"],
        "time": { "range": { "from": "2025-03-01" } }, "where": { "field": "customers.region", "op": "ne", "value": "r1" } });
    let whole = "\
            Project k0, v0 := __sum_v0, v1 := (cast number(__sum_v1) / __count_v1)
          Aggregate by [k0] __sum_v0 := sum(__sum_v0), __sum_v1 := sum(__sum_v1), __count_v1 := sum(__count_v1)
            Project __sum_v0 := __part0, __sum_v1 := __part0, __count_v1 := __part1, k0 := customers.region
              Filter (customers.region <> \"r1\")
                Join left on [customer_id = __on0]
                  Aggregate by [customer_id] __part0 := sum(__argument0), __part1 := count(__argument1)
                    Project customer_id, __argument0 := amount, __argument1 := amount
                      Filter (ordered_at >= instant 2025-02-28T23:00:00Z)
                        Scan orders [ordered_at, amount, customer_id]
                  Project __on0 := id, customers.region := region
                    Scan customers [id, region]
";
    let found = plan(by_region);
    assert!(found.contains(whole.trim_start()), "{found}");
    let by_month = json!({ "model": "shop", "metrics": ["order_count"], "dimensions": [{ "field": "orders.shipped_on", "grain": "month" },
        { "field": "orders.shipped_on", "part": "day_of_week", "as": "day" }] });
    let found = plan(by_month);
    assert!(found.contains("Aggregate by [shipped_on]"), "{found}");
    // Nothing to gain.
    for query in [
        json!({ "model": "shop", "metrics": ["revenue"] }),
        json!({ "model": "shop", "metrics": ["revenue"], "dimensions": ["orders.country"] }),
        json!({ "model": "shop", "metrics": ["buyers"], "dimensions": ["customers.region"] }),
    ] {
        let planned = try_planned(&query, &Policy::default()).unwrap();
        assert_eq!(eager(&planned.rows, &mut |_, _| true), planned.rows, "{query}");
    }
}
