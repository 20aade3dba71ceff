//! The program as an operator meets it: exit codes, single lines, drawings.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has to fail loudly"
)]

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use tempfile::TempDir;

fn sightline(folder: &Path, words: &[&str], variables: &[(&str, &str)]) -> Output {
    program(folder, words, variables).output().unwrap()
}

/// With `input` on its standard input.
fn told(folder: &Path, words: &[&str], input: &str) -> Output {
    let mut child = program(folder, words, &[])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // One that does not read it has closed it.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn program(folder: &Path, words: &[&str], variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sightline"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SIGHTLINE_") || name == "DATABASE_URL") {
        command.env_remove(name);
    }
    command.current_dir(folder).args(words).envs(variables.iter().copied());
    command
}

fn error_lines(output: &Output) -> Vec<String> {
    String::from_utf8_lossy(&output.stderr)
        .lines()
        .map(str::to_owned)
        .collect()
}

#[test]
fn bad_configuration_stops_with_code_2_and_one_line() {
    let folder = TempDir::new().unwrap();
    let key = ("SIGHTLINE_SECRET_KEY", "q8Zr2mN5vX1cB7kJ4hG6fD9wA3pO0iUy");
    type Case<'a> = (&'a [&'a str], &'a [(&'a str, &'a str)], &'a str);
    let cases: &[Case] = &[
        (
            &["serve", "--listen", "0.0.0.0:0"],
            &[key],
            "SIGHTLINE_PUBLIC_URL=https://",
        ),
        (&["serve", "--listen", "nowhere"], &[key], "SIGHTLINE_LISTEN"),
        (
            &["serve", "--listen", "127.0.0.1:0"],
            &[("SIGHTLINE_SECRET_KEY", "short")],
            "SIGHTLINE_SECRET_KEY",
        ),
        (
            &["serve", "--listen", "127.0.0.1:0"],
            &[("SIGHTLINE_SECRET_KEY", "change-me-change-me-change-me-change-me")],
            "SIGHTLINE_SECRET_KEY",
        ),
        (
            &["serve", "--listen", "127.0.0.1:0"],
            &[key, ("DATABASE_URL", "oracle://x")],
            "DATABASE_URL",
        ),
        (
            &["serve", "--listen", "127.0.0.1:0"],
            &[key, ("DATABASE_URL", "postgres://ann:hunter2@127.0.0.1:99999/x")],
            "DATABASE_URL",
        ),
        (
            &["serve", "--listen", "127.0.0.1:0"],
            &[key, ("SIGHTLINE_WORKERS", "many")],
            "SIGHTLINE_WORKERS",
        ),
        (
            &["serve", "--listen", "127.0.0.1:0"],
            &[key, ("SIGHTLINE_TLS_CERT", "/x")],
            "SIGHTLINE_TLS_CERT",
        ),
    ];
    for (words, variables, named) in cases {
        let output = sightline(folder.path(), words, variables);
        let lines = error_lines(&output);
        assert_eq!(output.status.code(), Some(2), "{words:?} {variables:?}: {lines:?}");
        assert!(
            lines.len() == 1 && lines[0].contains(named) && !lines[0].contains("hunter2"),
            "{words:?} {variables:?}: {lines:?}"
        );
    }
    fs::write(folder.path().join("sightline.toml"), "lissen = 1\n").unwrap();
    let output = sightline(folder.path(), &["serve"], &[key]);
    assert_eq!((output.status.code(), error_lines(&output).len()), (Some(2), 1));
}

/// A server that has said it is ready; killed when dropped.
struct Running(Child);

impl Running {
    fn start(folder: &Path, data: &str) -> Self {
        let mut child = program(folder, &["serve", "--listen", "127.0.0.1:0", "--data", data], &[])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        assert!(line.starts_with("Sightline is ready at"), "{line}");
        Self(child)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_data_folder_has_one_server_and_any_name() {
    let folder = TempDir::new().unwrap();
    let name = "our data, 100%? #1 ü";
    let first = Running::start(folder.path(), name);
    assert!(folder.path().join(name).join("sightline.db").is_file());
    let serve = ["serve", "--listen", "127.0.0.1:0", "--data", name];
    let second = sightline(folder.path(), &serve, &[]);
    let lines = error_lines(&second);
    assert_eq!(second.status.code(), Some(2), "{lines:?}");
    assert!(lines.len() == 1 && lines[0].contains("is running"), "{lines:?}");
    // The console's other commands work beside a server.
    let migrated = sightline(folder.path(), &["migrate", "--data", name], &[]);
    assert!(migrated.status.success(), "{:?}", error_lines(&migrated));
    drop(first);
    Running::start(folder.path(), name);
}

#[test]
fn a_log_that_nobody_reads_stops_no_request() {
    let folder = TempDir::new().unwrap();
    let serve = ["serve", "--listen", "127.0.0.1:0", "--data", "data"];
    let mut command = program(folder.path(), &serve, &[]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut server = Running(child);
    let mut line = String::new();
    let mut said = BufReader::new(server.0.stdout.take().unwrap());
    said.read_line(&mut line).unwrap();
    let address = line
        .trim()
        .strip_prefix("Sightline is ready at http://")
        .unwrap()
        .to_owned();
    drop(server.0.stderr.take());
    for _ in 0..3 {
        let mut stream = TcpStream::connect(&address).unwrap();
        stream
            .write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer:?}");
    }
}

#[test]
fn an_operators_slips_are_told_in_one_line() {
    let folder = TempDir::new().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    fs::write(folder.path().join("file"), "no folder").unwrap();
    let cases: &[(&[&str], &str, i32, &str)] = &[
        (&["serve", "--listen", &address], "", 2, "cannot listen on"),
        (&["serve", "--listen", "127.0.0.1:0", "--data", "file"], "", 2, "file"),
        (
            &["serve", "--listen", "127.0.0.1:0", "--data", "/proc/none"],
            "",
            2,
            "/proc/none",
        ),
        (
            &["user", "create", "--email", "ann", "--password-stdin"],
            "a long enough passphrase 7",
            2,
            "--email",
        ),
        (
            &[
                "user",
                "create",
                "--email",
                "a@b.example",
                "--role",
                "king",
                "--password-stdin",
            ],
            "x",
            2,
            "--role",
        ),
        (
            &["user", "create", "--email", "a@b.example", "--password-stdin"],
            "",
            1,
            "standard input",
        ),
        (
            &["user", "create", "--email", "a@b.example", "--password-stdin"],
            "short\n",
            1,
            "12 characters",
        ),
        (
            &[
                "token",
                "create",
                "--email",
                "a@b.example",
                "--name",
                "t",
                "--scope",
                "all",
            ],
            "",
            2,
            "--scope",
        ),
        (
            &[
                "token",
                "create",
                "--email",
                "a@b.example",
                "--name",
                "t",
                "--expires",
                "never",
            ],
            "",
            2,
            "--expires",
        ),
        (
            &["render", "nothing.vl.json", "--out", "x.svg"],
            "",
            2,
            "nothing.vl.json",
        ),
    ];
    for (words, input, code, named) in cases {
        let output = told(folder.path(), words, input);
        let lines = error_lines(&output);
        assert_eq!(output.status.code(), Some(*code), "{words:?}: {lines:?}");
        assert!(lines.len() == 1 && lines[0].contains(named), "{words:?}: {lines:?}");
        assert!(output.stdout.is_empty(), "{words:?}");
    }
    let create = ["user", "create", "--email", "a@b.example", "--password-stdin"];
    assert!(
        told(folder.path(), &create, "a long enough passphrase 7\n")
            .status
            .success()
    );
    let again = told(folder.path(), &create, "a long enough passphrase 7\n");
    assert_eq!((again.status.code(), error_lines(&again).len()), (Some(1), 1));
    let long = [
        "token",
        "create",
        "--email",
        "a@b.example",
        "--name",
        "t",
        "--expires",
        "10000d",
    ];
    assert_eq!(sightline(folder.path(), &long, &[]).status.code(), Some(1));
}

#[test]
fn help_lists_every_key() {
    let folder = TempDir::new().unwrap();
    let help = String::from_utf8(sightline(folder.path(), &["serve", "--help"], &[]).stdout).unwrap();
    for key in server::config::key::ALL {
        assert!(help.contains(&key.variable()), "{}", key.name);
    }
}

#[test]
fn a_user_and_a_token_are_made_on_the_console() {
    let folder = TempDir::new().unwrap();
    let migrated = sightline(folder.path(), &["migrate"], &[]);
    assert!(migrated.status.success(), "{:?}", error_lines(&migrated));
    let missing = sightline(
        folder.path(),
        &["token", "create", "--email", "nobody@example.org", "--name", "t"],
        &[("SIGHTLINE_SECRET_KEY", "q8Zr2mN5vX1cB7kJ4hG6fD9wA3pO0iUy")],
    );
    assert_eq!((missing.status.code(), error_lines(&missing).len()), (Some(1), 1));
}

#[test]
fn the_console_helps_who_is_locked_out() {
    let folder = TempDir::new().unwrap();
    let create = ["user", "create", "--email", "ann@example.org", "--password-stdin"];
    let made = told(folder.path(), &create, "four walls of plaster\n");
    assert!(made.status.success(), "{:?}", error_lines(&made));
    let link = sightline(
        folder.path(),
        &["user", "reset-link", "--email", "ann@example.org"],
        &[],
    );
    let printed = String::from_utf8_lossy(&link.stdout).into_owned();
    assert!(
        link.status.success() && printed.starts_with("http://127.0.0.1:3000/reset/"),
        "{printed}"
    );
    let reset = sightline(
        folder.path(),
        &["user", "reset-factor", "--email", "Ann@Example.org"],
        &[],
    );
    assert!(reset.status.success(), "{:?}", error_lines(&reset));
    for command in ["reset-link", "reset-factor"] {
        let unknown = sightline(folder.path(), &["user", command, "--email", "nobody@example.org"], &[]);
        assert_eq!(
            (unknown.status.code(), error_lines(&unknown).len()),
            (Some(1), 1),
            "{command}"
        );
        let wrong = sightline(folder.path(), &["user", command, "--email", "ann"], &[]);
        assert_eq!(
            (wrong.status.code(), error_lines(&wrong).len()),
            (Some(2), 1),
            "{command}"
        );
    }
}

#[test]
fn a_drawing_is_right_or_refused_by_name() {
    let folder = TempDir::new().unwrap();
    let good = r#"{"data":{"values":[{"a":"x","b":1},{"a":"y","b":2}]},"mark":"bar","encoding":{"x":{"field":"a","type":"nominal"},"y":{"field":"b","type":"quantitative"}}}"#;
    fs::write(folder.path().join("good.vl.json"), good).unwrap();
    let drawn = sightline(folder.path(), &["render", "good.vl.json", "--out", "good.svg"], &[]);
    assert!(drawn.status.success(), "{:?}", error_lines(&drawn));
    assert!(
        fs::read_to_string(folder.path().join("good.svg"))
            .unwrap()
            .starts_with("<svg")
    );
    fs::write(
        folder.path().join("bad.vl.json"),
        good.replace("\"bar\"", "{\"type\":\"bar\",\"nonsense\":1}"),
    )
    .unwrap();
    let refused = sightline(folder.path(), &["render", "bad.vl.json", "--out", "bad.svg"], &[]);
    assert_eq!(refused.status.code(), Some(3), "{:?}", error_lines(&refused));
    assert!(error_lines(&refused)[0].contains("nonsense") && !folder.path().join("bad.svg").exists());
    let timed = sightline(folder.path(), &["render", "good.vl.json", "--bench", "5"], &[]);
    assert!(String::from_utf8_lossy(&timed.stdout).contains("\"median_us\""));
}

#[test]
fn a_drawing_is_written_as_its_ending_says() {
    let folder = TempDir::new().unwrap();
    let spec = r#"{"title":"Orders","width":100,"height":50,"data":{"values":[{"a":"x","b":1}]},"mark":"bar","encoding":{"x":{"field":"a","type":"nominal"},"y":{"field":"b","type":"quantitative"}}}"#;
    fs::write(folder.path().join("good.vl.json"), spec).unwrap();
    let render = |words: &[&str]| sightline(folder.path(), &[&["render", "good.vl.json"], words].concat(), &[]);
    let written = |out: &str, words: &[&str]| {
        let drawn = render(&[&["--out", out], words].concat());
        assert!(drawn.status.success(), "{out}: {:?}", error_lines(&drawn));
        fs::read(folder.path().join(out)).unwrap()
    };
    // Width and height stand at the same place in every PNG.
    let size = |png: &[u8]| [16, 20].map(|at| u32::from_be_bytes(png[at..at + 4].try_into().unwrap()));
    let (plain, double) = (written("good.png", &[]), written("good2.png", &["--scale", "2"]));
    assert!(plain.starts_with(b"\x89PNG\r\n\x1a\n"));
    assert_eq!(size(&double), size(&plain).map(|side| 2 * side));
    let document = written("good.pdf", &[]);
    assert!(document.starts_with(b"%PDF-") && document.windows(6).any(|bytes| bytes == b"Orders"));
    assert_eq!(document, written("again.pdf", &[]));

    let other = render(&["--out", "good.gif"]);
    assert_eq!(other.status.code(), Some(2));
    assert!(error_lines(&other)[0].ends_with("good.gif: the ending must be .svg, .png or .pdf"));
    let scaled = render(&["--out", "huge.png", "--scale", "11"]);
    assert_eq!(scaled.status.code(), Some(2));
    assert!(error_lines(&scaled)[0].contains("between 0.1 and 10") && !folder.path().join("huge.png").exists());
    let timed = render(&["--out", "good.png", "--bench", "2"]);
    assert!(String::from_utf8_lossy(&timed.stdout).contains("\"median_us\""));

    // Several at once write one and the same whole picture, and leave nothing else behind.
    std::thread::scope(|scope| {
        let calls: Vec<_> = (0..4).map(|_| scope.spawn(|| render(&["--out", "same.pdf"]))).collect();
        for call in calls {
            let drawn = call.join().unwrap();
            assert!(drawn.status.success(), "{:?}", error_lines(&drawn));
        }
    });
    assert_eq!(fs::read(folder.path().join("same.pdf")).unwrap(), document);
    let names = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    assert!(!names.into_iter().any(|name| name.to_string_lossy().contains("partial")));
}

#[test]
fn a_backup_goes_into_another_folder() {
    let folder = TempDir::new().unwrap();
    let key = [("SIGHTLINE_SECRET_KEY", "q8Zr2mN5vX1cB7kJ4hG6fD9wA3pO0iUy")];
    let run = |words: &[&str]| {
        let output = sightline(folder.path(), words, &key);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        (output.status.code(), said, error_lines(&output))
    };
    let (code, _, errors) = run(&["backup", "none.tar", "--data", "one"]);
    assert_eq!((code, errors.len()), (Some(2), 1), "{errors:?}");
    assert!(errors[0].contains("no instance in one") && !folder.path().join("one").exists());
    let create = ["user", "create", "--email", "a@b.example", "--password-stdin", "--data"];
    let created = told(
        folder.path(),
        &[&create[..], &["one"]].concat(),
        "a long enough passphrase 7\n",
    );
    assert!(created.status.success(), "{:?}", error_lines(&created));
    // That made a key of its own beside the database.
    fs::copy(folder.path().join("one/secret.key"), folder.path().join("kept.key")).unwrap();
    let same = [("SIGHTLINE_SECRET_KEY_FILE", "kept.key")];
    let taken = sightline(folder.path(), &["backup", "kept.tar", "--data", "one"], &same);
    let said = String::from_utf8_lossy(&taken.stdout).into_owned();
    assert!(
        said.contains("wrote kept.tar: 1 people, 0 workspaces"),
        "{said} {:?}",
        error_lines(&taken)
    );
    assert!(said.contains("secret key is not in it"), "{said}");

    let (code, _, errors) = run(&["restore", "kept.tar", "--data", "two"]);
    assert_eq!((code, errors.len()), (Some(1), 1), "{errors:?}");
    assert!(errors[0].contains("another secret key"), "{errors:?}");
    let restored = sightline(folder.path(), &["restore", "kept.tar", "--data", "two"], &same);
    assert!(restored.status.success(), "{:?}", error_lines(&restored));
    let mut again = program(folder.path(), &[&create[..], &["two"]].concat(), &same)
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    again
        .stdin
        .take()
        .unwrap()
        .write_all(b"a long enough passphrase 7\n")
        .unwrap();
    let again = again.wait_with_output().unwrap();
    assert!(error_lines(&again)[0].contains("account"), "{:?}", error_lines(&again));
    let (code, _, errors) = run(&["restore", "kept.tar", "--data", "two"]);
    assert_eq!(code, Some(1), "{errors:?}");
}

#[test]
fn the_doctor_names_what_is_broken_and_changes_nothing() {
    let folder = TempDir::new().unwrap();
    let free = ["doctor", "--data", "one"];
    let fresh = sightline(folder.path(), &free, &[("SIGHTLINE_LISTEN", "127.0.0.1:0")]);
    let said = String::from_utf8_lossy(&fresh.stdout).into_owned();
    assert!(
        fresh.status.success() && said.lines().all(|line| line.starts_with("ok")),
        "{said}"
    );
    assert!(!folder.path().join("one").exists());
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let broken = sightline(folder.path(), &free, &[("SIGHTLINE_LISTEN", &address)]);
    let said = String::from_utf8_lossy(&broken.stdout).into_owned();
    assert_eq!(broken.status.code(), Some(1));
    assert!(said.contains("broken  address"), "{said}");
    let away = [
        ("DATABASE_URL", "postgres://nobody:hidden@127.0.0.1:1/none"),
        ("SIGHTLINE_LISTEN", "127.0.0.1:0"),
    ];
    let away = sightline(folder.path(), &free, &away);
    let said = String::from_utf8_lossy(&away.stdout).into_owned();
    assert!(
        said.contains("broken") && said.contains("DATABASE_URL") && !said.contains("hidden"),
        "{said}"
    );
}

#[test]
fn the_audit_log_is_verified_from_the_console() {
    let folder = TempDir::new().unwrap();
    let verify = ["audit", "verify", "--data", "data"];
    let nothing = sightline(folder.path(), &verify, &[]);
    assert_eq!(nothing.status.code(), Some(2));
    assert!(
        error_lines(&nothing)[0].contains("no database in data"),
        "{:?}",
        error_lines(&nothing)
    );
    assert!(!folder.path().join("data").exists(), "looking made a folder");

    let create = [
        "user",
        "create",
        "--data",
        "data",
        "--email",
        "ann@example.org",
        "--password-stdin",
    ];
    assert!(
        told(folder.path(), &create, "a long enough passphrase 7")
            .status
            .success()
    );
    let log = folder.path().join("server.log");
    let mut command = program(
        folder.path(),
        &["serve", "--listen", "127.0.0.1:0", "--data", "data"],
        &[("SIGHTLINE_LOG_FORMAT", "json")],
    );
    let server = command
        .stdout(Stdio::null())
        .stderr(fs::File::create(&log).unwrap())
        .spawn();
    let server = Running(server.unwrap());
    let written = || fs::read_to_string(&log).unwrap().contains("audit checkpoint");
    for _ in 0..200 {
        if written() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert!(written(), "{}", fs::read_to_string(&log).unwrap());
    let beside = sightline(folder.path(), &verify, &[]);
    assert!(beside.status.success(), "{:?}", error_lines(&beside));
    drop(server);

    let with_log = ["audit", "verify", "--data", "data", "--log", "server.log"];
    let whole = sightline(folder.path(), &with_log, &[]);
    let said = String::from_utf8_lossy(&whole.stdout).into_owned();
    assert!(whole.status.success(), "{said} {:?}", error_lines(&whole));
    assert!(
        said.starts_with("instance: 1 entries, the last is ") && said.contains("ok: 1 entries in 1 chains, "),
        "{said}"
    );
    let wrong = sightline(
        folder.path(),
        &["audit", "verify", "--data", "data", "--checkpoint", "v1.x"],
        &[],
    );
    assert_eq!(wrong.status.code(), Some(2));

    tamper(
        &folder.path().join("data/sightline.db"),
        &[
            "DROP TRIGGER audit_entries_stay",
            "DROP TRIGGER audit_heads_stay",
            "DELETE FROM audit_entries",
            "DELETE FROM audit_heads",
        ],
    );
    let cut = sightline(folder.path(), &verify, &[]);
    assert!(cut.status.success(), "nothing is left to show that there was something");
    let cut = sightline(folder.path(), &with_log, &[]);
    assert_eq!(cut.status.code(), Some(5), "{:?}", error_lines(&cut));
    assert!(
        error_lines(&cut)[0].contains("broken: instance: a checkpoint knows entry 1"),
        "{:?}",
        error_lines(&cut)
    );

    let create = [
        "user",
        "create",
        "--data",
        "data",
        "--email",
        "bob@example.org",
        "--password-stdin",
    ];
    assert!(
        told(folder.path(), &create, "a long enough passphrase 7")
            .status
            .success()
    );
    tamper(
        &folder.path().join("data/sightline.db"),
        &[
            "DROP TRIGGER audit_entries_hold",
            "UPDATE audit_entries SET object_title = 'eve'",
        ],
    );
    let changed = sightline(folder.path(), &verify, &[]);
    assert_eq!(changed.status.code(), Some(5));
    assert!(
        error_lines(&changed)[0].contains("entry 1 (account.create, "),
        "{:?}",
        error_lines(&changed)
    );
}

/// Changes a database as somebody could who has its file.
fn tamper(file: &Path, statements: &[&str]) {
    use sea_orm::ConnectionTrait as _;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let database = services::Database::connect(&format!("sqlite:{}", file.display()))
            .await
            .unwrap();
        for statement in statements {
            database.writer().execute_unprepared(statement).await.unwrap();
        }
        database.close().await.unwrap();
    });
}

#[test]
fn sql_is_shown_as_it_would_be_sent_or_refused_with_its_reason() {
    let folder = TempDir::new().unwrap();
    let check = |words: &[&str], sql: &str| {
        let answer = told(folder.path(), &[&["sql-check"], words].concat(), sql);
        (answer.status.code().unwrap(), String::from_utf8(answer.stdout).unwrap())
    };
    let listed = ["--dialect", "postgres", "--table", "public.orders"];
    let (code, sent) = check(
        &listed,
        "SELECT region, sum(amount) FROM orders -- all\nGROUP BY region",
    );
    assert_eq!(code, 0);
    assert!(
        sent.starts_with("allowed\n") && sent.contains("LIMIT 1001") && !sent.contains("-- all"),
        "{sent}"
    );
    assert_eq!(check(&["--dialect", "sqlite"], "SELECT * FROM anything").0, 0);
    for (words, sql, reason) in [
        (&listed[..], "DELETE FROM orders", "refused: not_a_query: "),
        (&listed[..], "SELECT pg_sleep(1) FROM orders", "refused: function: "),
        (&listed[..], "SELECT * FROM users", "refused: unknown_relation: "),
        (
            &["--dialect", "mysql"],
            "SELECT * FROM mysql.user",
            "refused: system_relation: ",
        ),
        (&["--expression"][..], "(SELECT 1)", "refused: subquery: "),
    ] {
        let (code, said) = check(words, sql);
        assert_eq!(code, 4, "{sql}: {said}");
        assert!(said.starts_with(reason) && said.lines().count() == 1, "{sql}: {said}");
    }
    assert_eq!(
        check(&["--expression"], "CASE WHEN amount > 10 THEN region END"),
        (0, "allowed\n".to_owned())
    );
}
