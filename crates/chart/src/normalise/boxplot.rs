//! Box plots: a box between the quartiles, the median in it, whiskers, and points for what lies beyond them.

use super::composite::{access, refuse};
use super::parts::{Parts, Split, plain};
use crate::error::ChartError;
use crate::scene::Paint;
use crate::spec::{
    Aggregate, AggregateItem, Channel, ChannelDef, Condition, Config, MarkDef, MarkKind, Overlay, Predicate, Transform,
    View, ViewKind,
};
use crate::value::Value;
use std::sync::Arc;

pub fn expand(mut view: View, config: &Config) -> Result<View, ChartError> {
    let split = Split::of(&mut view)?;
    let configured = config.mark(MarkKind::Boxplot);
    let extent = split
        .def
        .extent
        .clone()
        .or_else(|| configured.and_then(|m| m.extent.clone()))
        .unwrap_or(Value::Number(1.5));
    let reach = match &extent {
        Value::Number(n) => Some(*n),
        Value::Text(t) if &**t == "min-max" => None,
        _ => return Err(refuse("$.mark.extent", "this extent is not supported")),
    };
    let boxes = boxes(&split, config);
    let whiskers = whiskers(&split, config);
    let summary = |prefix: &str| summaries(&split, prefix);
    let Some(reach) = reach else {
        view.transforms.extend(split.transforms.clone());
        view.transforms.push(aggregate(&split, summary("whisker_")));
        view.kind = ViewKind::Layer(whiskers.into_iter().chain(boxes).collect());
        return Ok(view);
    };
    let (low, high) = (column("lower_box", &split), column("upper_box", &split));
    let (low_text, high_text) = (access(&low), access(&high));
    let lower = format!("({low_text} - {reach} * ({high_text} - {low_text}))");
    let upper = format!("({high_text} + {reach} * ({high_text} - {low_text}))");
    let value = access(&split.field);
    let test = |text: String| -> Result<Transform, ChartError> {
        let tree = crate::expression::parse(&text).map_err(|reason| refuse("$.mark", &reason))?;
        Ok(Transform::Filter(Predicate::Expression(tree)))
    };
    let mut outer = split.transforms.clone();
    outer.push(Transform::JoinAggregate {
        items: quartiles(&split),
        groupby: split.groupby.clone(),
    });
    let mut inside = plain(ViewKind::Layer(whiskers));
    inside.transforms = vec![
        test(format!("({lower} <= {value}) && ({value} <= {upper})"))?,
        aggregate(
            &split,
            vec![
                item("min", &split.field, column("lower_whisker", &split)),
                item("max", &split.field, column("upper_whisker", &split)),
                item("min", &low, low.clone()),
                item("max", &high, high.clone()),
            ],
        ),
    ];
    let beyond = outliers(&split, config);
    let mut first = Vec::new();
    if let Some(mut beyond) = beyond {
        beyond.transforms = vec![test(format!("({value} < {lower}) || ({value} > {upper})"))?];
        first.push(beyond);
    }
    first.push(inside);
    let mut spread = plain(ViewKind::Layer(first));
    spread.transforms = outer;
    let mut middle = plain(ViewKind::Layer(boxes));
    middle.transforms = split.transforms.clone();
    middle.transforms.push(aggregate(&split, summary("")));
    view.kind = ViewKind::Layer(vec![spread, middle]);
    Ok(view)
}

fn column(prefix: &str, split: &Split) -> Arc<str> {
    Arc::from(format!("{prefix}_{}", split.field))
}

fn item(op: &str, field: &Arc<str>, name: Arc<str>) -> AggregateItem {
    AggregateItem {
        op: Aggregate::Op(Arc::from(op)),
        field: Some(field.clone()),
        name,
    }
}

fn quartiles(split: &Split) -> Vec<AggregateItem> {
    vec![
        item("q1", &split.field, column("lower_box", split)),
        item("q3", &split.field, column("upper_box", split)),
    ]
}

/// All five numbers; the smallest and largest are whiskers or only said.
fn summaries(split: &Split, whisker: &str) -> Vec<AggregateItem> {
    let (low, high) = if whisker.is_empty() {
        ("min", "max")
    } else {
        ("lower_whisker", "upper_whisker")
    };
    let mut items = quartiles(split);
    items.push(item("median", &split.field, column("mid_box", split)));
    items.push(item("min", &split.field, column(low, split)));
    items.push(item("max", &split.field, column(high, split)));
    items
}

fn aggregate(split: &Split, items: Vec<AggregateItem>) -> Transform {
    Transform::Aggregate {
        items,
        groupby: split.groupby.clone(),
    }
}

