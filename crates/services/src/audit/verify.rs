//! Reading the whole log again: every entry's hash, the numbers, the ends, and checkpoints written elsewhere.

use std::fmt;

use chrono::{DateTime, Utc};
use entity::{audit_entry, audit_head};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, prelude::Uuid};

use super::{
    Chain, Checkpoint,
    chain::{hash, words},
};
use crate::{ServiceResult, Services};

/// Entries read at a time.
const PAGE: u64 = 1_000;

/// What was found, a chain each, the instance's first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    pub chains: Vec<ChainReport>,
    /// Checkpoints that were compared.
    pub checkpoints: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainReport {
    pub chain: Chain,
    /// Entries that hold, from the first on.
    pub entries: u64,
    /// Hash of the last of them.
    pub head: String,
    /// The first thing that is wrong.
    pub fault: Option<Fault>,
}

/// What is wrong with a chain, and at which entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is no entry of this number, though the chain goes on.
    Missing { number: u64 },
    /// The entry is not as it was written.
    Changed {
        number: u64,
        at: DateTime<Utc>,
        action: String,
    },
    /// What the entry is searched by does not follow from it.
    Hidden { number: u64 },
    /// The chain says it ends elsewhere than with its last entry.
    WrongEnd { number: u64 },
    /// A checkpoint knows this entry, and it is gone or another one.
    Rewritten { number: u64 },
    /// A checkpoint was not made with this instance's key.
    ForeignCheckpoint { number: u64 },
}

impl Verification {
    pub fn entries(&self) -> u64 {
        self.chains.iter().map(|chain| chain.entries).sum()
    }

    /// The first chain with a fault.
    pub fn broken(&self) -> Option<(&ChainReport, &Fault)> {
        self.chains
            .iter()
            .find_map(|chain| Some((chain, chain.fault.as_ref()?)))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { number } => write!(out, "entry {number} is missing"),
            Self::Changed { number, at, action } => {
                let at = at.format("%Y-%m-%dT%H:%M:%SZ");
                write!(
                    out,
                    "entry {number} ({action}, {at}) is not as it was written, or the one before it is not"
                )
            }
            Self::Hidden { number } => write!(out, "entry {number} cannot be found by its own words"),
            Self::WrongEnd { number } => write!(out, "the chain does not end with its last entry, {number}"),
            Self::Rewritten { number } => {
                write!(
                    out,
                    "a checkpoint knows entry {number}, which is gone or another one: the end was cut off or rewritten"
                )
            }
            Self::ForeignCheckpoint { number } => write!(
                out,
                "the checkpoint of entry {number} was not signed with this instance's key"
            ),
        }
    }
}

/// Entries that are added while it reads are left for the next time.
pub(super) async fn verify(services: &Services, checkpoints: &[Checkpoint]) -> ServiceResult<Verification> {
    let reader = services.database().reader();
    let heads = audit_head::Entity::find()
        .order_by_asc(audit_head::Column::ChainId)
        .all(reader)
        .await?;
    let mut known: Vec<Uuid> = audit_entry::Entity::find()
        .select_only()
        .column(audit_entry::Column::ChainId)
        .distinct()
        .into_tuple()
        .all(reader)
        .await?;
    known.extend(checkpoints.iter().map(|checkpoint| checkpoint.chain));
    known.sort_unstable();
    known.dedup();
    let mut ends: Vec<audit_head::Model> = heads;
    for chain in known {
        // Found after the heads were read, a chain may also be a new one.
        if !ends.iter().any(|head| head.chain_id == chain) {
            let end = audit_head::Entity::find_by_id(chain).one(reader).await?;
            ends.push(end.unwrap_or_else(|| audit_head::Model {
                chain_id: chain,
                number: 0,
                hash: String::new(),
            }));
        }
    }
    let mut chains = Vec::with_capacity(ends.len());
    for end in &ends {
        let own: Vec<&Checkpoint> = checkpoints.iter().filter(|one| one.chain == end.chain_id).collect();
        chains.push(verify_chain(services, end, &own).await?);
    }
    Ok(Verification {
        chains,
        checkpoints: checkpoints.len(),
    })
}

async fn verify_chain(
    services: &Services,
    end: &audit_head::Model,
    checkpoints: &[&Checkpoint],
) -> ServiceResult<ChainReport> {
    let key = services.config().keys.instance();
    let mut walk = Walk {
        number: 0,
        hash: String::new(),
        checkpoints,
    };
    let report = |walk: &Walk<'_>, fault| ChainReport {
        chain: Chain::from_uuid(end.chain_id),
        entries: count(walk.number),
        head: walk.hash.clone(),
        fault,
    };
    if let Some(foreign) = checkpoints.iter().find(|checkpoint| !checkpoint.holds(key)) {
        let number = count(foreign.number);
        return Ok(report(&walk, Some(Fault::ForeignCheckpoint { number })));
    }
    loop {
        let page = audit_entry::Entity::find()
            .filter(audit_entry::Column::ChainId.eq(end.chain_id))
            .filter(audit_entry::Column::Number.gt(walk.number))
            .order_by_asc(audit_entry::Column::Number)
            .limit(PAGE)
            .all(services.database().reader())
            .await?;
        if page.is_empty() {
            break;
        }
        for entry in &page {
            if let Err(fault) = walk.step(entry) {
                return Ok(report(&walk, Some(fault)));
            }
            if walk.number == end.number && walk.hash != end.hash {
                let number = count(walk.number);
                return Ok(report(&walk, Some(Fault::WrongEnd { number })));
            }
        }
    }
    // The log may have grown since its end was read, never shrunk.
    if walk.number < end.number {
        let number = count(walk.number.saturating_add(1));
        return Ok(report(&walk, Some(Fault::Missing { number })));
    }
    let later = audit_head::Entity::find_by_id(end.chain_id)
        .one(services.database().reader())
        .await?;
    let ends_here = match &later {
        Some(later) => later.number > walk.number || (later.number == walk.number && later.hash == walk.hash),
        None => walk.number == 0,
    };
    if !ends_here {
        let number = count(walk.number);
        return Ok(report(&walk, Some(Fault::WrongEnd { number })));
    }
    let beyond = checkpoints.iter().find(|checkpoint| checkpoint.number > walk.number);
    let fault = beyond.map(|checkpoint| Fault::Rewritten {
        number: count(checkpoint.number),
    });
    Ok(report(&walk, fault))
}

/// How far a chain holds.
struct Walk<'a> {
    number: i64,
    hash: String,
    checkpoints: &'a [&'a Checkpoint],
}

impl Walk<'_> {
    fn step(&mut self, entry: &audit_entry::Model) -> Result<(), Fault> {
        let expected = self.number.saturating_add(1);
        if entry.number != expected {
            return Err(Fault::Missing {
                number: count(expected),
            });
        }
        let number = count(entry.number);
        if entry.hash != hash(&self.hash, entry) {
            return Err(Fault::Changed {
                number,
                at: entry.at,
                action: entry.action.clone(),
            });
        }
        if entry.words != words(entry) {
            return Err(Fault::Hidden { number });
        }
        let mut here = self.checkpoints.iter().filter(|one| one.number == entry.number);
        if here.any(|checkpoint| checkpoint.hash != entry.hash) {
            return Err(Fault::Rewritten { number });
        }
        self.number = entry.number;
        self.hash.clone_from(&entry.hash);
        Ok(())
    }
}

fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
