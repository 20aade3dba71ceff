//! Data that is made from nothing: the globe and its lines of longitude and latitude.

use super::reader::{Node, Reader};
use crate::data::{Row, Table};
use crate::geo::Graticule;
use crate::value::Value;

/// One row whose columns are the members of a geometry.
fn one_row(shape: &Value) -> Table {
    let mut table = Table::default();
    if let Value::Object(members) = shape {
        table.names = members.iter().map(|(name, _)| name.clone()).collect();
        let cells = members.iter().map(|(_, value)| value.clone());
        table.rows.push(Row::of(cells, 0));
    }
    table
}

impl Reader {
    /// `true`, or an object that Vega-Lite gives no members.
    pub fn sphere(&mut self, node: Node) -> Option<Table> {
        if node.json.as_bool() != Some(true) && !node.json.is_object() {
            self.wrong(node, "must be true");
            return None;
        }
        let members = vec![("type".into(), Value::text("Sphere"))];
        Some(one_row(&Value::Object(std::sync::Arc::new(members))))
    }

    /// `true`, or extents, steps and the precision in degrees.
    pub fn graticule(&mut self, node: Node) -> Option<Table> {
        if !crate::geo::BUILT_IN {
            self.refuse_because(node, crate::geo::LEFT_OUT);
            return None;
        }
        let mut graticule = Graticule::default();
        if node.json.is_object() {
            self.object(node, |r, key, node| match key {
                "extent" => {
                    if let Some(extent) = r.extent(node) {
                        (graticule.major_extent, graticule.minor_extent) = (extent, extent);
                    }
                }
                "extentMajor" => graticule.major_extent = r.extent(node).unwrap_or(graticule.major_extent),
                "extentMinor" => graticule.minor_extent = r.extent(node).unwrap_or(graticule.minor_extent),
                "step" => {
                    if let Some(step) = r.pair(node) {
                        (graticule.major_step, graticule.minor_step) = (step, step);
                    }
                }
                "stepMajor" => graticule.major_step = r.pair(node).unwrap_or(graticule.major_step),
                "stepMinor" => graticule.minor_step = r.pair(node).unwrap_or(graticule.minor_step),
                "precision" => graticule.precision = r.number(node).unwrap_or(graticule.precision),
                _ => r.refuse(node),
            });
        } else if node.json.as_bool() != Some(true) {
            self.wrong(node, "must be true or an object");
            return None;
        }
        match graticule.lines() {
            Ok(lines) => Some(one_row(&lines)),
            Err(crate::geo::TooLarge) => {
                self.refuse_because(node, "more than 100,000 points are not supported");
                None
            }
        }
    }
}
