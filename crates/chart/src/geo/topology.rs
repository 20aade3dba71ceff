//! TopoJSON: shapes that share their borders, taken apart into GeoJSON rows.

use super::budget::{Budget, TooLarge};
use crate::data::{Row, Table};
use crate::value::Value;
use serde_json::Value as Json;
use std::collections::HashMap;
use std::sync::Arc;

/// What of a topology becomes rows.
#[derive(Clone, Debug, PartialEq)]
pub enum TopologyPart {
    /// One row per shape of the named object.
    Feature(Arc<str>),
    /// One row with all borders of the named object, each once.
    Mesh(Arc<str>),
}

/// Geometries inside geometries.
const MAX_DEPTH: usize = 16;

/// Rows of a topology: GeoJSON features with `type`, `id`, `properties` and `geometry`, or one geometry.
///
/// # Errors
/// A sentence when the topology is not valid or too large.
pub fn topology_rows(topology: &Json, part: &TopologyPart) -> Result<Table, String> {
    let (TopologyPart::Feature(name) | TopologyPart::Mesh(name)) = part;
    let object = topology
        .get("objects")
        .and_then(|o| o.get(&**name))
        .ok_or_else(|| format!("the topology has no object `{name}`"))?;
    let mut reader = Topology::read(topology)?;
    let mut table = Table::default();
    match part {
        TopologyPart::Mesh(_) => add(&mut table, reader.mesh(object)?),
        TopologyPart::Feature(_) if kind(object) == "GeometryCollection" => {
            for shape in object.get("geometries").and_then(Json::as_array).into_iter().flatten() {
                add(&mut table, reader.feature(shape)?);
            }
        }
        TopologyPart::Feature(_) => add(&mut table, reader.feature(object)?),
    }
    Ok(table)
}

