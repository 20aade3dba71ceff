//! Scale properties of an encoding.

use super::options::{options, properties};
use super::reader::{Node, Reader};
use crate::value::Value;
use std::sync::Arc;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScaleKind {
    Linear,
    Log,
    Pow,
    Sqrt,
    Symlog,
    Time,
    Utc,
    Band,
    Point,
    Ordinal,
    BinOrdinal,
    Quantile,
    Quantize,
    Threshold,
}

impl ScaleKind {
    pub fn parse(name: &str) -> Option<ScaleKind> {
        Some(match name {
            "linear" => ScaleKind::Linear,
            "log" => ScaleKind::Log,
            "pow" => ScaleKind::Pow,
            "sqrt" => ScaleKind::Sqrt,
            "symlog" => ScaleKind::Symlog,
            "time" => ScaleKind::Time,
            "utc" => ScaleKind::Utc,
            "band" => ScaleKind::Band,
            "point" => ScaleKind::Point,
            "ordinal" => ScaleKind::Ordinal,
            "bin-ordinal" => ScaleKind::BinOrdinal,
            "quantile" => ScaleKind::Quantile,
            "quantize" => ScaleKind::Quantize,
            "threshold" => ScaleKind::Threshold,
            _ => return None,
        })
    }

    /// Its domain is a list of values.
    pub fn is_discrete(self) -> bool {
        matches!(
            self,
            ScaleKind::Band | ScaleKind::Point | ScaleKind::Ordinal | ScaleKind::BinOrdinal
        )
    }

    pub fn is_time(self) -> bool {
        matches!(self, ScaleKind::Time | ScaleKind::Utc)
    }

    /// A continuous domain cut into classes.
    pub fn is_discretizing(self) -> bool {
        matches!(self, ScaleKind::Quantile | ScaleKind::Quantize | ScaleKind::Threshold)
    }

