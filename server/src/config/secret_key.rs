use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use services::secrets::{SecretKey, random_token};

use super::{ConfigError, Source, key};

/// The name of the generated key inside the data folder.
const GENERATED: &str = "secret.key";
/// The same while it is written: after a kill at that moment the folder still counts as empty.
const UNFINISHED: &str = "secret.key.new";

/// The instance's secret: configured, from a file, kept from an earlier start, or, on this machine only and in an empty data
/// folder, made now.
///
/// # Errors
/// When there is none, or a weak one.
pub fn secret_key(source: &Source, data: &Path, reachable_from_outside: bool) -> Result<SecretKey, ConfigError> {
    if let Some(key) = present_secret_key(source, data)? {
        return Ok(key);
    }
    let kept = data.join(GENERATED);
    let missing = |why: &str| {
        ConfigError::value(
            &key::SECRET_KEY,
            format!(
                "no secret key is set and {why}; make one with `openssl rand -base64 48` and keep it, or set SIGHTLINE_SECRET_KEY_FILE"
            ),
        )
    };
    if reachable_from_outside {
        return Err(missing("the server can be reached from outside"));
    }
    if !is_empty(data)? {
        return Err(missing(&format!(
            "{} is not empty, so its key must exist already",
            data.display()
        )));
    }
    generate(&kept)
}

/// The instance's secret where there is one; makes none.
///
/// # Errors
/// When it cannot be read, or is weak.
pub fn present_secret_key(source: &Source, data: &Path) -> Result<Option<SecretKey>, ConfigError> {
    if let Some(text) = source.given(&key::SECRET_KEY) {
        return parse(&key::SECRET_KEY.variable(), text).map(Some);
    }
    if let Some(file) = source.given(&key::SECRET_KEY_FILE) {
        let text = read(Path::new(file))?;
        return parse(&key::SECRET_KEY_FILE.variable(), &text).map(Some);
    }
    if let Some(command) = source.given(&key::SECRET_KEY_COMMAND) {
        return parse(&key::SECRET_KEY_COMMAND.variable(), &output_of(command)?).map(Some);
    }
    let kept = data.join(GENERATED);
    if !kept.is_file() {
        return Ok(None);
    }
    let text = read(&kept)?;
    parse(&kept.display().to_string(), &text).map(Some)
}

/// The key that is being replaced, where one is.
///
/// # Errors
/// As `present_secret_key`.
pub fn previous_secret_key(source: &Source) -> Result<Option<SecretKey>, ConfigError> {
    if let Some(text) = source.given(&key::SECRET_KEY_PREVIOUS) {
        return parse(&key::SECRET_KEY_PREVIOUS.variable(), text).map(Some);
    }
    match source.given(&key::SECRET_KEY_PREVIOUS_FILE) {
        Some(file) => parse(&key::SECRET_KEY_PREVIOUS_FILE.variable(), &read(Path::new(file))?).map(Some),
        None => Ok(None),
    }
}

/// What the command prints. Its messages go where the server's go; whatever it prints beside the key is not the key.
fn output_of(command: &str) -> Result<String, ConfigError> {
    let failed = |problem: String| ConfigError::value(&key::SECRET_KEY_COMMAND, problem);
    let output = Command::new("sh")
        .args(["-c", command])
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| failed(format!("cannot be run ({})", error.kind())))?;
    if !output.status.success() {
        return Err(failed(format!("ended with {}", output.status)));
    }
    let text = String::from_utf8(output.stdout).map_err(|_| failed("prints something that is no text".to_owned()))?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

fn parse(origin: &str, text: &str) -> Result<SecretKey, ConfigError> {
    SecretKey::parse(text).map_err(|error| ConfigError::Value {
        key: origin.to_owned(),
        problem: error.to_string(),
    })
}

fn read(path: &Path) -> Result<String, ConfigError> {
    fs::read_to_string(path).map_err(|error| unusable(path, "cannot be read", &error))
}

