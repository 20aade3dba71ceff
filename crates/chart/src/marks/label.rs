//! Values as words: for text marks, tooltips and people who do not see the drawing.

use super::encoder::Encoder;
use crate::budget;
use crate::data::{Field, Row};
use crate::format::{self, number::NumberFormat};
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

/// How values of a definition become text.
enum Words {
    Time(String),
    Number(Option<NumberFormat>),
    /// A number without a format of its own: what is no number stays as it reads.
    Bare(Option<NumberFormat>),
    Plain,
}

impl Words {
    fn of(def: &ChannelDef, config: &Config, normalised: bool) -> Words {
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
            return Words::Time(specifier.unwrap_or_else(|| "%b %d, %Y".into()));
        }
        if specifier.is_none() && def.kind != Some(FieldKind::Quantitative) {
            return Words::Plain;
        }
        let normal = if normalised {
            config.normalized_number_format.as_deref().or(Some(".0%"))
        } else {
            config.number_format.as_deref()
        };
        let format = NumberFormat::parse(specifier.as_deref().or(normal).unwrap_or(""));
        if !normalised && specifier.is_none() && config.number_format.is_none() {
            Words::Bare(format)
        } else {
            Words::Number(format)
        }
    }

    fn write(&self, out: &mut String, value: &Value) {
        match self {
            Words::Time(specifier) => {
                let ms = match value {
                    Value::Text(t) => crate::time::parse::parse(t),
                    Value::Missing | Value::Null => return,
                    other => other.number(),
                };
                format::time::write(out, specifier, ms);
            }
            Words::Bare(_) if value.is_nothing() => out.push_str(&value.label()),
            Words::Bare(_) if !value.is_valid() => out.push_str("NaN"),
            Words::Bare(format) | Words::Number(format) => write_number(out, format.as_ref(), value.number()),
            Words::Plain => match value {
                Value::Text(text) => out.push_str(text),
                Value::Number(number) => out.push_str(&crate::value::number_label(*number)),
                other => out.push_str(&other.label()),
            },
        }
    }
}

fn write_number(out: &mut String, format: Option<&NumberFormat>, value: f64) {
    match format {
        Some(format) => format.write(out, value),
        None => out.push_str(&crate::value::number_label(value)),
    }
}

/// A value as a text mark shows it.
pub fn format_value(value: &Value, def: &ChannelDef, config: &Config, normalised: bool) -> String {
    let mut out = String::new();
    Words::of(def, config, normalised).write(&mut out, value);
    out
}

/// The text of a field definition, ready to be asked for many rows.
enum FieldText {
    Fixed(String),
    Range(Field, Field, Option<NumberFormat>),
    Share(Field, Field, Words),
    Cell(Field, Words),
}

impl FieldText {
    fn of(encoder: &Encoder, channel: Channel, def: &ChannelDef) -> FieldText {
        let config = encoder.config;
        let field = |name: &str| Field::of(encoder.table, name);
        if let Some(datum) = &def.datum {
            return FieldText::Fixed(format_value(datum, def, config, false));
        }
        if def.is_binning() {
            let specifier = match &def.format {
                Some(Value::Text(t)) => t.to_string(),
                _ => config.number_format.as_deref().unwrap_or("").to_owned(),
            };
            let (start, end) = (field(&column_name(def)), field(&suffixed(def, "end")));
            return FieldText::Range(start, end, NumberFormat::parse(&specifier));
        }
        let stack = encoder.unit.stack.as_ref();
        if stack.is_some_and(|s| s.channel == channel && s.offset == StackOffset::Normalize) {
            let (start, end) = (field(&suffixed(def, "start")), field(&suffixed(def, "end")));
            return FieldText::Share(start, end, Words::of(def, config, true));
        }
        FieldText::Cell(field(&column_name(def)), Words::of(def, config, false))
    }

    fn write(&self, out: &mut String, row: &Row) {
        match self {
            FieldText::Fixed(text) => out.push_str(text),
            FieldText::Range(start, end, format) => {
                let (a, b) = (start.cell(row), end.cell(row));
                if !a.is_valid() || !a.number().is_finite() {
                    out.push_str("null");
                    return;
                }
                write_number(out, format.as_ref(), a.number());
                out.push_str(" – ");
                write_number(out, format.as_ref(), b.number());
            }
            FieldText::Share(start, end, words) => {
                words.write(out, &Value::Number((end.number(row) - start.number(row)).abs()));
            }
            FieldText::Cell(field, words) => words.write(out, &field.cell(row)),
        }
    }
}

/// Title and value of every field a mark shows.
pub struct RowLabels {
    parts: Vec<(String, FieldText)>,
    /// Bytes that a label takes as a rule.
    room: usize,
}

impl RowLabels {
    fn new(parts: Vec<(String, FieldText)>) -> RowLabels {
        const VALUE: usize = 20;
        let room = parts.iter().map(|(title, _)| title.len() + VALUE).sum();
        RowLabels { parts, room }
    }

    /// `month: May; sales: 28`.
    pub fn of(&self, row: &Row) -> String {
        let mut out = String::with_capacity(self.room);
        for (i, (title, text)) in self.parts.iter().enumerate() {
            if i > 0 {
                out.push_str("; ");
            }
            if !title.is_empty() {
                out.push_str(title);
                out.push_str(": ");
            }
            text.write(&mut out, row);
            if !budget::take(out.len() / budget::LETTERS) {
                break;
            }
        }
        out
    }
}

impl Encoder<'_> {
    /// The text of a field definition for a row.
    pub fn field_text(&self, channel: Channel, def: &ChannelDef, row: &Row) -> String {
        let mut out = String::new();
        FieldText::of(self, channel, def).write(&mut out, row);
        out
    }

    /// What to say of each row: its description, or else every field; fields of the same title are said once.
    pub fn labels(&self) -> RowLabels {
        let description = self.unit.encoding.get(Channel::Description);
        if let Some(def) = description.filter(|def| def.is_field()) {
            let text = FieldText::of(self, Channel::Description, def);
            return RowLabels::new(vec![(String::new(), text)]);
        }
        let mut parts: Vec<(String, FieldText)> = Vec::new();
        for (channel, def) in &self.unit.encoding.channels {
            if matches!(
                channel,
                Channel::Order | Channel::Detail | Channel::Key | Channel::Tooltip
            ) || !def.is_field()
                || def.kind() == FieldKind::GeoJson
            {
                continue;
            }
            let title = title_of(def, self.config)
                .map(|t| t.join(" "))
                .filter(|t| !t.is_empty());
            let title = title.unwrap_or_else(|| default_title(def, self.config));
            if parts.iter().all(|(t, _)| *t != title) {
                parts.push((title, FieldText::of(self, *channel, def)));
            }
        }
        RowLabels::new(parts)
    }
}
