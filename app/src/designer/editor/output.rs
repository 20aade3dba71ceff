//! Names of a visual's answer columns, which sorting, top-N and totals speak of.

use shared::{
    semantic::{ColumnAggregation, DimensionRef, DimensionWithOptions, MetricSelection},
    visual::{Visual, WellItem},
};

/// The name under which the answer carries an item: its alias, or what the query document calls it.
pub fn output_name(item: &WellItem) -> String {
    if let Some(alias) = &item.alias {
        return alias.clone();
    }
    match (&item.metric, &item.field, item.agg) {
        (Some(metric), _, _) => metric.clone(),
        (None, Some(field), Some(agg)) => MetricSelection::Column(ColumnAggregation {
            field: field.clone(),
            agg,
            p: item.p,
            interpolation: None,
            alias: None,
            condition: None,
            empty: None,
        })
        .output_name(),
        (None, Some(field), None) => DimensionRef::With(DimensionWithOptions {
            field: field.clone(),
            grain: item.grain,
            part: item.part,
            alias: None,
        })
        .output_name()
        .to_owned(),
        (None, None, _) => String::new(),
    }
}

/// Of all items in the wells that the visual's kind shows.
pub fn output_names(visual: &Visual) -> Vec<String> {
    visual
        .kind
        .wells()
        .iter()
        .flat_map(|well| visual.wells.get(*well))
        .map(output_name)
        .collect()
}
