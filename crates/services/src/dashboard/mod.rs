//! Dashboards: a draft that changes only by actions in a log, and the published state that readers see.

mod append;
mod change;
mod copy;
mod create;
mod difference;
mod edited;
mod history;
mod log;
mod publish;
mod read;
mod replace;
mod verify;

pub use create::{DashboardSource, NewDashboard};
pub(crate) use publish::{PublishedState, pinned, published_documents, published_state};
pub use read::DashboardFilter;
pub(crate) use read::find_dashboard;

use entity::dashboard;
use shared::{
    audit::{AuditAction, AuditObjectKind},
    ids::RequestId,
    permission::Principal,
};

use crate::{Context, Services, audit::Event};

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

/// An event of a dashboard, by the title it has in `row`.
fn about(action: AuditAction, row: &dashboard::Model) -> Event {
    Event::in_workspace(row.workspace_id.into(), action).about(AuditObjectKind::Dashboard, row.id, row.title.as_str())
}
