//! Chart data over REST with eight clients, from the cache and past it.

use std::{
    thread,
    time::{Duration, Instant},
};

use super::{
    figure::{self, Figure},
    queries,
};
use crate::{
    failure::Outcome,
    http::Connection,
    instance::{Account, Instance},
};

const CLIENTS: usize = 8;
const LENGTH: Duration = Duration::from_secs(4);
/// Charts of one dashboard.
const NAMES: [&str; 7] = ["q01", "q02", "q03", "q04", "q05", "q08", "q09"];

/// Both rates; the data of [`queries::measure`] must be there.
pub fn measure(instance: &Instance, account: &Account) -> [Figure; 2] {
    [
        (true, "cached", "74 per second", "≥ 3,000 per second, p99 < 20 ms"),
        (false, "uncached", "7 per second", "≥ 60 per second, p99 < 400 ms"),
    ]
    .map(|(cached, kind, peer, goal)| {
        let what = format!("chart data over REST, 8 clients, {kind}");
        let peer = format!("Superset {peer}");
        match all_clients(instance.port(), account, cached) {
            Ok(times) if times.is_empty() => Figure::missing(&what, &peer, goal, "no query was answered"),
            Ok(mut times) => {
                let rate = times.len() as f64 / LENGTH.as_secs_f64();
                let slowest = figure::milliseconds(figure::quantile(&mut times, 0.99));
                Figure::measured(&what, &peer, goal, format!("{rate:.0} per second, p99 {slowest}"))
            }
            Err(error) => Figure::missing(&what, &peer, goal, error),
        }
    })
}

fn all_clients(port: u16, account: &Account, cached: bool) -> Outcome<Vec<Duration>> {
    thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| scope.spawn(move || one_client(port, account, cached, client)))
            .collect();
        let mut times = Vec::new();
        for client in clients {
            if let Ok(answer) = client.join() {
                times.extend(answer?);
            }
        }
        Ok(times)
    })
}

fn one_client(port: u16, account: &Account, cached: bool, client: usize) -> Outcome<Vec<Duration>> {
    let mut connection = Connection::open(port, Some(&account.token))?;
    let address = format!("/api/v1/workspaces/{}/query", account.workspace);
    let begin = Instant::now();
    let mut times = Vec::new();
    for (round, name) in NAMES.iter().cycle().enumerate() {
        if begin.elapsed() >= LENGTH {
            break;
        }
        // A limit of its own keeps a query out of the cache.
        let limit = if cached {
            10_000
        } else {
            20_000 + client * 3_000 + round % 3_000
        };
        let start = Instant::now();
        connection.post(&address, &queries::query(queries::MODEL, name, limit))?;
        times.push(start.elapsed());
    }
    Ok(times)
}
