//! Where a mark property comes from: the mark, its styles, the configuration of its kind, of all marks, and Vega's own defaults.

use crate::spec::{Config, MarkDef, MarkKind};
use std::sync::Arc;

/// Definitions from the strongest to the weakest.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Levels {
    pub own: Box<MarkDef>,
    rest: Vec<Arc<MarkDef>>,
}

impl Levels {
    pub fn new(mark: MarkKind, own: Box<MarkDef>, config: &Config) -> Levels {
        let mut rest = Vec::with_capacity(6);
        for name in own.style.iter().flatten().rev() {
            rest.extend(config.style(name).cloned());
        }
        rest.extend(config.style(mark.name()).cloned());
        rest.extend(config.mark(mark).cloned());
        rest.push(config.mark.clone());
        rest.push(Arc::new(last(mark)));
        Levels { own, rest }
    }

    /// The strongest definition of a property.
    pub fn get<T>(&self, read: impl Fn(&MarkDef) -> Option<T>) -> Option<T> {
        read(&self.own).or_else(|| self.config(read))
    }

    /// The same without the mark's own definition and without Vega's own defaults.
    pub fn configured<T>(&self, read: impl Fn(&MarkDef) -> Option<T>) -> Option<T> {
        let configured = self.rest.iter().take(self.rest.len().saturating_sub(1));
        configured.map(Arc::as_ref).find_map(read)
    }

    /// The same without the mark's own definition.
    pub fn config<T>(&self, read: impl Fn(&MarkDef) -> Option<T>) -> Option<T> {
        self.rest.iter().map(Arc::as_ref).find_map(read)
    }
}

/// What Vega does when nobody says anything.
fn last(mark: MarkKind) -> MarkDef {
    let mut def = MarkDef::default();
    match mark {
        MarkKind::Point | MarkKind::Circle | MarkKind::Square => {
            def.size = Some(30.0);
            def.stroke_width = Some(2.0);
        }
        MarkKind::Line => def.stroke_width = Some(2.0),
        MarkKind::Trail => def.size = Some(2.0),
        MarkKind::Text => def.font_size = Some(11.0),
        _ => {}
    }
    def
}
