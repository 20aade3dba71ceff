//! Connections to databases: made and changed by owners, tested, looked into, and turned into models.

mod change;
mod connectors;
mod file;
mod look;
mod options;
mod propose;
mod read;
mod source;

pub(crate) use connectors::Connectors;
pub use propose::ModelRequest;
pub(crate) use source::{Connections, DatabaseColumns, Relations, database_columns};

use shared::{ids::RequestId, permission::Principal};

use crate::{Context, Services};

/// See the module. What is secret goes in and never comes out.
#[derive(Clone, Debug)]
pub struct ConnectionService {
    context: Context,
}

impl ConnectionService {
    pub fn new(services: &Services, principal: Principal, request_id: RequestId) -> Self {
        Self {
            context: Context::new(services, principal, request_id),
        }
    }
}
