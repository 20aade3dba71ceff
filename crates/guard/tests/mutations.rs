//! Texts nobody wrote: random bytes never panic, what passes prints to itself, and hostile statements stay refused however
//! their letters, quotes and blanks are changed.

use guard::{Dialect, ExpressionRules, QueryRules, Relations, check_expression, check_query};
use proptest::prelude::*;

const HOSTILE: [(Dialect, &str); 4] = [
    (Dialect::Postgres, include_str!("queries/refused/postgres.sql")),
    (Dialect::MySql, include_str!("queries/refused/mysql.sql")),
    (Dialect::Sqlite, include_str!("queries/refused/sqlite.sql")),
    (Dialect::DuckDb, include_str!("queries/refused/duckdb.sql")),
];
const ALLOWED: [(Dialect, &str); 4] = [
    (Dialect::Postgres, include_str!("queries/allowed/postgres.sql")),
    (Dialect::MySql, include_str!("queries/allowed/mysql.sql")),
    (Dialect::Sqlite, include_str!("queries/allowed/sqlite.sql")),
    (Dialect::DuckDb, include_str!("queries/allowed/duckdb.sql")),
];
/// Kinds that no change of letters, blanks and comments may lift.
const LASTING: [&str; 8] = [
    "function",
    "table_function",
    "system_relation",
    "unknown_relation",
    "write",
    "lock",
    "variable",
    "into",
];

fn relations() -> Relations {
    let mut listed = Relations::new("main");
    for schema in ["main", "public", "shop"] {
        for table in ["orders", "customers", "staff", "roles", "payments", "weird table; drop"] {
            listed.insert(schema, table);
        }
    }
    listed
}

fn passes(dialect: Dialect, sql: &str) -> Option<String> {
    let relations = relations();
    let rules = QueryRules {
        dialect,
        relations: &relations,
        row_limit: 10,
    };
    check_query(sql, &rules).ok().map(|checked| checked.query().to_owned())
}

fn statements(lists: [(Dialect, &'static str); 4]) -> Vec<(Dialect, &'static str)> {
    let lines = |text: &'static str| text.lines().filter(|line| !line.is_empty() && !line.starts_with("# "));
    lists
        .into_iter()
        .flat_map(|(dialect, text)| lines(text).map(move |line| (dialect, line)))
        .collect()
}

fn hostile() -> Vec<(Dialect, &'static str)> {
    let split = |(dialect, line): (Dialect, &'static str)| {
        let (kind, sql) = line.split_once(" | ")?;
        (LASTING.contains(&kind) && !sql.contains('{')).then_some((dialect, sql))
    };
    statements(HOSTILE).into_iter().filter_map(split).collect()
}

/// Changes nothing a database would notice: the case of letters and the length of blanks outside of quotes. In a dialect where
/// quoted names are as they are spelt, quotes stay as well.
fn mutated(sql: &str, choices: &[u8]) -> String {
    let mut out = String::new();
    let mut quote: Option<char> = None;
    let mut choices = choices.iter().copied().cycle();
    for letter in sql.chars() {
        let choice = choices.next().unwrap_or(0);
        match quote {
            Some(end) if letter == end => quote = None,
            Some(_) => {}
            None if matches!(letter, '\'' | '"' | '`') => quote = Some(letter),
            None if letter == '[' => quote = Some(']'),
            None => {}
        }
        match (quote, letter) {
            (None, ' ') => out.push_str(match choice % 6 {
                0 => " ",
                1 => "\t",
                2 => "\n",
                3 => " /* x */ ",
                4 => "  \r\n ",
                _ => " -- x\n ",
            }),
            (None, letter) if choice % 2 == 0 => out.push(letter.to_ascii_uppercase()),
            (None, letter) => out.push(letter.to_ascii_lowercase()),
            (Some(_), letter) => out.push(letter),
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn hostile_statements_stay_refused(index in any::<prop::sample::Index>(), choices in prop::collection::vec(any::<u8>(), 1..64)) {
        let statements = hostile();
        let (dialect, sql) = *index.get(&statements);
        let changed = mutated(sql, &choices);
        prop_assert_eq!(passes(dialect, &changed), None, "{}", changed);
    }

    #[test]
    fn hostile_parts_stay_refused_wherever_they_stand(index in any::<prop::sample::Index>(), around in 0_usize..6) {
        let statements = hostile();
        let (dialect, sql) = *index.get(&statements);
        let wrapped = match around {
            0 => format!("SELECT * FROM ({sql}) AS x"),
            1 => format!("SELECT 1 UNION ALL ({sql})"),
            2 => format!("WITH x AS ({sql}) SELECT * FROM x"),
            3 => format!("SELECT 1 WHERE EXISTS ({sql})"),
            4 => format!("SELECT (({sql}))"),
            _ => format!("SELECT CASE WHEN 1 IN ({sql}) THEN 1 END"),
        };
        prop_assert_eq!(passes(dialect, &wrapped), None, "{}", wrapped);
    }

    #[test]
    fn what_passes_prints_to_itself(index in any::<prop::sample::Index>(), choices in prop::collection::vec(any::<u8>(), 1..64)) {
        let statements = statements(ALLOWED);
        let (dialect, sql) = *index.get(&statements);
        if let Some(printed) = passes(dialect, &mutated(sql, &choices)) {
            let again = passes(dialect, &printed);
            prop_assert_eq!(again.as_ref(), Some(&printed));
        }
    }

    /// Pieces of good and bad statements in any order.
    #[test]
    fn shuffled_tokens_never_panic_and_print_to_themselves(
        dialect in 0_usize..4,
        picks in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..12),
    ) {
        let dialect = Dialect::ALL[dialect];
        let statements = statements(ALLOWED);
        let words: Vec<&str> = picks.iter().filter_map(|(line, word)| {
            let words: Vec<&str> = line.get(&statements).1.split(' ').collect();
            words.get(word.index(words.len())).copied()
        }).collect();
        let sql = format!("SELECT {}", words.join(" "));
        if let Some(printed) = passes(dialect, &sql) {
            let again = passes(dialect, &printed);
            prop_assert_eq!(again.as_ref(), Some(&printed), "{}", sql);
        }
    }

    /// Texts come back as themselves, whatever quotes and backslashes are in them.
    #[test]
    fn texts_are_printed_so_that_they_read_the_same(dialect in 0_usize..4, text in "['\\\\\"a%_;/*-]{0,12}") {
        let dialect = Dialect::ALL[dialect];
        let quoted = text.replace('\'', "''");
        let quoted = if dialect == Dialect::MySql { quoted.replace('\\', "\\\\") } else { quoted };
        let sql = format!("SELECT '{quoted}', 'x'");
        if let Some(printed) = passes(dialect, &sql) {
            let wanted = if dialect == Dialect::Postgres && text.contains('\\') {
                format!("SELECT E'{}', 'x'", text.replace('\\', "\\\\").replace('\'', "\\'"))
            } else {
                sql
            };
            prop_assert_eq!(printed, wanted);
        } else {
            prop_assert!(text.contains("/*"), "{:?} in {} was refused", text, dialect.label());
        }
    }

    #[test]
    fn random_text_never_panics(dialect in 0_usize..4, text in "\\PC{0,80}", bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        let dialect = Dialect::ALL[dialect];
        let rules = ExpressionRules { dialect, custom_functions: &[], aggregates: true };
        for sql in [text.clone(), format!("SELECT {text}"), String::from_utf8_lossy(&bytes).into_owned()] {
            passes(dialect, &sql);
            let _ = check_expression(&sql, &rules);
        }
    }
}
