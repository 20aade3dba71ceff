//! Which scale a channel gets, and its default properties.

use crate::model::Unit;
use crate::spec::Domain;
use crate::spec::{
    BandSize, Channel, ChannelDef, Config, FieldKind, MarkKind, Orient, Scale, ScaleKind, Sort, SortOrder,
};
use crate::value::Value;

/// The type of scale of a channel.
pub fn default_kind(unit: &Unit, channel: Channel, def: &ChannelDef, spec: &Scale) -> ScaleKind {
    let default = by_type(unit, channel, def);
    let Some(kind) = spec.kind else { return default };
    if fits_data(kind, def.kind()) && fits_channel(kind, channel) {
        kind
    } else {
        default
    }
}

/// Whether values of a kind can be put on a scale; Vega-Lite takes its default where not.
fn fits_data(kind: ScaleKind, data: FieldKind) -> bool {
    match data {
        FieldKind::Nominal | FieldKind::Ordinal => kind.is_discrete(),
        FieldKind::GeoJson => false,
        FieldKind::Temporal => kind.is_time(),
        FieldKind::Quantitative => !kind.is_discrete() && !kind.is_time(),
    }
}

fn fits_channel(kind: ScaleKind, channel: Channel) -> bool {
    let banded = matches!(kind, ScaleKind::Band | ScaleKind::Point);
    if channel.is_color() {
        kind != ScaleKind::Band
    } else if matches!(channel, Channel::Shape | Channel::StrokeDash) {
        kind == ScaleKind::Ordinal || kind.is_discretizing()
    } else if channel.is_xy() || channel.is_offset() || channel.is_polar() {
        kind.is_continuous() || banded
    } else {
        kind.is_continuous() || kind.is_discretizing() || banded || kind == ScaleKind::Ordinal
    }
}

fn by_type(unit: &Unit, channel: Channel, def: &ChannelDef) -> ScaleKind {
    let discrete_range = matches!(channel, Channel::Shape | Channel::StrokeDash);
    match def.kind() {
        FieldKind::Nominal | FieldKind::Ordinal => {
            if channel.is_color() || discrete_range {
                return ScaleKind::Ordinal;
            }
            let offset = channel.offset().is_some_and(|c| unit.encoding.data(c).is_some());
            if channel.is_xy() || channel.is_offset() {
                if matches!(
                    unit.mark,
                    MarkKind::Rect | MarkKind::Bar | MarkKind::Image | MarkKind::Rule | MarkKind::Tick
                ) || offset
                {
                    return ScaleKind::Band;
                }
            } else if unit.mark == MarkKind::Arc && channel.is_polar() {
                return ScaleKind::Band;
            }
            let size = match channel {
                Channel::X => unit.style.own.width,
                Channel::Y => unit.style.own.height,
                _ => None,
            };
            let tick_band = def
                .axis
                .as_ref()
                .and_then(|a| a.as_ref())
                .is_some_and(|a| a.tick_band.is_some());
            if matches!(size, Some(BandSize::Band(_))) || tick_band {
                return ScaleKind::Band;
            }
            ScaleKind::Point
        }
        FieldKind::Temporal if discrete_range => ScaleKind::Ordinal,
        FieldKind::Temporal => {
            if !channel.is_color() && def.time_unit.as_ref().is_some_and(|u| u.utc) {
                ScaleKind::Utc
            } else {
                ScaleKind::Time
            }
        }
        // Shapes have no scale.
        FieldKind::GeoJson => ScaleKind::Ordinal,
        FieldKind::Quantitative if channel.is_color() && def.is_binning() => ScaleKind::BinOrdinal,
        FieldKind::Quantitative if discrete_range => ScaleKind::Ordinal,
        FieldKind::Quantitative => ScaleKind::Linear,
    }
}

fn category(kind: ScaleKind) -> u8 {
    match kind {
        ScaleKind::Linear | ScaleKind::Log | ScaleKind::Pow | ScaleKind::Sqrt | ScaleKind::Symlog => 0,
        ScaleKind::Time | ScaleKind::Utc => 1,
        ScaleKind::Band | ScaleKind::Point => 2,
        ScaleKind::Ordinal => 3,
        ScaleKind::BinOrdinal => 4,
        ScaleKind::Quantile | ScaleKind::Quantize | ScaleKind::Threshold => 5,
    }
}

/// Whether two layers can share a scale.
pub fn compatible_kinds(a: ScaleKind, b: ScaleKind) -> bool {
    let (a, b) = (category(a), category(b));
    a == b || (a.min(b) == 1 && a.max(b) == 2)
}

/// Which of two wins when they share.
pub fn stronger_kind(a: ScaleKind, b: ScaleKind) -> ScaleKind {
    let weight = |k| match k {
        ScaleKind::Band => 11,
        ScaleKind::Point => 10,
        ScaleKind::Log | ScaleKind::Pow | ScaleKind::Sqrt | ScaleKind::Symlog => 1,
        _ => 0,
    };
    if weight(b) > weight(a) { b } else { a }
}

