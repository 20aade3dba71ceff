//! Linear gradients.

use crate::spec::{Node, Reader};
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq)]
pub struct GradientStop {
    /// From 0 to 1.
    pub offset: f64,
    pub color: Arc<str>,
}

/// A gradient along a line in the unit square of the painted box.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradient {
    pub from: (f64, f64),
    pub to: (f64, f64),
    pub stops: Vec<GradientStop>,
}

impl Gradient {
    pub(crate) fn read(r: &mut Reader, node: Node) -> Option<Gradient> {
        let mut out = Gradient {
            from: (0.0, 0.0),
            to: (1.0, 0.0),
            stops: Vec::new(),
        };
        r.object(node, |r, key, node| match key {
            "gradient" if node.json.as_str() == Some("linear") => {}
            "x1" => out.from.0 = r.number(node).unwrap_or(0.0),
            "y1" => out.from.1 = r.number(node).unwrap_or(0.0),
            "x2" => out.to.0 = r.number(node).unwrap_or(1.0),
            "y2" => out.to.1 = r.number(node).unwrap_or(0.0),
            "stops" => {
                out.stops = r.list(node, |r, node| {
                    let (mut offset, mut color) = (0.0, Arc::from("black"));
                    r.object(node, |r, key, node| match key {
                        "offset" => offset = r.number(node).unwrap_or(0.0),
                        "color" => color = r.text(node).unwrap_or_else(|| Arc::from("black")),
                        _ => r.refuse(node),
                    });
                    Some(GradientStop { offset, color })
                });
            }
            "id" => {}
            _ => r.refuse(node),
        });
        Some(out)
    }
}
