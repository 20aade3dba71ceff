//! The projections of a view, once its size is known.

use super::view::Context;
use crate::data::Field;
use crate::error::ChartError;
use crate::geo::{self, Budget, Geometry, Projection, degrees};
use crate::model::{Unit, UnitId, column_name};
use crate::spec::Channel;
use crate::value::Value;

/// The projections that units of a view use, by id.
#[derive(Clone, Debug, Default)]
pub struct ProjectionSet {
    projections: Vec<Option<Projection>>,
}

impl ProjectionSet {
    /// Scales each to the shapes and places of its units, in all cells of a facet; `size` in px.
    pub fn of_view(context: &Context, units: &[UnitId], size: (f64, f64)) -> Result<ProjectionSet, ChartError> {
        let models = &context.model.projections;
        let mut out = ProjectionSet {
            projections: vec![None; models.len()],
        };
        let mut budget = Budget::VIEW;
        let used = units.iter().filter_map(|id| context.model.units.get(*id)?.projection);
        for id in used {
            let (Some(model), Some(slot @ None)) = (models.get(id), out.projections.get_mut(id)) else {
                continue;
            };
            let settings = model.def.settings();
            *slot = Some(if model.def.fits() {
                let members = model.units.iter().filter_map(|id| context.model.units.get(*id));
                let shapes: Vec<Geometry> = members.flat_map(shapes_of).collect();
                geo::fit(&settings, &shapes, size, &mut budget)?
            } else {
                Projection::new(&settings, model.def.scale, model.def.translate)
            });
        }
        Ok(out)
    }

    pub fn of(&self, unit: &Unit) -> Option<&Projection> {
        self.projections.get(unit.projection?)?.as_ref()
    }
}

/// What a unit shows of the sphere: its places, or its shapes.
fn shapes_of(unit: &Unit) -> Vec<Geometry> {
    let table = &unit.raw;
    let mut out = Vec::new();
    for (longitude, latitude) in [
        (Channel::Longitude, Channel::Latitude),
        (Channel::Longitude2, Channel::Latitude2),
    ] {
        let coordinate = |channel: Channel| {
            let def = unit.encoding.get(channel)?;
            let fixed = def.datum.as_ref().or(def.value.as_ref()).cloned();
            Some((fixed, Field::of(table, &column_name(def))))
        };
        let (Some(x), Some(y)) = (coordinate(longitude), coordinate(latitude)) else {
            continue;
        };
        let places = table.rows.iter().filter_map(|row| {
            let number =
                |(fixed, field): &(Option<Value>, Field)| degrees(&fixed.clone().unwrap_or_else(|| field.get(row)));
            let place = (number(&x), number(&y));
            (place.0.is_finite() && place.1.is_finite()).then_some(place)
        });
        out.push(Geometry::Points(places.collect()));
    }
    if let Some(column) = unit.shape_column() {
        let field = Field::of(table, column);
        out.extend(
            table
                .rows
                .iter()
                .filter_map(|row| Geometry::from_value(&field.get(row))),
        );
    } else if out.is_empty() {
        out.extend(table.rows.iter().filter_map(|row| Geometry::from_row(table, row)));
    }
    out
}
