//! Where a mark stands, per row.

use super::encoder::Encoder;
use crate::data::{Field, Row, Table};
use crate::expression::{Expression, Known, evaluate};
use crate::geo::{Projection, degrees};
use crate::math;
use crate::model::{column_name, suffixed};
use crate::scales::Scale;
use crate::spec::{Channel, ChannelDef, FieldKind, MarkKind, Place};
use crate::value::Value;

/// What stands in for a missing channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Default_ {
    Mid,
    ZeroOrMin,
    ZeroOrMax,
}

/// A position ready to be read.
pub struct Position<'a> {
    kind: Kind<'a>,
    offset: Offset<'a>,
}

enum Kind<'a> {
    Fixed(f64),
    Computed {
        tree: &'a Expression,
        table: &'a Table,
        known: Known<'a>,
    },
    /// A field through a scale, plus a share of the band.
    Field {
        field: Field,
        scale: Option<&'a Scale>,
        band: f64,
        invalid: Option<f64>,
    },
    /// A place on the map: longitude and latitude in degrees.
    Projected {
        longitude: Angle,
        latitude: Angle,
        projection: &'a Projection,
        vertical: bool,
        /// Where a place that no map of the projection shows is put.
        stray: f64,
    },
    /// Between two fields.
    Between {
        start: Field,
        end: Field,
        share: f64,
        scale: &'a Scale,
        invalid: Option<f64>,
    },
}

/// An angle of a place, in degrees.
enum Angle {
    Fixed(f64),
    Field(Field),
}

impl Angle {
    fn get(&self, row: &Row) -> f64 {
        match self {
            Angle::Fixed(n) => *n,
            Angle::Field(field) => degrees(&field.cell(row)),
        }
    }
}

enum Offset<'a> {
    Fixed(f64),
    Field { field: Field, scale: &'a Scale, band: f64 },
}

impl Position<'_> {
    pub fn get(&self, row: &Row) -> f64 {
        let offset = match &self.offset {
            Offset::Fixed(n) => *n,
            Offset::Field { field, scale, band } => scale.number(&field.cell(row)) + band * scale.bandwidth,
        };
        offset
            + match &self.kind {
                Kind::Fixed(n) => *n,
                Kind::Computed { tree, table, known } => {
                    evaluate(tree, &known.with(table, row)).map_or(f64::NAN, |value| value.number())
                }
                Kind::Projected {
                    longitude,
                    latitude,
                    projection,
                    vertical,
                    stray,
                } => {
                    let (x, y) = (longitude.get(row), latitude.get(row));
                    match projection.place(x, y) {
                        Some((_, y)) if *vertical => y,
                        Some((x, _)) => x,
                        None if x.is_finite() && y.is_finite() => *stray,
                        None => f64::NAN,
                    }
                }
                Kind::Field {
                    field,
                    scale,
                    band,
                    invalid,
                } => {
                    let value = field.cell(row);
                    match scale {
                        Some(scale) => {
                            if let Some(low) = invalid.filter(|_| !value.is_valid() || !value.number().is_finite()) {
                                return low + offset;
                            }
                            scale.number(&value) + band * scale.bandwidth
                        }
                        None => value.number(),
                    }
                }
                Kind::Between {
                    start,
                    end,
                    share,
                    scale,
                    invalid,
                } => {
                    let (a, b) = (start.cell(row), end.cell(row));
                    if let Some(low) = invalid.filter(|_| !a.is_valid()) {
                        return low + offset;
                    }
                    if !a.is_valid() && !b.is_valid() {
                        return f64::NAN;
                    }
                    scale.at((1.0 - share) * a.number() + share * b.number())
                }
            }
    }
}

impl<'a> Encoder<'a> {
    /// The length of the view along a channel.
    pub fn length(&self, channel: Channel) -> f64 {
        match channel {
            Channel::X | Channel::X2 => self.width,
            _ => self.height,
        }
    }

