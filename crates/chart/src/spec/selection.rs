//! Parameters that select data. A still picture shows what they start with: a test that some rows pass, and for an interval
//! the brush that stands for it.

use super::options::properties;
use super::predicate::{Comparison, Predicate};
use super::reader::{Node, Reader};
use crate::scene::Paint;
use crate::value::Value;
use serde_json::Value as Json;
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    pub name: Arc<str>,
    /// What rows pass at the start; `None` while nothing is selected.
    pub start: Option<Predicate>,
    /// Of an interval with a start.
    pub brush: Option<Brush>,
    /// It chooses from the rows around its view as they are.
    pub of_all_rows: bool,
}

/// A rectangle over a view, in values of its scales; without an interval it is as wide or high as the view.
#[derive(Clone, Debug, PartialEq)]
pub struct Brush {
    pub name: Arc<str>,
    pub x: Option<(Value, Value)>,
    pub y: Option<(Value, Value)>,
    pub look: BrushLook,
}

/// Lengths in px.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BrushLook {
    pub fill: Option<Paint>,
    pub fill_opacity: Option<f64>,
    pub stroke: Option<Paint>,
    pub stroke_opacity: Option<f64>,
    pub stroke_width: Option<f64>,
    pub stroke_dash: Option<Vec<f64>>,
}

/// How its values name what they select by.
struct Projection<'a> {
    is_interval: bool,
    fields: Vec<String>,
    channels: Vec<String>,
    /// The encodings around the parameter, the innermost last.
    encodings: &'a [&'a Json],
}

impl Selection {
    /// `encodings`: those of the views around it, the innermost last.
    pub fn read(r: &mut Reader, node: Node, name: Arc<str>, encodings: &[&Json]) -> Selection {
        let mut selection = Selection {
            name,
            start: None,
            brush: None,
            of_all_rows: false,
        };
        let (mut projection, mut look) = (None, BrushLook::default());
        r.object(node, |r, key, node| {
            if key == "select" {
                (projection, look) = read_select(r, node, encodings);
            }
        });
        let is_start = |value: &&Json| !value.is_null() && !value.as_array().is_some_and(Vec::is_empty);
        let values = node.get("value").filter(is_start);
        let (Some(values), Some(projection)) = (values, projection) else {
            return selection;
        };
        let read = if node.get("bind").and_then(Json::as_str) == Some("scales") {
            None
        } else if projection.is_interval {
            projection.interval(values, &selection.name, look).map(|(test, brush)| {
                selection.brush = Some(brush);
                test
            })
        } else {
            projection.points(values)
        };
        match read {
            Some(test) => selection.start = Some(test),
            None => r.refuse_because(node, "a selection that starts with such a value is not supported"),
        }
        selection
    }
}

fn read_select<'a>(r: &mut Reader, node: Node, encodings: &'a [&'a Json]) -> (Option<Projection<'a>>, BrushLook) {
    let (mut look, mut fields, mut channels) = (BrushLook::default(), Vec::new(), Vec::new());
    let mut kind = node.json.as_str().map(str::to_owned);
    if node.json.is_object() {
        let names = |r: &mut Reader, node: Node| r.list(node, |r, node| r.text(node).map(|t| t.to_string()));
        r.object(node, |r, key, node| match key {
            "type" => kind = node.json.as_str().map(str::to_owned),
            "fields" => fields = names(r, node),
            "encodings" => channels = names(r, node),
            "mark" => look = BrushLook::read(r, node),
            _ => {}
        });
    }
    let projection = kind.map(|kind| Projection {
        is_interval: kind == "interval",
        fields,
        channels,
        encodings,
    });
    (projection, look)
}

