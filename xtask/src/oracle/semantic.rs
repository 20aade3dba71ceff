//! Query documents with known rows, asked over REST by the black-box harness beside the cases.

use std::{path::Path, process::Command};

use serde_json::json;

use super::{floor::Reached, within_reach};
use crate::{
    failure::{Failure, Outcome},
    instance::Instance,
    servers::TestServers,
    setup, step,
    workspace::Workspace,
};

/// Case folders and the sets they count as.
const FOLDERS: [&str; 2] = ["metricflow", "traps"];

/// Who cases are asked by that the owner does not ask: a reader with the role `regional` and the attribute `region` = `north`.
const READER: &str = "regional_north";

/// Where the rows of the cases are kept, and what that adds to the name of a set.
#[derive(Clone, Copy)]
enum Rows {
    Files,
    Sqlite,
    Postgres,
    MariaDb,
}

impl Rows {
    const ALL: [Self; 4] = [Self::Files, Self::Sqlite, Self::Postgres, Self::MariaDb];

    const fn word(self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::MariaDb => "mariadb",
        }
    }

    /// Where the harness puts the rows, as it calls it; ours takes the place of its PostgreSQL.
    fn engine(self, servers: &TestServers) -> [&str; 4] {
        let (engine, address) = match self {
            Self::Files | Self::Sqlite => (self.word(), ""),
            Self::Postgres => (self.word(), servers.postgres()),
            Self::MariaDb => (Self::Postgres.word(), servers.mariadb()),
        };
        ["--engine", engine, "--pg", address]
    }

    fn set(self, folder: &str) -> String {
        match self {
            Self::Files => format!("semantic.{folder}"),
            Self::Sqlite | Self::Postgres | Self::MariaDb => format!("semantic.{folder}.{}", self.word()),
        }
    }
}

/// Asks every case within reach, with the rows in each place; returns how many pass by folder and place.
pub fn run(workspace: &Workspace, folder: &Path, binary: &Path, servers: &TestServers) -> Outcome<Reached> {
    let harness = folder.join("tools/run.py");
    if !harness.is_file() {
        step::say("no semantic cases");
        return Ok(Reached::new());
    }
    let python = setup::python_with(workspace, "oracle-python", &["psycopg[binary]", "pymysql"])?;
    let scratch = workspace.target.join("oracle");
    let instance = Instance::start(binary, &scratch, &[])?;
    let account = instance.account(binary)?;
    let reader = instance.reader(binary, &account, &["regional"], &json!({ "region": "north" }))?;
    let mut reached = Reached::new();
    for name in FOLDERS {
        let target = scratch.join(name);
        let (asked, all) = within_reach::write(&folder.join(name), &target)?;
        for rows in Rows::ALL {
            let failures = target.join(format!("failures-{}.json", rows.word()));
            let mut command = Command::new(&python);
            if let Rows::MariaDb = rows {
                command.arg(workspace.root.join("xtask/src/oracle/on_mariadb.py"));
            }
            command
                .arg(&harness)
                .arg("--cases")
                .arg(&target)
                .args(["--base", &format!("http://127.0.0.1:{}", instance.port())])
                .args(["--token", &account.token, "--workspace", &account.workspace])
                .args(["--principal", &format!("{READER}={reader}")])
                .args(rows.engine(servers))
                .arg("--failures")
                .arg(&failures);
            let passed = match ask(&mut command)? {
                Asked::Answered(count) => count,
                Asked::Refused(why) => {
                    step::say(&format!("{name}: nothing was asked: {why}"));
                    0
                }
            };
            step::say(&format!(
                "{name}, rows in {}: {passed} pass of {asked} within reach, {all} in all (failures: {})",
                rows.word(),
                failures.display()
            ));
            reached.insert(rows.set(name), passed);
        }
    }
    Ok(reached)
}

/// What became of one folder of cases.
enum Asked {
    /// So many cases pass.
    Answered(u32),
    /// The server does not take the model, and this is why.
    Refused(String),
}

/// Runs the harness.
fn ask(command: &mut Command) -> Outcome<Asked> {
    // Its exit code says whether every case passes; the floor decides here.
    let output = command
        .output()
        .map_err(|error| Failure::new(format!("run.py: {error}")))?;
    let table = String::from_utf8_lossy(&output.stdout);
    let line = table.lines().find_map(|line| line.strip_prefix("all "));
    let count = line.and_then(|rest| rest.split_whitespace().next()?.parse().ok());
    let said = String::from_utf8_lossy(&output.stderr);
    let why = said
        .lines()
        .next_back()
        .unwrap_or("run.py said nothing")
        .chars()
        .take(200)
        .collect();
    Ok(count.map_or(Asked::Refused(why), Asked::Answered))
}
