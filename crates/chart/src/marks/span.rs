//! From where to where a rectangle-like mark reaches along a channel.

use super::encoder::{Channelled, Encoder};
use super::position::{Default_, Position};
use crate::data::Row;
use crate::error::ChartError;
use crate::model::{column_name, suffixed};
use crate::spec::{BandSize, Channel, ChannelDef, MarkKind, Orient, ScaleKind};

/// A span ready to be read.
#[expect(
    clippy::large_enum_variant,
    reason = "few of them exist at a time; a box would cost every reader a step"
)]
pub enum Span<'a> {
    /// Two positions.
    Ends(Position<'a>, Position<'a>),
    /// A position and a size; the position is the centre, the start or the end.
    Sized {
        at: Position<'a>,
        size: Size<'a>,
        align: f64,
    },
    /// Edges of a bin with the gap between neighbours; narrower ones than `least` are widened.
    Bin {
        low: Position<'a>,
        high: Position<'a>,
        low_gap: f64,
        high_gap: f64,
        least: f64,
        width: (Position<'a>, Position<'a>),
    },
}

pub enum Size<'a> {
    Fixed(f64),
    Channel(Channelled<'a>, f64),
}

impl Span<'_> {
    /// Both ends as they come.
    pub fn ends(&self, encoder: &Encoder, row: &Row) -> Result<(f64, f64), ChartError> {
        Ok(match self {
            Span::Ends(a, b) => (a.get(row), b.get(row)),
            Span::Sized { at, size, align } => {
                let length = match size {
                    Size::Fixed(n) => *n,
                    Size::Channel(channel, default) => channel.get(encoder, row)?.map_or(*default, |v| v.number()),
                };
                let at = at.get(row);
                (at - align * length, at + (1.0 - align) * length)
            }
            Span::Bin {
                low,
                high,
                low_gap,
                high_gap,
                least,
                width,
            } => {
                let wide = (width.1.get(row) - width.0.get(row)).abs();
                let widen = |gap: f64, sign: f64| {
                    if wide < *least {
                        sign * 0.5 * (least - wide)
                    } else {
                        gap
                    }
                };
                // The mark grows on both sides when it would be too thin.
                let backwards = high.get(row) < low.get(row);
                let sign = if backwards { 1.0 } else { -1.0 };
                (
                    low.get(row) + 0.5 + widen(*low_gap, sign),
                    high.get(row) + 0.5 + widen(*high_gap, -sign),
                )
            }
        })
    }
}

