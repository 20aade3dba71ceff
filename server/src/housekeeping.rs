//! What a running server tidies up from time to time.

use std::{fmt::Debug, time::Duration};

use services::{
    ConnectionService, DashboardService, DatasetService, RollupService, ServiceResult, Services, ShareService,
    UsageService, session::DatabaseSessionStore,
};
use shared::{ids::RequestId, permission::Principal};
use uuid::Uuid;

use crate::net::Shutdown;

const EVERY: Duration = Duration::from_secs(600);

/// Runs until the shutdown starts, and once more for what is only in memory. A failed task is logged and tried again.
pub async fn run(services: Services, shutdown: Shutdown) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(EVERY) => round(&services).await,
            () = shutdown.started() => break,
        }
    }
    note("write views of links", write_views(&services).await);
    note("write what was read", UsageService::flush(&services).await);
}

async fn round(services: &Services) {
    note("sweep files", DatasetService::sweep(services).await);
    note("sweep database files", ConnectionService::sweep(services).await);
    note("sweep rollups", RollupService::sweep(services).await);
    note("empty the bin", DashboardService::empty_bin(services).await);
    note(
        "remove ended sessions",
        DatabaseSessionStore::new(services).delete_expired().await,
    );
    note("write views of links", write_views(services).await);
    note("write what was read", UsageService::flush(services).await);
}

async fn write_views(services: &Services) -> ServiceResult<()> {
    let shares = ShareService::new(services, Principal::Anonymous, RequestId::from(Uuid::now_v7()));
    shares.flush_views().await
}

fn note<T: Debug>(task: &str, outcome: ServiceResult<T>) {
    match outcome {
        Ok(done) => tracing::debug!(task, ?done, "tidied up"),
        Err(error) => tracing::warn!(task, error = crate::cli::chain(&error), "could not tidy up"),
    }
}
