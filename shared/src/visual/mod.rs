//! A visual: what a tile shows, as fields in wells plus format. It holds no numbers and no query; `plan::visual` makes the
//! query, `chart::visual` the picture.

mod asked;
mod format;
mod kind;
mod well;

pub use crate::semantic::Atlas;
pub use asked::BOX_LABELS;
pub use format::{
    ColumnFormat, ColumnLook, Dial, Event, LegendFormat, LegendPosition, ReferenceAt, ReferenceLine, Rule, RuleTest,
    Tone, VisualFormat,
};
pub use kind::{Family, VisualKind, WellName, WellRole};
pub use well::{VisualQuery, WellItem, Wells};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Visual {
    pub kind: VisualKind,
    /// `None`: made from the fields ("Revenue by month").
    #[serde(default)]
    pub title: Option<String>,
    #[serde(default)]
    pub wells: Wells,
    #[serde(default)]
    pub query: VisualQuery,
    #[serde(default)]
    pub format: VisualFormat,
}

impl Visual {
    pub fn new(kind: VisualKind) -> Self {
        Self {
            kind,
            title: None,
            wells: Wells::default(),
            query: VisualQuery::default(),
            format: VisualFormat::default(),
        }
    }
}
