//! A model meets a new file: edits stay, new columns join, lost ones are named.

use std::collections::{BTreeMap, BTreeSet};

use shared::{
    names::Identifier,
    semantic::{
        Aggregation, Dimension, DimensionType, Expression, MetricKind, Model, ModelTable, Source, Warning, machine_name,
    },
};

/// The previous document brought up to date with `fresh`, which was inferred from the new file. Only tables that read the
/// file's dataset change.
pub(super) fn merge(previous: &Model, fresh: &Model) -> (Model, Vec<Warning>) {
    let mut merged = previous.clone();
    let mut warnings = Vec::new();
    for new in &fresh.tables {
        for table in merged.tables.iter_mut().filter(|table| table.source == new.source) {
            add_columns(table, new);
            follow_types(table, new, &mut warnings);
        }
    }
    name_lost(&merged, fresh, &mut warnings);
    (merged, warnings)
}

fn add_columns(table: &mut ModelTable, fresh: &ModelTable) {
    let known: BTreeSet<String> = table
        .dimensions
        .iter()
        .filter_map(|dimension| dimension.expr.column().map(str::to_owned))
        .collect();
    let mut names: BTreeSet<String> = table
        .dimensions
        .iter()
        .map(|dimension| dimension.name.to_string())
        .collect();
    for dimension in fresh
        .dimensions
        .iter()
        .filter(|dimension| dimension.expr.column().is_some_and(|column| !known.contains(column)))
    {
        // A fresh name comes from a column and is legal, so the only change here is a number after a taken one.
        if let Ok(name) = machine_name(dimension.name.as_str(), "column", &mut names) {
            table.dimensions.push(Dimension {
                name,
                ..dimension.clone()
            });
        }
    }
    if table.default_time.is_none() {
        table.default_time.clone_from(&fresh.default_time);
    }
}

/// A column that is another type now is another kind of dimension, whatever the builder had chosen.
fn follow_types(table: &mut ModelTable, fresh: &ModelTable, warnings: &mut Vec<Warning>) {
    let by_column: BTreeMap<&str, &Dimension> = fresh
        .dimensions
        .iter()
        .filter_map(|dimension| Some((dimension.expr.column()?, dimension)))
        .collect();
    for dimension in &mut table.dimensions {
        let Some(new) = dimension.expr.column().and_then(|column| by_column.get(column)) else {
            continue;
        };
        let binned = dimension.kind == DimensionType::Bin && new.kind == DimensionType::Number;
        // What a text means is the builder's word.
        let meant =
            matches!(dimension.kind, DimensionType::Geo | DimensionType::Json) && new.kind == DimensionType::String;
        if binned || meant || (dimension.kind == new.kind && dimension.stored == new.stored) {
            continue;
        }
        if dimension.kind != new.kind {
            warnings.push(warning(
                "changed_type",
                format!("{} has another type in the new file.", dimension.display_label()),
            ));
            dimension.bins.clear();
            dimension.grains.clear();
            dimension.format.clone_from(&new.format);
        }
        dimension.kind = new.kind;
        dimension.stored = new.stored;
        if dimension.default_aggregation.is_some_and(Aggregation::needs_number) && new.kind != DimensionType::Number {
            dimension.default_aggregation = None;
        }
    }
    let is_time = |name: &Identifier| {
        table
            .dimension(name.as_str())
            .is_some_and(|found| found.kind == DimensionType::Time)
    };
    if table.default_time.as_ref().is_some_and(|name| !is_time(name)) {
        table.default_time.clone_from(&fresh.default_time);
    }
}

fn name_lost(merged: &Model, fresh: &Model, warnings: &mut Vec<Warning>) {
    for new in &fresh.tables {
        let columns: BTreeSet<&str> = new
            .dimensions
            .iter()
            .filter_map(|dimension| dimension.expr.column())
            .collect();
        for table in merged.tables.iter().filter(|table| table.source == new.source) {
            for (dimension, column) in table
                .dimensions
                .iter()
                .filter_map(|dimension| Some((dimension, dimension.expr.column()?)))
                .filter(|(_, column)| !columns.contains(column))
            {
                warnings.push(lost(&dimension.display_label(), column, &new.source));
            }
            for metric in &merged.metrics {
                if let MetricKind::Simple(simple) = &metric.kind
                    && simple.table == table.name
                    && let Some(column) = simple.expr.as_ref().and_then(Expression::column)
                    && !columns.contains(column)
                {
                    warnings.push(lost(&metric.display_label(), column, &new.source));
                }
            }
        }
    }
}

pub(super) fn lost(label: &str, column: &str, source: &Source) -> Warning {
    let owner = match source {
        Source::Dataset(name) | Source::Table(name) => name.as_str(),
        Source::Sql(_) => "its query",
    };
    warning(
        "lost_column",
        format!("{label} cannot be asked: {owner} has no column {column} any more."),
    )
}

pub(super) fn warning(code: &str, message: String) -> Warning {
    Warning {
        code: code.to_owned(),
        message,
    }
}

#[cfg(test)]
mod tests {
    use shared::{
        semantic::{InferredColumn, infer_model},
        table::ColumnType,
    };

    use super::*;

    fn model(columns: &[(&str, ColumnType)]) -> Model {
        let columns: Vec<InferredColumn> = columns
            .iter()
            .map(|(name, kind)| InferredColumn {
                name: (*name).to_owned(),
                label: (*name).to_owned(),
                kind: *kind,
                rows: 10,
                nulls: 0,
                distinct: 5,
                distinct_is_estimate: false,
                min: None,
                max: None,
            })
            .collect();
        infer_model(&Identifier::try_from("orders").unwrap(), "Orders", &columns).unwrap()
    }

    #[test]
    fn edits_stay_new_columns_join_and_lost_ones_are_named() {
        let mut edited = model(&[
            ("day", ColumnType::Date),
            ("amount", ColumnType::Number),
            ("region", ColumnType::String),
        ]);
        edited.tables[0].dimensions[1].label = Some("Turnover".to_owned());
        edited.tables[0].dimensions[2].hidden = true;
        let fresh = model(&[
            ("day", ColumnType::String),
            ("amount", ColumnType::Number),
            ("channel", ColumnType::String),
        ]);
        let (merged, warnings) = merge(&edited, &fresh);
        let table = &merged.tables[0];
        assert_eq!(table.dimensions[1].label.as_deref(), Some("Turnover"));
        assert!(table.dimensions[2].hidden);
        assert_eq!(table.dimensions[3].name.as_str(), "channel");
        assert_eq!(table.dimensions[0].kind, DimensionType::String);
        assert_eq!(table.default_time, None);
        let codes: Vec<&str> = warnings.iter().map(|warning| warning.code.as_str()).collect();
        assert_eq!(codes, ["changed_type", "lost_column"]);
    }

    #[test]
    fn the_same_file_again_changes_nothing() {
        let edited = model(&[("day", ColumnType::Date), ("amount", ColumnType::Number)]);
        let (merged, warnings) = merge(&edited, &edited.clone());
        assert_eq!(merged, edited);
        assert!(warnings.is_empty());
    }
}
