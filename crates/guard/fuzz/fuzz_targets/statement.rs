//! Any text in any dialect, the first byte choosing the dialect. A good corpus to start from is the lines of
//! `crates/guard/tests/queries`.

#![no_main]

use guard::{Dialect, ExpressionRules, QueryRules, Relations, check_expression, check_query};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, text)) = bytes.split_first() else { return };
    let Ok(sql) = std::str::from_utf8(text) else { return };
    let Some(dialect) = Dialect::ALL.get(usize::from(*choice) % Dialect::ALL.len()).copied() else { return };
    let relations = Relations::new("main").with("main", "orders").with("main", "customers");
    let rules = QueryRules {
        dialect,
        relations: &relations,
        row_limit: 10,
    };
    if let Ok(checked) = check_query(sql, &rules) {
        let again = check_query(checked.query(), &rules).map(|again| again.query().to_owned());
        assert_eq!(again.as_deref(), Ok(checked.query()));
    }
    let rules = ExpressionRules {
        dialect,
        custom_functions: &[],
        aggregates: true,
    };
    let _ = check_expression(sql, &rules);
});
