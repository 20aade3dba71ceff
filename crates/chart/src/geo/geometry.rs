//! GeoJSON geometries out of cells of data.

use crate::data::{Row, Table};
use crate::value::Value;

/// Longitude and latitude in degrees.
pub type Position = (f64, f64);

/// A shape on the sphere. Rings are not closed: their first position is not repeated at their end.
#[derive(Clone, Debug, PartialEq)]
pub enum Geometry {
    /// The whole globe.
    Sphere,
    Points(Vec<Position>),
    Lines(Vec<Vec<Position>>),
    /// Each an outer ring, clockwise as seen from above, with its holes.
    Polygons(Vec<Vec<Vec<Position>>>),
    Collection(Vec<Geometry>),
}

/// Collections inside collections; deeper ones are left out.
const MAX_DEPTH: usize = 16;

impl Geometry {
    /// Reads a feature, a collection of features or a geometry; `None` for what is neither.
    pub fn from_value(value: &Value) -> Option<Geometry> {
        read(&|name| value.member(name), MAX_DEPTH)
    }

    /// The same of a whole row, whose columns are the members.
    pub fn from_row(table: &Table, row: &Row) -> Option<Geometry> {
        let member = |name: &str| table.column(name).map_or(Value::Missing, |at| row.get(at).clone());
        read(&member, MAX_DEPTH)
    }
}

fn read(member: &dyn Fn(&str) -> Value, depth: usize) -> Option<Geometry> {
    let depth = depth.checked_sub(1)?;
    let Value::Text(kind) = member("type") else { return None };
    let inner = |value: &Value| read(&|name| value.member(name), depth);
    let coordinates = member("coordinates");
    Some(match &*kind {
        "Feature" => return inner(&member("geometry")),
        "FeatureCollection" => Geometry::Collection(items(&member("features"), inner)),
        "GeometryCollection" => Geometry::Collection(items(&member("geometries"), inner)),
        "Sphere" => Geometry::Sphere,
        "Point" => Geometry::Points(vec![position(&coordinates)?]),
        "MultiPoint" => Geometry::Points(items(&coordinates, position)),
        "LineString" => Geometry::Lines(vec![items(&coordinates, position)]),
        "MultiLineString" => Geometry::Lines(items(&coordinates, |line| Some(items(line, position)))),
        "Polygon" => Geometry::Polygons(vec![items(&coordinates, ring)]),
        "MultiPolygon" => Geometry::Polygons(items(&coordinates, |polygon| Some(items(polygon, ring)))),
        _ => return None,
    })
}

fn items<T>(value: &Value, read: impl Fn(&Value) -> Option<T>) -> Vec<T> {
    match value {
        Value::List(list) => list.iter().filter_map(read).collect(),
        Value::Missing | Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Object(_) => {
            Vec::new()
        }
    }
}

fn position(value: &Value) -> Option<Position> {
    let Value::List(numbers) = value else { return None };
    let (x, y) = (numbers.first()?.number(), numbers.get(1)?.number());
    (x.is_finite() && y.is_finite()).then_some((x, y))
}

fn ring(value: &Value) -> Option<Vec<Position>> {
    let mut ring = items(value, position);
    if ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    Some(ring)
}

/// An angle out of a cell; nothing and empty text are no angle.
pub fn degrees(value: &Value) -> f64 {
    match value {
        Value::Text(text) if text.trim().is_empty() => f64::NAN,
        Value::Missing | Value::Null => f64::NAN,
        Value::Text(_) | Value::Number(_) | Value::Bool(_) | Value::List(_) | Value::Object(_) => value.number(),
    }
}
