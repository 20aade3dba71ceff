//! The answer's columns: names, types, labels.

use shared::{
    AppError,
    semantic::{
        AnswerColumn, CalculationKind, Compare, CompareOutput, DatePart, DimensionType, Format, FormatKind, Query,
        humanize,
    },
    table::ColumnType,
};

use super::{
    moments::{TimeKind, column_type},
    names::{find_output, time_of},
    naming::{calculation_name, metric_name, previous_name},
    resolved::{Field, Key, Resolved},
};
use crate::logical::{BinaryOperator, Expression, OutputColumn};
use shared::semantic::ColumnRole;

/// # Errors
/// `unknown_field` with the answer's dimensions.
pub fn find_key(resolved: &Resolved<'_>, name: &str, place: &str) -> Result<usize, AppError> {
    find_output(
        name,
        place,
        resolved.keys.iter().map(|key| (key.output.as_str(), key.field.name())),
    )
}

/// # Errors
/// `unknown_field` with the answer's metrics.
pub fn find_metric(resolved: &Resolved<'_>, name: &str, place: &str) -> Result<usize, AppError> {
    find_output(
        name,
        place,
        resolved
            .metrics
            .iter()
            .map(|metric| (metric.output.as_str(), metric.source.clone())),
    )
}

/// Is the key's value text as it stands?
pub fn is_text(key: &Key<'_>) -> bool {
    match key.field {
        Field::Time => false,
        Field::Of { dimension, .. } => dimension.kind.is_text(),
    }
}

fn compare_name(metric: &str, compare: &Compare, output: CompareOutput) -> String {
    let base = format!("{metric}_{}", compare.alias);
    match output {
        CompareOutput::Value => base,
        CompareOutput::Delta => format!("{base}_delta"),
        CompareOutput::Pct => format!("{base}_pct"),
    }
}

/// Names of comparison and calculation columns, in the order of the answer.
pub fn computed_names(query: &Query) -> Vec<String> {
    let mut names = Vec::new();
    for compare in &query.compare {
        for metric in &query.metrics {
            names.extend(
                compare
                    .outputs
                    .iter()
                    .map(|output| compare_name(&metric.output_name(), compare, *output)),
            );
        }
    }
    names.extend(query.calc.iter().map(|calculation| calculation.alias.clone()));
    names
}

/// A column of the answer over the relation with measures, comparisons and calculations.
pub struct Output {
    pub column: OutputColumn,
    pub value: Expression,
    pub part: OutputPart,
}

/// What a column is made of, for totals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputPart {
    Key(usize),
    Measure,
    Calculation(usize),
}

/// All columns in order: dimensions, metrics, comparisons, calculations. `others_of` is the key whose members became text.
///
/// # Errors
/// `invalid` for differences of what is no number.
pub fn outputs(resolved: &Resolved<'_>, others_of: Option<usize>) -> Result<Vec<Output>, AppError> {
    let mut outputs = Vec::new();
    for (index, key) in resolved.keys.iter().enumerate() {
        let mut column = key_column(resolved, key)?;
        if others_of == Some(index) {
            column.column.kind = ColumnType::String;
        }
        let value = Expression::column(super::naming::key_name(index));
        outputs.push(Output {
            column,
            value,
            part: OutputPart::Key(index),
        });
    }
    let visible = || resolved.metrics.iter().enumerate().filter(|(_, metric)| !metric.hidden);
    for (index, metric) in visible() {
        let column = AnswerColumn {
            name: metric.output.clone(),
            role: ColumnRole::Metric,
            kind: metric.kind,
            label: metric.label.clone(),
            source: Some(metric.source.clone()),
            format: metric.format.clone(),
            grain: None,
            part: None,
            bin: None,
            good: metric.good,
            finer: Vec::new(),
        };
        let value = Expression::column(metric_name(index));
        outputs.push(Output {
            column: OutputColumn {
                column,
                zone: metric.zone.clone(),
            },
            value,
            part: OutputPart::Measure,
        });
    }
    for (comparison, compare) in resolved.comparisons().iter().enumerate() {
        for (index, metric) in visible() {
            for output in &compare.outputs {
                let is_number = metric.kind.is_numeric();
                if *output != CompareOutput::Value && !is_number {
                    let message = format!("{} is no number, so it has no difference.", metric.output);
                    return Err(AppError::invalid(format!("compare.{}", compare.alias), message));
                }
                let (kind, format, label) = compare_look(*output, compare, metric);
                let column = AnswerColumn {
                    name: compare_name(&metric.output, compare, *output),
                    role: ColumnRole::Compare,
                    kind,
                    label,
                    source: Some(metric.source.clone()),
                    format,
                    grain: None,
                    part: None,
                    bin: None,
                    good: None,
                    finer: Vec::new(),
                };
                let zone = metric.zone.clone().filter(|_| *output == CompareOutput::Value);
                let value = compare_value(*output, comparison, index);
                outputs.push(Output {
                    column: OutputColumn { column, zone },
                    value,
                    part: OutputPart::Measure,
                });
            }
        }
    }
    for (index, calculation) in resolved.calculations().iter().enumerate() {
        let (kind, format) = match calculation.kind {
            CalculationKind::ShareOfTotal => (ColumnType::Number, Some(percent())),
            CalculationKind::Rank => (ColumnType::Integer, None),
            CalculationKind::RunningTotal => {
                let of = find_metric(resolved, &calculation.of, "calc.of")
                    .ok()
                    .and_then(|index| resolved.metrics.get(index));
                (
                    of.map_or(ColumnType::Number, |metric| metric.kind),
                    of.and_then(|metric| metric.format.clone()),
                )
            }
        };
        let column = AnswerColumn {
            name: calculation.alias.clone(),
            role: ColumnRole::Calculation,
            kind,
            label: humanize(&calculation.alias),
            source: Some(calculation.of.clone()),
            format,
            grain: None,
            part: None,
            bin: None,
            good: None,
            finer: Vec::new(),
        };
        let value = Expression::column(calculation_name(index));
        outputs.push(Output {
            column: OutputColumn { column, zone: None },
            value,
            part: OutputPart::Calculation(index),
        });
    }
    Ok(outputs)
}

