//! What a reader has chosen, with one canonical, readable spelling as a query string:
//! `f.region=EU,US&f.order_date=last_30d&s.<tile>=…&p=2&tz=Europe/Berlin`.
//!
//! `f.KEY=…` is a list of members, or a range of time (`last_30d`, `this_month`, `next_2w`, `to_date_year`, `all`,
//! `2024-01-01..2024-02-01`, end excluded). `f.KEY.OP=…` is any other operator (`f.amount.gt=5`,
//! `f.amount.between=1,5`, `f.name.contains=ann`). HTML forms may say `f.KEY` several times, `f.KEY.from` and
//! `f.KEY.until` (days, both included), `f.KEY.min` and `f.KEY.max`. KEY is the dimension's name, or the whole
//! `table.dimension` where two filters share it; `f.KEY~2` is the second filter on the same field. In values `~0` is NULL,
//! and `~t ~c ~s ~d ~a ~e ~v` are `~` `,` `;` `:` `@`, empty text, and "not a range".
//!
//! `s.TILE=…` are marks chosen in a tile, `d.TILE=…` what was drilled into, step by step: `field:value`, `field@month:2026-01-01`,
//! `field@bin_10:20` (20 to under 30), `field@to_other:value` (on to another field within it), `field@day:2026-01-01:2026-02-01` (from the first to before the second); `;` joins
//! values of one mark (or steps of a drill), `,` marks.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Dashboard, Filter};
use crate::{
    ids::{FilterId, PageId, TileId},
    semantic::{
        AllRange, Condition, DatePart, FieldCondition, Grain, LastRange, NextRange, Operator, RangeUnit, ThisRange,
        TimeRange, ToDateRange,
    },
    table::Cell,
};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FilterState {
    /// A filter that is not listed stands at its default. `None`: cleared by the reader.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub filters: BTreeMap<FilterId, Option<Condition>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub selections: BTreeMap<TileId, Selection>,
    /// What a tile was drilled into, outermost first: it shows the next finer step within.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub drills: BTreeMap<TileId, Vec<SelectionValue>>,
    /// `None`: the first page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<PageId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
}

/// Marks chosen in one tile: rows match when they match any of these.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Selection {
    pub rows: Vec<SelectionRow>,
}

/// One mark: all its dimension values hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct SelectionRow(pub Vec<SelectionValue>);

/// `value` as in the answer; a time bucket or a range of numbers by its start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SelectionValue {
    pub field: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grain: Option<Grain>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<DatePart>,
    /// Width of the range of numbers that starts at `value`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bin: Option<f64>,
    pub value: Cell,
    /// Everything from `value` to before this one, instead of `value` alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Cell>,
    /// In steps of a drill: the field that it goes on to, the next level of a hierarchy. Default: the same field, finer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

impl FilterState {
    /// The condition of a filter in this state: the reader's, else its default; the builder's own when locked.
    pub fn condition<'a>(&'a self, filter: &'a Filter) -> Option<&'a Condition> {
        if filter.locked {
            return filter.condition.as_ref();
        }
        match self.filters.get(&filter.id) {
            Some(chosen) => chosen.as_ref(),
            None => filter.default.as_ref().or(filter.condition.as_ref()),
        }
    }

    /// The canonical spelling, without a leading `?`; empty for the author's state on the first page.
    pub fn to_query(&self, document: &Dashboard) -> String {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for filter in document.ordered_filters() {
            let key = format!("f.{}", filter_key(document, filter));
            match self.filters.get(&filter.id) {
                None => {}
                Some(None) => pairs.push((key, "all".to_owned())),
                Some(Some(condition)) => {
                    if let Some((suffix, value)) = write_condition(condition) {
                        pairs.push((format!("{key}{suffix}"), value));
                    }
                }
            }
        }
        for (tile, selection) in &self.selections {
            if !selection.rows.is_empty() {
                let rows: Vec<String> = selection
                    .rows
                    .iter()
                    .map(|row| row.0.iter().map(write_selected).collect::<Vec<_>>().join(";"))
                    .collect();
                pairs.push((format!("s.{tile}"), rows.join(",")));
            }
        }
        for (tile, steps) in &self.drills {
            if !steps.is_empty() {
                let steps: Vec<String> = steps.iter().map(write_selected).collect();
                pairs.push((format!("d.{tile}"), steps.join(";")));
            }
        }
        let pages = document.ordered_pages();
        if let Some(position) = self
            .page
            .and_then(|page| pages.iter().position(|candidate| candidate.id == page))
            .filter(|position| *position > 0)
        {
            pairs.push(("p".to_owned(), (position + 1).to_string()));
        }
        if let Some(zone) = &self.time_zone {
            pairs.push(("tz".to_owned(), zone.clone()));
        }
        pairs
            .iter()
            .map(|(key, value)| format!("{}={}", encode(key), encode(value)))
            .collect::<Vec<_>>()
            .join("&")
    }

