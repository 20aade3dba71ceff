//! Points on lines, and lines and points on areas.

use crate::model::stack_of;
use crate::spec::{Channel, Config, MarkDef, MarkKind, Overlay, View, ViewKind};

/// A line or area with overlays becomes a layer.
pub fn expand(mut view: View, config: &Config) -> View {
    let ViewKind::Unit { mark, def, encoding } = &view.kind else {
        return view;
    };
    let mark = *mark;
    if !matches!(mark, MarkKind::Line | MarkKind::Area | MarkKind::Rule | MarkKind::Trail) {
        return view;
    }
    let default = config.mark(mark);
    let wanted = |own: &Option<Overlay>, default: Option<&Overlay>| match own.as_ref().or(default) {
        None | Some(Overlay::Off) => None,
        Some(Overlay::Transparent) => Some(MarkDef {
            opacity: Some(0.0),
            ..MarkDef::default()
        }),
        Some(Overlay::On(def)) => Some((**def).clone()),
    };
    let mut points = wanted(&def.point, default.and_then(|def| def.point.as_ref()));
    if points.is_none() && def.point.is_none() && encoding.get(Channel::Shape).is_some() {
        points = Some(MarkDef::default());
    }
    let line = if mark == MarkKind::Area {
        wanted(&def.line, default.and_then(|def| def.line.as_ref()))
    } else {
        None
    };
    if points.is_none() && line.is_none() {
        return view;
    }
    let mut base = MarkDef {
        point: None,
        line: None,
        ..MarkDef::clone(def)
    };
    if mark == MarkKind::Area && def.opacity.is_none() && def.fill_opacity.is_none() {
        base.opacity = Some(0.7);
    }
    let mut base_encoding = encoding.clone();
    base_encoding.take(Channel::Shape);
    let mut over = encoding.clone();
    if let Some(stack) = stack_of(mark, def, encoding, config)
        && let Some(slot) = over.channels.iter_mut().find(|(c, _)| *c == stack.channel)
    {
        slot.1.stack = Some(stack.offset);
    }
    over.take(Channel::X2);
    over.take(Channel::Y2);
    let unit = |mark: MarkKind, def: MarkDef, encoding| View {
        kind: ViewKind::Unit {
            mark,
            def: Box::new(def),
            encoding,
        },
        name: None,
        description: None,
        data: None,
        transforms: Vec::new(),
        width: view.width.clone(),
        height: view.height.clone(),
        title: None,
        style: Default::default(),
        encoding: None,
        resolve: Default::default(),
        brushes: Vec::new(),
        projection: None,
    };
    let clip = def.clip;
    let mut layers = vec![unit(mark, base, base_encoding)];
    if let Some(line) = line {
        let shared = MarkDef {
            clip,
            interpolate: def.interpolate,
            tension: def.tension,
            ..MarkDef::default()
        };
        let mut lines = over.clone();
        lines.take(Channel::Shape);
        layers.push(unit(MarkKind::Line, line.or(&shared), lines));
    }
    if let Some(points) = points {
        let shared = MarkDef {
            clip,
            opacity: Some(1.0),
            filled: Some(true),
            ..MarkDef::default()
        };
        layers.push(unit(MarkKind::Point, points.or(&shared), over));
    }
    view.kind = ViewKind::Layer(layers);
    view
}
