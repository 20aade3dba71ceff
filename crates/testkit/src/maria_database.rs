//! A database on the test MariaDB, and a role that can only read it.

use std::{env, thread};

use mysql_async::{Conn, Opts, prelude::Queryable as _};
use uuid::Uuid;

/// The server, such as `mysql://root@127.0.0.1:54398`; `cargo xtask test` sets it.
const VARIABLE: &str = "SIGHTLINE_TEST_MARIADB";

/// A database of one test's own; gone when this is dropped.
#[derive(Debug)]
pub struct MariaDatabase {
    server: String,
    pub host: String,
    pub port: u16,
    pub name: String,
}

impl MariaDatabase {
    /// Who may read it; the name is the password, too.
    pub const READER: &str = "sightline_test";

    /// # Panics
    /// When `SIGHTLINE_TEST_MARIADB` is not set: a test that did not run must not look like one that passed.
    pub async fn new() -> Self {
        let server = env::var(VARIABLE)
            .unwrap_or_else(|_| panic!("{VARIABLE} is not set; `cargo xtask test` starts a MariaDB and sets it"));
        let opts = Opts::from_url(&server).expect("an address of a MariaDB");
        let made = Self {
            host: opts.ip_or_hostname().to_owned(),
            port: opts.tcp_port(),
            name: format!("sightline_test_{}", Uuid::now_v7().simple()),
            server,
        };
        let (name, reader) = (&made.name, Self::READER);
        made.on_server(&format!(
            "CREATE USER IF NOT EXISTS {reader} IDENTIFIED BY '{reader}'; CREATE DATABASE {name}; GRANT SELECT ON {name}.* TO {reader}"
        ))
        .await;
        made
    }

    async fn on_server(&self, statements: &str) {
        run(&self.server, statements).await;
    }

    /// Runs statements in it, as somebody who may do anything.
    ///
    /// # Panics
    /// When one fails.
    pub async fn execute(&self, statements: &str) {
        self.on_server(&format!("USE {}; {statements}", self.name)).await;
    }

    /// The number that a query gives.
    ///
    /// # Panics
    /// When it gives none.
    pub async fn number(&self, query: &str) -> i64 {
        let mut conn = Conn::from_url(&self.server).await.expect("reach the test MariaDB");
        let number = conn
            .query_first(query)
            .await
            .expect("ask the test MariaDB")
            .expect("a row");
        conn.disconnect().await.expect("leave the test MariaDB");
        number
    }

    /// The texts of a query's one column.
    ///
    /// # Panics
    /// When it fails.
    pub async fn texts(&self, query: &str) -> Vec<String> {
        let mut conn = Conn::from_url(&self.server).await.expect("reach the test MariaDB");
        let texts = conn.query(query).await.expect("ask the test MariaDB");
        conn.disconnect().await.expect("leave the test MariaDB");
        texts
    }
}

async fn run(server: &str, statements: &str) {
    let mut conn = Conn::from_url(server).await.expect("reach the test MariaDB");
    conn.query_drop(statements)
        .await
        .expect("run statements on the test MariaDB");
    conn.disconnect().await.expect("leave the test MariaDB");
}

impl Drop for MariaDatabase {
    /// On a thread with a runtime of its own, because drop cannot wait; joined, so that the process does not end first.
    fn drop(&mut self) {
        let (server, statement) = (self.server.clone(), format!("DROP DATABASE IF EXISTS {}", self.name));
        let worker = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            if let Ok(runtime) = runtime {
                runtime.block_on(run(&server, &statement));
            }
        });
        if worker.join().is_err() {
            // The server goes away with the test run; a left-over database must not hide the test's own result.
        }
    }
}
