//! `doctor`: what an operator would look at first, each with what to do about it. It changes nothing.

use std::{fs, net::TcpListener, os::unix::fs::PermissionsExt as _, path::Path};

use services::{
    Database, backup,
    secrets::{KeyCount, MasterKeys, count_keys},
};

use super::{arguments::DataArguments, backup::storage, exit::Exit};
use crate::{
    config::{LogConfig, Settings, Source, present_secret_key, previous_secret_key},
    data_lock::DataLock,
    instance,
};

/// Below this, uploads soon fail.
const LITTLE_DISK: u64 = 1 << 30;

/// What one look found.
enum Finding {
    Good(String),
    /// Works, and could be better.
    Advice(String),
    /// Does not work.
    Bad(String),
}

use Finding::{Advice, Bad, Good};

/// Prints a line for each finding. Ends with code 1 when something does not work.
pub async fn examine(arguments: DataArguments) -> Result<(), Exit> {
    let source = Source::read()?;
    let settings = Settings::from_source(&source, arguments.data, None)?;
    LogConfig::from_source(&source)?;
    let mut findings = vec![Good(format!(
        "configuration: {} is served at {}",
        settings.listen,
        settings.public_url.as_str()
    ))];
    findings.push(listening(&settings));
    findings.push(key(&source, &settings));
    findings.push(mail(&settings).await);
    findings.extend(folder(&settings.data));
    findings.extend(database(&settings, masters(&source, &settings).as_ref()).await);
    let mut is_broken = false;
    for finding in findings {
        match finding {
            Good(text) => println!("ok      {text}"),
            Advice(text) => println!("advice  {text}"),
            Bad(text) => {
                is_broken = true;
                println!("broken  {text}");
            }
        }
    }
    if is_broken {
        return Err(Exit::failure("something has to be mended; see above"));
    }
    Ok(())
}

async fn mail(settings: &Settings) -> Finding {
    match &settings.post {
        None => Good("mail: no server is named; invitations and new passwords are handed on as links".to_owned()),
        Some(post) => match post.look().await {
            Ok(()) => Good("mail: the server answers".to_owned()),
            Err(error) => Bad(format!(
                "mail: the server cannot be used ({error}); see SIGHTLINE_MAIL_URL"
            )),
        },
    }
}

fn listening(settings: &Settings) -> Finding {
    match DataLock::is_taken(&settings.data) {
        Ok(true) => Good(format!("server: one is running on {}", settings.data.display())),
        Ok(false) => match TcpListener::bind(settings.listen) {
            Ok(_) => Good(format!("address: {} is free", settings.listen)),
            Err(error) => Bad(format!(
                "address: {} cannot be used ({}); choose another with --listen",
                settings.listen,
                error.kind()
            )),
        },
        Err(error) => Bad(format!("data folder: {error}")),
    }
}

fn key(source: &Source, settings: &Settings) -> Finding {
    match present_secret_key(source, &settings.data) {
        Ok(Some(_)) => {
            let kept = settings.data.join("secret.key");
            match fs::metadata(&kept).map(|about| about.permissions().mode() & 0o077) {
                Ok(others) if others != 0 => Advice(format!(
                    "secret key: others on this machine can read it; run `chmod 600 {}`",
                    kept.display()
                )),
                Ok(_) => Advice(
                    "secret key: it lies beside the data; a copy in another place is needed to restore a backup"
                        .to_owned(),
                ),
                Err(_) => Good("secret key: set".to_owned()),
            }
        }
        Ok(None) if settings.is_reachable_from_outside() => Bad(
            "secret key: none is set; make one with `openssl rand -base64 48` and set SIGHTLINE_SECRET_KEY_FILE"
                .to_owned(),
        ),
        Ok(None) => Good("secret key: none yet; the first start makes one".to_owned()),
        Err(error) => Bad(format!("secret key: {error}")),
    }
}

