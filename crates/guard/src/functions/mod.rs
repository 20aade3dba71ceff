//! Which functions a query may call: a plain file for each dialect.

use std::sync::LazyLock;

use crate::Dialect;

/// How a listed function may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FunctionUse {
    Scalar,
    Aggregate,
    Window,
    /// May stand in FROM.
    Table,
    /// Only in FROM, between literal bounds.
    Series,
    /// The second argument is a length, which has to be a small literal.
    Sized,
}

impl FunctionUse {
    fn read(word: &str) -> Option<Self> {
        [
            ("", Self::Scalar),
            ("aggregate", Self::Aggregate),
            ("window", Self::Window),
            ("table", Self::Table),
            ("series", Self::Series),
            ("sized", Self::Sized),
        ]
        .into_iter()
        .find_map(|(written, kind)| (written == word).then_some(kind))
    }
}

const fn list(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => include_str!("postgres.txt"),
        Dialect::MySql => include_str!("mysql.txt"),
        Dialect::Sqlite => include_str!("sqlite.txt"),
        Dialect::DuckDb => include_str!("duckdb.txt"),
    }
}

type List = Vec<(&'static str, FunctionUse)>;

fn read(dialect: Dialect) -> List {
    list(dialect)
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let (name, word) = line.split_once(' ').unwrap_or((line, ""));
            Some((name, FunctionUse::read(word)?))
        })
        .collect()
}

/// The list of a dialect: names in lower case and their use, sorted.
pub fn functions(dialect: Dialect) -> &'static [(&'static str, FunctionUse)] {
    static POSTGRES: LazyLock<List> = LazyLock::new(|| read(Dialect::Postgres));
    static MYSQL: LazyLock<List> = LazyLock::new(|| read(Dialect::MySql));
    static SQLITE: LazyLock<List> = LazyLock::new(|| read(Dialect::Sqlite));
    static DUCKDB: LazyLock<List> = LazyLock::new(|| read(Dialect::DuckDb));
    match dialect {
        Dialect::Postgres => &POSTGRES,
        Dialect::MySql => &MYSQL,
        Dialect::Sqlite => &SQLITE,
        Dialect::DuckDb => &DUCKDB,
    }
}

/// The use of a function by its name in lower case; nothing when it is not on the list.
pub fn find(dialect: Dialect, name: &str) -> Option<FunctionUse> {
    let listed = functions(dialect);
    let index = listed.binary_search_by_key(&name, |(listed, _)| listed).ok()?;
    listed.get(index).map(|(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read_and_sorted() {
        for dialect in Dialect::ALL {
            let lines = list(dialect).lines().filter(|line| !line.starts_with('#')).count();
            let names: Vec<&str> = functions(dialect).iter().map(|(name, _)| *name).collect();
            assert_eq!(names.len(), lines, "a word of {} is not understood", dialect.label());
            assert!(names.is_sorted(), "{} is not sorted", dialect.label());
        }
    }

    #[test]
    fn nothing_that_acts_is_listed() {
        let parts = [
            "sleep",
            "file",
            "_lock",
            "lo_",
            "dblink",
            "set_config",
            "query_to",
            "notify",
            "nextval",
            "setval",
            "xml",
            "load",
            "read",
            "backend",
            "benchmark",
            "current_setting",
            "getenv",
            "pragma",
            "eval",
            "blob",
        ];
        for dialect in Dialect::ALL {
            for (name, _) in functions(dialect) {
                let bad = parts.iter().find(|part| name.contains(**part));
                assert_eq!(bad, None, "{name} of {}", dialect.label());
            }
        }
    }
}
