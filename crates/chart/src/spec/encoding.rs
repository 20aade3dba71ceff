//! What the channels of a mark show.

use super::axis::Axis;
use super::channel::Channel;
use super::legend::Legend;
use super::options::{options, properties};
use super::predicate::Predicate;
use super::reader::{Node, Reader};
use super::scale::Scale;
use crate::expression::Expression;
use crate::scene::Paint;
use crate::time::TimeUnit;
use crate::value::Value;
use std::sync::Arc;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    Quantitative,
    Temporal,
    Ordinal,
    Nominal,
    /// Shapes on the sphere.
    GeoJson,
}

impl FieldKind {
    pub fn is_discrete(self) -> bool {
        matches!(self, FieldKind::Ordinal | FieldKind::Nominal)
    }
}

/// How many rows become one value.
#[derive(Clone, Debug, PartialEq)]
pub enum Aggregate {
    Op(Arc<str>),
    ArgMin(Arc<str>),
    ArgMax(Arc<str>),
}

pub const OPS: [&str; 23] = [
    "count",
    "valid",
    "missing",
    "distinct",
    "sum",
    "product",
    "mean",
    "average",
    "variance",
    "variancep",
    "stdev",
    "stdevp",
    "stderr",
    "median",
    "q1",
    "q3",
    "min",
    "max",
    "values",
    "ci0",
    "ci1",
    "argmin",
    "argmax",
];

/// Grouping numbers into ranges.
#[derive(Clone, Debug, PartialEq)]
pub enum Bin {
    Off,
    /// The data is already in ranges.
    Binned {
        step: Option<f64>,
    },
    On(BinParams),
}

