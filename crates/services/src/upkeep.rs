//! What a running server does by itself: once at start, then every hour.

use std::time::Duration;

use crate::{DashboardService, DatasetService, ServiceError, ServiceResult, Services};

const EVERY: Duration = Duration::from_secs(3600);

/// Clears away what a killed server left. Call it before requests are taken.
///
/// # Errors
/// When the database or the data folder cannot be read.
pub async fn upkeep_at_start(services: &Services) -> ServiceResult<()> {
    let swept = DatasetService::sweep_at_start(services).await?;
    tracing::info!(
        uploads = swept.uploads,
        objects = swept.objects,
        versions = swept.versions,
        "data folder swept"
    );
    Ok(())
}

/// Runs until the task is dropped. A failure is logged and tried again an hour later.
pub async fn upkeep_hourly(services: Services) {
    loop {
        tokio::time::sleep(EVERY).await;
        report(
            DatasetService::sweep(&services).await.map(|_| ()),
            "datasets could not be swept",
        );
        report(
            DashboardService::empty_bin(&services).await.map(|_| ()),
            "the bin of dashboards could not be emptied",
        );
    }
}

fn report(outcome: Result<(), ServiceError>, failure: &'static str) {
    if let Err(error) = outcome {
        tracing::error!(error = &error as &dyn std::error::Error, "{failure}");
    }
}