fn percent() -> Format {
    Format {
        kind: FormatKind::Percent,
        ..Format::default()
    }
}

fn compare_look(
    output: CompareOutput,
    compare: &Compare,
    metric: &super::resolved::Metric,
) -> (ColumnType, Option<Format>, String) {
    let of = &compare.alias;
    match output {
        CompareOutput::Value => (metric.kind, metric.format.clone(), format!("{} ({of})", metric.label)),
        CompareOutput::Delta => (
            metric.kind,
            metric.format.clone(),
            format!("{} change ({of})", metric.label),
        ),
        CompareOutput::Pct => (
            ColumnType::Number,
            Some(percent()),
            format!("{} change in % ({of})", metric.label),
        ),
    }
}

fn compare_value(output: CompareOutput, comparison: usize, metric: usize) -> Expression {
    let current = || Expression::column(metric_name(metric));
    let previous = || Expression::column(previous_name(comparison, metric));
    let delta = || Expression::binary(BinaryOperator::Subtract, current(), previous());
    match output {
        CompareOutput::Value => previous(),
        CompareOutput::Delta => delta(),
        // NULL where the previous value is 0: division sees to it.
        CompareOutput::Pct => Expression::binary(BinaryOperator::Divide, delta(), previous()),
    }
}

/// The value and type of a comparison or calculation by its output name.
pub fn computed_value(resolved: &Resolved<'_>, name: &str) -> Option<(Expression, ColumnType)> {
    for (comparison, compare) in resolved.comparisons().iter().enumerate() {
        for (index, metric) in resolved.metrics.iter().enumerate().filter(|(_, metric)| !metric.hidden) {
            let named = |output: &&CompareOutput| compare_name(&metric.output, compare, **output) == name;
            if let Some(output) = compare.outputs.iter().find(named) {
                return Some((compare_value(*output, comparison, index), ColumnType::Number));
            }
        }
    }
    let index = resolved
        .calculations()
        .iter()
        .position(|calculation| calculation.alias == name)?;
    Some((Expression::column(calculation_name(index)), ColumnType::Number))
}

fn key_column(resolved: &Resolved<'_>, key: &Key<'_>) -> Result<OutputColumn, AppError> {
    let dimension = match (key.field, resolved.facts.first()) {
        (Field::Of { dimension, .. }, _) => Some(dimension),
        (Field::Time, Some(fact)) => Some(time_of(fact)?),
        (Field::Time, None) => None,
    };
    let (kind, zone) = match dimension {
        None => {
            let coarse = key.grain.is_none_or(|grain| grain >= shared::semantic::Grain::Day);
            let kind = if coarse {
                ColumnType::Date
            } else {
                ColumnType::Timestamp
            };
            (kind, (!coarse).then(|| resolved.clock.zone.name()))
        }
        Some(dimension) => match dimension.kind {
            DimensionType::String | DimensionType::Geo => (ColumnType::String, None),
            DimensionType::Json => (ColumnType::Json, None),
            DimensionType::Number | DimensionType::Bin => (ColumnType::Number, None),
            DimensionType::Bool => (ColumnType::Boolean, None),
            DimensionType::Time => {
                let time = TimeKind::of(dimension, &resolved.model.time_zone, &resolved.clock)?;
                match (key.grain, key.part) {
                    _ if key.periods.is_some() => (ColumnType::Date, None),
                    (_, Some(_)) => (ColumnType::Integer, None),
                    (Some(grain), None) => column_type(&time.bucket(grain), &resolved.clock),
                    (None, None) => column_type(&time.plain(), &resolved.clock),
                }
            }
        },
    };
    let base = dimension.map_or_else(|| "Time".to_owned(), shared::semantic::Dimension::display_label);
    let label = key
        .part
        .map_or(base.clone(), |part| format!("{base} ({})", part_label(part)));
    let format = dimension
        .and_then(|dimension| dimension.format.clone())
        .filter(|_| key.part.is_none());
    let column = AnswerColumn {
        name: key.output.clone(),
        role: ColumnRole::Dimension,
        kind,
        label,
        source: Some(key.field.name()),
        format,
        grain: key.grain,
        part: key.part,
        bin: key.bin,
        good: None,
        finer: super::levels::finer_levels(resolved, key),
    };
    Ok(OutputColumn { column, zone })
}

const fn part_label(part: DatePart) -> &'static str {
    match part {
        DatePart::Year => "year",
        DatePart::Quarter => "quarter",
        DatePart::Month => "month",
        DatePart::Week => "week",
        DatePart::Day => "day of month",
        DatePart::DayOfWeek => "day of week",
        DatePart::DayOfYear => "day of year",
        DatePart::Hour => "hour",
        DatePart::Minute => "minute",
    }
}
