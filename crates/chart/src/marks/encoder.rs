//! Channels of a unit as values of a row.

use crate::data::{Field, Row, Table};
use crate::error::ChartError;
use crate::expression::{Known, Scope, evaluate};
use crate::model::{Unit, column_name, suffixed};
use crate::scales::{Scale, ScaleSet};
use crate::spec::{Channel, ChannelDef, Config, InvalidMode, Predicate};
use crate::transform::Test;
use crate::value::Value;

/// Everything a mark can ask.
pub struct Encoder<'a> {
    pub unit: &'a Unit,
    pub table: &'a Table,
    pub scales: &'a ScaleSet,
    /// Of the map the unit stands on, if it does.
    pub projection: Option<&'a crate::geo::Projection>,
    /// Points that maps may still have.
    pub map_points: &'a std::cell::RefCell<crate::geo::Budget>,
    pub config: &'a Config,
    pub width: f64,
    pub height: f64,
    pub known: Known<'a>,
    /// Index of the mark in draw order.
    pub mark_index: usize,
}

/// A channel ready to be read.
pub struct Channelled<'a> {
    branches: Vec<(Test<'a>, Value_<'a>)>,
    main: Option<Value_<'a>>,
}

/// Where a channel's value comes from.
enum Value_<'a> {
    Fixed(Value),
    Computed(&'a crate::expression::Expression),
    Scaled {
        field: Field,
        scale: Option<&'a Scale>,
        invalid: Option<Value>,
    },
    Datum(Value, Option<&'a Scale>),
    /// Between the start and the end of a bin or time unit.
    Between {
        start: Field,
        end: Field,
        share: f64,
        scale: &'a Scale,
    },
}

impl<'a> Encoder<'a> {
    pub fn scale(&self, channel: Channel) -> Option<&'a Scale> {
        self.scales.of(self.unit, channel)
    }

    pub fn def(&self, channel: Channel) -> Option<&'a ChannelDef> {
        self.unit.encoding.get(channel)
    }

    /// What invalid values look like: `Some(Null)` is zero or the minimum.
    pub fn shown_invalid(&self, channel: Channel) -> Option<Value> {
        let list = self.config.scale.invalid.iter().flatten();
        let given = list
            .into_iter()
            .find(|(name, _)| **name == *channel.name())
            .map(|(_, v)| v.clone());
        given.or_else(|| (self.unit.invalid().0 == InvalidMode::Show).then_some(Value::Null))
    }

    /// Prepares a channel that is no position.
    pub fn channel(&self, channel: Channel) -> Option<Channelled<'a>> {
        let def = self.def(channel)?;
        let mut branches = Vec::new();
        for condition in def.condition.iter().flatten() {
            let test: &'a Predicate = &condition.test;
            if let Some(value) = self.source(channel, &condition.then) {
                branches.push((Test::new(test, self.table), value));
            }
        }
        let main = self.source(channel, def);
        if branches.is_empty() && main.is_none() {
            None
        } else {
            Some(Channelled { branches, main })
        }
    }

    fn source(&self, channel: Channel, def: &'a ChannelDef) -> Option<Value_<'a>> {
        if let Some(value) = &def.value {
            return Some(Value_::Fixed(value.clone()));
        }
        if let Some(tree) = &def.computed {
            return Some(Value_::Computed(tree));
        }
        let scale = if def.scale == Some(None) {
            None
        } else {
            self.scale(channel)
        };
        if let Some(datum) = &def.datum {
            return Some(Value_::Datum(datum.clone(), scale));
        }
        if !def.is_field() {
            return None;
        }
        let timed = def.time_unit.is_some() && def.kind() == crate::spec::FieldKind::Temporal;
        if let (Some(scale), true) = (scale.filter(|s| !s.kind.is_discrete()), def.is_binning() || timed)
            && let Some(share) = self.unit.band_position(def, false).filter(|s| *s != 0.0)
        {
            let start = Field::of(self.table, &column_name(def));
            return Some(Value_::Between {
                start,
                end: Field::of(self.table, &suffixed(def, "end")),
                share,
                scale,
            });
        }
        let discrete = scale.is_some_and(|s| s.kind.is_discrete() && s.bins.is_none());
        let column = if def.is_binning() && discrete && def.kind().is_discrete() {
            suffixed(def, "range")
        } else {
            column_name(def)
        };
        let continuous = scale.is_some_and(|s| !s.kind.is_discrete());
        let invalid = if continuous { self.shown_invalid(channel) } else { None };
        Some(Value_::Scaled {
            field: Field::of(self.table, &column),
            scale,
            invalid,
        })
    }

    pub fn scope<'r>(&'r self, row: &'r Row) -> Scope<'r> {
        self.known.with(self.table, row)
    }

    /// Refuses positions whose expressions cannot be computed: a place in px has no room for a reason.
    pub fn check_places(&self) -> Result<(), ChartError> {
        let Some(row) = self.table.rows.first() else {
            return Ok(());
        };
        for (channel, def) in &self.unit.encoding.channels {
            if let Some(tree) = def.computed.as_ref().filter(|_| channel.main().is_xy()) {
                evaluate(tree, &self.scope(row)).map_err(|reason| refuse(&self.unit.path, &reason))?;
            }
        }
        Ok(())
    }

    /// A mark property computed per row.
    pub fn computed(&self, name: &str, row: &Row) -> Result<Option<Value>, ChartError> {
        let found = self
            .unit
            .style
            .own
            .computed
            .iter()
            .flatten()
            .find(|(n, _)| &**n == name);
        let Some((_, tree)) = found else { return Ok(None) };
        evaluate(tree, &self.scope(row))
            .map(Some)
            .map_err(|reason| refuse(&self.unit.path, &reason))
    }
}