    /// Reads a query string. What is unknown or unreadable is left out and named in the second value, for a visible notice.
    /// Keys that do not start with `f.`, `s.` or `d.` and are not `p` or `tz` are passed over (they belong to the page's address).
    pub fn from_query(query: &str, document: &Dashboard) -> (Self, Vec<String>) {
        let mut state = Self::default();
        let mut unknown = Vec::new();
        let mut lists: BTreeMap<FilterId, Vec<(String, String)>> = BTreeMap::new();
        for pair in query.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (key, value) = (decode(key), decode(value));
            if let Some(rest) = key.strip_prefix("f.") {
                match find_filter(document, rest) {
                    Some((filter, suffix)) => lists.entry(filter.id).or_default().push((suffix, value)),
                    None => unknown.push(key),
                }
            } else if let Some(tile) = key.strip_prefix("s.") {
                match (
                    tile.parse::<TileId>()
                        .ok()
                        .filter(|tile| document.tile(*tile).is_some()),
                    read_selection(&value),
                ) {
                    (Some(tile), Some(selection)) => {
                        state.selections.insert(tile, selection);
                    }
                    _ => unknown.push(key),
                }
            } else if let Some(tile) = key.strip_prefix("d.") {
                let tile = tile.parse().ok().filter(|tile| document.tile(*tile).is_some());
                let steps: Option<Vec<_>> = value.split(';').map(read_selected).collect();
                match (tile, steps) {
                    (Some(tile), Some(steps)) => {
                        state.drills.insert(tile, steps);
                    }
                    _ => unknown.push(key),
                }
            } else if key == "p" {
                let position: Option<usize> = value.parse().ok().filter(|position| *position >= 1);
                match position.and_then(|position| document.ordered_pages().get(position - 1).map(|page| page.id)) {
                    Some(page) => state.page = Some(page),
                    None => unknown.push(key),
                }
            } else if key == "tz" {
                state.time_zone = Some(value).filter(|zone| !zone.is_empty() && zone.len() <= 64);
            }
        }
        for (id, parts) in lists {
            let Some(filter) = document.filter(id) else { continue };
            match read_condition(&filter.target.field, &parts) {
                Ok(condition) => {
                    if let Some(condition) = condition {
                        state.filters.insert(id, condition);
                    }
                }
                Err(key) => unknown.push(format!("f.{}{key}", filter_key(document, filter))),
            }
        }
        (state, unknown)
    }

    /// Sixteen hex digits of the canonical spelling and page; equal states have equal digests (FNV-1a, 64 bits).
    pub fn digest(&self, document: &Dashboard) -> String {
        let hash = self
            .to_query(document)
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
        format!("{hash:016x}")
    }

    /// The page it shows.
    pub fn current_page(&self, document: &Dashboard) -> Option<PageId> {
        self.page
            .filter(|page| document.page(*page).is_some())
            .or_else(|| document.ordered_pages().first().map(|page| page.id))
    }
}

/// The KEY of a filter in query strings; also the `name` of its form controls (`f.KEY`).
pub fn filter_key(document: &Dashboard, filter: &Filter) -> String {
    let short = |field: &str| field.rsplit('.').next().unwrap_or(field).to_owned();
    let field = &filter.target.field;
    let shared = document
        .filters
        .iter()
        .any(|other| other.target.field != *field && short(&other.target.field) == short(field));
    let base = if shared { field.clone() } else { short(field) };
    let earlier = document
        .ordered_filters()
        .iter()
        .take_while(|other| other.id != filter.id)
        .filter(|other| other.target.field == *field)
        .count();
    if earlier == 0 {
        base
    } else {
        format!("{base}~{}", earlier + 1)
    }
}

