//! Counts and durations for Prometheus. What they are called, and in which unit, stands here; whoever counts calls a function.

use std::{sync::OnceLock, time::Duration};

use http::Method;
use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use metrics_process::Collector;
use services::Services;

/// Upper ends of the classes of durations, seconds: from an answer that was kept to the longest query.
const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0, 30.0];

const REQUESTS: &str = "sightline_http_requests_total";
const REQUEST_SECONDS: &str = "sightline_http_request_duration_seconds";
const BUILD: &str = "sightline_build_info";
const CACHE_BYTES: &str = "sightline_answer_cache_bytes";
const CACHE_ANSWERS: &str = "sightline_answer_cache_answers";

/// The one recorder of this process; the first call makes it. `None` when another was installed before.
fn recorder() -> Option<&'static PrometheusHandle> {
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    RECORDER
        .get_or_init(|| {
            let builder = PrometheusBuilder::new()
                .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
                .ok()?;
            let recorder = builder.build_recorder();
            let handle = recorder.handle();
            metrics::set_global_recorder(recorder).ok()?;
            describe();
            Some(handle)
        })
        .as_ref()
}

fn describe() {
    describe_counter!(REQUESTS, "Requests by method, route pattern and status");
    describe_histogram!(
        REQUEST_SECONDS,
        Unit::Seconds,
        "Time to the first byte of answers, by route pattern"
    );
    describe_gauge!(BUILD, "Always 1; the version is a label");
    describe_gauge!(CACHE_BYTES, Unit::Bytes, "Memory of kept answers, as estimated");
    describe_gauge!(CACHE_ANSWERS, "Kept answers");
    services::metrics::describe();
    Collector::default().describe();
    gauge!(BUILD, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
}

/// Starts counting. Without it nothing is kept, and `/metrics` is empty.
pub fn start() {
    if recorder().is_none() {
        tracing::warn!("metrics are not recorded: the process has another recorder");
    }
}

/// One answered request. `path` is a pattern, so that there are few of them and none holds a secret.
pub fn answered(method: &Method, path: &str, status: u16, duration: Duration) {
    let method = match *method {
        Method::GET | Method::HEAD | Method::POST | Method::PUT | Method::DELETE | Method::OPTIONS => method.as_str(),
        // Anybody can send any word as a method.
        _ => "other",
    };
    let (method, path) = (method.to_owned(), path.to_owned());
    counter!(REQUESTS, "method" => method, "path" => path.clone(), "status" => status.to_string()).increment(1);
    histogram!(REQUEST_SECONDS, "path" => path).record(duration.as_secs_f64());
}

/// Everything in the text form of Prometheus.
pub fn text(services: &Services) -> String {
    let Some(recorder) = recorder() else {
        return String::new();
    };
    Collector::default().collect();
    if let Some((answers, bytes)) = services.kept_answers() {
        gauge!(CACHE_ANSWERS).set(answers as f64);
        gauge!(CACHE_BYTES).set(bytes as f64);
    }
    recorder.run_upkeep();
    recorder.render()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A panel or rule whose metric was renamed shows nothing, and nobody notices.
    #[test]
    fn what_the_ready_files_ask_for_is_counted() {
        let own = [REQUESTS, REQUEST_SECONDS, BUILD, CACHE_BYTES, CACHE_ANSWERS];
        let files = [
            include_str!("../../deploy/grafana-dashboard.json"),
            include_str!("../../deploy/prometheus-alerts.yaml"),
        ];
        let mut asked = 0;
        for file in files {
            let words = file.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
            for word in words.filter(|word| word.starts_with("sightline_")) {
                let name = word.trim_end_matches("_bucket");
                assert!(
                    own.iter().chain(&services::metrics::NAMES).any(|known| *known == name),
                    "{word}"
                );
                asked += 1;
            }
        }
        assert!(asked > 10, "{asked}");
    }
}
