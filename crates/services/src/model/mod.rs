//! Semantic models: inferred beside each dataset, edited by people, stored as immutable numbered versions.

mod check;
mod check_condition;
mod document_cache;
mod infer;
mod merge;
mod read;
mod save;

pub(crate) use document_cache::{DocumentCache, load_model, model_at};
pub(crate) use infer::{delete_unless_asked, names_of_other_models, store_inferred};

use crate::Context;

/// See the module.
#[derive(Clone, Debug)]
pub struct ModelService {
    context: Context,
}

impl ModelService {
    pub const fn new(context: Context) -> Self {
        Self { context }
    }
}
