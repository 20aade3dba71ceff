//! Which view explains a scale with a legend: the outermost that shares it.

use crate::model::{Model, Node, NodeKind, ScaleId};
use crate::spec::{Channel, Resolve};

fn children(node: &Node) -> Vec<&Node> {
    match &node.kind {
        NodeKind::Unit(_) => Vec::new(),
        NodeKind::Layer(children) | NodeKind::Concat { children, .. } => children.iter().collect(),
        NodeKind::Facet(facet) => vec![&facet.child],
    }
}

/// Whether a view has one scale and one legend for all its children.
fn shares(node: &Node, channel: Channel) -> bool {
    Resolve::find(&node.resolve.scale, channel).unwrap_or(true)
        && Resolve::find(&node.resolve.legend, channel).unwrap_or(true)
}

fn offers(model: &Model, node: &Node) -> Vec<(Channel, ScaleId)> {
    if let NodeKind::Unit(id) = &node.kind {
        return model.units.get(*id).map(|u| u.scales.clone()).unwrap_or_default();
    }
    let mut out = Vec::new();
    for child in children(node) {
        for offer in offers(model, child) {
            if shares(node, offer.0) && !out.contains(&offer) {
                out.push(offer);
            }
        }
    }
    out
}

/// The scales whose legends stand at this view; `outer` is the view around it.
pub fn own_legends(model: &Model, node: &Node, outer: Option<&Node>) -> Vec<(Channel, ScaleId)> {
    let mut list = offers(model, node);
    if let Some(outer) = outer {
        list.retain(|(c, _)| !shares(outer, *c));
    }
    // Layers are no views of their own: their legends stand at the layered view.
    if matches!(node.kind, NodeKind::Layer(_)) {
        let mut all: Vec<(Channel, ScaleId)> = node
            .units()
            .iter()
            .filter_map(|u| model.units.get(*u))
            .flat_map(|u| u.scales.iter().copied())
            .collect();
        all.retain(|o| !list.contains(o) && !shares(node, o.0));
        list.extend(all);
    }
    list
}
