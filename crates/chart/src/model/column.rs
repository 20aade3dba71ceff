//! Names of the columns that a channel's definition makes.

use crate::spec::{Aggregate, Bin, ChannelDef, Config};
use std::borrow::Cow;

/// The column that holds the value of a field definition: `sum_price`, `yearmonth_date`, `bin_price`, `price`.
pub fn column_name(def: &ChannelDef) -> String {
    let field = def.field.as_deref().unwrap_or("");
    match &def.aggregate {
        Some(Aggregate::Op(op)) if &**op == "count" => return "__count".into(),
        Some(Aggregate::Op(op)) => return [op, "_", &safe(field)].concat(),
        Some(Aggregate::ArgMin(by)) => return format!("argmin_{}.{field}", safe(by)),
        Some(Aggregate::ArgMax(by)) => return format!("argmax_{}.{field}", safe(by)),
        None => {}
    }
    if let Some(Bin::On(p)) = &def.bin {
        let mut key = String::from("bin");
        for (name, part) in [
            ("maxbins", p.maxbins),
            ("step", p.step),
            ("base", p.base),
            ("minstep", p.minstep),
            ("anchor", p.anchor),
        ] {
            if let Some(n) = part {
                key.push_str(&format!("_{name}_{}", crate::value::number_label(n).replace('.', "_")));
            }
        }
        if p.extent.is_some() || p.steps.is_some() || p.nice.is_some() || p.divide.is_some() {
            key.push_str(&format!("{:?}{:?}{:?}{:?}", p.extent, p.steps, p.nice, p.divide).replace('.', "_"));
        }
        return format!("{key}_{}", safe(field));
    }
    if let Some(unit) = &def.time_unit
        && !unit.binned
    {
        let step = if unit.step > 1 {
            format!("_step_{}", unit.step)
        } else {
            String::new()
        };
        let utc = if unit.utc { "utc" } else { "" };
        return [utc, &unit.name, &step, "_", &safe(field)].concat();
    }
    field.to_owned()
}

/// The column with an ending: `bin_price_end`.
pub fn suffixed(def: &ChannelDef, suffix: &str) -> String {
    [&safe(&column_name(def)), "_", suffix].concat()
}

/// A made name must not look like a path.
fn safe(field: &str) -> Cow<'_, str> {
    const MEANINGFUL: [char; 6] = ['.', '[', ']', '\\', '\'', '"'];
    if field.contains(MEANINGFUL) {
        field.replace(MEANINGFUL, "_").into()
    } else {
        field.into()
    }
}

/// What a field is called when nobody says.
pub fn default_title(def: &ChannelDef, config: &Config) -> String {
    let field = def.field.as_deref().unwrap_or("");
    if config.field_title.as_deref() == Some("plain") {
        return field.to_owned();
    }
    let functional = config.field_title.as_deref() == Some("functional");
    match &def.aggregate {
        Some(Aggregate::Op(op)) if &**op == "count" => {
            if functional {
                return "COUNT(*)".into();
            }
            return config.count_title.as_deref().unwrap_or("Count of Records").to_owned();
        }
        Some(Aggregate::Op(op)) if functional => return format!("{}({field})", op.to_uppercase()),
        _ => {}
    }
    if def.is_binning() {
        return if functional {
            format!("BIN({field})")
        } else {
            format!("{field} (binned)")
        };
    }
    if let Some(unit) = &def.time_unit
        && !unit.binned
    {
        if functional {
            return format!("{}({field})", unit.name.to_uppercase());
        }
        let parts: Vec<&str> = unit.parts.iter().map(|p| p.name()).collect();
        return format!("{field} ({})", parts.join("-"));
    }
    match &def.aggregate {
        Some(Aggregate::Op(op)) => {
            let mut chars = op.chars();
            let first: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
            format!("{first}{} of {field}", chars.as_str())
        }
        Some(Aggregate::ArgMin(by)) => format!("{field} for min {by}"),
        Some(Aggregate::ArgMax(by)) => format!("{field} for max {by}"),
        None => field.to_owned(),
    }
}
