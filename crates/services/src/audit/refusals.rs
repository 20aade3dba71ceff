//! Refusals of a security kind. What is refused is not in any transaction, and there may be a flood of it: equal refusals are
//! gathered for a moment and written together, with how many they were.

use std::{
    collections::{HashMap, hash_map::Entry},
    net::IpAddr,
};

use sea_orm::prelude::Uuid;
use shared::{
    AppError, ErrorCode,
    audit::{AuditAction, AuditActor, AuditActorKind, AuditObject, AuditObjectKind, AuditOutcome},
    ids::RequestId,
    permission::Principal,
};

use super::{Caller, Chain, Event, record::actor_of};
use crate::{Context, ServiceResult, Services, rate_limit::client_network};

/// Different refusals that wait at the same time; more are only counted.
const MOST_WAITING: usize = 256;

/// Refused outside of any service, such as by a layer of the server.
#[derive(Clone, Debug)]
pub struct RefusedRequest {
    pub principal: Principal,
    pub code: ErrorCode,
    /// Method and pattern of the address (`POST /s/{token}`), without anything secret.
    pub what: String,
    pub request_id: RequestId,
}

/// One refusal, or several equal ones.
#[derive(Clone, Debug)]
struct Refusal {
    chain: Chain,
    action: AuditAction,
    principal: Principal,
    object: Option<AuditObject>,
    code: ErrorCode,
    what: Option<String>,
    request_id: RequestId,
    caller: Caller,
    times: u64,
}

/// What makes refusals equal. Addresses count by their network.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    chain: Chain,
    action: AuditAction,
    actor: Option<Uuid>,
    object: Option<String>,
    code: ErrorCode,
    what: Option<String>,
    client: Option<IpAddr>,
}

/// Refusals that are not written yet.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    waiting: HashMap<Key, Refusal>,
    /// Those that found no place.
    beyond: u64,
}

impl Refusal {
    fn key(&self) -> Key {
        let actor = match &self.principal {
            Principal::Anonymous => None,
            Principal::User(user) | Principal::Unprotected(user) => Some(user.user_id.as_uuid()),
            Principal::Share(grant) => Some(grant.share_id.as_uuid()),
            Principal::Embed(grant) => Some(grant.embed_id.as_uuid()),
        };
        Key {
            chain: self.chain,
            action: self.action,
            actor,
            object: self.object.as_ref().map(|object| object.id.clone()),
            code: self.code,
            what: self.what.clone(),
            client: self.caller.client().map(client_network),
        }
    }
}

impl Gathered {
    fn add(&mut self, refusal: Refusal) {
        let full = self.waiting.len() >= MOST_WAITING;
        match self.waiting.entry(refusal.key()) {
            Entry::Occupied(mut there) => {
                let there = there.get_mut();
                there.times = there.times.saturating_add(refusal.times);
            }
            Entry::Vacant(_) if full => self.beyond = self.beyond.saturating_add(refusal.times),
            Entry::Vacant(free) => {
                free.insert(refusal);
            }
        }
    }
}

impl Context {
    /// Notes that the caller was refused something of a workspace. Of one request only the first refusal is noted.
    pub(crate) fn note_refusal(&self, chain: Chain, object: Option<AuditObject>, error: &AppError) {
        self.note(AuditAction::AccessRefused, chain, object, error.code);
    }

    /// Notes a sign-in that failed; `account` is there when the address has one. What was typed is not kept: people type
    /// passwords into the wrong field.
    pub(crate) fn note_failed_sign_in(&self, account: Option<(Uuid, &str)>, error: &AppError) {
        let object = account.map(|(id, name)| AuditObject {
            kind: AuditObjectKind::User,
            id: id.to_string(),
            title: name.to_owned(),
        });
        self.note(AuditAction::SessionSignIn, Chain::Instance, object, error.code);
    }

    fn note(&self, action: AuditAction, chain: Chain, object: Option<AuditObject>, code: ErrorCode) {
        if !self.caller().is_refused_first() {
            return;
        }
        note(
            self.services(),
            Refusal {
                chain,
                action,
                principal: self.principal().clone(),
                object,
                code,
                what: None,
                request_id: self.request_id(),
                caller: self.caller().clone(),
                times: 1,
            },
        );
    }
}

fn note(services: &Services, refusal: Refusal) {
    services.audit().gathered().add(refusal);
    services.audit().refused.notify_one();
}

