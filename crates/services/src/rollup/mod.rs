//! Rollups of models: built in the background, kept beside the datasets, read by queries that they answer.
//!
//! What is stored is named by what it is made by and from, so nothing has to be written down beside it: a rollup is there
//! when its object is. It is made when a model with it is published, when a question could have used it, and again when what
//! it was made from has changed; until then questions read the rows. Any of it can be deleted at any moment.

mod apply;
mod build;
mod registry;

pub(crate) use apply::{Applied, apply};
pub(crate) use build::want_all;
pub(crate) use registry::RollupRegistry;

use shared::{ids::RequestId, permission::Principal};

use crate::{Context, Services};

/// See the module.
#[derive(Clone, Debug)]
pub struct RollupService {
    context: Context,
}

impl RollupService {
    pub fn new(services: &Services, principal: Principal, request_id: RequestId) -> Self {
        Self {
            context: Context::new(services, principal, request_id),
        }
    }
}
