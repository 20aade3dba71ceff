//! One long-lived database per test process.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use plan::sql::{SqlDialect, Zones};
use serde_json::{Value as Json, json};

pub struct Session {
    pub dialect: SqlDialect,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    process: Child,
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// SQLite always; PostgreSQL, DuckDB and MariaDB where the environment says how they are reached:
/// `SIGHTLINE_TEST_POSTGRES` and `SIGHTLINE_TEST_MARIADB` are addresses, the others a Python with `duckdb` or `pymysql` in it.
pub fn all() -> Vec<Session> {
    let mut sessions = vec![Session::python("python3", "sqlite", SqlDialect::Sqlite)];
    if let Ok(python) = std::env::var("SIGHTLINE_DUCKDB_PYTHON") {
        sessions.push(Session::python(&python, "duckdb", SqlDialect::DuckDb));
    }
    if let Ok(python) = std::env::var("SIGHTLINE_MARIADB_PYTHON") {
        sessions.push(Session::python(&python, "mariadb", SqlDialect::MariaDb(Zones::Loaded)));
    }
    if let Ok(address) = std::env::var("SIGHTLINE_TEST_POSTGRES") {
        sessions.push(Session::postgres(&address));
    }
    sessions
}

impl Session {
    fn start(command: &mut Command, dialect: SqlDialect) -> Self {
        // No stream of the test's own: a process that ends a little later would hold it open.
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        Self {
            dialect,
            input: process.stdin.take().unwrap(),
            output: BufReader::new(process.stdout.take().unwrap()),
            process,
        }
    }

    fn python(python: &str, engine: &str, dialect: SqlDialect) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sql/answer.py");
        Self::start(Command::new(python).arg(script).arg(engine), dialect)
    }

    fn postgres(address: &str) -> Self {
        let mut command = Command::new("psql");
        command
            .args(["-X", "-q", "-A", "-t", address])
            .env("PGOPTIONS", "-c timezone=Asia/Kathmandu -c client_min_messages=error");
        Self::start(&mut command, SqlDialect::Postgres)
    }

    /// Runs what has no answer.
    pub fn execute(&mut self, sql: &str) -> Result<(), String> {
        match self.dialect {
            SqlDialect::Postgres => self.psql(sql).map(|_| ()),
            _ => self.query(sql, 0).map(|_| ()),
        }
    }

    pub fn query(&mut self, sql: &str, width: usize) -> Result<Vec<Vec<Json>>, String> {
        if self.dialect == SqlDialect::Postgres {
            let names: Vec<String> = (0..width).map(|index| format!("c{index}")).collect();
            let names = names.join(", ");
            let text = self.psql(&format!(
                "SELECT coalesce(json_agg(json_build_array({names})), '[]') FROM (\n{sql}\n) AS answer ({names})"
            ))?;
            return Ok(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}")));
        }
        writeln!(self.input, "{}", json!(sql)).unwrap();
        self.input.flush().unwrap();
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        let mut answer: Json = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        match answer.get("error") {
            Some(error) => Err(error.to_string()),
            None => Ok(serde_json::from_value(answer["rows"].take()).unwrap()),
        }
    }

    fn psql(&mut self, sql: &str) -> Result<String, String> {
        writeln!(
            self.input,
            "{sql};\n\\if :ERROR\n\\echo failed :LAST_ERROR_MESSAGE\n\\endif\n\\echo -- done"
        )
        .unwrap();
        self.input.flush().unwrap();
        let mut text = String::new();
        loop {
            let mut line = String::new();
            assert!(self.output.read_line(&mut line).unwrap() > 0, "psql has ended");
            if line == "-- done\n" {
                break;
            }
            text.push_str(&line);
        }
        match text.strip_prefix("failed ") {
            Some(error) => Err(error.to_owned()),
            None => Ok(text),
        }
    }
}
