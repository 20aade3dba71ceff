//! Queries that pass and queries that are refused, from the plain files in `queries/`.

use guard::{Dialect, QueryRules, Refusal, RefusalKind, Relations, check_query};

/// Each line with its number; `#` begins a comment.
fn lines(text: &'static str) -> impl Iterator<Item = (usize, &'static str)> {
    let numbered = text.lines().enumerate().map(|(index, line)| (index + 1, line));
    numbered.filter(|(_, line)| !line.is_empty() && !line.starts_with("# "))
}

const ALLOWED: [(Dialect, &str); 4] = [
    (Dialect::Postgres, include_str!("queries/allowed/postgres.sql")),
    (Dialect::MySql, include_str!("queries/allowed/mysql.sql")),
    (Dialect::Sqlite, include_str!("queries/allowed/sqlite.sql")),
    (Dialect::DuckDb, include_str!("queries/allowed/duckdb.sql")),
];

/// `kind | statement`. `{U+0000}` stands for a character, `{9*x}` for a text that comes nine times.
const REFUSED: [(Dialect, &str); 4] = [
    (Dialect::Postgres, include_str!("queries/refused/postgres.sql")),
    (Dialect::MySql, include_str!("queries/refused/mysql.sql")),
    (Dialect::Sqlite, include_str!("queries/refused/sqlite.sql")),
    (Dialect::DuckDb, include_str!("queries/refused/duckdb.sql")),
];

fn relations(dialect: Dialect) -> Relations {
    let schema = match dialect {
        Dialect::Postgres => "public",
        Dialect::MySql => "shop",
        Dialect::Sqlite | Dialect::DuckDb => "main",
    };
    ["orders", "customers", "staff", "roles", "payments", "weird table; drop"]
        .into_iter()
        .fold(Relations::new(schema), |listed, table| listed.with(schema, table))
}

fn check(dialect: Dialect, sql: &str) -> Result<guard::CheckedQuery, Refusal> {
    let relations = relations(dialect);
    let rules = QueryRules {
        dialect,
        relations: &relations,
        row_limit: 500,
    };
    check_query(sql, &rules)
}

/// Undoes the short forms of the lists.
fn written_out(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((short, then)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            continue;
        };
        if let Some(code) = short.strip_prefix("U+") {
            out.extend(u32::from_str_radix(code, 16).ok().and_then(char::from_u32));
        } else if let Some((times, text)) = repeated(short) {
            out.push_str(&text.repeat(times));
        } else {
            out.push('{');
            rest = after;
            continue;
        }
        rest = then;
    }
    out + rest
}

fn repeated(short: &str) -> Option<(usize, &str)> {
    let (times, text) = short.split_once('*')?;
    Some((times.parse().ok()?, text))
}

#[test]
fn what_people_need_passes_and_prints_the_same_again() {
    let mut problems = Vec::new();
    for (dialect, text) in ALLOWED {
        for (number, sql) in lines(text) {
            match check(dialect, sql) {
                Ok(checked) => {
                    let again = check(dialect, checked.query());
                    if again.as_ref().map(guard::CheckedQuery::query) != Ok(checked.query()) {
                        problems.push(format!(
                            "{}:{number} is printed differently again: {again:?}",
                            dialect.as_str()
                        ));
                    }
                    if let Err(refusal) = check(dialect, &checked.sql()) {
                        problems.push(format!("{}:{number} as it is sent: {refusal}", dialect.as_str()));
                    }
                }
                Err(refusal) => problems.push(format!("{}:{number} {:?} {refusal}", dialect.as_str(), refusal.kind)),
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn what_is_hostile_is_refused_for_the_expected_reason() {
    let mut problems = Vec::new();
    let mut count = 0;
    for (dialect, text) in REFUSED {
        for (number, line) in lines(text) {
            let (kind, sql) = line.split_once(" | ").expect("kind | statement");
            count += 1;
            let got = match check(dialect, &written_out(sql)) {
                Ok(checked) => format!("passed as {}", checked.query()),
                Err(refusal) if refusal.kind.as_str() == kind => continue,
                Err(refusal) => format!("{}: {refusal}", refusal.kind.as_str()),
            };
            let short: String = sql.chars().take(120).collect();
            problems.push(format!(
                "{}:{number} expected {kind}, {got} <- {short}",
                dialect.as_str()
            ));
        }
    }
    assert!(
        problems.is_empty(),
        "{} of {count}:\n{}",
        problems.len(),
        problems.join("\n")
    );
    assert!(count >= 212, "only {count} statements");
}

/// Shapes that nest as they grow, just below what is refused, on a small stack.
#[test]
fn the_deepest_that_passes_does_not_overflow_the_stack() {
    let shapes = [
        "SELECT 1{740*+1}",
        "SELECT a{740*->'b'} FROM orders",
        "SELECT 1{740*::int}",
        "SELECT 1::int{720*[]}",
        "SELECT x{480*[1]} FROM orders",
        "SELECT a {740*IS NULL } FROM orders",
        "SELECT a FROM orders WHERE a {360*AND a = 1 }",
        "SELECT a FROM orders WHERE a {360*OR a = 1 }",
        "SELECT a {740*COLLATE \"C\" } FROM orders",
        "SELECT 1 {149*UNION SELECT 1 }",
        "SELECT 1,1 {149*UNION SELECT 1,1 }",
        "SELECT 1 FROM orders {60*JOIN orders }",
        "SELECT 1 FROM orders AS a {60*JOIN orders AS b ON a.id = b.id }",
        "SELECT {18*(}1{18*)}",
        "SELECT {7*(SELECT }1{7*)}",
        "SELECT * FROM {10*(SELECT * FROM }orders{10*) AS x}",
        "SELECT CASE {240*WHEN a = 1 THEN 2 }END FROM orders",
        "SELECT a FROM orders WHERE id IN (1{20000*,1})",
        "SELECT 1{740*+1} FOR UPDATE",
        "SELECT pg_sleep(1{740*+1})",
    ];
    let run = move || {
        for shape in shapes {
            // Some are refused for another reason, after they were read.
            let refusal = check(Dialect::Postgres, &written_out(shape)).err();
            assert_ne!(
                refusal.map(|refusal| refusal.kind),
                Some(RefusalKind::TooDeep),
                "{shape}"
            );
        }
    };
    std::thread::Builder::new()
        .stack_size(1024 * 1024)
        .spawn(run)
        .unwrap()
        .join()
        .unwrap();
}
