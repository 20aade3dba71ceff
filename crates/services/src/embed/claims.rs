use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Map, Value};
use shared::{
    account::ThemeChoice,
    ids::EmbedId,
    semantic::{Condition, Operator},
};

use super::refusal::TicketRefusal;

/// Longest time from now to `exp`.
const MAX_LIFE: TimeDelta = TimeDelta::seconds(600);
/// How far the host's clock may be off.
const LEEWAY: TimeDelta = TimeDelta::seconds(30);
const KNOWN: [&str; 17] = [
    "iss", "aud", "jti", "exp", "iat", "nbf", "sub", "res", "lock", "edit", "roles", "attrs", "caps", "theme",
    "locale", "tz", "origins",
];

/// What a signed ticket says; every claim is one of these.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// Free text, for the log.
    #[serde(default)]
    pub iss: Option<String>,
    pub aud: Audience,
    pub jti: String,
    pub exp: i64,
    #[serde(default)]
    pub iat: Option<i64>,
    #[serde(default)]
    pub nbf: Option<i64>,
    #[serde(default)]
    pub sub: Option<String>,
    pub res: Resource,
    /// Field → value, or list of values, or null.
    #[serde(default)]
    pub lock: Map<String, Value>,
    /// Fields of filters the reader may change.
    #[serde(default)]
    pub edit: Option<Vec<String>>,
    #[serde(default)]
    pub roles: Vec<String>,
    #[serde(default)]
    pub attrs: BTreeMap<String, Value>,
    #[serde(default)]
    pub caps: EmbedCapabilities,
    #[serde(default)]
    pub theme: Option<ThemeChoice>,
    #[serde(default)]
    #[expect(dead_code, reason = "taken, because hosts send it; this version speaks one language")]
    pub locale: Option<String>,
    #[serde(default)]
    pub tz: Option<String>,
    #[serde(default)]
    pub origins: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Audience {
    One(String),
    Many(Vec<String>),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    pub id: String,
    /// Number of the published version the host expects; another one is refused.
    #[serde(default)]
    pub version: Option<i32>,
}

/// What the frame offers its reader beyond looking; nothing by default.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmbedCapabilities {
    /// Formats the reader may download; empty: none.
    #[serde(default)]
    pub export: Vec<String>,
    #[serde(default)]
    #[expect(dead_code, reason = "taken, because hosts send it; frames do not offer it yet")]
    pub drill: bool,
    #[serde(default)]
    #[expect(dead_code, reason = "taken, because hosts send it; frames do not offer it yet")]
    pub ask: bool,
    #[serde(default)]
    #[expect(dead_code, reason = "taken, because hosts send it; frames do not offer it yet")]
    pub comment: bool,
}

impl Claims {
    /// # Errors
    /// `UnknownClaim` for a claim that is none of ours or has another form; `Unreadable` when one is missing.
    pub fn read(object: Map<String, Value>) -> Result<Self, TicketRefusal> {
        if let Some(name) = object.keys().find(|name| !KNOWN.contains(&name.as_str())) {
            return Err(TicketRefusal::UnknownClaim(name.clone()));
        }
        if ["aud", "jti", "exp", "res"]
            .iter()
            .any(|name| !object.contains_key(*name))
        {
            return Err(TicketRefusal::Unreadable);
        }
        // Claims of claims: name the one that does not read, so that the host's developer finds it.
        let whole = Value::Object(object.clone());
        let claims: Self =
            serde_json::from_value(whole).map_err(|_| TicketRefusal::UnknownClaim(misformed(&object)))?;
        match &claims.tz {
            Some(zone) if zone.parse::<chrono_tz::Tz>().is_err() => Err(TicketRefusal::UnknownClaim("tz".to_owned())),
            Some(_) | None => Ok(claims),
        }
    }

    /// Time, audience and resource.
    ///
    /// # Errors
    /// The first of these that is wrong.
    pub fn check(&self, embed: EmbedId, audience: &str, now: DateTime<Utc>) -> Result<(), TicketRefusal> {
        let right_audience = match &self.aud {
            Audience::One(aud) => is_audience(aud, audience),
            Audience::Many(all) => all.iter().any(|aud| is_audience(aud, audience)),
        };
        if !right_audience {
            return Err(TicketRefusal::WrongAudience);
        }
        let at = |seconds: i64| DateTime::from_timestamp(seconds, 0).ok_or(TicketRefusal::Unreadable);
        let ends = at(self.exp)?;
        if ends + LEEWAY <= now {
            return Err(TicketRefusal::Expired);
        }
        if ends - now > MAX_LIFE + LEEWAY {
            return Err(TicketRefusal::LivesTooLong);
        }
        for begins in [self.nbf, self.iat].into_iter().flatten() {
            if at(begins)? - LEEWAY > now {
                return Err(TicketRefusal::NotYetValid);
            }
        }
        if self.jti.is_empty() || self.jti.len() > 200 {
            return Err(TicketRefusal::Unreadable);
        }
        if self.res.id != embed.to_string() {
            return Err(TicketRefusal::OtherResource);
        }
        Ok(())
    }

    /// The locks as conditions.
    ///
    /// # Errors
    /// `UnboundLock` for a field that is not there, and for a value that is no scalar, list of scalars or null.
    pub fn locks(&self, fields: &HashSet<String>) -> Result<Vec<Condition>, TicketRefusal> {
        self.lock
            .iter()
            .map(|(field, value)| lock(field, value, fields))
            .collect()
    }
}

/// The instance's public URL, with or without a slash at the end.
fn is_audience(claimed: &str, ours: &str) -> bool {
    claimed.strip_suffix('/').unwrap_or(claimed) == ours
}

fn lock(field: &str, value: &Value, fields: &HashSet<String>) -> Result<Condition, TicketRefusal> {
    let unbound = || TicketRefusal::UnboundLock(field.to_owned());
    if !fields.contains(field) {
        return Err(unbound());
    }
    let scalar = |value: &Value| matches!(value, Value::String(_) | Value::Number(_) | Value::Bool(_));
    let mut condition = Condition::field(field, Operator::Eq);
    match value {
        Value::Null => condition.op = Operator::IsNull,
        Value::Array(values) if !values.is_empty() && values.iter().all(scalar) => {
            condition.op = Operator::In;
            condition.values = Some(values.clone());
        }
        value if scalar(value) => condition.value = Some(value.clone()),
        _ => return Err(unbound()),
    }
    Ok(Condition::Field(condition))
}

/// The claim without which the rest would read, or `claims`.
fn misformed(object: &Map<String, Value>) -> String {
    let fits = |without: &str| {
        let mut rest = object.clone();
        let stand_in = match without {
            "aud" | "jti" => Value::from("x"),
            "exp" => Value::from(0),
            "res" => serde_json::json!({"id": "x"}),
            _ => Value::Null,
        };
        if stand_in.is_null() {
            rest.remove(without);
        } else {
            rest.insert(without.to_owned(), stand_in);
        }
        serde_json::from_value::<Claims>(Value::Object(rest)).is_ok()
    };
    object
        .keys()
        .find(|name| fits(name))
        .cloned()
        .unwrap_or_else(|| "claims".to_owned())
}
