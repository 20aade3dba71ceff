//! Semantic models: inferred beside each dataset, edited by people, stored as immutable numbered versions.

mod breakage;
mod candidate;
mod check;
mod check_condition;
mod check_join;
mod check_parts;
mod circular;
mod document_cache;
mod infer;
mod merge;
mod names_used;
mod probe;
mod propose;
mod read;
mod save;
mod usage;

pub(crate) use document_cache::{DocumentCache, load_model, model_for};
pub(crate) use infer::{current_documents, delete_unless_asked, names_of_other_models, store_inferred};

use shared::{ids::RequestId, permission::Principal};

use crate::{Context, Services};

/// See the module.
#[derive(Clone, Debug)]
pub struct ModelService {
    context: Context,
}

impl ModelService {
    /// For the same caller.
    pub(crate) fn over(context: &Context) -> Self {
        Self {
            context: context.clone(),
        }
    }

    pub fn new(services: &Services, principal: Principal, request_id: RequestId) -> Self {
        Self {
            context: Context::new(services, principal, request_id),
        }
    }
}
