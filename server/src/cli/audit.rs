use std::{fs, path::Path};

use services::{
    AuditService,
    audit::{ChainReport, Checkpoint},
};

use super::{arguments::AuditVerifyArguments, exit::Exit};
use crate::{
    Instance,
    config::{Settings, Source, key},
};

/// The log is not as it was written.
const BROKEN: u8 = 5;

/// Prints a line for each chain and one for the whole; a chain that is broken ends the command with the first entry that is
/// wrong.
pub async fn verify(arguments: AuditVerifyArguments) -> Result<(), Exit> {
    let mut checkpoints = Vec::new();
    for text in &arguments.checkpoint {
        let read = text.parse::<Checkpoint>();
        checkpoints.push(read.map_err(|error| Exit::configuration(format!("--checkpoint: {error}")))?);
    }
    for file in &arguments.log {
        checkpoints.extend(in_log(file)?);
    }
    let source = Source::read()?;
    let settings = Settings::from_source(&source, arguments.data.data, None)?;
    // A folder that is not the right one would be made, and found to be whole.
    if source.given(&key::DATABASE_URL).is_none() && !settings.data.join("sightline.db").is_file() {
        return Err(Exit::configuration(format!(
            "there is no database in {}; say where it is with --data or DATABASE_URL",
            settings.data.display()
        )));
    }
    let instance = Instance::open(&source, settings).await?;
    let found = AuditService::verify(&instance.services, &checkpoints).await?;
    for chain in &found.chains {
        println!("{}", line(chain));
    }
    let broken = found
        .broken()
        .map(|(chain, fault)| format!("broken: {}: {fault}", chain.chain));
    let (entries, chains, compared) = (found.entries(), found.chains.len(), found.checkpoints);
    instance.close().await?;
    match broken {
        Some(words) => Err(Exit::new(BROKEN, words)),
        None => {
            println!("ok: {entries} entries in {chains} chains, {compared} checkpoints compared");
            Ok(())
        }
    }
}

fn line(chain: &ChainReport) -> String {
    match &chain.fault {
        None => format!("{}: {} entries, the last is {}", chain.chain, chain.entries, chain.head),
        Some(fault) => format!("{}: {} entries hold; {fault}", chain.chain, chain.entries),
    }
}

fn in_log(file: &Path) -> Result<Vec<Checkpoint>, Exit> {
    let text = fs::read(file)
        .map_err(|error| Exit::configuration(format!("--log: {} cannot be read ({})", file.display(), error.kind())))?;
    let found = Checkpoint::all_in(&String::from_utf8_lossy(&text));
    if found.is_empty() {
        return Err(Exit::configuration(format!(
            "--log: {} holds no checkpoint",
            file.display()
        )));
    }
    Ok(found)
}