    /// Where zero (or the smallest value) is.
    pub fn zero_or(&self, channel: Channel, max: bool) -> f64 {
        let main = channel.main();
        if let Some(scale) = self.scale(main).filter(|s| !s.kind.is_discrete()) {
            let (a, b) = (
                scale.domain.first().copied().unwrap_or(0.0),
                scale.domain.last().copied().unwrap_or(0.0),
            );
            let has_zero = scale.zero || (a.min(b) <= 0.0 && a.max(b) >= 0.0 && !scale.kind.is_time());
            if scale.kind != crate::spec::ScaleKind::Log && !scale.kind.is_time() && has_zero {
                return scale.at(0.0);
            }
            let (lo, hi) = scale.range();
            return if max { hi } else { lo };
        }
        match main {
            Channel::Y => {
                if max {
                    0.0
                } else {
                    self.height
                }
            }
            Channel::X => {
                if max {
                    self.width
                } else {
                    0.0
                }
            }
            Channel::Radius => {
                if max {
                    self.width.min(self.height) / 2.0
                } else {
                    0.0
                }
            }
            _ => {
                if max {
                    math::TAU
                } else {
                    0.0
                }
            }
        }
    }

    pub fn own_place(&self, channel: Channel) -> Option<f64> {
        let place = |p: Place| match p {
            Place::Px(n) => n,
            Place::Full => self.length(channel),
        };
        let style = &self.unit.style;
        match channel {
            Channel::X => style.get(|m| m.x).map(place),
            Channel::Y => style.get(|m| m.y).map(place),
            Channel::X2 => style.get(|m| m.x2).map(place),
            Channel::Y2 => style.get(|m| m.y2).map(place),
            Channel::Theta => style.get(|m| m.theta),
            Channel::Theta2 => style.get(|m| m.theta2),
            Channel::Radius => style.get(|m| m.outer_radius.or(m.radius)),
            Channel::Radius2 => style.get(|m| m.inner_radius.or(m.radius2)),
            _ => None,
        }
    }

    fn fixed_offset(&self, channel: Channel) -> f64 {
        let own = &self.unit.style.own;
        match channel {
            Channel::X => own.x_offset,
            Channel::Y => own.y_offset,
            Channel::X2 => own.x2_offset,
            Channel::Y2 => own.y2_offset,
            Channel::Theta => own.theta_offset,
            Channel::Theta2 => own.theta2_offset,
            Channel::Radius => own.radius_offset,
            Channel::Radius2 => own.radius2_offset,
            _ => None,
        }
        .unwrap_or(0.0)
    }

    fn offset(&self, channel: Channel, band: f64) -> (Offset<'a>, bool) {
        if let Some(offset) = channel.offset()
            && let Some(def) = self.def(offset)
        {
            if let (Some(scale), true) = (self.scale(offset), def.is_field()) {
                let field = Field::of(self.table, &column_name(def));
                let share = def.band_position.unwrap_or(band);
                return (
                    Offset::Field {
                        field,
                        scale,
                        band: if scale.kind == crate::spec::ScaleKind::Band {
                            share
                        } else {
                            0.0
                        },
                    },
                    true,
                );
            }
            if let (Some(scale), Some(datum)) = (self.scale(offset), &def.datum) {
                return (Offset::Fixed(scale.number(datum) + band * scale.bandwidth), true);
            }
            if let Some(value) = &def.value {
                return (Offset::Fixed(value.number()), true);
            }
        }
        (Offset::Fixed(self.fixed_offset(channel)), false)
    }

