//! Straight lines.

use super::encoder::Encoder;
use super::position::{Default_, Position};
use super::style::Painter;
use crate::error::ChartError;
use crate::scene::{HitPoint, Item, Mark, MarkType, Shape};
use crate::spec::{Channel, Orient};

pub fn draw(encoder: &Encoder, hits: &mut Vec<HitPoint>) -> Result<Vec<Mark>, ChartError> {
    let unit = encoder.unit;
    let mut items = Vec::new();
    if [Channel::X, Channel::Y, Channel::Longitude, Channel::Latitude]
        .into_iter()
        .any(|c| encoder.def(c).is_some())
    {
        let ends =
            |channel: Channel, along: bool, other: Channel, ranged: bool| -> (Option<Position>, Option<Position>) {
                let default = if along { Default_::ZeroOrMax } else { Default_::Mid };
                (
                    encoder.point(channel, Some(default)),
                    ranged.then(|| encoder.second(other, Default_::ZeroOrMin)),
                )
            };
        let (x, x2) = ends(
            Channel::X,
            unit.orient == Some(Orient::Horizontal),
            Channel::X2,
            unit.orient != Some(Orient::Vertical),
        );
        let (y, y2) = ends(
            Channel::Y,
            unit.orient == Some(Orient::Vertical),
            Channel::Y2,
            unit.orient != Some(Orient::Horizontal),
        );
        let labels = encoder.labels();
        let painter = Painter::sized(encoder);
        for row in &encoder.table.rows {
            let at = |p: &Option<Position>, default: f64| p.as_ref().map_or(default, |p| p.get(row));
            let (x1, y1) = (at(&x, 0.0), at(&y, 0.0));
            let (x2, y2) = (at(&x2, x1), at(&y2, y1));
            if ![x1, y1, x2, y2].iter().all(|v| v.is_finite()) {
                continue;
            }
            let mut item = Item::new(
                Shape::Line {
                    x: x1,
                    y: y1,
                    dx: x2 - x1,
                    dy: y2 - y1,
                },
                painter.get(encoder, row)?,
            );
            item.label = Some(labels.of(row));
            item.row = Some(row.source);
            hits.push(HitPoint {
                row: row.source,
                x_px: (x1 + x2) / 2.0,
                y_px: (y1 + y2) / 2.0,
                mark: encoder.mark_index,
            });
            items.push(item);
        }
    }
    let clip = unit.style.get(|m| m.clip).unwrap_or(false);
    Ok(vec![Mark::Items {
        kind: MarkType::Rule,
        role: "mark",
        name: unit.name.clone(),
        items,
        clip,
        description: "rule",
    }])
}
