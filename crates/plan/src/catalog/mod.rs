//! What can be asked of a model: its fields and metrics with labels and types, and the values of a field.

mod fields;
mod nearest;
mod values;

pub use fields::{
    FieldInfo, FieldList, HierarchyInfo, MetricInfo, PlaceKind, fields, metric_tables, offered_grains, offered_periods,
    unknown_field,
};
pub use nearest::nearest;
pub use values::{VALUE, VALUE_COUNT, values_query};