fn is_empty(folder: &Path) -> Result<bool, ConfigError> {
    match fs::read_dir(folder) {
        Ok(entries) => Ok(entries.flatten().all(|entry| entry.file_name() == UNFINISHED)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
        Err(error) => Err(unusable(folder, "cannot be read", &error)),
    }
}

/// Written whole and synced before it is used: a key that is lost signs everyone out.
fn generate(path: &Path) -> Result<SecretKey, ConfigError> {
    let text =
        random_token().map_err(|_| ConfigError::Refused("the operating system gives no random bytes".to_owned()))?;
    let folder = path.parent().map_or_else(PathBuf::new, Path::to_owned);
    fs::create_dir_all(&folder).map_err(|error| unusable(&folder, "cannot be made", &error))?;
    let unfinished = folder.join(UNFINISHED);
    let write = || {
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&unfinished)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&unfinished, path)?;
        fs::File::open(&folder)?.sync_all()
    };
    write().map_err(|error| unusable(path, "cannot be written", &error))?;
    parse(&path.display().to_string(), &text)
}

fn unusable(path: &Path, what: &str, error: &std::io::Error) -> ConfigError {
    ConfigError::File {
        file: path.to_owned(),
        problem: format!("{what} ({})", error.kind()),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_key_is_made_once_on_this_machine_only() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let none = Source::default();
        assert!(secret_key(&none, &data, true).is_err());
        assert!(!data.exists());
        let made = secret_key(&none, &data, false).unwrap();
        let mode = fs::metadata(data.join(GENERATED)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let again = secret_key(&none, &data, false).unwrap();
        let purpose = services::secrets::KeyPurpose::ShareProof;
        assert_eq!(made.sign(purpose, b"x"), again.sign(purpose, b"x"));
        fs::remove_file(data.join(GENERATED)).unwrap();
        fs::write(data.join("sightline.db"), "").unwrap();
        assert!(
            secret_key(&none, &data, false)
                .unwrap_err()
                .to_string()
                .contains("not empty")
        );
    }

    #[test]
    fn a_kill_while_the_key_is_written_does_not_lock_the_owner_out() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(UNFINISHED), "ha").unwrap();
        secret_key(&Source::default(), folder.path(), false).unwrap();
        assert!(folder.path().join(GENERATED).is_file() && !folder.path().join(UNFINISHED).exists());
    }

    #[test]
    fn a_command_gives_the_key_or_says_why_not() {
        let folder = tempfile::tempdir().unwrap();
        let read = |command: &str| {
            let source = Source::from_environment([("SIGHTLINE_SECRET_KEY_COMMAND", command.to_owned())]);
            secret_key(&source, folder.path(), true)
        };
        let key = "q8Zr2mN5vX1cB7kJ4hG6fD9wA3pO0iUy";
        let given = read(&format!("echo {key}; echo done")).unwrap();
        assert_eq!(given.fingerprint(), SecretKey::parse(key).unwrap().fingerprint());
        for (command, words) in [
            ("exit 3", "ended with"),
            ("true", "fewer than 32 bytes"),
            ("no-such-command", "ended with"),
        ] {
            let line = read(command).unwrap_err().to_string();
            assert!(
                line.starts_with("SIGHTLINE_SECRET_KEY_COMMAND: ") && line.contains(words),
                "{line}"
            );
        }
    }

    #[test]
    fn weak_keys_stop_the_start_with_one_line() {
        let folder = tempfile::tempdir().unwrap();
        for weak in ["short", &"a".repeat(64), "change-me-change-me-change-me-change-me"] {
            let source = Source::from_environment([("SIGHTLINE_SECRET_KEY", weak.to_owned())]);
            let line = secret_key(&source, folder.path(), false).unwrap_err().to_string();
            assert!(
                line.starts_with("SIGHTLINE_SECRET_KEY: ") && !line.contains('\n') && !line.contains("aaaa"),
                "{line}"
            );
        }
    }
}
