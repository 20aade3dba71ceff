//! Dashboards: a draft that changes only by actions in a log, and the published state that readers see.

mod append;
mod change;
mod copy;
mod create;
mod difference;
mod history;
mod log;
mod publish;
mod read;
mod replace;
mod verify;

pub use create::{DashboardSource, NewDashboard};
pub(crate) use publish::{PublishedState, pinned, published_state};
pub use read::DashboardFilter;
pub(crate) use read::find_dashboard;

use shared::{ids::RequestId, permission::Principal};

use crate::{Context, Services};

/// See the module.
#[derive(Clone, Debug)]
pub struct DashboardService {
    context: Context,
}

impl DashboardService {
    pub fn new(services: &Services, principal: Principal, request_id: RequestId) -> Self {
        Self {
            context: Context::new(services, principal, request_id),
        }
    }
}
