//! What a running server tidies up by the hour.

use std::time::Duration;

use services::{Services, dataset::DatasetService, session::DatabaseSessionStore};

use crate::net::Shutdown;

const EVERY: Duration = Duration::from_secs(600);

/// Runs until the shutdown starts. A failed round is logged and tried again at the next.
pub async fn run(services: Services, shutdown: Shutdown) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(EVERY) => round(&services).await,
            () = shutdown.started() => return,
        }
    }
}

async fn round(services: &Services) {
    match DatasetService::sweep(services).await {
        Ok(swept) => tracing::debug!(uploads = swept.uploads, versions = swept.versions, "swept"),
        Err(error) => tracing::warn!(error = crate::cli::chain(&error), "files could not be swept"),
    }
    match DatabaseSessionStore::new(services).delete_expired().await {
        Ok(count) => tracing::debug!(count, "removed sessions that have ended"),
        Err(error) => tracing::warn!(error = crate::cli::chain(&error), "ended sessions could not be removed"),
    }
}
