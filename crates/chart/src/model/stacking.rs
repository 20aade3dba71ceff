//! Which channel of a mark is stacked, and by what.

use super::column::column_name;
use super::orient::orient_of;
use crate::spec::{Channel, ChannelDef, Config, Encoding, FieldKind, MarkDef, MarkKind, Orient, StackOffset};

#[derive(Clone, Debug, PartialEq)]
pub struct StackInfo {
    pub channel: Channel,
    /// Channels whose values each have a stack of their own.
    pub groupby: Vec<Channel>,
    /// Columns that tell the parts of a stack apart.
    pub by: Vec<String>,
    pub offset: StackOffset,
    pub impute: bool,
}

fn measure(def: Option<&ChannelDef>) -> bool {
    def.is_some_and(|d| d.is_field() && d.kind() == FieldKind::Quantitative && !d.is_binning() && !d.is_binned())
}

fn candidate(
    encoding: &Encoding,
    mark: MarkKind,
    orient: Option<Orient>,
    first: Channel,
    second: Channel,
) -> Option<Channel> {
    let (x, y) = (encoding.get(first), encoding.get(second));
    let bars = first == Channel::X && matches!(mark, MarkKind::Bar | MarkKind::Area);
    let is_field = |d: Option<&ChannelDef>| d.is_some_and(ChannelDef::is_field);
    if is_field(x) && is_field(y) {
        if measure(x) && measure(y) {
            let stacked = |d: Option<&ChannelDef>| d.and_then(|d| d.stack).is_some_and(|s| s != StackOffset::Off);
            if stacked(x) {
                return Some(first);
            }
            if stacked(y) {
                return Some(second);
            }
            let aggregated = |d: Option<&ChannelDef>| d.is_some_and(|d| d.aggregate.is_some());
            if aggregated(x) != aggregated(y) {
                return Some(if aggregated(x) { first } else { second });
            }
            if bars {
                return match orient {
                    Some(Orient::Vertical) => Some(second),
                    Some(Orient::Horizontal) => Some(first),
                    None => None,
                };
            }
            return None;
        }
        return if measure(x) {
            Some(first)
        } else if measure(y) {
            Some(second)
        } else {
            None
        };
    }
    if measure(x) {
        return if bars && orient == Some(Orient::Vertical) {
            None
        } else {
            Some(first)
        };
    }
    if measure(y) {
        return if bars && orient == Some(Orient::Horizontal) {
            None
        } else {
            Some(second)
        };
    }
    None
}

const BY: [Channel; 16] = [
    Channel::Color,
    Channel::Fill,
    Channel::Stroke,
    Channel::Opacity,
    Channel::FillOpacity,
    Channel::StrokeOpacity,
    Channel::StrokeWidth,
    Channel::StrokeDash,
    Channel::Size,
    Channel::Angle,
    Channel::Shape,
    Channel::Text,
    Channel::Order,
    Channel::Detail,
    Channel::Key,
    Channel::Href,
];

/// How a mark is stacked, if at all.
pub fn stack_of(mark: MarkKind, def: &MarkDef, encoding: &Encoding, config: &Config) -> Option<StackInfo> {
    use MarkKind::{Arc, Area, Bar, Circle, Line, Point, Rule, Square, Text, Tick};
    if !matches!(
        mark,
        Arc | Bar | Area | Rule | Point | Circle | Square | Line | Text | Tick
    ) {
        return None;
    }
    let specified = def
        .orient
        .or_else(|| config.mark(mark).and_then(|m| m.orient))
        .or(config.mark.orient);
    let orient = orient_of(mark, encoding, specified);
    let channel = candidate(encoding, mark, orient, Channel::X, Channel::Y)
        .or_else(|| candidate(encoding, mark, orient, Channel::Theta, Channel::Radius))?;
    let stacked = encoding.get(channel)?;
    let stacked_column = column_name(stacked);
    let dimension = match channel {
        Channel::X => Channel::Y,
        Channel::Y => Channel::X,
        Channel::Theta => Channel::Radius,
        _ => Channel::Theta,
    };
    let offset_channel = if dimension == Channel::X {
        Channel::XOffset
    } else {
        Channel::YOffset
    };
    let mut groupby = Vec::new();
    let mut columns = Vec::new();
    for group in [dimension, offset_channel] {
        if let Some(def) = encoding.get(group).filter(|d| d.is_field()) {
            let column = column_name(def);
            if column != stacked_column {
                groupby.push(group);
                columns.push(column);
            }
        }
    }
    let mut by = Vec::new();
    for channel in BY {
        for def in encoding.all(channel) {
            let inner = def.condition.iter().flatten().map(|c| &c.then);
            for def in std::iter::once(def)
                .chain(inner)
                .filter(|d| d.is_field() && d.aggregate.is_none())
            {
                let column = column_name(def);
                if !columns.contains(&column) {
                    by.push(column);
                }
            }
        }
    }
    let offset = match stacked.stack {
        Some(StackOffset::Off) => return None,
        Some(offset) => offset,
        None if matches!(mark, Bar | Area | Arc) => StackOffset::Zero,
        None => return None,
    };
    if encoding.is_aggregate() && by.is_empty() {
        return None;
    }
    if channel
        .secondary()
        .is_some_and(|c| encoding.get(c).is_some_and(ChannelDef::is_data))
    {
        return None;
    }
    let impute = mark.is_path();
    by.dedup();
    Some(StackInfo {
        channel,
        groupby,
        by,
        offset,
        impute,
    })
}
