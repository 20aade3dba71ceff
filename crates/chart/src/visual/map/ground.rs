//! What lies below the data of a map: the areas of an atlas, in their projection.

use serde_json::{Value, json};
use shared::visual::Atlas;

use crate::Theme;

/// Paler than the first step of colour, which is near to the colour of hairlines.
const GROUND_OPACITY: f64 = 0.65;

/// An atlas with its shapes.
pub(super) struct Ground<'a> {
    pub(super) atlas: Atlas,
    shapes: &'a Value,
    /// Those on the map, as the topology has them.
    pub(super) areas: Vec<Value>,
}

impl<'a> Ground<'a> {
    /// `None` while the shapes are not there, or are those of another atlas.
    pub(super) fn of(atlas: Atlas, shapes: Option<&'a Value>) -> Option<Self> {
        let shapes = shapes?;
        let areas = geometries(shapes, object(atlas))?;
        Some(Self {
            atlas,
            shapes,
            areas: areas.iter().filter(|area| is_on_map(atlas, area)).cloned().collect(),
        })
    }

    /// The states that counties lie in.
    pub(super) fn states(&self) -> &'a [Value] {
        geometries(self.shapes, object(Atlas::UsStates)).unwrap_or_default()
    }

    /// Data of a specification: the areas at some positions, whose `id` is then the position.
    pub(super) fn data(&self, wanted: impl Fn(usize) -> bool) -> Value {
        let areas = self.areas.iter().enumerate().filter(|(position, _)| wanted(*position));
        let areas: Vec<Value> = areas
            .map(|(position, area)| json!({ "type": area.get("type"), "arcs": area.get("arcs"), "id": position }))
            .collect();
        json!({
            "values": {
                "type": "Topology",
                "transform": self.shapes.get("transform"),
                "arcs": self.shapes.get("arcs"),
                "objects": { "areas": { "type": "GeometryCollection", "geometries": areas } },
            },
            "format": { "type": "topojson", "feature": "areas" },
        })
    }

    /// A layer of areas that stand for no row.
    pub(super) fn layer(&self, theme: &Theme, wanted: impl Fn(usize) -> bool) -> Value {
        json!({
            "data": self.data(wanted),
            "mark": {
                "type": "geoshape", "fill": theme.grid, "fillOpacity": GROUND_OPACITY, "stroke": theme.surface, "strokeWidth": self.border_px(),
                "aria": false,
            },
        })
    }

    pub(super) fn border_px(&self) -> f64 {
        match self.atlas {
            Atlas::World | Atlas::UsStates => 0.5,
            Atlas::UsCounties => 0.25,
        }
    }
}

pub(super) fn projection(atlas: Atlas) -> Value {
    match atlas {
        // Torn in the Bering Strait, no country but Kiribati lies on both edges.
        Atlas::World => json!({ "type": "equalEarth", "rotate": [-11, 0, 0] }),
        Atlas::UsStates | Atlas::UsCounties => json!({ "type": "albersUsa" }),
    }
}

fn object(atlas: Atlas) -> &'static str {
    match atlas {
        Atlas::World => "countries",
        Atlas::UsStates => "states",
        Atlas::UsCounties => "counties",
    }
}

fn geometries<'a>(shapes: &'a Value, object: &str) -> Option<&'a [Value]> {
    let list = shapes.get("objects")?.get(object)?.get("geometries")?;
    list.as_array().map(Vec::as_slice)
}

/// Antarctica would take a fifth of the height for nobody; the projection of the United States has no place for the islands
/// outside the fifty states.
fn is_on_map(atlas: Atlas, area: &Value) -> bool {
    let id = area.get("id").and_then(Value::as_str).unwrap_or_default();
    match atlas {
        Atlas::World => id != "010",
        Atlas::UsStates | Atlas::UsCounties => id.get(..2).is_some_and(|state| state < "60"),
    }
}
