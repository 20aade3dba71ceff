//! A plan as indented text: one node a line, inputs below. Stable, for snapshots and for people.

use std::fmt::{self, Display, Formatter, Write};

use shared::{
    semantic::{JsonStep, SortDirection},
    table::ColumnType,
};

use super::{
    AggregateCall, BinaryOperator, Expression, Function, JoinKind, Literal, Named, Node, SortKey, UnaryOperator,
    WindowCall,
};

impl Display for Node {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        print(self, 0, out)
    }
}

fn print(node: &Node, depth: usize, out: &mut Formatter<'_>) -> fmt::Result {
    for _ in 0..depth {
        out.write_str("  ")?;
    }
    match node {
        Node::Scan { source, columns } => writeln!(out, "Scan {} [{}]", source.table, columns.join(", "))?,
        Node::Fetched { name, columns } => writeln!(out, "Fetched {name} [{}]", columns.join(", "))?,
        Node::Values { columns, rows } => writeln!(out, "Values [{}] {} rows", columns.join(", "), rows.len())?,
        Node::Filter { predicate, .. } => writeln!(out, "Filter {predicate}")?,
        Node::Project { columns, .. } => writeln!(out, "Project {}", list(columns))?,
        Node::Aggregate { keys, measures, .. } => writeln!(out, "Aggregate by [{}] {}", list(keys), list(measures))?,
        Node::Join {
            kind, on, null_equal, ..
        } => {
            let pairs: Vec<String> = on.iter().map(|(left, right)| format!("{left} = {right}")).collect();
            let nulls = if *null_equal { " (NULL equals NULL)" } else { "" };
            writeln!(out, "Join {} on [{}]{nulls}", kind.as_str(), pairs.join(", "))?;
        }
        Node::Union { .. } => writeln!(out, "Union")?,
        Node::Sort { keys, .. } => writeln!(out, "Sort {}", sort_list(keys))?,
        Node::Limit { offset, count, .. } => match count {
            Some(count) => writeln!(out, "Limit {count} offset {offset}")?,
            None => writeln!(out, "Limit none offset {offset}")?,
        },
        Node::Spine { column, from, to, step } => {
            writeln!(
                out,
                "Spine {column} from {} to {} step {} {}",
                wall_text(*from),
                wall_text(*to),
                step.count,
                step.unit.as_str()
            )?;
        }
        Node::Window {
            partition,
            order,
            columns,
            ..
        } => {
            writeln!(
                out,
                "Window by [{}] order [{}] {}",
                partition.join(", "),
                sort_list(order),
                list(columns)
            )?;
        }
    }
    node.inputs()
        .into_iter()
        .try_for_each(|input| print(input, depth + 1, out))
}

fn list<T: Display>(columns: &[Named<T>]) -> String {
    columns.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn sort_list(keys: &[SortKey]) -> String {
    let one = |key: &SortKey| match key.direction {
        SortDirection::Asc => key.column.clone(),
        SortDirection::Desc => format!("{} desc", key.column),
    };
    keys.iter().map(one).collect::<Vec<_>>().join(", ")
}

impl<T: Display> Display for Named<T> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let value = self.value.to_string();
        if value == self.name {
            out.write_str(&value)
        } else {
            write!(out, "{} := {value}", self.name)
        }
    }
}

impl JoinKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inner => "inner",
            Self::Left => "left",
            Self::Semi => "semi",
            Self::Anti => "anti",
            Self::Cross => "cross",
        }
    }
}

impl Display for WindowCall {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::RowNumber => out.write_str("row_number()"),
            Self::RankDescending(column) => write!(out, "rank_descending({column})"),
            Self::RunningSum(column) => write!(out, "running_sum({column})"),
            Self::PartitionSum(column) => write!(out, "partition_sum({column})"),
        }
    }
}

impl Display for Expression {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Column(name) => out.write_str(name),
            Self::Literal(literal) => literal.fmt(out),
            Self::Unary { operator, operand } => match operator {
                UnaryOperator::Not => write!(out, "not {operand}"),
                UnaryOperator::IsNull => write!(out, "{operand} is null"),
                UnaryOperator::IsNotNull => write!(out, "{operand} is not null"),
                UnaryOperator::Negate => write!(out, "-{operand}"),
            },
            Self::Binary { operator, left, right } => write!(out, "({left} {} {right})", operator.as_str()),
            Self::In { operand, list } => {
                let list: Vec<String> = list.iter().map(ToString::to_string).collect();
                write!(out, "{operand} in [{}]", list.join(", "))
            }
            Self::Case { branches, otherwise } => {
                out.write_str("case")?;
                for (condition, value) in branches {
                    write!(out, " when {condition} then {value}")?;
                }
                write!(out, " else {otherwise} end")
            }
            Self::Call { function, arguments } => {
                let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
                write!(out, "{}({})", function.to_text(), arguments.join(", "))
            }
        }
    }
}

impl BinaryOperator {
    const fn as_str(self) -> &'static str {
        match self {
            Self::And => "and",
            Self::Or => "or",
            Self::Eq => "=",
            Self::Ne => "<>",
            Self::Lt => "<",
            Self::Lte => "<=",
            Self::Gt => ">",
            Self::Gte => ">=",
            Self::IsNotDistinctFrom => "is not distinct from",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
        }
    }
}