/// The filter a key speaks of and what follows the key (`""`, `.gt`, `.from` …).
fn find_filter<'a>(document: &'a Dashboard, text: &str) -> Option<(&'a Filter, String)> {
    document
        .filters
        .iter()
        .filter_map(|filter| {
            let key = filter_key(document, filter);
            let suffix = text.strip_prefix(&key)?;
            (suffix.is_empty() || suffix.starts_with('.')).then(|| (filter, suffix.to_owned(), key.len()))
        })
        .max_by_key(|(_, _, length)| *length)
        .map(|(filter, suffix, _)| (filter, suffix))
}

const OPERATORS: [(Operator, &str); 12] = [
    (Operator::Ne, ".ne"),
    (Operator::NotIn, ".not_in"),
    (Operator::Gt, ".gt"),
    (Operator::Gte, ".gte"),
    (Operator::Lt, ".lt"),
    (Operator::Lte, ".lte"),
    (Operator::Between, ".between"),
    (Operator::Contains, ".contains"),
    (Operator::StartsWith, ".starts_with"),
    (Operator::EndsWith, ".ends_with"),
    (Operator::IsNull, ".is_null"),
    (Operator::IsNotNull, ".is_not_null"),
];

fn write_condition(condition: &Condition) -> Option<(String, String)> {
    // A list with NULL in it is `in` or `is_null`.
    if let Condition::Or { or } = condition
        && let [Condition::Field(list), Condition::Field(null)] = or.as_slice()
        && null.op == Operator::IsNull
    {
        let mut values: Vec<String> = condition_values(list).iter().map(write_member).collect();
        values.push("~0".to_owned());
        return Some((String::new(), values.join(",")));
    }
    let Condition::Field(condition) = condition else {
        return None;
    };
    match condition.op {
        Operator::Eq | Operator::In => {
            let values: Vec<String> = condition_values(condition).iter().map(write_member).collect();
            let text = values.join(",");
            let guard = if values.len() == 1 && read_range(&text).is_some() {
                "~v"
            } else {
                ""
            };
            Some((String::new(), format!("{guard}{text}")))
        }
        Operator::InRange => condition
            .range
            .as_ref()
            .map(|range| (String::new(), write_range(range))),
        Operator::Matches => None,
        other => {
            let suffix = OPERATORS.iter().find(|(operator, _)| *operator == other)?.1;
            Some((
                suffix.to_owned(),
                condition_values(condition)
                    .iter()
                    .map(write_member)
                    .collect::<Vec<_>>()
                    .join(","),
            ))
        }
    }
}

fn condition_values(condition: &FieldCondition) -> Vec<Value> {
    condition
        .values
        .clone()
        .unwrap_or_else(|| condition.value.clone().into_iter().collect())
}

/// `Ok(None)`: nothing was said (an empty form control).
fn read_condition(field: &str, parts: &[(String, String)]) -> Result<Option<Option<Condition>>, String> {
    let mut members: Vec<Value> = Vec::new();
    let mut null = false;
    let mut bounds: BTreeMap<&str, String> = BTreeMap::new();
    for (suffix, value) in parts {
        match suffix.as_str() {
            _ if value.is_empty() && !suffix.ends_with("null") => {}
            "" => {
                if value == "all" {
                    return Ok(Some(None));
                }
                if let Some(range) = read_range(value) {
                    let mut condition = Condition::field(field, Operator::InRange);
                    condition.range = Some(range);
                    return Ok(Some(Some(condition.into())));
                }
                for member in value.strip_prefix("~v").unwrap_or(value).split(',') {
                    match read_value(member) {
                        Value::Null => null = true,
                        member => members.push(member),
                    }
                }
            }
            ".from" | ".until" | ".min" | ".max" => {
                bounds.insert(suffix, value.clone());
            }
            operator => {
                let operator = OPERATORS
                    .iter()
                    .find(|(_, text)| *text == operator)
                    .map(|(operator, _)| *operator)
                    .ok_or_else(|| suffix.clone())?;
                let mut condition = Condition::field(field, operator);
                let values: Vec<Value> = value.split(',').map(read_value).collect();
                match operator {
                    Operator::IsNull | Operator::IsNotNull => {}
                    Operator::NotIn | Operator::Between => condition.values = Some(values),
                    _ => condition.value = values.into_iter().next(),
                }
                return Ok(Some(Some(condition.into())));
            }
        }
    }
    if !bounds.is_empty() {
        return read_bounds(field, &bounds).map(|condition| Some(Some(condition)));
    }
    let mut either = Vec::new();
    if !members.is_empty() {
        let mut condition = Condition::field(field, Operator::In);
        condition.values = Some(members);
        either.push(condition.into());
    }
    if null {
        either.push(Condition::field(field, Operator::IsNull).into());
    }
    Ok(match either.len() {
        0 => None,
        1 => Some(either.pop()),
        _ => Some(Some(Condition::Or { or: either })),
    })
}