fn add(table: &mut Table, members: Vec<(&'static str, Value)>) {
    let mut row = Row::new(table.rows.len());
    for (name, value) in members {
        let column = table.ensure(name);
        row.set(column, value);
    }
    table.rows.push(row);
}

fn kind(object: &Json) -> &str {
    object.get("type").and_then(Json::as_str).unwrap_or("")
}

type Members = Vec<(&'static str, Value)>;

struct Topology {
    /// Positions of each arc, in degrees.
    arcs: Vec<Vec<Value>>,
    /// Quantised numbers to degrees: scale and shift.
    transform: Option<[(f64, f64); 2]>,
    budget: Budget,
}

impl Topology {
    fn read(topology: &Json) -> Result<Topology, String> {
        let pair = |json: &Json| Some((json.get(0)?.as_f64()?, json.get(1)?.as_f64()?));
        let transform = match topology.get("transform") {
            None | Some(Json::Null) => None,
            Some(t) => {
                let part = |name: &str| t.get(name).and_then(pair);
                let (scale, shift) = part("scale")
                    .zip(part("translate"))
                    .ok_or("the topology's transform is not valid")?;
                Some([scale, shift])
            }
        };
        let mut out = Topology {
            arcs: Vec::new(),
            transform,
            budget: Budget::TOPOLOGY,
        };
        for arc in topology.get("arcs").and_then(Json::as_array).into_iter().flatten() {
            let mut at = (0.0, 0.0);
            let mut positions = Vec::new();
            for step in arc.as_array().into_iter().flatten() {
                let (x, y) = pair(step).ok_or("an arc of the topology has a position without two numbers")?;
                at = if transform.is_some() {
                    (at.0 + x, at.1 + y)
                } else {
                    (x, y)
                };
                positions.push(out.position(at)?);
            }
            out.arcs.push(positions);
        }
        Ok(out)
    }

    /// A position in degrees; numbers of a transformed topology are whole steps.
    fn position(&mut self, (x, y): (f64, f64)) -> Result<Value, String> {
        self.budget.spend(1).map_err(too_large)?;
        let (x, y) = match self.transform {
            Some([scale, shift]) => (x * scale.0 + shift.0, y * scale.1 + shift.1),
            None => (x, y),
        };
        Ok(list(vec![Value::Number(x), Value::Number(y)]))
    }

    fn feature(&mut self, shape: &Json) -> Result<Members, String> {
        let mut out = vec![("type", Value::text("Feature"))];
        for name in ["id", "bbox"] {
            if let Some(value) = shape.get(name).filter(|v| !v.is_null()) {
                out.push((name, Value::from_json(value)));
            }
        }
        let none = || Value::Object(Arc::new(Vec::new()));
        out.push((
            "properties",
            shape.get("properties").map_or_else(none, Value::from_json),
        ));
        out.push(("geometry", self.geometry(shape, MAX_DEPTH)?));
        Ok(out)
    }

    fn geometry(&mut self, shape: &Json, depth: usize) -> Result<Value, String> {
        let depth = depth.checked_sub(1).ok_or("the topology is nested too deeply")?;
        let kind = kind(shape);
        let none = Json::Null;
        let arcs = shape.get("arcs").unwrap_or(&none);
        let coordinates = shape.get("coordinates").unwrap_or(&none);
        let found = match kind {
            "Point" => self.absolute(coordinates)?,
            "MultiPoint" => self.each(coordinates, Topology::absolute)?,
            "LineString" => self.line(arcs)?,
            "MultiLineString" => self.each(arcs, Topology::line)?,
            "Polygon" => self.each(arcs, Topology::ring)?,
            "MultiPolygon" => self.each(arcs, |this, polygon| this.each(polygon, Topology::ring))?,
            "GeometryCollection" => {
                let inner = shape.get("geometries").unwrap_or(&none);
                let shapes = self.each(inner, |this, shape| this.geometry(shape, depth))?;
                return Ok(object(kind, "geometries", shapes));
            }
            _ => return Ok(Value::Null),
        };
        Ok(object(kind, "coordinates", found))
    }

    fn each(
        &mut self,
        items: &Json,
        mut read: impl FnMut(&mut Topology, &Json) -> Result<Value, String>,
    ) -> Result<Value, String> {
        let items = items.as_array().into_iter().flatten();
        items.map(|item| read(self, item)).collect::<Result<_, _>>().map(list)
    }

    fn absolute(&mut self, json: &Json) -> Result<Value, String> {
        let number = |at: usize| json.get(at).and_then(Json::as_f64);
        let (x, y) = number(0)
            .zip(number(1))
            .ok_or("a point of the topology has no position")?;
        self.position((x, y))
    }

    /// The positions of arcs one after the other; where two meet the position is there once.
    fn chain(&mut self, arcs: &Json) -> Result<Vec<Value>, String> {
        let mut out: Vec<Value> = Vec::new();
        for number in arcs.as_array().into_iter().flatten() {
            let number = number.as_i64().ok_or("a number of an arc is not whole")?;
            self.append(number, &mut out)?;
        }
        Ok(out)
    }

    fn append(&mut self, number: i64, out: &mut Vec<Value>) -> Result<(), String> {
        let arc = usize::try_from(index(number)).ok().and_then(|at| self.arcs.get(at));
        let arc = arc.ok_or_else(|| format!("the topology has no arc {number}"))?;
        self.budget.spend(arc.len()).map_err(too_large)?;
        out.pop();
        if number < 0 {
            out.extend(arc.iter().rev().cloned());
        } else {
            out.extend(arc.iter().cloned());
        }
        Ok(())
    }

    /// A line has two positions at least.
    fn line(&mut self, arcs: &Json) -> Result<Value, String> {
        self.padded(arcs, 2)
    }

    /// A closed ring has four positions at least.
    fn ring(&mut self, arcs: &Json) -> Result<Value, String> {
        self.padded(arcs, 4)
    }

    fn padded(&mut self, arcs: &Json, least: usize) -> Result<Value, String> {
        let mut out = self.chain(arcs)?;
        if let Some(first) = out.first().cloned() {
            while out.len() < least {
                out.push(first.clone());
            }
        }
        Ok(list(out))
    }

    /// All arcs that an object uses, each once, put together to long lines.
    fn mesh(&mut self, shape: &Json) -> Result<Members, String> {
        let mut used = vec![false; self.arcs.len()];
        self.mark(shape, &mut used, MAX_DEPTH)?;
        let lines = self.chained(used)?;
        Ok(vec![
            ("type", Value::text("MultiLineString")),
            ("coordinates", list(lines)),
        ])
    }

    fn mark(&self, json: &Json, used: &mut [bool], depth: usize) -> Result<(), String> {
        let depth = depth.checked_sub(1).ok_or("the topology is nested too deeply")?;
        match json {
            Json::Number(n) => {
                let number = n.as_i64().ok_or("a number of an arc is not whole")?;
                let slot = usize::try_from(index(number)).ok().and_then(|at| used.get_mut(at));
                *slot.ok_or_else(|| format!("the topology has no arc {number}"))? = true;
                Ok(())
            }
            Json::Array(items) => items.iter().try_for_each(|item| self.mark(item, used, depth)),
            Json::Object(members) => ["geometries", "arcs"]
                .iter()
                .filter_map(|name| members.get(*name))
                .try_for_each(|inner| self.mark(inner, used, depth)),
            Json::Null | Json::Bool(_) | Json::String(_) => Ok(()),
        }
    }

    /// Follows arcs from end to end for as long as there is one that goes on.
    fn chained(&mut self, mut used: Vec<bool>) -> Result<Vec<Value>, String> {
        let mut ends: HashMap<(u64, u64), Vec<i64>> = HashMap::new();
        for (at, arc) in self.arcs.iter().enumerate() {
            if used.get(at) == Some(&true) {
                let number = at as i64;
                ends.entry(key(arc.first())).or_default().push(number);
                ends.entry(key(arc.last())).or_default().push(!number);
            }
        }
        let mut lines = Vec::new();
        for start in 0..used.len() {
            if used.get(start) != Some(&true) {
                continue;
            }
            let mut line = Vec::new();
            let mut next = Some(start as i64);
            while let Some(number) = next {
                if let Some(slot) = usize::try_from(index(number)).ok().and_then(|at| used.get_mut(at)) {
                    *slot = false;
                }
                self.append(number, &mut line)?;
                let onward = ends.get_mut(&key(line.last()));
                next = onward.and_then(|list| {
                    // What is taken is not asked again.
                    while let Some(number) = list.pop() {
                        let free = usize::try_from(index(number)).ok().and_then(|at| used.get(at));
                        if free == Some(&true) {
                            return Some(number);
                        }
                    }
                    None
                });
            }
            lines.push(list(line));
        }
        Ok(lines)
    }
}

/// A negative number is an arc walked backwards.
fn index(number: i64) -> i64 {
    if number < 0 { !number } else { number }
}

fn key(position: Option<&Value>) -> (u64, u64) {
    let part = |at: &str| position.map_or(0, |p| p.member(at).number().to_bits());
    (part("0"), part("1"))
}

fn list(items: Vec<Value>) -> Value {
    Value::List(Arc::new(items))
}

fn object(kind: &str, name: &str, inner: Value) -> Value {
    Value::Object(Arc::new(vec![
        (Arc::from("type"), Value::text(kind)),
        (Arc::from(name), inner),
    ]))
}

fn too_large(_: TooLarge) -> String {
    "the topology has more than a million positions".into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn topology() -> Json {
        json!({"type": "Topology", "transform": {"scale": [2, 1], "translate": [-100, 30]},
            "objects": {"states": {"type": "GeometryCollection", "geometries": [
                {"type": "Polygon", "id": "W", "properties": {"name": "West"}, "arcs": [[0, 1]]},
                {"type": "Polygon", "id": "E", "properties": {"name": "East"}, "arcs": [[-1, 2]]},
                {"type": "Point", "coordinates": [1, 2]}, {"type": null}]}},
            "arcs": [[[5, 0], [0, 5], [0, 5]], [[5, 10], [-5, 0], [0, -10], [5, 0]], [[5, 0], [5, 0], [0, 10], [-5, 0]]]})
    }

    fn cells(table: &Table, name: &str) -> Vec<Value> {
        let column = table.column(name).expect("a column");
        table.rows.iter().map(|r| r.get(column).clone()).collect()
    }

    #[test]
    fn takes_features_apart() {
        let table = topology_rows(&topology(), &TopologyPart::Feature("states".into())).expect("rows");
        assert_eq!(cells(&table, "id")[..2], [Value::text("W"), Value::text("E")]);
        let shapes = cells(&table, "geometry");
        let want = [
            json!({"type": "Polygon", "coordinates": [[[-90, 30], [-90, 35], [-90, 40], [-100, 40], [-100, 30], [-90, 30]]]}),
            json!({"type": "Polygon", "coordinates": [[[-90, 40], [-90, 35], [-90, 30], [-80, 30], [-80, 40], [-90, 40]]]}),
            json!({"type": "Point", "coordinates": [-98, 32]}),
            Json::Null,
        ];
        assert_eq!(shapes, want.map(|w| Value::from_json(&w)));
    }

    #[test]
    fn chains_borders() {
        let table = topology_rows(&topology(), &TopologyPart::Mesh("states".into())).expect("a row");
        assert_eq!(cells(&table, "type"), [Value::text("MultiLineString")]);
        let coordinates = cells(&table, "coordinates");
        let [Value::List(lines)] = coordinates.as_slice() else {
            panic!("no lines")
        };
        let Value::List(line) = &lines[0] else {
            panic!("no line")
        };
        assert_eq!((lines.len(), line.len()), (1, 9));
    }

    #[test]
    fn refuses_what_is_no_topology() {
        let part = TopologyPart::Feature("a".into());
        let rows = |json: Json| topology_rows(&json, &part);
        assert!(rows(json!({"objects": {}})).is_err());
        for arcs in [json!([[5]]), json!([[-9]]), json!([[1e300]]), json!([[0.5]])] {
            assert!(rows(json!({"objects": {"a": {"type": "Polygon", "arcs": arcs}}, "arcs": [[[0, 0]]]})).is_err());
        }
        assert!(rows(json!({"objects": {"a": {"type": "Point"}}})).is_err());
        assert!(rows(json!({"objects": {"a": {"type": "Point", "coordinates": [0, 0]}}, "transform": {}})).is_err());
        let (arc, again) = (vec![json!([0, 0]); 2000], vec![json!(0); 2000]);
        let many = json!({"objects": {"a": {"type": "LineString", "arcs": again}}, "arcs": [arc]});
        assert!(rows(many).is_err());
    }
}
