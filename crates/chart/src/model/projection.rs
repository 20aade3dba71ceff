//! Which units are drawn on a map, and which of them on the same one.

use super::tree::{Node, NodeKind};
use super::unit::Unit;
use crate::error::Problem;
use crate::spec::{Channel, Encoding, FieldKind, MarkKind, ProjectionDef};

pub type ProjectionId = usize;

/// A projection before the size of its view is known.
#[derive(Clone, Debug)]
pub struct ProjectionModel {
    pub def: ProjectionDef,
    /// Units whose shapes and places make the scale.
    pub units: Vec<usize>,
}

const POSITIONS: [Channel; 4] = [
    Channel::Longitude,
    Channel::Latitude,
    Channel::Longitude2,
    Channel::Latitude2,
];

/// Whether a unit stands on a map.
pub fn is_geographic(mark: MarkKind, encoding: &Encoding) -> bool {
    let placed = |channel: &Channel| encoding.get(*channel).is_some();
    mark == MarkKind::Geoshape || POSITIONS.iter().any(placed)
}

impl Unit {
    /// Whether the unit stands on a map.
    pub fn is_geographic(&self) -> bool {
        is_geographic(self.mark, &self.encoding)
    }

    /// The column with shapes; without it rows are shapes themselves.
    pub fn shape_column(&self) -> Option<&str> {
        let def = self.encoding.get(Channel::Shape)?;
        (def.kind() == FieldKind::GeoJson).then_some(def.field.as_deref()?)
    }
}

/// What would be drawn otherwise than in Vega, or not at all.
pub fn map_limits(unit: &Unit) -> Vec<Problem> {
    let problem = |channel: Channel, reason: &str| Problem {
        path: format!("{}.encoding.{}", unit.path, channel.name()),
        reason: reason.to_owned(),
    };
    if !crate::geo::BUILT_IN && unit.is_geographic() {
        return vec![Problem {
            path: format!("{}.mark", unit.path),
            reason: crate::geo::LEFT_OUT.to_owned(),
        }];
    }
    let mut out = Vec::new();
    let has = |c: Channel| unit.encoding.get(c).is_some();
    let used = POSITIONS.into_iter().find(|c| has(*c));
    match unit.mark {
        MarkKind::Point
        | MarkKind::Circle
        | MarkKind::Square
        | MarkKind::Text
        | MarkKind::Line
        | MarkKind::Trail
        | MarkKind::Geoshape => {}
        MarkKind::Rule => {
            if let Some(first) = used.filter(|_| !POSITIONS.into_iter().all(has)) {
                out.push(problem(
                    first,
                    "a rule on a map needs the longitude and latitude of both ends",
                ));
            }
        }
        MarkKind::Arc
        | MarkKind::Area
        | MarkKind::Bar
        | MarkKind::Rect
        | MarkKind::Tick
        | MarkKind::Image
        | MarkKind::Boxplot
        | MarkKind::Errorbar
        | MarkKind::Errorband => out.extend(used.map(|c| problem(c, "not supported with this mark"))),
    }
    if unit.mark == MarkKind::Geoshape && unit.encoding.is_aggregate() {
        out.push(Problem {
            path: format!("{}.encoding", unit.path),
            reason: "shapes cannot be grouped".to_owned(),
        });
    }
    let geojson = |d: &crate::spec::ChannelDef| d.kind == Some(FieldKind::GeoJson);
    for (channel, _) in unit.encoding.channels.iter().filter(|(_, d)| geojson(d)) {
        if *channel != Channel::Shape || unit.mark != MarkKind::Geoshape {
            out.push(problem(*channel, "shapes of type geojson are not supported here"));
        }
    }
    out
}

/// Layers that ask for the same projection share it; returns the one that a view offers to its parent.
pub fn share_projections(node: &Node, units: &mut [Unit], projections: &mut [ProjectionModel]) -> Option<ProjectionId> {
    let children = match &node.kind {
        NodeKind::Unit(id) => return units.get(*id).and_then(|u| u.projection),
        NodeKind::Layer(children) => children,
        NodeKind::Facet(facet) => return share_projections(&facet.child, units, projections),
        NodeKind::Concat { children, .. } => {
            for child in children {
                share_projections(child, units, projections);
            }
            return None;
        }
    };
    let offers: Vec<ProjectionId> = children
        .iter()
        .filter_map(|c| share_projections(c, units, projections))
        .collect();
    let first = *offers.first()?;
    let mut def = projections.get(first)?.def.clone();
    for other in &offers {
        def = merged(&def, &projections.get(*other)?.def)?;
    }
    let mut members: Vec<usize> = Vec::new();
    for id in &offers {
        members.extend(projections.get(*id).map(|p| p.units.clone()).unwrap_or_default());
    }
    shared::sort::sort(&mut members);
    members.dedup();
    for unit in &members {
        if let Some(unit) = units.get_mut(*unit) {
            unit.projection = Some(first);
        }
    }
    if let Some(projection) = projections.get_mut(first) {
        *projection = ProjectionModel { def, units: members };
    }
    Some(first)
}

/// Two definitions agree when they are equal or one says nothing.
fn merged(a: &ProjectionDef, b: &ProjectionDef) -> Option<ProjectionDef> {
    let nothing = ProjectionDef::default();
    if a == b || (*b == nothing && a.fits()) {
        Some(a.clone())
    } else if *a == nothing && b.fits() {
        Some(b.clone())
    } else {
        None
    }
}
