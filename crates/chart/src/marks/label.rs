//! Values as words: for text marks, tooltips and people who do not see the drawing.

use super::encoder::Encoder;
use crate::data::{Field, Row};
use crate::format;
use crate::model::{column_name, default_title, suffixed};
use crate::spec::{Channel, ChannelDef, Config, FieldKind, StackOffset};
use crate::value::Value;

/// The title of a channel: its guide's, its own, or made from the field.
pub fn title_of(def: &ChannelDef, config: &Config) -> Option<Vec<String>> {
    let guide = def.axis.as_ref().and_then(|a| a.as_ref()).and_then(|a| a.title.clone());
    let legend = def
        .legend
        .as_ref()
        .and_then(|l| l.as_ref())
        .and_then(|l| l.title.clone());
    let header = def
        .header
        .as_ref()
        .and_then(|h| h.as_ref())
        .and_then(|h| h.title.clone());
    guide
        .or(legend)
        .or(header)
        .or_else(|| def.title.clone())
        .or_else(|| def.is_field().then(|| vec![default_title(def, config)]))
}

/// A value as a text mark shows it.
pub fn format_value(value: &Value, def: &ChannelDef, config: &Config, normalised: bool) -> String {
    let specifier = match &def.format {
        Some(Value::Text(t)) => Some(t.to_string()),
        _ => None,
    };
    let timed = def.format_type.as_deref() == Some("time")
        || (def.format_type.as_deref() != Some("number")
            && (def.kind == Some(FieldKind::Temporal) || def.time_unit.is_some()));
    if timed {
        let unit = def.time_unit.as_ref().map(crate::time::TimeUnit::specifier);
        let specifier = specifier
            .or(unit)
            .or_else(|| config.time_format.as_deref().map(str::to_owned));
        let ms = match value {
            Value::Text(t) => crate::time::parse::parse(t),
            Value::Missing | Value::Null => return String::new(),
            other => other.number(),
        };
        return format::time::format(specifier.as_deref().unwrap_or("%b %d, %Y"), ms);
    }
    if specifier.is_some() || def.kind == Some(FieldKind::Quantitative) {
        let normal = if normalised {
            config.normalized_number_format.as_deref().or(Some(".0%"))
        } else {
            config.number_format.as_deref()
        };
        if !normalised && specifier.is_none() && !value.is_valid() && config.number_format.is_none() {
            return if value.is_nothing() {
                value.label().to_string()
            } else {
                "NaN".into()
            };
        }
        return format::number::format(specifier.as_deref().or(normal).unwrap_or(""), value.number());
    }
    value.label().to_string()
}

impl<'a> Encoder<'a> {
    /// The text of a field definition for a row.
    pub fn field_text(&self, channel: Channel, def: &ChannelDef, row: &Row) -> String {
        let normalised = self
            .unit
            .stack
            .as_ref()
            .is_some_and(|s| s.channel == channel && s.offset == StackOffset::Normalize);
        if let Some(datum) = &def.datum {
            return format_value(datum, def, self.config, false);
        }
        if def.is_binning() {
            let specifier = match &def.format {
                Some(Value::Text(t)) => t.to_string(),
                _ => self.config.number_format.as_deref().unwrap_or("").to_owned(),
            };
            let (a, b) = (
                Field::of(self.table, &column_name(def)).get(row),
                Field::of(self.table, &suffixed(def, "end")).get(row),
            );
            if !a.is_valid() || !a.number().is_finite() {
                return "null".into();
            }
            return format!(
                "{} – {}",
                format::number::format(&specifier, a.number()),
                format::number::format(&specifier, b.number())
            );
        }
        let value = if normalised {
            let (a, b) = (
                Field::of(self.table, &suffixed(def, "start")),
                Field::of(self.table, &suffixed(def, "end")),
            );
            Value::Number((b.number(row) - a.number(row)).abs())
        } else {
            Field::of(self.table, &column_name(def)).get(row)
        };
        format_value(&value, def, self.config, normalised)
    }

    /// Title and value of every field the mark shows: `month: May; sales: 28`.
    pub fn row_label(&self, row: &Row) -> String {
        let mut out = String::new();
        let mut seen: Vec<String> = Vec::new();
        for (channel, def) in &self.unit.encoding.channels {
            if matches!(
                channel,
                Channel::Order | Channel::Detail | Channel::Key | Channel::Tooltip
            ) || !def.is_field()
            {
                continue;
            }
            let title = title_of(def, self.config)
                .map(|t| t.join(" "))
                .filter(|t| !t.is_empty());
            let title = title.unwrap_or_else(|| default_title(def, self.config));
            if seen.contains(&title) {
                continue;
            }
            if !out.is_empty() {
                out.push_str("; ");
            }
            out.push_str(&title);
            out.push_str(": ");
            out.push_str(&self.field_text(*channel, def, row));
            seen.push(title);
        }
        out
    }
}