/// How ranges are chosen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BinParams {
    pub anchor: Option<f64>,
    pub base: Option<f64>,
    pub divide: Option<Vec<f64>>,
    pub extent: Option<Vec<f64>>,
    /// What computes the extent, once there is data.
    pub extent_from: Option<Expression>,
    pub maxbins: Option<f64>,
    pub minstep: Option<f64>,
    pub nice: Option<bool>,
    pub step: Option<f64>,
    pub steps: Option<Vec<f64>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SortOrder {
    #[default]
    Ascending,
    Descending,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Sort {
    Order(SortOrder),
    /// As the data comes.
    None,
    Values(Vec<Value>),
    Field {
        field: Option<Arc<str>>,
        op: Option<Arc<str>>,
        order: SortOrder,
    },
    Encoding {
        channel: Channel,
        order: SortOrder,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StackOffset {
    Off,
    Zero,
    Normalize,
    Center,
}

/// Filling gaps.
#[derive(Clone, Debug, PartialEq)]
pub struct Impute {
    pub method: Arc<str>,
    pub value: Value,
    pub keyvals: Vec<Value>,
    pub frame: Option<(Option<f64>, Option<f64>)>,
}

/// What a channel shows for rows that pass a test.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    pub test: Predicate,
    pub then: ChannelDef,
}

options! {
    /// Headers of facets. Sizes in px.
    Header {
        format: Value,
        format_type: Arc<str>,
        label_align: Arc<str>,
        label_anchor: Arc<str>,
        label_angle: f64,
        label_baseline: Arc<str>,
        label_color: Paint,
        label_expr: Expression,
        label_font: Arc<str>,
        label_font_size: f64,
        label_font_style: bool,
        label_font_weight: bool,
        label_limit: f64,
        label_orient: Arc<str>,
        label_padding: f64,
        labels: bool,
        orient: Arc<str>,
        title: Vec<String>,
        title_align: Arc<str>,
        title_anchor: Arc<str>,
        title_angle: f64,
        title_baseline: Arc<str>,
        title_color: Paint,
        title_font: Arc<str>,
        title_font_size: f64,
        title_font_style: bool,
        title_font_weight: bool,
        title_limit: f64,
        title_orient: Arc<str>,
        title_padding: f64,
    }
}

options! {
    /// One definition of a channel. `Some(None)` of a guide or scale is an explicit null.
    ChannelDef {
        field: Arc<str>,
        datum: Value,
        value: Value,
        computed: Expression,
        kind: FieldKind,
        aggregate: Aggregate,
        bin: Bin,
        time_unit: TimeUnit,
        stack: StackOffset,
        sort: Sort,
        title: Vec<String>,
        axis: Option<Arc<Axis>>,
        legend: Option<Arc<Legend>>,
        scale: Option<Arc<Scale>>,
        header: Option<Arc<Header>>,
        format: Value,
        format_type: Arc<str>,
        condition: Vec<Condition>,
        impute: Impute,
        band_position: f64,
        band_size: f64,
        align: Arc<str>,
        center: bool,
        spacing: f64,
        columns: f64,
    }
}

impl ChannelDef {
    /// Shows data, as a field or as one value of the data's domain.
    pub fn is_data(&self) -> bool {
        self.is_field() || self.datum.is_some()
    }

    pub fn is_field(&self) -> bool {
        self.field.is_some() || matches!(&self.aggregate, Some(Aggregate::Op(op)) if &**op == "count")
    }

    pub fn is_count(&self) -> bool {
        matches!(&self.aggregate, Some(Aggregate::Op(op)) if matches!(&**op, "count" | "valid" | "missing" | "distinct"))
    }

    /// Grouped into ranges here (not already in the data).
    pub fn is_binning(&self) -> bool {
        matches!(self.bin, Some(Bin::On(_)))
    }

    pub fn is_binned(&self) -> bool {
        matches!(self.bin, Some(Bin::Binned { .. }))
    }

    pub fn kind(&self) -> FieldKind {
        self.kind.unwrap_or(FieldKind::Nominal)
    }
}

/// The channels of a mark; order, detail and tooltip may come several times.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Encoding {
    pub channels: Vec<(Channel, ChannelDef)>,
}

impl Encoding {
    pub fn get(&self, channel: Channel) -> Option<&ChannelDef> {
        self.channels.iter().find(|(c, _)| *c == channel).map(|(_, d)| d)
    }

    pub fn all(&self, channel: Channel) -> impl Iterator<Item = &ChannelDef> {
        self.channels.iter().filter(move |(c, _)| *c == channel).map(|(_, d)| d)
    }

    pub fn take(&mut self, channel: Channel) -> Option<ChannelDef> {
        let at = self.channels.iter().position(|(c, _)| *c == channel)?;
        Some(self.channels.remove(at).1)
    }

    /// The data definition of a channel, or of its condition.
    pub fn data(&self, channel: Channel) -> Option<&ChannelDef> {
        let def = self.get(channel)?;
        if def.is_data() {
            return Some(def);
        }
        def.condition.iter().flatten().map(|c| &c.then).find(|d| d.is_data())
    }

    pub fn is_aggregate(&self) -> bool {
        self.channels
            .iter()
            .any(|(_, d)| d.aggregate.is_some() || d.condition.iter().flatten().any(|c| c.then.aggregate.is_some()))
    }

    pub fn read(r: &mut Reader, node: Node) -> Encoding {
        let mut encoding = Encoding::default();
        r.object(node, |r, key, node| {
            let Some(channel) = Channel::parse(key) else {
                r.refuse(node);
                return;
            };
            if node.is_null() {
                return;
            }
            if matches!(channel, Channel::Order | Channel::Detail | Channel::Tooltip) && node.json.is_array() {
                for def in r.list(node, |r, node| Some(ChannelDef::read(r, node, channel))) {
                    encoding.channels.push((channel, def));
                }
                return;
            }
            let def = ChannelDef::read(r, node, channel);
            encoding.channels.push((channel, def));
        });
        encoding
    }
}

impl ChannelDef {
    pub fn read(r: &mut Reader, node: Node, channel: Channel) -> ChannelDef {
        let mut def = ChannelDef::default();
        r.object(node, |r, key, node| {
            properties!(r, key, node, def, {
                "field" => field: field,
                "datum" => datum: datum,
                "type" => kind: field_kind,
                "aggregate" => aggregate: aggregate,
                "bin" => bin: bin,
                "timeUnit" => time_unit: time_unit,
                "stack" => stack: stack,
                "title" => title: lines,
                "format" => format: value,
                "formatType" => format_type: text,
                "impute" => impute: impute,
                "bandPosition" => band_position: number,
                "align" => align: text,
                "center" => center: boolean,
                "spacing" => spacing: number,
                "columns" => columns: number,
            }, match key {
                "value" => {
                    match r.late(node) {
                        Some(tree) => def.computed = Some(tree),
                        None if node.get("gradient").is_some() => r.refuse(node),
                        None => def.value = r.value(node),
                    }
                }
                "sort" => def.sort = r.sort(node, channel),
                "axis" => def.axis = Some((!node.is_null()).then(|| Arc::new(Axis::read(r, node)))),
                "legend" => def.legend = Some((!node.is_null()).then(|| Arc::new(Legend::read(r, node)))),
                "scale" => def.scale = Some((!node.is_null()).then(|| Arc::new(Scale::read(r, node)))),
                "header" => def.header = Some((!node.is_null()).then(|| Arc::new(Header::read(r, node)))),
                "condition" => def.condition = Some(r.one_or_more(node, |r, node| Condition::read(r, node, channel))),
                _ => r.refuse(node),
            })
        });
        def
    }

    /// Fills in what follows from the channel and the other properties; done when layers have given their share.
    pub fn normalise(&mut self, channel: Channel) {
        for condition in self.condition.iter_mut().flatten() {
            condition.then.normalise(channel);
        }
        if let Some(Bin::On(params)) = &mut self.bin
            && params.maxbins.is_none()
            && params.step.is_none()
        {
            let few = matches!(
                channel,
                Channel::Row
                    | Channel::Column
                    | Channel::Size
                    | Channel::Color
                    | Channel::Fill
                    | Channel::Stroke
                    | Channel::StrokeWidth
                    | Channel::Opacity
                    | Channel::FillOpacity
                    | Channel::StrokeOpacity
                    | Channel::Shape
            );
            params.maxbins = Some(if few { 6.0 } else { 10.0 });
        }
        if self.is_count() {
            self.kind = Some(FieldKind::Quantitative);
        }
        if self.kind.is_none() && self.is_field() {
            self.kind = Some(self.default_kind(channel));
        }
        if self.kind.is_none()
            && let Some(datum) = &self.datum
        {
            self.kind = Some(match datum {
                Value::Number(_) => FieldKind::Quantitative,
                _ => FieldKind::Nominal,
            });
        }
        // The parts of a unit may be listed by name or number.
        if let (Some(Sort::Values(list)), Some(unit)) = (&mut self.sort, &self.time_unit) {
            list.iter_mut().for_each(|v| *v = unit.of_value(v));
        }
        let domain = self
            .scale
            .as_ref()
            .and_then(|s| s.as_ref())
            .and_then(|s| s.domain.as_ref());
        if let (None, Some(super::scale::Domain::Values(values)), true) =
            (&self.sort, domain, self.kind != Some(FieldKind::Quantitative))
            && channel.is_color()
            && self.is_field()
            && self.bin.is_none()
            && self.time_unit.is_none()
            && self.kind != Some(FieldKind::Temporal)
        {
            self.sort = Some(Sort::Values(values.clone()));
        }
    }

    fn default_kind(&self, channel: Channel) -> FieldKind {
        match channel {
            Channel::Row | Channel::Column | Channel::Facet | Channel::Shape | Channel::StrokeDash => {
                return FieldKind::Nominal;
            }
            Channel::Order => return FieldKind::Ordinal,
            _ if channel.is_geographic() => return FieldKind::Quantitative,
            _ => {}
        }
        if matches!(self.sort, Some(Sort::Values(_))) {
            return FieldKind::Ordinal;
        }
        if self.time_unit.is_some() {
            return FieldKind::Temporal;
        }
        if matches!(self.bin, Some(Bin::On(_) | Bin::Binned { .. })) || matches!(self.aggregate, Some(Aggregate::Op(_)))
        {
            return FieldKind::Quantitative;
        }
        use super::scale::ScaleKind;
        match self.scale.as_ref().and_then(|s| s.as_ref()).and_then(|s| s.kind) {
            Some(kind) if kind.is_time() => FieldKind::Temporal,
            Some(ScaleKind::Band | ScaleKind::Point | ScaleKind::Ordinal) | None => FieldKind::Nominal,
            Some(_) => FieldKind::Quantitative,
        }
    }
}

impl Condition {
    fn read(r: &mut Reader, node: Node, channel: Channel) -> Option<Condition> {
        let test = Predicate::of_condition(r, node)?;
        // What is left is a definition like any other.
        let mut rest = node.json.clone();
        if let Some(fields) = rest.as_object_mut() {
            for key in ["test", "param", "selection", "empty"] {
                fields.shift_remove(key);
            }
        }
        let then = ChannelDef::read(r, node.with(&rest), channel);
        Some(Condition { test, then })
    }
}

impl Header {
    pub fn read(r: &mut Reader, node: Node) -> Header {
        let mut header = Header::default();
        r.object(node, |r, key, node| {
            properties!(r, key, node, header, {
                "format" => format: value,
                "formatType" => format_type: text,
                "labelAlign" => label_align: text,
                "labelAnchor" => label_anchor: text,
                "labelAngle" => label_angle: number,
                "labelBaseline" => label_baseline: text,
                "labelColor" => label_color: paint,
                "labelExpr" => label_expr: expression,
                "labelFont" => label_font: text,
                "labelFontSize" => label_font_size: number,
                "labelFontStyle" => label_font_style: slant,
                "labelFontWeight" => label_font_weight: weight,
                "labelLimit" => label_limit: number,
                "labelOrient" => label_orient: text,
                "labelPadding" => label_padding: number,
                "labels" => labels: boolean,
                "orient" => orient: text,
                "title" => title: lines,
                "titleAlign" => title_align: text,
                "titleAnchor" => title_anchor: text,
                "titleAngle" => title_angle: number,
                "titleBaseline" => title_baseline: text,
                "titleColor" => title_color: paint,
                "titleFont" => title_font: text,
                "titleFontSize" => title_font_size: number,
                "titleFontStyle" => title_font_style: slant,
                "titleFontWeight" => title_font_weight: weight,
                "titleLimit" => title_limit: number,
                "titleOrient" => title_orient: text,
                "titlePadding" => title_padding: number,
            }, r.refuse(node))
        });
        header
    }
}

impl Reader {
    /// A field's name, or what `{"repeat": …}` stands for.
    pub fn field(&mut self, node: Node) -> Option<Arc<str>> {
        if let Some(which) = node.get("repeat").and_then(|r| r.as_str()) {
            let found = self.repeaters.iter().rev().find(|(name, _)| *name == which);
            return match found {
                Some((_, field)) => Some(Arc::from(field.as_str())),
                None => {
                    self.wrong(node, "there is no such repeat");
                    None
                }
            };
        }
        match self.value(node)? {
            Value::Text(t) => Some(t),
            Value::Number(n) => Some(Arc::from(crate::value::number_label(n))),
            Value::Null => None,
            _ => {
                self.wrong(node, "must be the name of a field");
                None
            }
        }
    }

    fn datum(&mut self, node: Node) -> Option<Value> {
        if node.get("repeat").is_some() {
            return self.field(node).map(Value::Text);
        }
        self.value(node)
    }

    fn field_kind(&mut self, node: Node) -> Option<FieldKind> {
        match node.json.as_str().map(str::to_ascii_lowercase).as_deref() {
            Some("quantitative" | "q") => Some(FieldKind::Quantitative),
            Some("temporal" | "t") => Some(FieldKind::Temporal),
            Some("ordinal" | "o") => Some(FieldKind::Ordinal),
            Some("nominal" | "n") => Some(FieldKind::Nominal),
            Some("geojson") => Some(FieldKind::GeoJson),
            _ => {
                self.refuse(node);
                None
            }
        }
    }

    pub fn aggregate(&mut self, node: Node) -> Option<Aggregate> {
        if let Some(field) = node.get("argmax").and_then(|f| f.as_str()) {
            return Some(Aggregate::ArgMax(Arc::from(field)));
        }
        if let Some(field) = node.get("argmin").and_then(|f| f.as_str()) {
            return Some(Aggregate::ArgMin(Arc::from(field)));
        }
        // Vega-Lite has it in its schema and draws the rows as they are.
        if node.is_null() || node.get("exponential").is_some_and(|decay| decay.is_number()) {
            return None;
        }
        if node.json.is_object() {
            self.refuse(node);
            return None;
        }
        let op = self.text(node)?;
        if matches!(&*op, "ci0" | "ci1" | "values" | "argmin" | "argmax") {
            self.refuse(node);
            return None;
        }
        if !OPS.contains(&&*op) {
            self.wrong(node, "is not an aggregation");
            return None;
        }
        Some(Aggregate::Op(op))
    }

    pub fn bin(&mut self, node: Node) -> Option<Bin> {
        match node.json {
            serde_json::Value::Bool(true) => return Some(Bin::On(BinParams::default())),
            serde_json::Value::Bool(false) | serde_json::Value::Null => return Some(Bin::Off),
            serde_json::Value::String(s) if s == "binned" => return Some(Bin::Binned { step: None }),
            _ => {}
        }
        let mut params = BinParams::default();
        let mut binned = false;
        self.object(node, |r, key, node| {
            properties!(r, key, node, params, {
                "anchor" => anchor: number,
                "base" => base: number,
                "divide" => divide: numbers,
                "maxbins" => maxbins: number,
                "minstep" => minstep: number,
                "nice" => nice: boolean,
                "step" => step: number,
                "steps" => steps: numbers,
            }, match key {
                "binned" => binned = r.boolean(node).unwrap_or(false),
                "extent" => match r.late_extent(node) {
                    Some(tree) => params.extent_from = Some(tree),
                    // An extent bound to a selection is the whole extent at first.
                    None if node.get("param").is_some() => {}
                    None => params.extent = r.numbers(node),
                },
                _ => r.refuse(node),
            })
        });
        Some(if binned {
            Bin::Binned { step: params.step }
        } else {
            Bin::On(params)
        })
    }

    pub fn time_unit(&mut self, node: Node) -> Option<TimeUnit> {
        let (mut name, mut step, mut utc, mut binned) = (None, 1, false, false);
        if node.json.is_object() {
            self.object(node, |r, key, node| match key {
                "unit" => name = r.text(node),
                "step" => step = r.number(node).map_or(1, |n| n.max(1.0) as i64),
                "utc" => utc = r.boolean(node).unwrap_or(false),
                "binned" => binned = r.boolean(node).unwrap_or(false),
                _ => r.refuse(node),
            });
        } else {
            name = self.text(node);
        }
        let mut unit = TimeUnit::parse(&name?);
        match &mut unit {
            Some(unit) => {
                unit.step = step;
                unit.utc |= utc;
                unit.binned |= binned;
            }
            None => self.wrong(node, "is not a time unit"),
        }
        unit
    }

    fn stack(&mut self, node: Node) -> Option<StackOffset> {
        match node.json {
            serde_json::Value::Null | serde_json::Value::Bool(false) => Some(StackOffset::Off),
            serde_json::Value::Bool(true) => Some(StackOffset::Zero),
            _ => match node.json.as_str() {
                Some("zero") => Some(StackOffset::Zero),
                Some("normalize") => Some(StackOffset::Normalize),
                Some("center") => Some(StackOffset::Center),
                _ => {
                    self.wrong(node, "must be zero, normalize, center, true, false or null");
                    None
                }
            },
        }
    }

    pub fn sort_order(&mut self, node: Node) -> Option<SortOrder> {
        match node.json.as_str() {
            Some("ascending") => Some(SortOrder::Ascending),
            Some("descending") => Some(SortOrder::Descending),
            _ if node.is_null() => None,
            _ => {
                self.wrong(node, "must be ascending or descending");
                None
            }
        }
    }

    fn sort(&mut self, node: Node, channel: Channel) -> Option<Sort> {
        if node.is_null() {
            return Some(Sort::None);
        }
        if node.json.is_array() {
            return self.values(node).map(Sort::Values);
        }
        if let Some(text) = node.json.as_str() {
            return match text {
                "ascending" => Some(Sort::Order(SortOrder::Ascending)),
                "descending" => Some(Sort::Order(SortOrder::Descending)),
                _ => {
                    let (name, order) = text
                        .strip_prefix('-')
                        .map_or((text, SortOrder::Ascending), |n| (n, SortOrder::Descending));
                    match Channel::parse(name) {
                        Some(channel) => Some(Sort::Encoding { channel, order }),
                        None => {
                            self.wrong(node, "is not an order");
                            None
                        }
                    }
                }
            };
        }
        let (mut field, mut op, mut by, mut order) = (None, None, None, SortOrder::Ascending);
        self.object(node, |r, key, node| match key {
            "field" => field = r.field(node),
            "op" => op = r.text(node),
            "encoding" => by = r.text(node).and_then(|n| Channel::parse(&n)),
            "order" => order = r.sort_order(node).unwrap_or_default(),
            _ => r.refuse(node),
        });
        let _ = channel;
        Some(match by {
            Some(channel) => Sort::Encoding { channel, order },
            None => Sort::Field { field, op, order },
        })
    }

    fn impute(&mut self, node: Node) -> Option<Impute> {
        if node.is_null() {
            return None;
        }
        let mut impute = Impute {
            method: Arc::from("value"),
            value: Value::Null,
            keyvals: Vec::new(),
            frame: None,
        };
        self.object(node, |r, key, node| match key {
            "value" => impute.value = r.value(node).unwrap_or_default(),
            "method" => impute.method = r.text(node).unwrap_or_else(|| Arc::from("value")),
            "frame" => impute.frame = r.frame(node),
            "keyvals" => impute.keyvals = r.keyvals(node),
            _ => r.refuse(node),
        });
        Some(impute)
    }

    /// A window such as `[-2, null]`; null is unbounded.
    pub fn frame(&mut self, node: Node) -> Option<(Option<f64>, Option<f64>)> {
        let bounds = self.values(node)?;
        let bound = |i: usize| bounds.get(i).filter(|v| !v.is_nothing()).map(Value::number);
        Some((bound(0), bound(1)))
    }

    pub fn keyvals(&mut self, node: Node) -> Vec<Value> {
        if node.json.is_array() {
            return self.values(node).unwrap_or_default();
        }
        let (mut start, mut stop, mut step) = (0.0, 0.0, 1.0);
        self.object(node, |r, key, node| match key {
            "start" => start = r.number(node).unwrap_or(0.0),
            "stop" => stop = r.number(node).unwrap_or(0.0),
            "step" => step = r.number(node).unwrap_or(1.0),
            _ => r.refuse(node),
        });
        let count = ((stop - start) / step).ceil().clamp(0.0, 10_000.0) as usize;
        (0..count).map(|i| Value::Number(start + i as f64 * step)).collect()
    }
}