/// Whether zero belongs to the domain when nobody says.
pub fn default_zero(
    unit: &Unit,
    channel: Channel,
    def: &ChannelDef,
    kind: ScaleKind,
    spec: &Scale,
    config: &Config,
) -> bool {
    if let Some(Domain::Values(values)) = &spec.domain {
        let ends = (values.first(), values.last());
        return matches!(ends, (Some(Value::Number(a)), Some(Value::Number(b))) if *a <= 0.0 && *b >= 0.0);
    }
    if matches!(spec.domain, Some(Domain::UnionWith(_))) {
        return false;
    }
    if channel == Channel::Size && def.kind() == FieldKind::Quantitative && !kind.is_discretizing() {
        return true;
    }
    let binned = def.is_field() && (def.is_binning() || def.is_binned());
    if binned || !(channel.is_xy() || channel.is_polar()) {
        return false;
    }
    let across = match unit.orient {
        Some(Orient::Horizontal) => channel == Channel::Y,
        Some(Orient::Vertical) => channel == Channel::X,
        None => false,
    };
    if across
        && matches!(
            unit.mark,
            MarkKind::Bar | MarkKind::Area | MarkKind::Line | MarkKind::Trail
        )
    {
        return false;
    }
    let ranged = channel.secondary().is_some_and(|c| unit.encoding.get(c).is_some());
    if matches!(unit.mark, MarkKind::Bar | MarkKind::Area) && !ranged {
        return true;
    }
    config.scale.zero.unwrap_or(true)
}

/// Room in px at the ends of a continuous scale.
pub fn default_padding(
    unit: &Unit,
    channel: Channel,
    def: &ChannelDef,
    kind: ScaleKind,
    config: &Config,
) -> Option<f64> {
    if !channel.is_xy() {
        return None;
    }
    if kind.is_continuous() {
        if config.scale.continuous_padding.is_some() {
            return config.scale.continuous_padding;
        }
        let grouped = def.is_field() && (def.is_binning() || def.is_binned() || def.time_unit.is_some());
        let across = matches!(
            (unit.orient, channel),
            (Some(Orient::Vertical), Channel::X) | (Some(Orient::Horizontal), Channel::Y)
        );
        if unit.mark == MarkKind::Bar && !grouped && across {
            return config
                .mark(MarkKind::Bar)
                .and_then(|m| m.continuous_band_size)
                .or(Some(5.0));
        }
    }
    if kind == ScaleKind::Point {
        Some(config.scale.point_padding.unwrap_or(0.5))
    } else {
        None
    }
}

/// Gaps between bands and at their ends, as shares of the step.
pub fn default_band_padding(
    unit: &Unit,
    channel: Channel,
    kind: ScaleKind,
    spec: &Scale,
    config: &Config,
) -> (f64, f64) {
    let s = &config.scale;
    let nested = channel.offset().is_some_and(|c| unit.encoding.data(c).is_some());
    if kind == ScaleKind::Point {
        let outer = if channel.is_offset() {
            0.5
        } else if channel.is_xy() {
            s.point_padding.unwrap_or(0.5)
        } else {
            0.0
        };
        return (1.0, spec.padding_outer.or(spec.padding).unwrap_or(outer));
    }
    let mut inner = 0.0;
    let mut outer = 0.0;
    if spec.padding.is_none() {
        if channel.is_xy() {
            if nested {
                inner = s.band_with_nested_offset_padding_inner.unwrap_or(0.2);
                outer = s.band_with_nested_offset_padding_outer.unwrap_or(0.2);
            } else {
                let by_mark = match unit.mark {
                    MarkKind::Bar => s.bar_band_padding_inner.unwrap_or(0.1),
                    MarkKind::Tick => s.tick_band_padding_inner.unwrap_or(0.25),
                    _ => s.rect_band_padding_inner.unwrap_or(0.0),
                };
                inner = s.band_padding_inner.unwrap_or(by_mark);
                outer = s
                    .band_padding_outer
                    .unwrap_or(spec.padding_inner.unwrap_or(inner) / 2.0);
            }
        } else if channel.is_offset() {
            inner = s.offset_band_padding_inner.unwrap_or(0.0);
            outer = s.offset_band_padding_outer.unwrap_or(0.0);
        }
    }
    let given = spec.padding;
    (
        spec.padding_inner.or(given).unwrap_or(inner),
        spec.padding_outer.or(given).unwrap_or(outer),
    )
}

/// A continuous scale runs backwards for `sort: descending`.
pub fn default_reverse(channel: Channel, def: &ChannelDef, kind: ScaleKind, config: &Config) -> bool {
    let descending = !kind.is_discrete() && def.is_field() && def.sort == Some(Sort::Order(SortOrder::Descending));
    match config.scale.x_reverse {
        Some(reverse) if channel == Channel::X => reverse != descending,
        _ => descending,
    }
}
