//! Shapes of a map.

use super::encoder::Encoder;
use super::style::Painter;
use crate::data::Field;
use crate::error::ChartError;
use crate::geo::{Geometry, Outline};
use crate::scene::{HitPoint, Item, Mark, MarkType, Shape};

pub fn draw(encoder: &Encoder, hits: &mut Vec<HitPoint>) -> Result<Vec<Mark>, ChartError> {
    if !crate::geo::BUILT_IN {
        return Ok(Vec::new());
    }
    let unit = encoder.unit;
    let painter = Painter::new(encoder);
    let labels = encoder.labels();
    let column = unit.shape_column().map(|name| Field::of(encoder.table, name));
    let mut budget = encoder.map_points.borrow_mut();
    let mut items = Vec::new();
    for row in &encoder.table.rows {
        let shape = match &column {
            Some(field) => Geometry::from_value(&field.cell(row)),
            None => Geometry::from_row(encoder.table, row),
        };
        let (Some(shape), Some(projection)) = (shape, encoder.projection) else {
            continue;
        };
        let outline = Outline::of(&shape, projection, &mut budget)?;
        if outline.path.is_empty() {
            continue;
        }
        let bounds = outline.bounds;
        let main = if outline.main.is_empty() { bounds } else { outline.main };
        hits.push(HitPoint {
            row: row.source,
            x_px: (main.x1 + main.x2) / 2.0,
            y_px: (main.y1 + main.y2) / 2.0,
            mark: encoder.mark_index,
        });
        let drawn = Shape::Placed {
            x: 0.0,
            y: 0.0,
            d: outline.path.d.into(),
            bounds,
        };
        let mut item = Item::new(drawn, painter.get(encoder, row)?);
        item.label = Some(labels.of(row)).filter(|label| !label.is_empty());
        item.row = Some(row.source);
        items.push(item);
    }
    let clip = unit.style.get(|m| m.clip).unwrap_or(false);
    Ok(vec![Mark::Items {
        kind: MarkType::Shape,
        role: "mark",
        name: unit.name.clone(),
        items,
        clip,
        description: "geoshape",
    }])
}
