//! The tree of views, and the scales they have in common.

use super::projection::ProjectionModel;
use super::unit::Unit;
use crate::spec::{Channel, ChannelDef, Layout, Resolve, Scale, ScaleKind, Size, Title, ViewStyle};

pub type UnitId = usize;
pub type ScaleId = usize;

/// A scale before its domain is known: who uses it, and what was said about it.
#[derive(Clone, Debug)]
pub struct ScaleModel {
    pub kind: ScaleKind,
    /// Units and channels whose data make the domain.
    pub members: Vec<(UnitId, Channel)>,
    /// What the first unit that says something says.
    pub spec: Scale,
    /// Each cell of a facet has its own.
    pub per_cell: bool,
}

#[derive(Clone, Debug)]
pub struct FacetNode {
    pub row: Option<ChannelDef>,
    pub column: Option<ChannelDef>,
    pub wrap: Option<ChannelDef>,
    pub child: Node,
    pub layout: Layout,
}

#[derive(Clone, Debug)]
pub enum NodeKind {
    Unit(UnitId),
    Layer(Vec<Node>),
    Concat {
        children: Vec<Node>,
        layout: Layout,
        prefix: &'static str,
    },
    Facet(Box<FacetNode>),
}

#[derive(Clone, Debug)]
pub struct Node {
    pub kind: NodeKind,
    pub title: Option<Title>,
    pub style: ViewStyle,
    pub width: Option<Size>,
    pub height: Option<Size>,
    pub resolve: Resolve,
    /// Prefix of the names of its parts, such as `concat_0_`.
    pub name: String,
}

impl Node {
    /// The units in it, in draw order.
    pub fn units(&self) -> Vec<UnitId> {
        match &self.kind {
            NodeKind::Unit(unit) => vec![*unit],
            NodeKind::Layer(children) | NodeKind::Concat { children, .. } => {
                children.iter().flat_map(Node::units).collect()
            }
            NodeKind::Facet(facet) => facet.child.units(),
        }
    }
}

/// Everything about a specification except pixels.
#[derive(Clone, Debug)]
pub struct Model {
    pub units: Vec<Unit>,
    pub scales: Vec<ScaleModel>,
    pub projections: Vec<ProjectionModel>,
    pub root: Node,
}