impl RefusedRequest {
    /// Notes it, unless a service that knows more has noted it already.
    pub fn note(self, services: &Services) {
        let caller = Caller::current();
        if !caller.is_refused_first() {
            return;
        }
        note(
            services,
            Refusal {
                chain: Chain::Instance,
                action: AuditAction::AccessRefused,
                principal: self.principal,
                object: None,
                code: self.code,
                what: Some(self.what),
                request_id: self.request_id,
                caller,
                times: 1,
            },
        );
    }
}

/// Writes what is gathered, one transaction for each chain. What cannot be written waits for the next time.
pub(super) async fn write(services: &Services) -> ServiceResult<u64> {
    let Gathered { waiting, beyond } = std::mem::take(&mut *services.audit().gathered());
    let mut refusals: Vec<Refusal> = waiting.into_values().collect();
    refusals.sort_by_key(|refusal| (refusal.chain, refusal.request_id));
    let mut written = 0;
    let mut failed = None;
    for group in refusals.chunk_by(|left, right| left.chain == right.chain) {
        match write_group(services, group).await {
            Ok(()) => written += group.iter().map(|refusal| refusal.times).sum::<u64>(),
            Err(error) => {
                group
                    .iter()
                    .for_each(|refusal| services.audit().gathered().add(refusal.clone()));
                failed = Some(error);
            }
        }
    }
    if beyond > 0 {
        match write_beyond(services, beyond).await {
            Ok(()) => written += beyond,
            Err(error) => {
                let mut gathered = services.audit().gathered();
                gathered.beyond = gathered.beyond.saturating_add(beyond);
                failed = Some(error);
            }
        }
    }
    match failed {
        Some(error) => Err(error),
        None => Ok(written),
    }
}

async fn write_group(services: &Services, group: &[Refusal]) -> ServiceResult<()> {
    let Some(first) = group.first() else { return Ok(()) };
    let context = |refusal: &Refusal| {
        Context::new(services, refusal.principal.clone(), refusal.request_id).with_caller(refusal.caller.clone())
    };
    let last = context(first);
    let transaction = last.instance_transaction().await?;
    for refusal in group {
        let actor = actor_of(&transaction, &refusal.principal).await?;
        context(refusal).append(&transaction, refusal.event(), actor).await?;
    }
    last.commit(transaction, []).await?;
    services.audit().added(group.len());
    Ok(())
}

impl Refusal {
    fn event(&self) -> Event {
        let mut event = Event::new(self.chain, self.action).with("code", code_text(self.code));
        event.object.clone_from(&self.object);
        event.outcome = AuditOutcome::Refused;
        if let Some(what) = &self.what {
            event = event.with("request", what.as_str());
        }
        if self.times > 1 {
            event = event.with("times", self.times);
        }
        event
    }
}

/// One entry for all that found no place, which says so.
async fn write_beyond(services: &Services, beyond: u64) -> ServiceResult<()> {
    let mut event = Event::new(Chain::Instance, AuditAction::AccessRefused)
        .with("times", beyond)
        .with("merged", true);
    event.outcome = AuditOutcome::Refused;
    event.actor = Some(AuditActor {
        kind: AuditActorKind::Anonymous,
        id: None,
        name: "Many at once".to_owned(),
    });
    Context::system(services).record(event).await
}

/// `forbidden`: as the code is written in answers.
fn code_text(code: ErrorCode) -> String {
    serde_json::to_value(code)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(number: u128) -> Refusal {
        Refusal {
            chain: Chain::Instance,
            action: AuditAction::AccessRefused,
            principal: Principal::Anonymous,
            object: None,
            code: ErrorCode::Forbidden,
            what: Some(format!("GET /{number}")),
            request_id: Uuid::from_u128(number).into(),
            caller: Caller::default(),
            times: 1,
        }
    }

    #[test]
    fn a_flood_takes_bounded_memory_and_is_counted() {
        let mut gathered = Gathered::default();
        for number in 0..10_000_u128 {
            gathered.add(refusal(number % 5_000));
        }
        assert_eq!(gathered.waiting.len(), MOST_WAITING);
        let counted: u64 = gathered.waiting.values().map(|one| one.times).sum();
        assert_eq!(counted + gathered.beyond, 10_000);
        assert_eq!(counted, 512);
    }
}
