//! What a running server does for its audit log: refusals are written a moment after they happened, the ends of chains go to
//! the log stream, and every night the whole log is read again.

use std::time::Duration;

use chrono::NaiveDate;
use services::{AuditService, ServiceResult, Services, audit::Verification};

use crate::net::Shutdown;

/// How long refusals are gathered, so that a flood of them becomes a few entries.
const GATHER: Duration = Duration::from_secs(1);
/// Between two checkpoints, where fewer than 64 entries come in between.
const CHECKPOINT: Duration = Duration::from_secs(60);

/// Runs until the shutdown starts, and once more for what is only in memory. What fails is logged and tried again.
pub async fn run(services: Services, shutdown: Shutdown) {
    let mut clock = tokio::time::interval(CHECKPOINT);
    let mut verified_on = today(&services);
    loop {
        tokio::select! {
            () = AuditService::refusal_gathered(&services) => {
                tokio::time::sleep(GATHER).await;
                note("write refusals", AuditService::write_refusals(&services).await);
            }
            () = AuditService::checkpoint_due(&services) => {
                note("write checkpoints", AuditService::write_checkpoints(&services).await);
            }
            _ = clock.tick() => {
                note("write refusals", AuditService::write_refusals(&services).await);
                note("write checkpoints", AuditService::write_checkpoints(&services).await);
                if today(&services) != verified_on {
                    verified_on = today(&services);
                    verify(&services).await;
                }
            }
            () = shutdown.started() => break,
        }
    }
    note("write refusals", AuditService::write_refusals(&services).await);
    note("write checkpoints", AuditService::write_checkpoints(&services).await);
}

fn today(services: &Services) -> NaiveDate {
    services.clock().now().date_naive()
}

async fn verify(services: &Services) {
    let found = match AuditService::verify(services, &[]).await {
        Ok(found) => found,
        Err(error) => return note("verify the log", Err::<Verification, _>(error)),
    };
    match found.broken() {
        None => tracing::info!(
            target: "audit",
            entries = found.entries(),
            chains = found.chains.len(),
            "the audit log is whole"
        ),
        Some(_) => {
            for chain in &found.chains {
                if let Some(fault) = &chain.fault {
                    tracing::error!(
                        target: "audit",
                        chain = %chain.chain,
                        fault = %fault,
                        "THE AUDIT LOG WAS TAMPERED WITH OR IS DAMAGED; run `sightline audit verify`"
                    );
                }
            }
        }
    }
}

fn note<T>(task: &str, outcome: ServiceResult<T>) {
    if let Err(error) = outcome {
        tracing::warn!(target: "audit", task, error = crate::cli::chain(&error), "the audit log could not be kept up");
    }
}