    /// A point along a channel, as points, texts, lines and rules use it.
    pub fn point(&self, channel: Channel, default: Option<Default_>) -> Option<Position<'a>> {
        if let Some(position) = self.on_map(channel) {
            return Some(position);
        }
        let (offset, encoded) = self.offset(channel, 0.5);
        let kind = self.kind(channel, encoded.then_some(0.0), false).or_else(|| {
            let place = self.own_place(channel).or_else(|| {
                Some(match default? {
                    Default_::Mid => self.length(channel) / 2.0,
                    Default_::ZeroOrMin => self.zero_or(channel, false),
                    Default_::ZeroOrMax => self.zero_or(channel, true),
                })
            });
            place.map(Kind::Fixed)
        })?;
        Some(Position { kind, offset })
    }

    /// Where a unit with longitude and latitude stands; not a number where the map does not show it.
    fn on_map(&self, channel: Channel) -> Option<Position<'a>> {
        let (longitude, latitude) = match channel {
            Channel::X | Channel::Y => (Channel::Longitude, Channel::Latitude),
            Channel::X2 | Channel::Y2 => (Channel::Longitude2, Channel::Latitude2),
            _ => return None,
        };
        let (x, y) = (self.def(longitude), self.def(latitude));
        if x.is_none() && y.is_none() {
            return None;
        }
        let projection = self.projection?;
        let angle = |def: Option<&ChannelDef>| match def {
            None => Angle::Fixed(f64::NAN),
            Some(def) => match def.datum.as_ref().or(def.value.as_ref()) {
                Some(fixed) => Angle::Fixed(degrees(fixed)),
                None => Angle::Field(Field::of(self.table, &column_name(def))),
            },
        };
        Some(Position {
            kind: Kind::Projected {
                longitude: angle(x),
                latitude: angle(y),
                projection,
                stray: if projection.is_composite() && self.config.strays_in_corner {
                    0.0
                } else {
                    f64::NAN
                },
                vertical: matches!(channel, Channel::Y | Channel::Y2),
            },
            offset: Offset::Fixed(0.0),
        })
    }

    /// The centre (or edge, with a band share) of a rectangle that has a size of its own.
    pub fn anchored(&self, channel: Channel, band: Option<f64>, offset_band: f64) -> Position<'a> {
        let (offset, encoded) = self.offset(channel, offset_band);
        let band = if encoded { Some(0.0) } else { band };
        let kind = self
            .kind(channel, band, true)
            .unwrap_or_else(|| Kind::Fixed(self.own_place(channel).unwrap_or_else(|| self.length(channel) / 2.0)));
        Position { kind, offset }
    }

    /// The other end of a range: the second channel, the start of a stack, a property, or zero.
    pub fn second(&self, channel: Channel, default: Default_) -> Position<'a> {
        if let Some(position) = self.on_map(channel) {
            return position;
        }
        let main = channel.main();
        let has_own = self.def(channel).is_some() || self.fixed_offset(channel) != 0.0;
        let (offset, _) = if has_own {
            (Offset::Fixed(self.fixed_offset(channel)), false)
        } else {
            self.offset(main, 0.5)
        };
        if let (Some(stack), Some(def)) = (&self.unit.stack, self.def(main))
            && stack.channel == main
        {
            let field = Field::of(self.table, &suffixed(def, "start"));
            return Position {
                kind: Kind::Field {
                    field,
                    scale: self.scale(main),
                    band: 0.0,
                    invalid: None,
                },
                offset,
            };
        }
        let kind = self.kind(channel, None, false);
        let place = || {
            self.own_place(channel)
                .unwrap_or_else(|| self.zero_or(channel, default == Default_::ZeroOrMax))
        };
        Position {
            kind: kind.unwrap_or_else(|| Kind::Fixed(place())),
            offset,
        }
    }

    /// The end of a bin or time unit: `share` 0 is its start.
    pub fn unit_edge(&self, channel: Channel, def: &'a ChannelDef, share: f64) -> Option<Position<'a>> {
        let scale = self.scale(channel)?;
        let start = Field::of(self.table, &column_name(def));
        let end = Field::of(self.table, &suffixed(def, "end"));
        let invalid = self.invalid_place(channel, scale);
        Some(Position {
            kind: Kind::Between {
                start,
                end,
                share,
                scale,
                invalid,
            },
            offset: Offset::Fixed(0.0),
        })
    }

    /// A column through a channel's scale.
    pub fn unit_column(&self, channel: Channel, column: &str) -> Option<Position<'a>> {
        let field = Field::of(self.table, column);
        let scale = Some(self.scale(channel)?);
        Some(Position {
            kind: Kind::Field {
                field,
                scale,
                band: 0.0,
                invalid: None,
            },
            offset: Offset::Fixed(0.0),
        })
    }

    /// A channel's own value without offsets.
    pub fn plain(&self, channel: Channel) -> Option<Position<'a>> {
        Some(Position {
            kind: self.kind(channel, None, false)?,
            offset: Offset::Fixed(0.0),
        })
    }

    fn invalid_place(&self, channel: Channel, scale: &Scale) -> Option<f64> {
        if scale.kind.is_discrete()
            || self.unit.mark.is_path() && self.unit.invalid().0 != crate::spec::InvalidMode::Show
        {
            return None;
        }
        match self.shown_invalid(channel.main())? {
            Value::Null => Some(self.zero_or(channel, false)),
            value => Some(value.number()),
        }
    }

    fn kind(&self, channel: Channel, band: Option<f64>, sized: bool) -> Option<Kind<'a>> {
        let def = self.def(channel)?;
        let main = channel.main();
        let scale = if def.scale == Some(None) {
            None
        } else {
            self.scale(main)
        };
        if let Some(value) = &def.value {
            return Some(Kind::Fixed(match value {
                Value::Text(t) if &**t == "width" => self.width,
                Value::Text(t) if &**t == "height" => self.height,
                other => other.number(),
            }));
        }
        if let Some(tree) = &def.computed {
            return Some(Kind::Computed {
                tree,
                table: self.table,
                known: self.known,
            });
        }
        if let Some(datum) = &def.datum {
            let scale = scale?;
            let share = band.or(def.band_position).unwrap_or(0.5);
            let band = if scale.kind == crate::spec::ScaleKind::Band {
                share
            } else {
                0.0
            };
            return Some(Kind::Fixed(scale.number(datum) + band * scale.bandwidth));
        }
        if !def.is_field() {
            return None;
        }
        let invalid = scale.and_then(|s| self.invalid_place(channel, s));
        if let Some(stack) = &self.unit.stack
            && stack.channel == channel
        {
            let polar_text = self.unit.mark == MarkKind::Text && channel.is_polar();
            let share = def.band_position.or(polar_text.then_some(0.5));
            let end = Field::of(self.table, &suffixed(def, "end"));
            if let (Some(share), Some(scale)) = (share, scale) {
                let start = Field::of(self.table, &suffixed(def, "start"));
                return Some(Kind::Between {
                    start,
                    end,
                    share,
                    scale,
                    invalid: None,
                });
            }
            return Some(Kind::Field {
                field: end,
                scale,
                band: 0.0,
                invalid,
            });
        }
        let second = channel.secondary().and_then(|c| self.def(c)).filter(|d| d.is_field());
        let has_end = channel.secondary().is_some_and(|c| self.def(c).is_some());
        let share = band.or_else(|| self.unit.band_position(def, has_end));
        let timed = def.time_unit.is_some() && def.kind() == FieldKind::Temporal;
        let discrete = scale.is_some_and(|s| s.kind.is_discrete());
        if def.is_binning() || (share.is_some_and(|s| s != 0.0) && timed) {
            if self.unit.stack.as_ref().is_some_and(|s| s.impute) && def.is_binning() {
                let field = Field::of(self.table, &suffixed(def, "mid"));
                return Some(Kind::Field {
                    field,
                    scale,
                    band: 0.0,
                    invalid,
                });
            }
            if let (Some(share), Some(scale), false) = (share.filter(|s| *s != 0.0), scale, discrete) {
                let start = Field::of(self.table, &column_name(def));
                let end = Field::of(self.table, &suffixed(def, "end"));
                return Some(Kind::Between {
                    start,
                    end,
                    share,
                    scale,
                    invalid,
                });
            }
        } else if def.is_binned()
            && let (Some(second), Some(scale)) = (second, scale)
        {
            let start = Field::of(self.table, &column_name(def));
            let end = Field::of(self.table, &column_name(second));
            return Some(Kind::Between {
                start,
                end,
                share: share.unwrap_or(0.5),
                scale,
                invalid,
            });
        }
        let column = if def.is_binning() && discrete && def.kind().is_discrete() {
            suffixed(def, "range")
        } else {
            column_name(def)
        };
        let banded = scale.is_some_and(|s| s.kind == crate::spec::ScaleKind::Band);
        let band = if banded {
            share.unwrap_or(if sized { 0.0 } else { 0.5 })
        } else {
            0.0
        };
        Some(Kind::Field {
            field: Field::of(self.table, &column),
            scale,
            band,
            invalid,
        })
    }
}