impl<'a> Encoder<'a> {
    pub fn span(&self, channel: Channel) -> Span<'a> {
        let unit = self.unit;
        let def = self.def(channel);
        let second = channel.secondary().and_then(|c| self.def(c));
        let scale = self.scale(channel);
        let discrete = scale.is_some_and(|s| s.kind.is_discrete());
        let size_prop = unit.style.get(|m| match channel {
            Channel::X => m.width,
            Channel::Y => m.height,
            _ => None,
        });
        let fixed_size = matches!(size_prop, Some(BandSize::Px(_)))
            || unit.style.get(|m| m.size).is_some()
            || self.def(Channel::Size).is_some();
        let bar = match unit.mark {
            MarkKind::Bar => matches!(
                (channel, unit.orient),
                (Channel::X, Some(Orient::Vertical)) | (Channel::Y, Some(Orient::Horizontal))
            ),
            MarkKind::Tick => matches!(
                (channel, unit.orient),
                (Channel::Y, Some(Orient::Vertical)) | (Channel::X, Some(Orient::Horizontal))
            ),
            _ => false,
        };
        let offset = channel.offset().is_some_and(|c| self.def(c).is_some());
        if let Some(def) = def.filter(|d| d.is_field())
            && (def.is_binning() || def.is_binned() || (def.time_unit.is_some() && second.is_none()))
            && !fixed_size
            && !offset
            && !discrete
            && let Some(span) = self.bin_span(channel, def, second)
        {
            return span;
        }
        if ((def.is_some_and(ChannelDef::is_data) && discrete) || bar) && second.is_none() {
            return self.sized_span(channel, def);
        }
        let other = channel.secondary().unwrap_or(channel);
        let at = self.point(channel, Some(Default_::ZeroOrMax));
        let has_end = self.def(other).is_some()
            || self.own_place(other).is_some()
            || unit.stack.as_ref().is_some_and(|s| s.channel == channel);
        if let (Some(BandSize::Px(size)), false, Some(at)) = (size_prop, has_end, at) {
            return Span::Sized {
                at,
                size: Size::Fixed(size),
                align: 0.5,
            };
        }
        let start = self.point(channel, Some(Default_::ZeroOrMax));
        let end = self.second(other, Default_::ZeroOrMin);
        match start {
            Some(start) => Span::Ends(start, end),
            None => Span::Ends(self.second(other, Default_::ZeroOrMin), end),
        }
    }

    fn bin_span(&self, channel: Channel, def: &'a ChannelDef, second: Option<&'a ChannelDef>) -> Option<Span<'a>> {
        let unit = self.unit;
        let spacing = if channel.is_xy() {
            unit.style.get(|m| m.bin_spacing).unwrap_or(0.0)
        } else {
            0.0
        };
        let least = unit.style.config(|m| m.min_band_size).unwrap_or(0.0);
        let reverse = self.scale(channel).is_some_and(|s| s.reverse);
        let sign = if reverse { -1.0 } else { 1.0 };
        // Left and top edges move inwards by half the gap; y grows downwards.
        let gap = if channel == Channel::X {
            spacing / 2.0
        } else {
            -spacing / 2.0
        } * sign;
        if def.is_binned() && !(def.time_unit.is_some() && second.is_none()) {
            let low = self
                .plain(channel)
                .map(|_| ())
                .and(self.unit_column(channel, &column_name(def)))?;
            let end = match second.filter(|d| d.is_field()) {
                Some(second) => self.unit_column(channel, &column_name(second))?,
                None => return self.stepped_span(channel, def, gap, least),
            };
            let width = (
                self.unit_column(channel, &column_name(def))?,
                self.unit_column(channel, &column_name(second?))?,
            );
            return Some(Span::Bin {
                low,
                high: end,
                low_gap: gap,
                high_gap: -gap,
                least: 0.0,
                width,
            });
        }
        let band = match unit.style.get(|m| match channel {
            Channel::X => m.width,
            Channel::Y => m.height,
            _ => None,
        }) {
            Some(BandSize::Band(band)) => band,
            _ if def.time_unit.is_some() => unit.style.get(|m| m.time_unit_band_size).unwrap_or(1.0),
            _ => 1.0,
        };
        let share = (1.0 - band) / 2.0;
        let position = unit.band_position(def, second.is_some()).unwrap_or(0.5);
        let shift = if def.time_unit.is_some() { position - 0.5 } else { 0.0 };
        let edge = |share: f64| self.unit_edge(channel, def, share);
        if !channel.is_xy() {
            return Some(Span::Ends(edge(share + shift)?, edge(1.0 - share + shift)?));
        }
        let width = (edge(0.0)?, edge(1.0)?);
        let own = &unit.style.own;
        let (first, other) = if channel == Channel::X {
            (own.x_offset, own.x2_offset)
        } else {
            (own.y_offset, own.y2_offset)
        };
        let (end_shift, start_shift) = (first.unwrap_or(0.0), other.or(first).unwrap_or(0.0));
        let (low, high) = (edge(share + shift)?, edge(1.0 - share + shift)?);
        Some(Span::Bin {
            low,
            high,
            low_gap: gap + start_shift,
            high_gap: end_shift - gap,
            least,
            width,
        })
    }

    /// Binned data whose step is known but not its ends.
    fn stepped_span(&self, channel: Channel, def: &'a ChannelDef, gap: f64, least: f64) -> Option<Span<'a>> {
        let end = suffixed(def, "end");
        self.table.column(&end)?;
        let width = (
            self.unit_column(channel, &column_name(def))?,
            self.unit_column(channel, &end)?,
        );
        let (low, high) = (
            self.unit_column(channel, &column_name(def))?,
            self.unit_column(channel, &end)?,
        );
        Some(Span::Bin {
            low,
            high,
            low_gap: gap,
            high_gap: -gap,
            least,
            width,
        })
    }

    /// The band's size, in px or as a share.
    fn band_size(&self, channel: Channel, def: Option<&ChannelDef>, use_size: bool) -> Option<BandSize> {
        let unit = self.unit;
        let own = unit.style.get(|m| {
            let length = match channel {
                Channel::X => m.width,
                Channel::Y => m.height,
                _ => None,
            };
            length.or(if use_size { m.size.map(BandSize::Px) } else { None })
        });
        if own.is_some() {
            return own;
        }
        let scale = self.scale(channel).or_else(|| self.scale(channel.offset()?));
        if let Some(def) = def.filter(|d| d.is_field()) {
            let second = channel.secondary().and_then(|c| self.def(c));
            if def.time_unit.is_some() && second.is_none() {
                return Some(BandSize::Band(unit.style.get(|m| m.time_unit_band_size).unwrap_or(1.0)));
            }
            if def.is_binning() && !scale.is_some_and(|s| s.kind.is_discrete()) {
                return Some(BandSize::Band(1.0));
            }
        }
        match scale {
            Some(scale) if scale.kind.is_discrete() => Some(
                unit.style
                    .config(|m| m.discrete_band_size)
                    .unwrap_or(BandSize::Band(1.0)),
            ),
            Some(_) => unit.style.config(|m| m.continuous_band_size).map(BandSize::Px),
            None => unit.style.config(|m| m.discrete_band_size),
        }
    }

    fn sized_span(&self, channel: Channel, def: Option<&'a ChannelDef>) -> Span<'a> {
        let unit = self.unit;
        let use_size = unit.mark == MarkKind::Tick
            || matches!(
                (channel, unit.orient),
                (Channel::X, Some(Orient::Vertical)) | (Channel::Y, Some(Orient::Horizontal))
            );
        let size_channel = if use_size { self.channel(Channel::Size) } else { None };
        let own_size = if use_size { unit.style.own.size } else { None };
        let band = self.band_size(channel, def, use_size);
        let offset_scale = channel.offset().and_then(|c| self.scale(c));
        let scale = self.scale(channel);
        let any = scale.or(offset_scale);
        let default = self.default_size(channel, offset_scale.or(scale), band, def.is_some());
        let explicit = size_channel.is_some() || own_size.is_some();
        let size = match size_channel {
            Some(size) => Size::Channel(size, own_size.unwrap_or(default)),
            None => Size::Fixed(own_size.unwrap_or(default)),
        };
        let relative = matches!(band, Some(BandSize::Band(_)));
        let top = any.is_some_and(|s| s.kind == ScaleKind::Band) && relative && !explicit;
        let share = match band {
            Some(BandSize::Band(band)) if top => (1.0 - band) / 2.0,
            _ => 0.0,
        };
        let second = channel.secondary().and_then(|c| self.def(c));
        let (at, align) = if top {
            (self.anchored(channel, Some(share), 0.0), 0.0)
        } else {
            let timed = def.filter(|d| d.is_field() && d.time_unit.is_some() && second.is_none());
            let band = timed.and_then(|d| unit.band_position(d, false)).unwrap_or(0.5);
            (self.anchored(channel, Some(band), 0.5), 0.5)
        };
        Span::Sized { at, size, align }
    }

    fn default_size(
        &self,
        channel: Channel,
        scale: Option<&crate::scales::Scale>,
        band: Option<BandSize>,
        has_def: bool,
    ) -> f64 {
        let horizontal = channel == Channel::X;
        let length = self.length(channel);
        match band {
            Some(BandSize::Band(band)) => match scale {
                Some(scale) if scale.kind == ScaleKind::Band => {
                    let least = self.unit.style.config(|m| m.min_band_size).unwrap_or(0.0);
                    return (band * scale.bandwidth).max(least);
                }
                Some(_) => {}
                None => return band * length,
            },
            Some(BandSize::Px(px)) if px != 0.0 => return px,
            _ => {}
        }
        if let Some(step) = scale.and_then(|s| s.asked_step) {
            return step - 2.0;
        }
        let s = &self.config.scale;
        if !has_def {
            let by_mark = match self.unit.mark {
                MarkKind::Tick => s.tick_band_padding_inner.unwrap_or(0.25),
                MarkKind::Bar => s.bar_band_padding_inner.unwrap_or(0.1),
                _ => s.rect_band_padding_inner.unwrap_or(0.0),
            };
            return (1.0 - s.band_padding_inner.unwrap_or(by_mark)) * length;
        }
        let view = &self.config.view;
        let discrete = if horizontal {
            &view.discrete_width
        } else {
            &view.discrete_height
        };
        match discrete {
            Some(crate::spec::Size::Step(step, _)) => step - 2.0,
            _ => view.step.unwrap_or(20.0) - 2.0,
        }
    }
}