impl BrushLook {
    fn read(r: &mut Reader, node: Node) -> BrushLook {
        let mut look = BrushLook::default();
        r.object(node, |r, key, node| {
            properties!(r, key, node, look, {
                "fill" => fill: paint,
                "fillOpacity" => fill_opacity: number,
                "stroke" => stroke: paint,
                "strokeOpacity" => stroke_opacity: number,
                "strokeWidth" => stroke_width: number,
                "strokeDash" => stroke_dash: numbers,
            }, if key != "cursor" && key != "strokeDashOffset" {
                r.refuse(node);
            })
        });
        look
    }
}

impl Projection<'_> {
    /// Any of the values, each in all of its fields.
    fn points(&self, values: &Json) -> Option<Predicate> {
        let list = values
            .as_array()
            .map_or_else(|| vec![values], |list| list.iter().collect());
        let any: Option<Vec<Predicate>> = list.into_iter().map(|value| self.point(value)).collect();
        any.map(Predicate::Any)
    }

    fn point(&self, value: &Json) -> Option<Predicate> {
        let test = |key: &str, value: &Json| {
            let field = self.field_of(key)?;
            Some(compared(field, Comparison::Equal(value_of(value)?)))
        };
        // A date is an object too: names of what is selected by come first.
        if let Some(fields) = value.as_object()
            && fields.keys().all(|key| self.field_of(key).is_some())
        {
            let all: Option<Vec<Predicate>> = fields.iter().map(|(key, value)| test(key, value)).collect();
            return all.map(Predicate::All);
        }
        // Of one field the bare value.
        match (self.fields.as_slice(), self.channels.as_slice()) {
            ([key], []) | ([], [key]) => test(key, value),
            _ => None,
        }
    }

    /// Between two values along each channel.
    fn interval(&self, values: &Json, name: &Arc<str>, look: BrushLook) -> Option<(Predicate, Brush)> {
        let mut brush = Brush {
            name: name.clone(),
            x: None,
            y: None,
            look,
        };
        let mut all = Vec::new();
        for (channel, ends) in values.as_object()? {
            let definition = self.definition(channel)?;
            let kind = definition.get("type").and_then(Json::as_str);
            // Between categories it is a list, and the brush has no ends.
            if !matches!(kind, Some("quantitative" | "temporal")) {
                return None;
            }
            let [a, b] = ends.as_array()?.as_slice() else {
                return None;
            };
            let (a, b) = (value_of(a)?, value_of(b)?);
            let (low, high) = if a.number() > b.number() { (b, a) } else { (a, b) };
            match channel.as_str() {
                "x" => brush.x = Some((low.clone(), high.clone())),
                "y" => brush.y = Some((low.clone(), high.clone())),
                _ => return None,
            }
            all.push(compared(self.field_of(channel)?, Comparison::Range(low, high)));
        }
        Some((Predicate::All(all), brush))
    }

    /// A channel's field as it is in the rows; other names are fields themselves.
    fn field_of(&self, key: &str) -> Option<Arc<str>> {
        if self.fields.iter().any(|field| field == key) {
            return Some(Arc::from(key));
        }
        match self.definition(key) {
            Some(definition) => {
                // The rows hold the field, and not what is made of it.
                let derived = ["aggregate", "bin", "timeUnit"]
                    .iter()
                    .any(|part| definition.get(*part).is_some());
                let field = definition.get("field").and_then(Json::as_str).filter(|_| !derived)?;
                Some(Arc::from(field))
            }
            None => None,
        }
    }

    fn definition(&self, channel: &str) -> Option<&Json> {
        self.encodings.iter().rev().find_map(|encoding| encoding.get(channel))
    }
}

fn compared(field: Arc<str>, comparison: Comparison) -> Predicate {
    Predicate::Field {
        field,
        time_unit: None,
        comparison,
    }
}

/// A plain value, or a date as its milliseconds.
fn value_of(json: &Json) -> Option<Value> {
    match super::reader::date_object(json) {
        Some(ms) => Some(Value::Number(ms)),
        None if json.is_object() || json.is_array() => None,
        None => Some(Value::from_json(json)),
    }
}
