use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::AppError;

/// Which entries are wanted; what is not given does not narrow. All that is given holds together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// A person, a link or a frame.
    pub actor: Option<Uuid>,
    /// An action (`dashboard.publish`), or all of a noun (`dashboard`).
    pub action: Option<String>,
    /// Id of the object.
    pub object: Option<String>,
    /// From this moment on.
    pub from: Option<DateTime<Utc>>,
    /// Before this moment.
    pub to: Option<DateTime<Utc>>,
    /// A part of the actor's name, the object's title, the action's text or the client's address, whatever its case.
    pub q: Option<String>,
}

/// A filter as an address has it: all text, and empty for what is not filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AuditQuery {
    pub actor: String,
    pub action: String,
    pub object: String,
    /// A date, or a moment as RFC 3339 has it.
    pub from: String,
    /// As `from`; a date is the last day that counts. Days are those of UTC.
    pub to: String,
    pub q: String,
}

impl AuditQuery {
    /// # Errors
    /// 422 with the field that cannot be read.
    pub fn filter(&self) -> Result<AuditFilter, AppError> {
        let actor = given(&self.actor).map(|text| {
            Uuid::try_parse(text).map_err(|_| AppError::invalid("actor", "A person is named by an id here."))
        });
        Ok(AuditFilter {
            actor: actor.transpose()?,
            action: given(&self.action).map(str::to_owned),
            object: given(&self.object).map(str::to_owned),
            from: moment("from", &self.from, 0)?,
            to: moment("to", &self.to, 1)?,
            q: given(&self.q).map(str::to_owned),
        })
    }

    /// The parts that are filled in, for an address.
    pub fn pairs(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("actor", &self.actor),
            ("action", &self.action),
            ("object", &self.object),
            ("from", &self.from),
            ("to", &self.to),
            ("q", &self.q),
        ];
        all.into_iter()
            .filter_map(|(name, text)| Some((name, given(text)?)))
            .collect()
    }
}

fn given(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

/// A date stands for its first moment, `days` later.
fn moment(field: &str, text: &str, days: u64) -> Result<Option<DateTime<Utc>>, AppError> {
    let Some(text) = given(text) else { return Ok(None) };
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Ok(Some(moment.to_utc()));
    }
    let day = text
        .parse::<NaiveDate>()
        .ok()
        .and_then(|day| day.checked_add_days(Days::new(days)));
    let day = day.ok_or_else(|| AppError::invalid(field, "Give a date such as 2026-01-31, or a moment."))?;
    Ok(Some(day.and_time(NaiveTime::MIN).and_utc()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_whole_and_what_is_empty_does_not_narrow() {
        let asked = AuditQuery {
            from: "2026-01-30".to_owned(),
            to: "2026-01-31".to_owned(),
            q: " ada ".to_owned(),
            ..AuditQuery::default()
        };
        let filter = asked.filter().unwrap();
        assert_eq!(filter.from.unwrap().to_rfc3339(), "2026-01-30T00:00:00+00:00");
        assert_eq!(filter.to.unwrap().to_rfc3339(), "2026-02-01T00:00:00+00:00");
        assert_eq!((filter.q.as_deref(), filter.actor), (Some("ada"), None));
        assert_eq!(AuditQuery::default().filter().unwrap(), AuditFilter::default());
        assert_eq!(
            asked.pairs(),
            [("from", "2026-01-30"), ("to", "2026-01-31"), ("q", "ada")]
        );
        for (field, wrong) in [
            (
                "from",
                AuditQuery {
                    from: "soon".to_owned(),
                    ..AuditQuery::default()
                },
            ),
            (
                "actor",
                AuditQuery {
                    actor: "ada".to_owned(),
                    ..AuditQuery::default()
                },
            ),
        ] {
            assert_eq!(wrong.filter().unwrap_err().field.as_deref(), Some(field));
        }
    }
}
