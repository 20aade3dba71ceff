//! Where a mark property comes from: the mark, its styles, the configuration of its kind, of all marks, and Vega's own defaults.

use crate::spec::{Config, MarkDef, MarkKind};
use std::sync::Arc;

/// Definitions from the strongest to the weakest.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Levels {
    pub own: Box<MarkDef>,
    configured: Vec<Arc<MarkDef>>,
    last: Option<Arc<MarkDef>>,
}

impl Levels {
    pub fn new(mark: MarkKind, own: Box<MarkDef>, config: &Config) -> Levels {
        let mut configured = Vec::with_capacity(4);
        for name in own.style.iter().flatten().rev() {
            configured.extend(config.style(name).cloned());
        }
        configured.extend(config.style(mark.name()).cloned());
        configured.extend(config.mark(mark).cloned());
        configured.push(config.mark.clone());
        Levels {
            own,
            configured,
            last: last(mark),
        }
    }

    /// The strongest definition of a property.
    pub fn get<T>(&self, read: impl Fn(&MarkDef) -> Option<T>) -> Option<T> {
        read(&self.own).or_else(|| self.config(read))
    }

    /// The same without the mark's own definition and without Vega's own defaults.
    pub fn configured<T>(&self, read: impl Fn(&MarkDef) -> Option<T>) -> Option<T> {
        self.configured.iter().map(Arc::as_ref).find_map(read)
    }

    /// The same without the mark's own definition.
    pub fn config<T>(&self, read: impl Fn(&MarkDef) -> Option<T>) -> Option<T> {
        self.configured.iter().chain(&self.last).map(Arc::as_ref).find_map(read)
    }
}

/// What Vega does when nobody says anything.
fn last(mark: MarkKind) -> Option<Arc<MarkDef>> {
    let (size, stroke_width, font_size) = match mark {
        MarkKind::Point | MarkKind::Circle | MarkKind::Square => (Some(30.0), Some(2.0), None),
        MarkKind::Line => (None, Some(2.0), None),
        MarkKind::Trail => (Some(2.0), None, None),
        MarkKind::Text => (None, None, Some(11.0)),
        MarkKind::Arc
        | MarkKind::Area
        | MarkKind::Bar
        | MarkKind::Rect
        | MarkKind::Rule
        | MarkKind::Tick
        | MarkKind::Image
        | MarkKind::Geoshape
        | MarkKind::Boxplot
        | MarkKind::Errorbar
        | MarkKind::Errorband => return None,
    };
    Some(Arc::new(MarkDef {
        size,
        stroke_width,
        font_size,
        ..MarkDef::default()
    }))
}