fn read_bounds(field: &str, bounds: &BTreeMap<&str, String>) -> Result<Condition, String> {
    let day = |key: &'static str| {
        bounds
            .get(key)
            .map(|text| text.parse::<NaiveDate>().map_err(|_| key.to_owned()))
            .transpose()
    };
    let (from, until) = (day(".from")?, day(".until")?);
    if from.is_some() || until.is_some() {
        let to = until.and_then(|until| until.checked_add_days(Days::new(1)));
        let mut condition = Condition::field(field, Operator::InRange);
        condition.range = Some(TimeRange::between(
            from.map(|day| day.to_string()),
            to.map(|day| day.to_string()),
        ));
        return Ok(condition.into());
    }
    let (operator, value, values) = match (bounds.get(".min"), bounds.get(".max")) {
        (Some(min), Some(max)) => (
            Operator::Between,
            None,
            Some(vec![Value::from(min.as_str()), Value::from(max.as_str())]),
        ),
        (Some(min), None) => (Operator::Gte, Some(Value::from(min.as_str())), None),
        (None, Some(max)) => (Operator::Lte, Some(Value::from(max.as_str())), None),
        (None, None) => return Err(String::new()),
    };
    let mut condition = Condition::field(field, operator);
    condition.value = value;
    condition.values = values;
    Ok(condition.into())
}

const UNIT_LETTERS: [(RangeUnit, &str); 9] = [
    (RangeUnit::Minute, "min"),
    (RangeUnit::Hour, "h"),
    (RangeUnit::Day, "d"),
    (RangeUnit::Week, "w"),
    (RangeUnit::Month, "m"),
    (RangeUnit::Quarter, "q"),
    (RangeUnit::Year, "y"),
    (RangeUnit::FiscalQuarter, "fq"),
    (RangeUnit::FiscalYear, "fy"),
];

fn unit_letters(unit: RangeUnit) -> &'static str {
    UNIT_LETTERS
        .iter()
        .find(|(candidate, _)| *candidate == unit)
        .map_or("", |(_, letters)| letters)
}

/// `last_30d`, `last_30d_complete`, `this_month`, `next_2w`, `to_date_year`, `2024-01-01..2024-02-01`, `all`.
pub fn write_range(range: &TimeRange) -> String {
    match range {
        TimeRange::Last(range) => format!(
            "last_{}{}{}",
            range.last,
            unit_letters(range.unit),
            if range.complete { "_complete" } else { "" }
        ),
        TimeRange::This(range) => format!("this_{}", range.unit.as_str()),
        TimeRange::Next(range) => format!("next_{}{}", range.next, unit_letters(range.unit)),
        TimeRange::ToDate(range) => format!("to_date_{}", range.to_date.as_str()),
        TimeRange::Between(range) => format!(
            "{}..{}",
            range.from.as_deref().unwrap_or(""),
            range.to.as_deref().unwrap_or("")
        ),
        TimeRange::All(_) => "all_time".to_owned(),
    }
}