impl Function {
    fn to_text(&self) -> String {
        let in_zone = |zone: &Option<String>| zone.as_ref().map(|zone| format!(" in {zone}")).unwrap_or_default();
        let cased = |name: &str, case: bool| if case { format!("{name} case") } else { name.to_owned() };
        match self {
            Self::Coalesce => "coalesce".to_owned(),
            Self::Cast(kind) => format!("cast {}", ColumnType::as_str(*kind)),
            Self::Truncate { grain, zone, .. } => format!("truncate {}{}", grain.as_str(), in_zone(zone)),
            Self::TruncateInstant { grain, zone } => format!("truncate instant {} in {zone}", grain.as_str()),
            Self::Part { part, zone } => format!("part {}{}", part.as_str(), in_zone(zone)),
            Self::ToInstant { zone } => format!("to instant in {zone}"),
            Self::Shift { months, microseconds } => format!("shift {months} months {microseconds} us"),
            Self::Contains { case } => cased("contains", *case),
            Self::StartsWith { case } => cased("starts with", *case),
            Self::EndsWith { case } => cased("ends with", *case),
            Self::Matches => "matches".to_owned(),
            Self::Bin { edges } => {
                let edges: Vec<String> = edges.iter().map(ToString::to_string).collect();
                format!("bin [{}]", edges.join(", "))
            }
            Self::Step { width } => format!("step {width}"),
            Self::JsonText { path } => {
                let step = |step: &JsonStep| match step {
                    JsonStep::Member(name) => format!("[{name:?}]"),
                    JsonStep::Item(place) => format!("[{place}]"),
                };
                format!("json {}", path.iter().map(step).collect::<String>())
            }
            Self::Scalar(scalar) => scalar.as_str().to_owned(),
        }
    }
}

impl Display for Literal {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => out.write_str("null"),
            Self::Bool(truth) => write!(out, "{truth}"),
            Self::Int(number) => write!(out, "{number}"),
            Self::Float(number) => write!(out, "{number:?}"),
            Self::Text(text) => write!(out, "{text:?}"),
            Self::Decimal(text) => write!(out, "decimal {text}"),
            Self::Date(text) => write!(out, "date {text}"),
            Self::Timestamp(microseconds) => write!(out, "timestamp {}", wall_text(*microseconds)),
            Self::Instant(microseconds) => write!(out, "instant {}Z", wall_text(*microseconds)),
        }
    }
}

/// Microseconds since 1970 as `2026-11-20T09:00:00`, by the proleptic Gregorian calendar; fractions only when there are some.
fn wall_text(microseconds: i64) -> String {
    let days = microseconds.div_euclid(86_400_000_000);
    let rest = microseconds.rem_euclid(86_400_000_000);
    // Days since 0000-03-01, in eras of 400 years (Howard Hinnant's civil_from_days).
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_index + 2) / 5 + 1;
    let month = if month_index < 10 {
        month_index + 3
    } else {
        month_index - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let seconds = rest / 1_000_000;
    let mut text = format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    );
    let fraction = rest % 1_000_000;
    if fraction != 0 {
        // Writing to a string cannot fail.
        let _ = write!(text, ".{fraction:06}");
    }
    text
}

impl Display for AggregateCall {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let ordered =
            |out: &mut Formatter<'_>, name: &str, argument: &Expression, order: &Option<Expression>| match order {
                Some(order) => write!(out, "{name}({argument} order {order})"),
                None => write!(out, "{name}({argument})"),
            };
        match self {
            Self::CountRows => out.write_str("count_rows()"),
            Self::Count(argument) => write!(out, "count({argument})"),
            Self::CountDistinct(argument) => write!(out, "count_distinct({argument})"),
            Self::Sum(argument) => write!(out, "sum({argument})"),
            Self::Avg(argument) => write!(out, "avg({argument})"),
            Self::Min(argument) => write!(out, "min({argument})"),
            Self::Max(argument) => write!(out, "max({argument})"),
            Self::Median(argument) => write!(out, "median({argument})"),
            Self::Percentile {
                argument,
                p,
                interpolation,
            } => {
                let kind = match interpolation {
                    shared::semantic::Interpolation::Continuous => "continuous",
                    shared::semantic::Interpolation::Discrete => "discrete",
                };
                write!(out, "percentile {p} {kind}({argument})")
            }
            Self::Stddev(argument) => write!(out, "stddev({argument})"),
            Self::First { argument, order } => ordered(out, "first", argument, order),
            Self::Last { argument, order } => ordered(out, "last", argument, order),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wall_clocks_read_as_dates() {
        assert_eq!(wall_text(0), "1970-01-01T00:00:00");
        assert_eq!(wall_text(1_709_164_799_000_001), "2024-02-28T23:59:59.000001");
        assert_eq!(wall_text(1_709_164_800_000_000), "2024-02-29T00:00:00");
        assert_eq!(wall_text(-86_400_000_000), "1969-12-31T00:00:00");
    }
}