    /// From a continuous domain to a continuous range.
    pub fn is_continuous(self) -> bool {
        !self.is_discrete() && !self.is_discretizing()
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Domain {
    Values(Vec<Value>),
    UnionWith(Vec<Value>),
    Unaggregated,
    /// Bound to a selection, which is empty at first.
    Selection,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Range {
    Values(Vec<Value>),
    Named(Arc<str>),
    Field(Arc<str>),
}

/// A named scheme, part of it, and how many colours.
#[derive(Clone, Debug, PartialEq)]
pub struct SchemeRef {
    pub name: Arc<str>,
    pub extent: Option<(f64, f64)>,
    pub count: Option<f64>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Nice {
    Flag(bool),
    Count(f64),
    Every(Arc<str>, f64),
}

options! {
    Scale {
        kind: ScaleKind,
        align: f64,
        base: f64,
        bins: Vec<f64>,
        clamp: bool,
        constant: f64,
        domain: Domain,
        domain_max: Value,
        domain_mid: f64,
        domain_min: Value,
        domain_raw: Vec<Value>,
        exponent: f64,
        interpolate: Arc<str>,
        nice: Nice,
        padding: f64,
        padding_inner: f64,
        padding_outer: f64,
        range: Range,
        range_max: Value,
        range_min: Value,
        reverse: bool,
        round: bool,
        scheme: SchemeRef,
        zero: bool,
    }
}

impl Scale {
    pub fn read(r: &mut Reader, node: Node) -> Scale {
        let mut scale = Scale::default();
        r.object(node, |r, key, node| {
            properties!(r, key, node, scale, {
                "type" => kind: scale_kind,
                "align" => align: number,
                "base" => base: number,
                "bins" => bins: scale_bins,
                "clamp" => clamp: boolean,
                "constant" => constant: number,
                "domain" => domain: scale_domain,
                "domainMax" => domain_max: value,
                "domainRaw" => domain_raw: raw_domain,
                "domainMid" => domain_mid: number,
                "domainMin" => domain_min: value,
                "exponent" => exponent: number,
                "interpolate" => interpolate: interpolation,
                "nice" => nice: nice,
                "padding" => padding: number,
                "paddingInner" => padding_inner: number,
                "paddingOuter" => padding_outer: number,
                "range" => range: scale_range,
                "rangeMax" => range_max: value,
                "rangeMin" => range_min: value,
                "reverse" => reverse: boolean,
                "round" => round: boolean,
                "scheme" => scheme: scheme,
                "zero" => zero: boolean,
            }, r.refuse(node))
        });
        if let Some(domain) = scale.domain_raw.take() {
            // Instead of all that would make or widen a domain.
            scale.domain = Some(Domain::Values(domain));
            (scale.domain_min, scale.domain_max, scale.padding) = (None, None, None);
            (scale.nice, scale.zero) = (Some(Nice::Flag(false)), Some(false));
        }
        scale
    }
}

impl Reader {
    fn scale_kind(&mut self, node: Node) -> Option<ScaleKind> {
        let name = self.text(node)?;
        let kind = ScaleKind::parse(&name);
        if kind.is_none() {
            self.wrong(node, "is not a type of scale");
        }
        kind
    }

    fn scale_bins(&mut self, node: Node) -> Option<Vec<f64>> {
        if node.json.is_object() {
            self.refuse(node);
            return None;
        }
        self.numbers(node)
    }

    fn interpolation(&mut self, node: Node) -> Option<Arc<str>> {
        match node.get("type") {
            Some(kind) if node.get("gamma").is_none() => kind.as_str().map(Arc::from),
            Some(_) => {
                self.refuse(node);
                None
            }
            None => self.text(node),
        }
    }

    fn scale_domain(&mut self, node: Node) -> Option<Domain> {
        if node.json.as_str() == Some("unaggregated") {
            return Some(Domain::Unaggregated);
        }
        if node.get("param").is_some() || node.get("selection").is_some() {
            return Some(Domain::Selection);
        }
        if node.get("unionWith").is_some() {
            let mut domain = None;
            self.object(node, |r, key, node| match key {
                "unionWith" => domain = r.values(node).map(Domain::UnionWith),
                _ => r.refuse(node),
            });
            return domain;
        }
        if node.is_null() {
            return None;
        }
        self.values(node).map(Domain::Values)
    }

    /// A domain, or null, which leaves the other properties to make one.
    fn raw_domain(&mut self, node: Node) -> Option<Vec<Value>> {
        match self.value(node)? {
            Value::List(values) => Some(values.to_vec()),
            Value::Null => None,
            _ => {
                self.wrong(node, "must be a list or null");
                None
            }
        }
    }

    fn scale_range(&mut self, node: Node) -> Option<Range> {
        if let Some(field) = node.get("field").and_then(|f| f.as_str()) {
            return Some(Range::Field(Arc::from(field)));
        }
        match node.json.as_str() {
            Some(name) => Some(Range::Named(Arc::from(name))),
            None => self.values(node).map(Range::Values),
        }
    }

    fn nice(&mut self, node: Node) -> Option<Nice> {
        if let Some(interval) = node.get("interval").and_then(|i| i.as_str()) {
            return Some(Nice::Every(
                Arc::from(interval),
                node.get("step").and_then(|s| s.as_f64()).unwrap_or(1.0),
            ));
        }
        match self.value(node)? {
            Value::Bool(b) => Some(Nice::Flag(b)),
            Value::Number(n) => Some(Nice::Count(n)),
            Value::Text(t) => Some(Nice::Every(t, 1.0)),
            _ => None,
        }
    }

    pub(super) fn scheme(&mut self, node: Node) -> Option<SchemeRef> {
        let mut scheme = SchemeRef {
            name: Arc::from(""),
            extent: None,
            count: None,
        };
        if node.get("name").is_some() {
            self.object(node, |r, key, node| match key {
                "name" => scheme.name = r.text(node).unwrap_or_else(|| Arc::from("")),
                "extent" => {
                    scheme.extent = r.numbers(node).and_then(|n| Some((*n.first()?, *n.get(1)?)));
                }
                "count" => scheme.count = r.number(node),
                _ => r.refuse(node),
            });
        } else {
            scheme.name = self.text(node)?;
        }
        let known = crate::colour::scheme(&scheme.name).is_some()
            || scheme.name.clone().rsplit_once('-').is_some_and(|(base, n)| {
                scheme.count = n.parse().ok();
                scheme.name = Arc::from(base);
                crate::colour::scheme(base).is_some()
            });
        if !known {
            self.wrong(node, "is not the name of a scheme");
            return None;
        }
        Some(scheme)
    }
}