/// The inverse of [`write_range`]; `None` for anything else.
pub fn read_range(text: &str) -> Option<TimeRange> {
    let unit_by_name = |name: &str| RangeUnit::ALL.into_iter().find(|unit| unit.as_str() == name);
    let counted = |text: &str| {
        let split = text.find(|letter: char| !letter.is_ascii_digit())?;
        let (count, letters) = text.split_at_checked(split)?;
        let unit = UNIT_LETTERS
            .iter()
            .find(|(_, candidate)| *candidate == letters)
            .map(|(unit, _)| *unit)?;
        Some((count.parse::<u32>().ok()?, unit))
    };
    if text == "all_time" {
        Some(TimeRange::All(AllRange { all: true }))
    } else if let Some(rest) = text.strip_prefix("last_") {
        let (rest, complete) = rest
            .strip_suffix("_complete")
            .map_or((rest, false), |rest| (rest, true));
        counted(rest).map(|(last, unit)| TimeRange::Last(LastRange { last, unit, complete }))
    } else if let Some(rest) = text.strip_prefix("next_") {
        counted(rest).map(|(next, unit)| TimeRange::Next(NextRange { next, unit }))
    } else if let Some(rest) = text.strip_prefix("this_") {
        unit_by_name(rest).map(|unit| TimeRange::This(ThisRange { this: 1, unit }))
    } else if let Some(rest) = text.strip_prefix("to_date_") {
        unit_by_name(rest).map(|to_date| TimeRange::ToDate(ToDateRange { to_date }))
    } else {
        let (from, to) = text.split_once("..")?;
        let legal = |end: &str| {
            end.is_empty() || (end.len() >= 10 && end.get(..10).is_some_and(|day| day.parse::<NaiveDate>().is_ok()))
        };
        (legal(from) && legal(to) && (from.len() + to.len() > 0)).then(|| {
            let end = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            TimeRange::between(end(from), end(to))
        })
    }
}

/// A member's spelling in a query string or as the value of a form's check box.
pub fn write_member(value: &Value) -> String {
    match value {
        Value::Null => "~0".to_owned(),
        Value::String(text) if text.is_empty() => "~e".to_owned(),
        Value::String(text) => escape(text),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => escape(&value.to_string()),
    }
}

fn escape(text: &str) -> String {
    text.replace('~', "~t")
        .replace(',', "~c")
        .replace(';', "~s")
        .replace(':', "~d")
        .replace('@', "~a")
}

fn unescape(text: &str) -> String {
    text.replace("~c", ",")
        .replace("~s", ";")
        .replace("~d", ":")
        .replace("~a", "@")
        .replace("~e", "")
        .replace("~t", "~")
}

fn read_value(text: &str) -> Value {
    if text == "~0" {
        Value::Null
    } else {
        Value::String(unescape(text))
    }
}

fn write_selected(selected: &SelectionValue) -> String {
    let step = match (selected.grain, selected.part, &selected.to) {
        (Some(grain), _, _) => format!("@{}", grain.as_str()),
        (None, Some(part), _) => format!("@part_{}", part.as_str()),
        (None, None, Some(to)) => format!("@to_{}", escape(to)),
        (None, None, None) => selected.bin.map(|width| format!("@bin_{width}")).unwrap_or_default(),
    };
    let text = |cell: &Cell| {
        write_member(&match cell {
            Cell::Null => Value::Null,
            Cell::Bool(truth) => Value::from(truth.to_string()),
            Cell::Int(number) => Value::from(number.to_string()),
            Cell::Float(number) => Value::from(number.to_string()),
            Cell::Text(text) => Value::from(text.as_str()),
        })
    };
    let until = selected
        .until
        .as_ref()
        .map(|until| format!(":{}", text(until)))
        .unwrap_or_default();
    format!("{}{step}:{}{until}", escape(&selected.field), text(&selected.value))
}

fn read_selection(text: &str) -> Option<Selection> {
    let rows = text
        .split(',')
        .map(|row| {
            row.split(';')
                .map(read_selected)
                .collect::<Option<Vec<_>>>()
                .map(SelectionRow)
        })
        .collect::<Option<Vec<_>>>()?;
    Some(Selection { rows })
}

fn read_selected(text: &str) -> Option<SelectionValue> {
    let (place, values) = text.split_once(':')?;
    let (value, until) = values
        .split_once(':')
        .map_or((values, None), |(value, until)| (value, Some(until)));
    let (field, step) = place
        .split_once('@')
        .map_or((place, None), |(field, step)| (field, Some(step)));
    let part = step
        .and_then(|step| step.strip_prefix("part_"))
        .and_then(|name| DatePart::ALL.into_iter().find(|part| part.as_str() == name));
    let grain = step.and_then(|name| Grain::ALL.into_iter().find(|grain| grain.as_str() == name));
    let bin = step
        .and_then(|step| step.strip_prefix("bin_"))
        .and_then(|width| width.parse::<f64>().ok())
        .filter(|width| width.is_finite() && *width > 0.0);
    let to = step.and_then(|step| step.strip_prefix("to_")).map(unescape);
    if step.is_some() && part.is_none() && grain.is_none() && bin.is_none() && to.is_none() {
        return None;
    }
    let cell = |text: &str| match read_value(text) {
        Value::String(text) => Cell::Text(text),
        _ => Cell::Null,
    };
    Some(SelectionValue {
        field: unescape(field),
        grain,
        part,
        bin,
        value: cell(value),
        until: until.map(cell),
        to,
    })
}

