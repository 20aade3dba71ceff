//! The projections of a view, once its size is known.

use super::view::Context;
use crate::data::Field;
use crate::error::ChartError;
use crate::geo::{self, Budget, Geometry, Projection, degrees};
use crate::model::{ProjectionId, Unit, UnitId, column_name};
use crate::spec::Channel;
use crate::value::Value;
use std::cell::RefCell;

/// What the views of a drawing have found out about their maps.
#[derive(Debug)]
pub struct Maps {
    /// The cells of a facet have the same.
    fitted: RefCell<Vec<Fitted>>,
    /// Points that all maps together may still have.
    pub budget: RefCell<Budget>,
}

/// A projection scaled to a view of some width and height in px.
#[derive(Debug)]
struct Fitted {
    id: ProjectionId,
    size: (f64, f64),
    projection: Projection,
}

impl Default for Maps {
    fn default() -> Maps {
        Maps {
            fitted: RefCell::new(Vec::new()),
            budget: RefCell::new(Budget::DRAWING),
        }
    }
}

/// The projections that units of a view use.
#[derive(Clone, Debug, Default)]
pub struct ProjectionSet {
    projections: Vec<(ProjectionId, Projection)>,
}

impl ProjectionSet {
    /// Scales each to the shapes and places of its units, in all cells of a facet; `size` in px.
    pub fn of_view(context: &Context, units: &[UnitId], size: (f64, f64)) -> Result<ProjectionSet, ChartError> {
        let mut out = ProjectionSet::default();
        if !geo::BUILT_IN {
            return Ok(out);
        }
        for id in units.iter().filter_map(|id| context.model.units.get(*id)?.projection) {
            if out.projections.iter().all(|(known, _)| *known != id) {
                out.projections.push((id, projection(context, id, size)?));
            }
        }
        Ok(out)
    }

    pub fn of(&self, unit: &Unit) -> Option<&Projection> {
        let wanted = unit.projection?;
        self.projections.iter().find(|(id, _)| *id == wanted).map(|(_, p)| p)
    }
}

fn projection(context: &Context, id: ProjectionId, size: (f64, f64)) -> Result<Projection, ChartError> {
    let Some(model) = context.model.projections.get(id) else {
        return Err(ChartError::Data("a map has no projection".into()));
    };
    let settings = model.def.settings();
    if !model.def.fits() {
        let translate = model.def.translate.unwrap_or((size.0 / 2.0, size.1 / 2.0));
        return Ok(Projection::new(&settings, model.def.scale, Some(translate)));
    }
    let mut fitted = context.maps.fitted.borrow_mut();
    if let Some(known) = fitted.iter().find(|f| (f.id, f.size) == (id, size)) {
        return Ok(known.projection.clone());
    }
    let members = model.units.iter().filter_map(|id| context.model.units.get(*id));
    let shapes: Vec<Geometry> = members.flat_map(shapes_of).collect();
    let projection = geo::fit(&settings, &shapes, size, &mut context.maps.budget.borrow_mut())?;
    fitted.push(Fitted {
        id,
        size,
        projection: projection.clone(),
    });
    Ok(projection)
}

/// What a unit shows of the sphere: its places, or its shapes.
fn shapes_of(unit: &Unit) -> Vec<Geometry> {
    let table = unit.raw.as_ref().unwrap_or(&unit.table);
    let mut out = Vec::new();
    for (longitude, latitude) in [
        (Channel::Longitude, Channel::Latitude),
        (Channel::Longitude2, Channel::Latitude2),
    ] {
        let angles = |channel: Channel| -> Option<Vec<f64>> {
            let def = unit.encoding.get(channel)?;
            let field = Field::of(table, &column_name(def));
            let fixed: Option<&Value> = def.datum.as_ref().or(def.value.as_ref());
            let cell = |row| degrees(fixed.unwrap_or(&field.cell(row)));
            Some(table.rows.iter().map(cell).collect())
        };
        if let (Some(x), Some(y)) = (angles(longitude), angles(latitude)) {
            let places = x.into_iter().zip(y).filter(|(x, y)| x.is_finite() && y.is_finite());
            out.push(Geometry::Points(places.collect()));
        }
    }
    if let Some(column) = unit.shape_column() {
        let field = Field::of(table, column);
        out.extend(
            table
                .rows
                .iter()
                .filter_map(|row| Geometry::from_value(&field.cell(row))),
        );
    } else if out.is_empty() {
        out.extend(table.rows.iter().filter_map(|row| Geometry::from_row(table, row)));
    }
    out
}
