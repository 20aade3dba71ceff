//! What is known to come out otherwise than in Vega, and is therefore refused by name.

use super::unit::Unit;
use crate::error::Problem;
use crate::spec::{Channel, MarkKind, Orient, Scale, ScaleKind};

/// Properties of a scale that have no such effect here as they have in Vega.
pub fn scale_limits(unit: &Unit, channel: Channel, kind: ScaleKind, spec: &Scale) -> Vec<Problem> {
    let position = channel.is_xy() || channel.is_offset();
    let unknown_mix = spec.scheme.as_ref().is_some_and(|s| {
        channel.is_color()
            && kind.is_continuous()
            && matches!(crate::colour::scheme(&s.name), Some(crate::colour::Scheme::Discrete(_)))
    });
    [
        ("domainMid", spec.domain_mid.is_some() && !channel.is_color()),
        (
            "padding",
            spec.padding.is_some() && !position || kind == ScaleKind::Band && spec.padding.is_some_and(|p| p > 1.0),
        ),
        ("rangeMin", spec.range_min.is_some() && position && kind.is_discrete()),
        ("rangeMax", spec.range_max.is_some() && position && kind.is_discrete()),
        ("round", spec.round == Some(true)),
        ("scheme", unknown_mix),
    ]
    .into_iter()
    .filter(|(_, wrong)| *wrong)
    .map(|(name, _)| Problem {
        path: format!("{}.encoding.{}.scale.{name}", unit.path, channel.name()),
        reason: "not supported with this scale".into(),
    })
    .collect()
}

/// The same of mark properties.
pub fn mark_limits(unit: &Unit) -> Vec<Problem> {
    let own = &unit.style.own;
    let has = |c: Channel| unit.encoding.get(c).is_some();
    let lengthwise = matches!(unit.mark, MarkKind::Bar | MarkKind::Area);
    let horizontal = unit.orient == Some(Orient::Horizontal);
    let stacked = |c: Channel| unit.stack.as_ref().is_some_and(|s| s.channel == c);
    let measure = |c: Channel| {
        unit.encoding
            .data(c)
            .is_some_and(|d| d.kind() == crate::spec::FieldKind::Quantitative && !d.is_binning() && !d.is_binned())
    };
    // A bar that stands across the measure it shows.
    let across = unit.mark == MarkKind::Bar
        && (has(Channel::X) && has(Channel::Y))
        && measure(Channel::X) != measure(Channel::Y)
        && !(has(Channel::X2) || has(Channel::Y2))
        && unit.orient
            == Some(if measure(Channel::X) {
                Orient::Vertical
            } else {
                Orient::Horizontal
            });
    [
        ("align", unit.mark.is_rect_based() && own.align.is_some()),
        ("orient", across && unit.style.get(|m| m.orient).is_some()),
        (
            "x2Offset",
            lengthwise && horizontal && own.x2_offset.is_some() && !has(Channel::X2),
        ),
        (
            "y2Offset",
            lengthwise && !horizontal && own.y2_offset.is_some() && !has(Channel::Y2),
        ),
        (
            "xOffset",
            lengthwise && horizontal && own.x_offset.is_some() && !has(Channel::X2) && !stacked(Channel::X),
        ),
        (
            "yOffset",
            lengthwise && !horizontal && own.y_offset.is_some() && !has(Channel::Y2) && !stacked(Channel::Y),
        ),
    ]
    .into_iter()
    .filter(|(_, wrong)| *wrong)
    .map(|(name, _)| Problem {
        path: format!("{}.mark.{name}", unit.path),
        reason: "not supported with this mark".into(),
    })
    .collect()
}