pub fn refuse(path: &str, reason: &str) -> ChartError {
    ChartError::Unsupported(vec![crate::Problem {
        path: path.to_owned(),
        reason: reason.to_owned(),
    }])
}

impl Channelled<'_> {
    /// The value for a row; `None` when the mark's own default holds, `Some(Missing)` when the scale gives nothing.
    pub fn get(&self, encoder: &Encoder, row: &Row) -> Result<Option<Value>, ChartError> {
        for (test, value) in &self.branches {
            if test.passes(encoder.table, row, encoder.known)? {
                return value.get(encoder, row).map(Some);
            }
        }
        self.main.as_ref().map(|v| v.get(encoder, row)).transpose()
    }
}

impl Value_<'_> {
    fn get(&self, encoder: &Encoder, row: &Row) -> Result<Value, ChartError> {
        Ok(match self {
            Value_::Fixed(value) => value.clone(),
            Value_::Computed(tree) => {
                evaluate(tree, &encoder.scope(row)).map_err(|reason| refuse(&encoder.unit.path, &reason))?
            }
            Value_::Datum(value, scale) => match scale {
                Some(scale) => scale.value(value).unwrap_or_default(),
                None => value.clone(),
            },
            Value_::Between {
                start,
                end,
                share,
                scale,
            } => {
                let (a, b) = (start.cell(row), end.cell(row));
                if !a.is_valid() {
                    return Ok(Value::Missing);
                }
                scale
                    .value(&Value::Number((1.0 - share) * a.number() + share * b.number()))
                    .unwrap_or_default()
            }
            Value_::Scaled { field, scale, invalid } => {
                let value = field.cell(row);
                match scale {
                    None => value.into_owned(),
                    Some(scale) => {
                        let bad = !value.is_valid() || !value.number().is_finite() && !scale.kind.is_discrete();
                        match invalid {
                            Some(Value::Null) if bad => {
                                let low = if scale.zero {
                                    0.0
                                } else {
                                    scale.domain.first().copied().unwrap_or(0.0)
                                };
                                scale.value(&Value::Number(low)).unwrap_or_default()
                            }
                            Some(shown) if bad => shown.clone(),
                            _ => scale.value(&value).unwrap_or_default(),
                        }
                    }
                }
            }
        })
    }
}
