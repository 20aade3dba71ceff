//! The commands and their options.

use crate::{
    failure::{Outcome, fail},
    workspace::Profile,
};

/// What `cargo xtask` prints without a command.
pub const HELP: &str = "\
cargo xtask COMMAND

  run [--release] [--no-open] [-- …]   set up, build, start with the sample workspace, open the browser
  test                                 set up, then every check and every test
  build [--release] [--assets]         the binary with everything inside; --assets stops before the server
  check [NAME …]                       format, layers, style, docs, names, lints; or only some of them
  e2e [--release] [-- …]               journeys in a real browser (words after -- go to the test runner)
  faults [ROUNDS]                      faults injected into the server, 200 on each database or as many as said
  oracle [--release]                   cases with known answers, where that folder exists
  gallery [--release] [--no-serve]     components and charts without a server, on http://127.0.0.1:3100
  bench [--quick] [--write] [NAME …]   the table of figures, or some of them; --write keeps it in docs/BENCHMARKS.md
  setup                                only the set-up
  stage                                style sheet and static files for Trunk, which calls it
  font-widths                          text widths of the typeface for the chart crate
";

/// One command with its options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Print [`HELP`].
    Help,
    /// Install what is missing.
    Setup,
    /// Assets, then the server with them inside.
    Build { profile: Profile, only_assets: bool },
    /// Build, start with sample data, open the browser. The rest goes to `sightline serve`.
    Run {
        profile: Profile,
        open: bool,
        rest: Vec<String>,
    },
    /// What must hold in the source tree; all of it when no check is named.
    Check(Vec<String>),
    /// Everything.
    Test,
    /// Browser journeys. The rest goes to the test runner.
    EndToEnd { profile: Profile, rest: Vec<String> },
    /// Faults injected into the real program, so many on each database.
    Faults { rounds: u32 },
    /// Cases with known answers.
    Oracle(Profile),
    /// Client-only build.
    Gallery { profile: Profile, serve: bool },
    /// Trunk's hook.
    Stage,
    /// Figures. `quick` leaves out what takes minutes.
    Bench {
        quick: bool,
        write: bool,
        only: Vec<String>,
    },
    /// Width table of the typeface.
    FontWidths,
}

/// Reads the words after `cargo xtask`.
///
/// # Errors
/// On an unknown command or option.
pub fn parse(words: impl IntoIterator<Item = String>) -> Outcome<Command> {
    let mut words = words.into_iter();
    let Some(name) = words.next() else {
        return Ok(Command::Help);
    };
    let mut options = Vec::new();
    let mut rest = Vec::new();
    while let Some(word) = words.next() {
        if word == "--" {
            rest.extend(words.by_ref());
        } else {
            options.push(word);
        }
    }
    let mut take = |option: &str| {
        let found = options.iter().position(|word| word == option);
        found.map(|at| options.remove(at)).is_some()
    };
    let has_profile = matches!(name.as_str(), "build" | "run" | "e2e" | "oracle" | "gallery");
    let profile = if has_profile && take("--release") {
        Profile::Release
    } else {
        Profile::Dev
    };
    let command = match name.as_str() {
        "help" | "--help" | "-h" => Command::Help,
        "setup" => Command::Setup,
        "build" => Command::Build {
            profile,
            only_assets: take("--assets"),
        },
        "run" => Command::Run {
            profile,
            open: !take("--no-open"),
            rest: std::mem::take(&mut rest),
        },
        "check" => Command::Check(options.extract_if(.., |word| !word.starts_with('-')).collect()),
        "test" => Command::Test,
        "e2e" => Command::EndToEnd {
            profile,
            rest: std::mem::take(&mut rest),
        },
        "faults" => Command::Faults {
            rounds: match options.pop() {
                Some(word) => match word.parse() {
                    Ok(rounds) => rounds,
                    Err(_) => fail!("`{word}` is no number of rounds"),
                },
                None => 200,
            },
        },
        "oracle" => Command::Oracle(profile),
        "gallery" => Command::Gallery {
            profile,
            serve: !take("--no-serve"),
        },
        "stage" => Command::Stage,
        "bench" => Command::Bench {
            quick: take("--quick"),
            write: take("--write"),
            only: options.extract_if(.., |word| !word.starts_with('-')).collect(),
        },
        "font-widths" => Command::FontWidths,
        other => fail!("`{other}` is no command; `cargo xtask help` lists them"),
    };
    match options.first().or(rest.first()) {
        Some(unknown) => fail!("`{name}` does not know `{unknown}`; `cargo xtask help` lists the options"),
        None => Ok(command),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Outcome<Command> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn options_and_the_rest_are_told_apart() {
        let wanted = Command::Run {
            profile: Profile::Release,
            open: false,
            rest: vec!["--listen".into(), "127.0.0.1:4000".into()],
        };
        assert_eq!(
            read("run --no-open --release -- --listen 127.0.0.1:4000").unwrap(),
            wanted
        );
        assert_eq!(read("").unwrap(), Command::Help);
        assert_eq!(read("faults 7").unwrap(), Command::Faults { rounds: 7 });
    }

    #[test]
    fn what_is_not_known_is_refused() {
        assert!(read("biuld").is_err());
        assert!(read("check --release").is_err());
        assert!(read("build -- --fast").is_err());
        assert!(read("faults many").is_err() && read("faults 3 4").is_err());
    }
}
