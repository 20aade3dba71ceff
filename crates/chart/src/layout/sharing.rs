//! Which view explains a scale with a legend: the outermost that shares it.

use crate::guides::Explained;
use crate::model::{Model, Node, NodeKind};
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

/// What a view offers to the one around it, and the lists that layers in it keep for themselves.
fn split(model: &Model, node: &Node) -> (Vec<Explained>, Vec<Vec<Explained>>) {
    if let NodeKind::Unit(id) = &node.kind {
        let scales = model.units.get(*id).map(|u| u.scales.as_slice()).unwrap_or_default();
        let own = scales.iter().map(|(channel, scale)| Explained {
            channel: *channel,
            scale: *scale,
            units: vec![*id],
        });
        return (own.collect(), Vec::new());
    }
    let layer = matches!(node.kind, NodeKind::Layer(_));
    let mut offered: Vec<Explained> = Vec::new();
    let mut kept = Vec::new();
    for child in children(node) {
        let (offers, inner) = split(model, child);
        let (shared, own): (Vec<Explained>, Vec<Explained>) = offers.into_iter().partition(|o| shares(node, o.channel));
        for offer in shared {
            match offered
                .iter_mut()
                .find(|o| (o.channel, o.scale) == (offer.channel, offer.scale))
            {
                Some(known) => known.units.extend(offer.units),
                None => offered.push(offer),
            }
        }
        // Layers are no views of their own: their legends stand at the layered view.
        if layer {
            kept.push(own);
            kept.extend(inner);
        }
    }
    (offered, kept)
}

/// The scales whose legends stand at this view, as lists that are not merged with each other; `outer` is the view around it.
pub fn own_legends(model: &Model, node: &Node, outer: Option<&Node>) -> Vec<Vec<Explained>> {
    let (mut offered, kept) = split(model, node);
    if let Some(outer) = outer {
        offered.retain(|o| !shares(outer, o.channel));
    }
    let mut lists = vec![offered];
    lists.extend(kept);
    lists
}