/// The same without the channels named.
fn without(split: &Split, channels: &[Channel]) -> Split {
    let mut encoding = split.encoding.clone();
    encoding.channels.retain(|(c, _)| !channels.contains(c));
    Split {
        encoding,
        ..split.clone()
    }
}

fn on() -> Option<Overlay> {
    Some(Overlay::On(Box::default()))
}

fn whiskers(split: &Split, config: &Config) -> Vec<View> {
    let bare = without(split, &[Channel::Color, Channel::Size]);
    let parts = Parts::new(&bare, config);
    let invalid = split.def.invalid;
    let rule = MarkDef {
        invalid,
        ..MarkDef::default()
    };
    let tick = MarkDef {
        invalid,
        color: Some(Paint::css("black")),
        opacity: Some(1.0),
        orient: Some(split.across()),
        ..MarkDef::default()
    };
    let mut out = Vec::new();
    for (from, to) in [("lower_whisker", "lower_box"), ("upper_box", "upper_whisker")] {
        out.extend(parts.part("rule", |m| m.rule.clone(), on(), MarkKind::Rule, &rule, from, Some(to)));
    }
    for at in ["lower_whisker", "upper_whisker"] {
        out.extend(parts.part("ticks", |m| m.ticks.clone(), None, MarkKind::Tick, &tick, at, None));
    }
    out
}

fn boxes(split: &Split, config: &Config) -> Vec<View> {
    let configured = config.mark(MarkKind::Boxplot);
    let size = split
        .def
        .size
        .or_else(|| configured.and_then(|m| m.size))
        .or(Some(14.0));
    let body = MarkDef {
        size,
        orient: Some(split.orient),
        invalid: split.def.invalid,
        ..MarkDef::default()
    };
    let parts = Parts::new(split, config);
    let mut out = Vec::new();
    out.extend(parts.part(
        "box",
        |m| m.box_part.clone(),
        on(),
        MarkKind::Bar,
        &body,
        "lower_box",
        Some("upper_box"),
    ));
    // Where the quartiles fall together the median takes the place of the box.
    let mut middle = without(split, &[Channel::Color]);
    let colour = split.encoding.get(Channel::Color).cloned().unwrap_or_else(|| {
        let own = match configured.and_then(|m| m.box_part.as_ref()) {
            Some(Overlay::On(def)) => def.color.clone(),
            Some(Overlay::Off | Overlay::Transparent) | None => None,
        };
        let paint = own.or_else(|| config.mark.color.clone());
        let text = match paint {
            Some(Paint::Css(css)) => css,
            Some(Paint::None | Paint::Gradient(_)) | None => Arc::from("#4c78a8"),
        };
        ChannelDef {
            value: Some(Value::Text(text)),
            ..ChannelDef::default()
        }
    });
    let test = format!(
        "{} >= {}",
        access(&column("lower_box", split)),
        access(&column("upper_box", split))
    );
    if let Ok(tree) = crate::expression::parse(&test) {
        let condition = Condition {
            test: Predicate::Expression(tree),
            then: colour,
        };
        let def = ChannelDef {
            condition: Some(vec![condition]),
            ..ChannelDef::default()
        };
        middle.encoding.channels.push((Channel::Color, def));
    }
    let white = Overlay::On(Box::new(MarkDef {
        color: Some(Paint::css("white")),
        ..MarkDef::default()
    }));
    let median = MarkDef {
        size,
        orient: Some(split.across()),
        invalid: split.def.invalid,
        color: match configured.and_then(|m| m.median.as_ref()) {
            Some(Overlay::On(def)) => def.color.clone(),
            Some(Overlay::Off | Overlay::Transparent) | None => Some(Paint::css("white")),
        },
        ..MarkDef::default()
    };
    out.extend(Parts::new(&middle, config).part(
        "median",
        |m| m.median.clone(),
        Some(white),
        MarkKind::Tick,
        &median,
        "mid_box",
        None,
    ));
    out
}

fn outliers(split: &Split, config: &Config) -> Option<View> {
    let bare = without(split, &[Channel::Size]);
    let def = Parts::new(&bare, config).look("outliers", |m| m.outliers.clone(), on(), &MarkDef::default())?;
    let mut encoding = bare.encoding.clone();
    encoding
        .channels
        .insert(0, (split.channel, split.axis(split.field.clone())));
    Some(plain(ViewKind::Unit {
        mark: MarkKind::Point,
        def: Box::new(def),
        encoding,
    }))
}
