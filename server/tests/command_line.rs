//! The program as an operator meets it: exit codes, single lines, drawings.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has to fail loudly"
)]

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use tempfile::TempDir;

fn sightline(folder: &Path, words: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sightline"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SIGHTLINE_") || name == "DATABASE_URL") {
        command.env_remove(name);
    }
    command
        .current_dir(folder)
        .args(words)
        .envs(variables.iter().copied())
        .output()
        .unwrap()
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
            lines.len() == 1 && lines[0].contains(named),
            "{words:?} {variables:?}: {lines:?}"
        );
    }
    fs::write(folder.path().join("sightline.toml"), "lissen = 1\n").unwrap();
    let output = sightline(folder.path(), &["serve"], &[key]);
    assert_eq!((output.status.code(), error_lines(&output).len()), (Some(2), 1));
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
    let later = sightline(folder.path(), &["render", "good.vl.json", "--out", "good.png"], &[]);
    assert_eq!(later.status.code(), Some(2));
    assert!(error_lines(&later)[0].contains("png"));
    let timed = sightline(folder.path(), &["render", "good.vl.json", "--bench", "5"], &[]);
    assert!(String::from_utf8_lossy(&timed.stdout).contains("\"median_us\""));
}
