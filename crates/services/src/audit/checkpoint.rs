//! Checkpoints: the ends of chains, signed, in the log stream. A chain of hashes does not show that its last entries are gone;
//! an end that was written elsewhere does.

use std::{fmt, str::FromStr};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use entity::audit_head;
use sea_orm::{EntityTrait, QueryOrder, prelude::Uuid};

use super::Chain;
use crate::{
    ServiceResult, Services,
    secrets::{KeyPurpose, SecretKey},
};

/// Where a chain ended at some moment. As text `v1.CHAIN.NUMBER.HASH.SECONDS.SIGNATURE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    pub(super) chain: Uuid,
    pub(super) number: i64,
    pub(super) hash: String,
    /// Unix time.
    seconds: i64,
    signature: Vec<u8>,
}

/// Why a text is no checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    #[error("this is no checkpoint: one looks like v1.CHAIN.NUMBER.HASH.SECONDS.SIGNATURE")]
    Unreadable,
}

const VERSION: &str = "v1";

impl Checkpoint {
    fn make(key: &SecretKey, head: &audit_head::Model, seconds: i64) -> Self {
        let mut checkpoint = Self {
            chain: head.chain_id,
            number: head.number,
            hash: head.hash.clone(),
            seconds,
            signature: Vec::new(),
        };
        checkpoint.signature = key
            .sign(KeyPurpose::AuditCheckpoint, checkpoint.signed().as_bytes())
            .to_vec();
        checkpoint
    }

    fn signed(&self) -> String {
        format!(
            "{VERSION}.{}.{}.{}.{}",
            self.chain, self.number, self.hash, self.seconds
        )
    }

    /// Whether an instance with this key made it.
    pub(super) fn holds(&self, key: &SecretKey) -> bool {
        key.verify(KeyPurpose::AuditCheckpoint, self.signed().as_bytes(), &self.signature)
    }

    /// All checkpoints in a text such as a log, in their order. What only looks like one is left out.
    pub fn all_in(text: &str) -> Vec<Self> {
        text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')))
            .filter(|word| word.starts_with("v1."))
            .filter_map(|word| word.parse().ok())
            .collect()
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}", self.signed(), URL_SAFE_NO_PAD.encode(&self.signature))
    }
}

impl FromStr for Checkpoint {
    type Err = CheckpointError;

    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        let parts: Vec<&str> = text.trim().split('.').collect();
        let [VERSION, chain, number, hash, seconds, signature] = parts.as_slice() else {
            return Err(CheckpointError::Unreadable);
        };
        let unreadable = |_| CheckpointError::Unreadable;
        Ok(Self {
            chain: Uuid::try_parse(chain).map_err(|_| CheckpointError::Unreadable)?,
            number: number.parse().map_err(unreadable)?,
            hash: (*hash).to_owned(),
            seconds: seconds.parse().map_err(unreadable)?,
            signature: URL_SAFE_NO_PAD
                .decode(signature)
                .map_err(|_| CheckpointError::Unreadable)?,
        })
    }
}

/// Makes a checkpoint of every chain that has grown since the last, and writes them to the log stream.
pub(super) async fn write(services: &Services) -> ServiceResult<Vec<Checkpoint>> {
    let heads = audit_head::Entity::find()
        .order_by_asc(audit_head::Column::ChainId)
        .all(services.database().reader())
        .await?;
    let (key, now) = (services.config().keys.instance(), services.clock().now().timestamp());
    let mut made = Vec::new();
    let mut checkpoints = services.audit().checkpoints();
    for head in heads.iter().filter(|head| head.number > 0) {
        let end = (head.number, head.hash.clone());
        if checkpoints.last.get(&head.chain_id) == Some(&end) {
            continue;
        }
        checkpoints.last.insert(head.chain_id, end);
        let checkpoint = Checkpoint::make(key, head, now);
        tracing::info!(
            target: "audit",
            chain = %Chain::from_uuid(head.chain_id),
            entries = head.number,
            head = head.hash,
            checkpoint = %checkpoint,
            "audit checkpoint"
        );
        made.push(checkpoint);
    }
    Ok(made)
}

/// The ends this process has seen, as checkpoints: what a running server can say without its log.
pub(super) fn seen(services: &Services) -> Vec<Checkpoint> {
    let (key, now) = (services.config().keys.instance(), services.clock().now().timestamp());
    let checkpoints = services.audit().checkpoints();
    let heads = checkpoints
        .last
        .iter()
        .map(|(chain, (number, hash))| audit_head::Model {
            chain_id: *chain,
            number: *number,
            hash: hash.clone(),
        });
    heads.map(|head| Checkpoint::make(key, &head, now)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_is_found_in_a_log_and_holds_as_it_was_made() {
        let key = SecretKey::parse("q8Zr2mN5vX1cB7kJ4hG6fD9sA3pO0iUy").unwrap();
        let head = audit_head::Model {
            chain_id: Uuid::from_u128(5),
            number: 12,
            hash: "ab".repeat(32),
        };
        let made = Checkpoint::make(&key, &head, 1_768_478_400);
        let log = format!(
            "{{\"level\":\"INFO\",\"checkpoint\":\"{made}\"}}\n12:00 INFO entries=12 checkpoint={made} v1.x.y\n"
        );
        assert_eq!(Checkpoint::all_in(&log), vec![made.clone(), made.clone()]);
        assert!(made.holds(&key));
        let grown = made.to_string().replacen(".12.", ".11.", 1);
        assert!(!grown.parse::<Checkpoint>().unwrap().holds(&key));
        assert_eq!("v1.5".parse::<Checkpoint>(), Err(CheckpointError::Unreadable));
    }
}
