//! Every stage as text, for people and snapshots.

use std::{collections::BTreeMap, fmt::Write};

use shared::{
    names::Identifier,
    semantic::{DimensionRef, FormulaOperator, FormulaTerm, Offset},
};

use super::naming::offset_name;
use super::resolved::{Leaf, MetricValue, Resolved};
use crate::logical::PlannedQuery;

/// The resolved query, then the plan of its rows and of each total.
pub fn explained(resolved: &Resolved<'_>, planned: &PlannedQuery) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write_all(&mut text, resolved, planned);
    text
}

fn write_all(out: &mut String, resolved: &Resolved<'_>, planned: &PlannedQuery) -> std::fmt::Result {
    let clock = &resolved.clock;
    writeln!(out, "# Resolved")?;
    writeln!(out, "model {} version {}", planned.model, planned.version)?;
    writeln!(out, "zone {} as of {}", clock.zone.name(), planned.as_of)?;
    writeln!(
        out,
        "time {} from {}",
        resolved.axis.name(),
        resolved.range.to_text(clock)
    )?;
    for (index, key) in resolved.keys.iter().enumerate() {
        let of = match (key.grain, key.part) {
            _ if key.periods.is_some() => format!(" by {}", key.periods.map_or("", |periods| periods.name)),
            (Some(grain), _) => format!(" by {}", grain.as_str()),
            (None, Some(part)) => format!(" part {}", part.as_str()),
            (None, None) => key
                .bin
                .map(|width| format!(" in ranges of {width}"))
                .unwrap_or_default(),
        };
        writeln!(out, "k{index} {} = {}{of}", key.output, key.field.name())?;
    }
    for (index, metric) in resolved.metrics.iter().enumerate() {
        let hidden = if metric.hidden { " (hidden)" } else { "" };
        writeln!(
            out,
            "m{index} {} = {}{hidden}",
            metric.output,
            value_text(&metric.value)
        )?;
    }
    for (index, offset) in resolved.offsets.iter().enumerate() {
        let earlier = match offset {
            Offset::Span(span) => format!("{} {} earlier", span.count, span.unit.as_str()),
            Offset::Calendar(span) => format!("{} {} earlier", span.count, span.unit),
            Offset::StartOf(start) => format!("start of the {}", start.start_of.as_str()),
        };
        writeln!(out, "{} = {earlier}", offset_name(index))?;
    }
    writeln!(out, "# Branches")?;
    for (index, fact) in resolved.facts.iter().enumerate() {
        let time = fact.time.map_or("no time", |time| time.name.as_str());
        writeln!(out, "{} over {time}", fact.table.name)?;
        for (number, leaf) in resolved
            .leaves
            .iter()
            .enumerate()
            .filter(|(_, leaf)| leaf.fact == index)
        {
            writeln!(out, "  v{number} {}", leaf_text(leaf))?;
        }
    }
    writeln!(out, "# Rows")?;
    write!(out, "{}", planned.rows)?;
    for total in &planned.totals {
        writeln!(out, "# Total by [{}]", total.by.join(", "))?;
        write!(out, "{}", total.rows)?;
    }
    for warning in &planned.warnings {
        writeln!(out, "! {}: {}", warning.code, warning.message)?;
    }
    Ok(())
}

fn value_text(value: &MetricValue) -> String {
    match value {
        MetricValue::Leaf { leaf, empty, offset } => {
            let period = offset.map_or_else(String::new, offset_name);
            format!("{period}v{leaf} (empty {empty:?})").to_lowercase()
        }
        MetricValue::Within { value, fields } => format!("{} within [{}]", value_text(value), fields.join(", ")),
        MetricValue::Formula { term, inputs, .. } => term_text(term, inputs),
    }
}

fn term_text(term: &FormulaTerm, inputs: &BTreeMap<Identifier, MetricValue>) -> String {
    let bracketed = |term: &FormulaTerm| {
        let text = term_text(term, inputs);
        match term {
            FormulaTerm::Binary { .. } => format!("({text})"),
            FormulaTerm::Number(_)
            | FormulaTerm::Input(_)
            | FormulaTerm::Negate(_)
            | FormulaTerm::Case { .. }
            | FormulaTerm::Previous { .. }
            | FormulaTerm::Running { .. }
            | FormulaTerm::Within { .. }
            | FormulaTerm::Call { .. } => text,
        }
    };
    match term {
        FormulaTerm::Number(number) => number.to_string(),
        FormulaTerm::Input(name) => inputs.get(name).map_or_else(|| name.to_string(), value_text),
        FormulaTerm::Negate(of) => format!("-{}", bracketed(of)),
        FormulaTerm::Binary { operator, left, right } => {
            let sign = match operator {
                FormulaOperator::Add => "+",
                FormulaOperator::Subtract => "-",
                FormulaOperator::Multiply => "*",
                FormulaOperator::Divide => "/",
            };
            format!("{} {sign} {}", bracketed(left), bracketed(right))
        }
        FormulaTerm::Call { function, arguments } => {
            let arguments: Vec<String> = arguments.iter().map(|argument| term_text(argument, inputs)).collect();
            format!("{function:?}({})", arguments.join(", ")).to_lowercase()
        }
        FormulaTerm::Case { branches, otherwise } => {
            let values = branches.iter().map(|(_, value)| value).chain(otherwise.as_deref());
            let values: Vec<String> = values.map(|value| term_text(value, inputs)).collect();
            format!("one of {}", values.join(", "))
        }
        FormulaTerm::Within { input, fields } => format!("{input} within [{}]", fields.join(", ")),
        FormulaTerm::Running { input } => format!("{input} since its first row"),
        FormulaTerm::Previous { input, by } => format!("{input} {} {} earlier", by.count, by.unit.as_str()),
    }
}

fn leaf_text(leaf: &Leaf) -> String {
    let column = leaf.value.as_ref().map_or("rows", |value| value.text());
    let filters: Vec<String> = leaf
        .filters
        .iter()
        .filter_map(|filter| serde_json::to_string(filter).ok())
        .collect();
    let only = if filters.is_empty() {
        String::new()
    } else {
        format!(" where {}", filters.join(" and "))
    };
    let moment = leaf.semi_additive.as_ref().map_or_else(String::new, |semi_additive| {
        format!(" at {:?} {}", semi_additive.pick, semi_additive.time).to_lowercase()
    });
    let follows = leaf.conversion.as_ref().map_or_else(String::new, |conversion| {
        format!(" of {} that follow", conversion.table)
    });
    let column = leaf.nested.as_ref().map_or(column, |nested| &nested.name);
    let per = leaf.nested.as_ref().map_or_else(String::new, |nested| {
        let fields: Vec<&str> = nested.per.iter().map(DimensionRef::field).collect();
        format!(" per {}", fields.join(", "))
    });
    format!("{}({column}{per}){follows}{only}{moment}", leaf.agg.as_str())
}