/// Percent-encodes everything but what is readable and safe inside a query value.
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~,/:@;".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// The inverse of [`encode`]; `+` is a blank, as HTML forms write it. Broken escapes stay as they are.
pub fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut position = 0;
    while let Some(byte) = bytes.get(position) {
        let escaped = (*byte == b'%')
            .then(|| {
                text.get(position + 1..position + 3)
                    .and_then(|hex| u8::from_str_radix(hex, 16).ok())
            })
            .flatten();
        match (escaped, byte) {
            (Some(decoded), _) => {
                out.push(decoded);
                position += 3;
            }
            (None, b'+') => {
                out.push(b' ');
                position += 1;
            }
            (None, other) => {
                out.push(*other);
                position += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        dashboard::{Content, FilterScope, FilterTarget, OrderKey, Rect, Tile},
        visual::{Visual, VisualKind},
    };

    fn filter(number: u128, field: &str) -> Filter {
        Filter {
            id: FilterId::from(Uuid::from_u128(number)),
            order: OrderKey::first(),
            scope: FilterScope::Dashboard,
            target: FilterTarget {
                field: field.to_owned(),
            },
            label: None,
            condition: None,
            locked: false,
            hidden: false,
            required: false,
            default: None,
        }
    }

    fn document() -> Dashboard {
        let mut document = Dashboard::new("Sales", "orders", PageId::from(Uuid::from_u128(1)));
        document.filters = vec![
            filter(1, "orders.region"),
            filter(2, "orders.order_date"),
            filter(3, "orders.amount"),
            filter(4, "orders.region"),
        ];
        document.tiles = vec![Tile {
            id: TileId::from(Uuid::from_u128(9)),
            page: PageId::from(Uuid::from_u128(1)),
            rect: Rect::new(0, 0, 4, 4),
            z: 0,
            locked: false,
            group: None,
            content: Content::Visual(Visual::new(VisualKind::Bar)),
        }];
        document
    }

    fn canonical(query: &str) -> String {
        let document = document();
        let (state, unknown) = FilterState::from_query(query, &document);
        assert_eq!(unknown, Vec::<String>::new(), "{query}");
        state.to_query(&document)
    }

    #[test]
    fn the_canonical_spelling_reads_back_to_itself() {
        for query in [
            "f.region=EU,US",
            "f.region=EU,~0",
            "f.region=~vlast_30d",
            "f.region=a~cb,~e,100%25~t",
            "f.order_date=last_30d",
            "f.order_date=2024-01-01..2024-02-01",
            "f.order_date=all_time",
            "f.region=all",
            "f.amount.between=1,5&f.region~2.not_in=EU",
            "tz=Europe/Berlin",
            "s.00000000-0000-0000-0000-000000000009=orders.region:EU;orders.amount@bin_10:20,orders.region:~0",
            "s.00000000-0000-0000-0000-000000000009=time@day:2026-01-01T10~d00:2026-02-01",
            "d.00000000-0000-0000-0000-000000000009=time@year:2025-01-01;time@quarter:2025-04-01",
        ] {
            assert_eq!(canonical(query), query);
        }
    }

    #[test]
    fn forms_are_understood() {
        assert_eq!(canonical("f.region=EU&f.region=US&f.amount.min=&p=1"), "f.region=EU,US");
        assert_eq!(
            canonical("f.order_date.from=2024-01-01&f.order_date.until=2024-01-31"),
            "f.order_date=2024-01-01..2024-02-01"
        );
        assert_eq!(canonical("f.amount.min=1&f.amount.max=5"), "f.amount.between=1,5");
        assert_eq!(canonical("f.region=New+York"), "f.region=New%20York");
    }

    #[test]
    fn what_is_unknown_is_named() {
        let document = document();
        let (state, unknown) =
            FilterState::from_query("f.colour=red&f.amount.like=3&p=9&s.nonsense=x&utm=1", &document);
        assert_eq!(state, FilterState::default());
        assert_eq!(unknown, ["f.colour", "p", "s.nonsense", "f.amount.like"]);
    }
}
