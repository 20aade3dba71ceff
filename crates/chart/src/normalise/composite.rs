//! Marks made of several: error bars and error bands become layers of plain ones; box plots do in `boxplot`.

use super::boxplot;
use super::parts::{Parts, Split};
use crate::error::{ChartError, Problem};
use crate::spec::{
    Aggregate, AggregateItem, Channel, Config, MarkDef, MarkKind, Orient, Overlay, Transform, View, ViewKind,
};
use crate::value::Value;
use std::sync::Arc;

/// A composite mark becomes a layer of plain ones.
pub fn expand(view: View, config: &Config) -> Result<View, ChartError> {
    let mark = match &view.kind {
        ViewKind::Unit { mark, .. } => *mark,
        ViewKind::Layer(_) | ViewKind::Concat { .. } | ViewKind::Facet { .. } => return Ok(view),
    };
    let mut view = match mark {
        MarkKind::Boxplot => boxplot::expand(view, config)?,
        MarkKind::Errorbar | MarkKind::Errorband => errors(view, config)?,
        _ => return Ok(view),
    };
    size_layers(&mut view);
    Ok(view)
}

/// Layers are as large as the view they are in.
fn size_layers(view: &mut View) {
    if let ViewKind::Layer(children) = &mut view.kind {
        for child in children {
            (child.width, child.height) = (view.width.clone(), view.height.clone());
            size_layers(child);
        }
    }
}

pub fn refuse(path: &str, reason: &str) -> ChartError {
    ChartError::Unsupported(vec![Problem {
        path: path.to_owned(),
        reason: reason.to_owned(),
    }])
}

fn errors(mut view: View, config: &Config) -> Result<View, ChartError> {
    let split = Split::of(&mut view)?;
    let band = split.mark == MarkKind::Errorband;
    let mut transforms = split.transforms.clone();
    transforms.extend(ends(&split, config)?);
    let two = split.encoding.get(Channel::X).is_some() || split.encoding.get(Channel::Y).is_some();
    let parts = Parts::new(&split, config);
    let def = &split.def;
    let mut layers = Vec::new();
    if band {
        let shape = MarkDef {
            interpolate: def.interpolate.filter(|_| two),
            tension: def.tension.filter(|_| two && def.interpolate.is_some()),
            ..MarkDef::default()
        };
        let default = Overlay::On(Box::new(MarkDef {
            opacity: Some(0.3),
            ..MarkDef::default()
        }));
        let (area, line) = if two {
            (MarkKind::Area, MarkKind::Line)
        } else {
            (MarkKind::Rect, MarkKind::Rule)
        };
        layers.extend(parts.part(
            "band",
            |m| m.band.clone(),
            Some(default),
            area,
            &shape,
            "lower",
            Some("upper"),
        ));
        for end in ["lower", "upper"] {
            layers.extend(parts.part("borders", |m| m.borders.clone(), None, line, &shape, end, None));
        }
    } else {
        let tick = MarkDef {
            orient: Some(split.across()),
            thickness: def.thickness,
            size: def.size,
            ..MarkDef::default()
        };
        for end in ["lower", "upper"] {
            layers.extend(parts.part("ticks", |m| m.ticks.clone(), None, MarkKind::Tick, &tick, end, None));
        }
        let rule = MarkDef {
            size: def.thickness,
            ..MarkDef::default()
        };
        let on = Some(Overlay::On(Box::default()));
        layers.extend(parts.part(
            "rule",
            |m| m.rule.clone(),
            on,
            MarkKind::Rule,
            &rule,
            "lower",
            Some("upper"),
        ));
    }
    view.transforms.extend(transforms);
    view.kind = match layers.pop() {
        Some(only) if layers.is_empty() && !band => only.kind,
        last => {
            layers.extend(last);
            ViewKind::Layer(layers)
        }
    };
    Ok(view)
}

/// The steps that make the columns `lower_…` and `upper_…`.
fn ends(split: &Split, config: &Config) -> Result<Vec<Transform>, ChartError> {
    let field = split.field.as_ref();
    let name = |prefix: &str| -> Arc<str> { Arc::from(format!("{prefix}_{field}")) };
    let sum = |a: &str, sign: char, b: &str, to: &str| -> Result<Transform, ChartError> {
        calculate(&format!("{} {sign} {}", access(a), access(b)), name(to))
    };
    if let Some(end) = &split.end {
        return Ok(vec![
            calculate(&access(end), name("upper"))?,
            calculate(&access(field), name("lower"))?,
        ]);
    }
    if let Some(error) = &split.error {
        return Ok(vec![
            sum(field, '+', error, "upper")?,
            match &split.error2 {
                Some(second) => sum(field, '+', second, "lower")?,
                None => sum(field, '-', error, "lower")?,
            },
        ]);
    }
    let configured = config.mark(MarkKind::Errorbar).and_then(|m| m.center.clone());
    let extent = split.def.extent.as_ref().map(Value::label);
    let center: Arc<str> = split.def.center.clone().unwrap_or_else(|| match extent.as_deref() {
        Some("iqr") => Arc::from("median"),
        Some(_) => Arc::from("mean"),
        None => configured.unwrap_or_else(|| Arc::from("mean")),
    });
    let extent = extent.unwrap_or_else(|| Arc::from(if &*center == "mean" { "stderr" } else { "iqr" }));
    let item = |op: &str, to: &str| AggregateItem {
        op: Aggregate::Op(Arc::from(op)),
        field: Some(split.field.clone()),
        name: name(to),
    };
    let aggregate = |items| Transform::Aggregate {
        items,
        groupby: split.groupby.clone(),
    };
    match &*extent {
        "stderr" | "stdev" => {
            let (middle, reach) = (name("center"), name("extent"));
            Ok(vec![
                aggregate(vec![item(&extent, "extent"), item(&center, "center")]),
                sum(&middle, '+', &reach, "upper")?,
                sum(&middle, '-', &reach, "lower")?,
            ])
        }
        "iqr" => Ok(vec![aggregate(vec![
            item("q1", "lower"),
            item("q3", "upper"),
            item("median", "center"),
        ])]),
        _ => Err(refuse("$.mark.extent", "this extent is not supported")),
    }
}

/// A field of the row in an expression.
pub fn access(field: &str) -> String {
    format!("datum['{}']", field.replace('\\', "\\\\").replace('\'', "\\'"))
}

pub fn calculate(text: &str, name: Arc<str>) -> Result<Transform, ChartError> {
    let expression = crate::expression::parse(text).map_err(|reason| refuse("$.mark", &reason))?;
    Ok(Transform::Calculate { expression, name })
}

impl Split {
    /// How ticks stand on the mark.
    pub fn across(&self) -> Orient {
        match self.orient {
            Orient::Vertical => Orient::Horizontal,
            Orient::Horizontal => Orient::Vertical,
        }
    }
}
