//! Questions to models: planned, kept in a cache, run in workers, cancelled.

mod ask;
mod catalog;
mod runner;
mod running;
mod slots;
mod sources;
mod stream;

pub(crate) use ask::identity_of;
pub(crate) use catalog::{explain_for, members};
pub(crate) use runner::{Question, Runner, to_minute};
pub(crate) use running::RunningQueries;
pub(crate) use slots::{Asker, QuerySlots};
pub(crate) use sources::{Sources, run_plan};
pub use stream::STREAMED_ROWS;

use shared::{ids::RequestId, permission::Principal};

use crate::{Context, Services};

/// See the module.
#[derive(Clone, Debug)]
pub struct QueryService {
    context: Context,
}

impl QueryService {
    pub fn new(services: &Services, principal: Principal, request_id: RequestId) -> Self {
        Self {
            context: Context::new(services, principal, request_id),
        }
    }
}
