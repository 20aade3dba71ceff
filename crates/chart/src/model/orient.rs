//! Which way a mark stands.

use crate::spec::{Channel, ChannelDef, Encoding, FieldKind, MarkKind, Orient};

/// The orientation of a mark, from its channels; `specified` decides what they leave open.
pub fn orient_of(mark: MarkKind, encoding: &Encoding, specified: Option<Orient>) -> Option<Orient> {
    use Orient::{Horizontal, Vertical};
    if mark.is_symbol() || matches!(mark, MarkKind::Rect | MarkKind::Image) {
        return None;
    }
    let (x, y) = (encoding.get(Channel::X), encoding.get(Channel::Y));
    let (x2, y2) = (encoding.get(Channel::X2).is_some(), encoding.get(Channel::Y2).is_some());
    let field = |d: Option<&ChannelDef>| d.is_some_and(ChannelDef::is_field);
    let binned = |d: Option<&ChannelDef>| d.is_some_and(|d| d.is_field() && d.is_binned());
    let aggregated = |d: Option<&ChannelDef>| d.is_some_and(|d| d.aggregate.is_some());
    let measure = |d: Option<&ChannelDef>| {
        d.is_some_and(|d| {
            d.is_data()
                && d.kind() == FieldKind::Quantitative
                && !d.is_binning()
                && (!d.is_binned() || d.datum.is_some())
        })
    };
    let numeric = |d: Option<&ChannelDef>| {
        d.is_some_and(|d| d.kind == Some(FieldKind::Quantitative) && d.is_data() && !d.is_binning())
    };
    if matches!(mark, MarkKind::Text | MarkKind::Bar) {
        if field(x) && (binned(x) || (field(y) && aggregated(y) && !aggregated(x))) {
            return Some(Vertical);
        }
        if field(y) && (binned(y) || (field(x) && aggregated(x) && !aggregated(y))) {
            return Some(Horizontal);
        }
        if x2 || y2 {
            if specified.is_some() {
                return specified;
            }
            if !x2 {
                if numeric(x) && binned(y) {
                    return Some(Horizontal);
                }
                return Some(Vertical);
            }
            if !y2 {
                if numeric(y) && binned(x) {
                    return Some(Vertical);
                }
                return Some(Horizontal);
            }
        }
    }
    if matches!(mark, MarkKind::Text | MarkKind::Bar | MarkKind::Rule) && x2 && !binned(x) && y2 && !binned(y) {
        return None;
    }
    if matches!(mark, MarkKind::Text | MarkKind::Bar | MarkKind::Rule | MarkKind::Area) {
        if y2 {
            return Some(if binned(y) { Horizontal } else { Vertical });
        }
        if x2 {
            return Some(if binned(x) { Vertical } else { Horizontal });
        }
        if mark == MarkKind::Rule {
            if x.is_some() && y.is_none() {
                return Some(Vertical);
            }
            if y.is_some() && x.is_none() {
                return Some(Horizontal);
            }
        }
    }
    if !matches!(
        mark,
        MarkKind::Text | MarkKind::Bar | MarkKind::Rule | MarkKind::Area | MarkKind::Line | MarkKind::Tick
    ) {
        return Some(Vertical);
    }
    let tick = mark == MarkKind::Tick;
    match (measure(x), measure(y)) {
        _ if specified.is_some() => specified,
        (true, false) => Some(if tick { Vertical } else { Horizontal }),
        (false, true) => Some(if tick { Horizontal } else { Vertical }),
        (true, true) => Some(Vertical),
        (false, false) => {
            let temporal = |d: Option<&ChannelDef>| d.is_some_and(|d| d.kind == Some(FieldKind::Temporal));
            match (temporal(x), temporal(y)) {
                (true, false) => Some(Vertical),
                (false, true) => Some(Horizontal),
                _ => None,
            }
        }
    }
}
