use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

tokio::task_local! {
    static CURRENT: Caller;
}

/// What the audit log knows of a request beside its principal. The server runs each request in the scope of its own; every
/// `Context` made in there takes it along, also into tasks that go on when the client leaves.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    client: Option<IpAddr>,
    refused: Arc<AtomicBool>,
}

impl Caller {
    /// Behind listed proxies: the address they report.
    pub fn at(client: IpAddr) -> Self {
        Self {
            client: Some(client),
            refused: Arc::default(),
        }
    }

    /// Of the request this task answers; outside of one, nobody.
    pub fn current() -> Self {
        CURRENT.try_with(Self::clone).unwrap_or_default()
    }

    /// Runs `work` as this caller's.
    pub fn scope<F: Future>(self, work: F) -> impl Future<Output = F::Output> {
        CURRENT.scope(self, work)
    }

    /// The same for work that does not wait.
    pub fn enter<T>(self, work: impl FnOnce() -> T) -> T {
        CURRENT.sync_scope(self, work)
    }

    pub const fn client(&self) -> Option<IpAddr> {
        self.client
    }

    /// True once: a request that is refused at several doors is refused once.
    pub(super) fn is_refused_first(&self) -> bool {
        !self.refused.swap(true, Ordering::Relaxed)
    }
}
