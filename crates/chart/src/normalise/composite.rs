//! Marks made of several: box plots, error bars and error bands.

use crate::error::{ChartError, Problem};
use crate::spec::{Config, MarkKind, View, ViewKind};

/// A composite mark becomes a layer of plain ones.
pub fn expand(view: View, _config: &Config) -> Result<View, ChartError> {
    match &view.kind {
        ViewKind::Unit {
            mark: mark @ (MarkKind::Boxplot | MarkKind::Errorbar | MarkKind::Errorband),
            ..
        } => {
            let reason = format!("the mark `{}` is not supported", mark.name());
            Err(ChartError::Unsupported(vec![Problem {
                path: "$.mark".into(),
                reason,
            }]))
        }
        _ => Ok(view),
    }
}