fn folder(data: &Path) -> Vec<Finding> {
    if !data.exists() {
        return vec![Good(format!(
            "data folder: {} is made at the first start",
            data.display()
        ))];
    }
    let probe = data.join(".doctor");
    let written = fs::write(&probe, b"?").and_then(|()| fs::remove_file(&probe));
    let mut findings = vec![match written {
        Ok(()) => Good(format!("data folder: {} can be written", data.display())),
        Err(error) => Bad(format!(
            "data folder: {} cannot be written ({})",
            data.display(),
            error.kind()
        )),
    }];
    match rustix::fs::statvfs(data) {
        Ok(disk) => {
            let free = disk.f_bavail.saturating_mul(disk.f_frsize);
            let text = format!("disk: {:.1} GB free", free as f64 / 1e9);
            findings.push(if free < LITTLE_DISK {
                Advice(format!("{text}; uploads are refused when it is full"))
            } else {
                Good(text)
            });
        }
        Err(error) => findings.push(Bad(format!("disk: its room is not known ({error})"))),
    }
    findings
}

/// The keys where there are any; makes none.
fn masters(source: &Source, settings: &Settings) -> Option<MasterKeys> {
    Some(MasterKeys {
        current: present_secret_key(source, &settings.data).ok()??,
        previous: previous_secret_key(source).ok()?,
    })
}

async fn data_keys(database: &Database, masters: &MasterKeys) -> Finding {
    match count_keys(database, masters).await {
        Ok(KeyCount {
            current,
            previous: 0,
            other: 0,
        }) => Good(format!("data keys: all {current} open with the secret key")),
        Ok(KeyCount { previous, other: 0, .. }) => Advice(format!(
            "data keys: {previous} are still under the secret key before; run `sightline key rotate`"
        )),
        Ok(KeyCount { other, .. }) => Bad(format!(
            "data keys: {other} are under another secret key; set the right one, or that one as SIGHTLINE_SECRET_KEY_PREVIOUS_FILE"
        )),
        Err(error) => Bad(format!("data keys: {}", super::chain(&error))),
    }
}

async fn database(settings: &Settings, masters: Option<&MasterKeys>) -> Vec<Finding> {
    if settings.database_file().is_some_and(|file| !file.is_file()) {
        return vec![Good("database: SQLite, made at the first start".to_owned())];
    }
    let kind = if settings.database_file().is_some() {
        "SQLite"
    } else {
        "Postgres"
    };
    let database = match instance::connect(settings).await {
        Ok(database) => database,
        Err(error) => {
            return vec![Bad(format!(
                "{error}; is DATABASE_URL right, and does the database answer?"
            ))];
        }
    };
    let mut findings = Vec::new();
    match backup::schema_of(&database).await {
        Ok(applied) if applied == migrations::names() => {
            findings.push(Good(format!("database: {kind}, up to date")));
            if let Some(masters) = masters {
                findings.push(data_keys(&database, masters).await);
            }
        }
        Ok(applied) if migrations::names().starts_with(&applied) => findings.push(Advice(format!(
            "database: {kind}, {} migrations behind; the next start brings it up to date: take a backup first, with the version that wrote it",
            migrations::names().len() - applied.len()
        ))),
        Ok(_) => findings.push(Bad(
            "database: it was written by a newer version of Sightline; start that one".to_owned(),
        )),
        Err(error) => findings.push(Bad(format!("database: {error}"))),
    }
    match database.is_held_to_wall().await {
        Ok(Some(true)) => findings.push(Good(
            "row-level security: the database too keeps workspaces apart".to_owned(),
        )),
        Ok(Some(false)) => findings.push(Advice(
            "row-level security: the database's role is a superuser, whom nothing keeps out; give Sightline a role of its own"
                .to_owned(),
        )),
        Ok(None) => {}
        Err(error) => findings.push(Bad(format!("database: {}", super::chain(&error)))),
    }
    if let Ok(storage) = storage(&settings.files) {
        match backup::missing_objects(&database, &storage).await {
            Ok(missing) if missing.is_empty() => findings.push(Good("stored files: all there".to_owned())),
            Ok(missing) => findings.push(Bad(format!(
                "stored files: {} are missing from {}, the first is {}; restore a backup, or load those data sets again",
                missing.len(),
                settings.files.display(),
                missing.first().map(ToString::to_string).unwrap_or_default()
            ))),
            Err(error) => findings.push(Bad(format!("stored files: {error}"))),
        }
    }
    if let Err(error) = database.close().await {
        findings.push(Bad(format!("database: {}", super::chain(&error))));
    }
    findings
}
