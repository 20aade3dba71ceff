//! Defaults for everything a specification leaves open.

use super::axis::Axis;
use super::encoding::Header;
use super::legend::Legend;
use super::mark::{MarkDef, MarkKind};
use super::options::{options, properties};
use super::projection::ProjectionDef;
use super::reader::{Node, Reader};
use super::scale::SchemeRef;
use super::title::Title;
use super::view::{Size, StepFor};
use crate::scene::Paint;
use crate::theme::WidthTable;
use crate::value::Value;
use std::sync::Arc;

options! {
    /// The frame of a view, and default sizes in px.
    ViewStyle {
        continuous_width: f64,
        continuous_height: f64,
        discrete_width: Size,
        discrete_height: Size,
        step: f64,
        corner_radius: f64,
        fill: Paint,
        fill_opacity: f64,
        opacity: f64,
        stroke: Paint,
        stroke_dash: Vec<f64>,
        stroke_opacity: f64,
        stroke_width: f64,
        style: Vec<Arc<str>>,
    }
}

impl ViewStyle {
    pub fn read(r: &mut Reader, node: Node) -> ViewStyle {
        let mut view = ViewStyle::default();
        r.object(node, |r, key, node| {
            properties!(r, key, node, view, {
                "continuousWidth" => continuous_width: number,
                "continuousHeight" => continuous_height: number,
                "discreteWidth" => discrete_width: size,
                "discreteHeight" => discrete_height: size,
                "step" => step: number,
                "cornerRadius" => corner_radius: number,
                "fill" => fill: paint,
                "fillOpacity" => fill_opacity: number,
                "opacity" => opacity: number,
                "stroke" => stroke: paint,
                "strokeDash" => stroke_dash: numbers,
                "strokeOpacity" => stroke_opacity: number,
                "strokeWidth" => stroke_width: number,
                "style" => style: texts,
            }, match key {
                "width" => {
                    let size = r.size(node);
                    view.continuous_width = size.as_ref().and_then(Size::px);
                    view.discrete_width = size;
                }
                "height" => {
                    let size = r.size(node);
                    view.continuous_height = size.as_ref().and_then(Size::px);
                    view.discrete_height = size;
                }
                "cursor" | "clip" => r.skip(node),
                _ => r.refuse(node),
            })
        });
        view
    }
}

options! {
    ScaleConfig {
        band_padding_inner: f64,
        bar_band_padding_inner: f64,
        rect_band_padding_inner: f64,
        tick_band_padding_inner: f64,
        band_padding_outer: f64,
        band_with_nested_offset_padding_inner: f64,
        band_with_nested_offset_padding_outer: f64,
        offset_band_padding_inner: f64,
        offset_band_padding_outer: f64,
        continuous_padding: f64,
        point_padding: f64,
        clamp: bool,
        round: bool,
        zero: bool,
        x_reverse: bool,
        min_band_size: f64,
        max_band_size: f64,
        min_font_size: f64,
        max_font_size: f64,
        min_opacity: f64,
        max_opacity: f64,
        min_size: f64,
        max_size: f64,
        min_stroke_width: f64,
        max_stroke_width: f64,
        quantile_count: f64,
        quantize_count: f64,
        use_unaggregated_domain: bool,
        invalid: Vec<(Arc<str>, Value)>,
    }
}

/// Colours and shapes that scales draw from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RangeConfig {
    pub category: Option<RangeChoice>,
    pub ordinal: Option<RangeChoice>,
    pub ramp: Option<RangeChoice>,
    pub heatmap: Option<RangeChoice>,
    pub diverging: Option<RangeChoice>,
    pub symbol: Option<RangeChoice>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum RangeChoice {
    Values(Vec<Value>),
    Scheme(SchemeRef),
}

/// The whole configuration: Vega-Lite's defaults, the theme's and the specification's own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    pub background: Option<Paint>,
    /// Left, top, right, bottom in px.
    pub padding: Option<[f64; 4]>,
    pub autosize: Option<super::view::Autosize>,
    pub view: ViewStyle,
    pub mark: Arc<MarkDef>,
    pub marks: Vec<(MarkKind, Arc<MarkDef>)>,
    pub styles: Vec<(Arc<str>, Arc<MarkDef>)>,
    /// By the name of the configuration: `axis`, `axisX`, `axisBand` …
    pub axes: Vec<(Arc<str>, Axis)>,
    pub legend: Legend,
    pub title: Title,
    /// By the name of the configuration: `header`, `headerRow` …
    pub headers: Vec<(Arc<str>, Header)>,
    pub range: RangeConfig,
    pub scale: ScaleConfig,
    pub projection: ProjectionDef,
    /// Marks whose place is on none of the maps of a composite projection stand in the upper left corner, as in Vega; they are
    /// left out otherwise.
    pub strays_in_corner: bool,
    /// Entries of legends carry their number, for readers to switch them off.
    pub numbered_entries: bool,
    pub number_format: Option<Arc<str>>,
    pub normalized_number_format: Option<Arc<str>>,
    pub time_format: Option<Arc<str>>,
    pub count_title: Option<Arc<str>>,
    pub field_title: Option<Arc<str>>,
    pub font: Option<Arc<str>>,
    pub widths: WidthTable,
    pub facet_spacing: Option<f64>,
    pub concat_spacing: Option<f64>,
}

impl Config {
    pub fn mark(&self, kind: MarkKind) -> Option<&Arc<MarkDef>> {
        self.marks.iter().find(|(k, _)| *k == kind).map(|(_, d)| d)
    }

    pub fn style(&self, name: &str) -> Option<&Arc<MarkDef>> {
        self.styles.iter().find(|(n, _)| &**n == name).map(|(_, d)| d)
    }

    /// The axis properties of the configuration whose name these parts make.
    pub fn axis(&self, parts: [&str; 3]) -> Option<&Axis> {
        let rest = |name| parts.iter().try_fold(name, |rest: &str, part| rest.strip_prefix(part));
        let found = self.axes.iter().find(|(name, _)| rest(&**name) == Some(""));
        found.map(|(_, axis)| axis)
    }

    pub fn header(&self, names: &[&str]) -> Header {
        let mut header = Header::default();
        for name in names {
            if let Some((_, more)) = self.headers.iter().find(|(n, _)| **n == **name) {
                header = header.or(more);
            }
        }
        header
    }

    pub fn set_mark(&mut self, kind: MarkKind, def: MarkDef) {
        match self.marks.iter_mut().find(|(k, _)| *k == kind) {
            Some(slot) => slot.1 = Arc::new(def.or(&slot.1)),
            None => self.marks.push((kind, Arc::new(def))),
        }
    }

    /// Reads a `config` object over this one.
    pub fn read_over(&mut self, r: &mut Reader, node: Node) {
        r.object(node, |r, key, node| match key {
            "background" => self.background = r.paint(node),
            "padding" => self.padding = r.padding(node),
            "autosize" => self.autosize = Some(super::view::Autosize::read(r, node)),
            "view" => self.view = ViewStyle::read(r, node).or(&self.view),
            "mark" => self.mark = Arc::new(MarkDef::read(r, node, &mut None).or(&self.mark)),
            "legend" => self.legend = read_legend(r, node).or(&self.legend),
            "title" => self.title = Title::read(r, node).or(&self.title),
            "scale" => self.scale = read_scale(r, node).or(&self.scale),
            "range" => self.read_range(r, node),
            "projection" => {
                if let Some(own) = ProjectionDef::read(r, node) {
                    self.projection = own.or(&self.projection);
                }
            }
            "style" => r.object(node, |r, key, node| {
                let def = MarkDef::read(r, node, &mut None);
                match self.styles.iter_mut().find(|(n, _)| &**n == key) {
                    Some(slot) => slot.1 = Arc::new(def.or(&slot.1)),
                    None => self.styles.push((Arc::from(key), Arc::new(def))),
                }
            }),
            "numberFormat" => self.number_format = r.text(node),
            "normalizedNumberFormat" => self.normalized_number_format = r.text(node),
            "timeFormat" => self.time_format = r.text(node),
            "countTitle" => self.count_title = r.text(node),
            "fieldTitle" => self.field_title = r.text(node),
            "font" => self.font = r.text(node),
            "facet" | "concat" => {
                let facet = key == "facet";
                r.object(node, |r, key, node| match key {
                    "spacing" if facet => self.facet_spacing = r.number(node),
                    "spacing" => self.concat_spacing = r.number(node),
                    "columns" => r.refuse(node),
                    _ => r.refuse(node),
                });
            }
            "selection" | "aria" | "params" | "customFormatTypes" | "tooltipFormat" | "locale" | "group" => {
                r.skip(node)
            }
            _ if key.starts_with("axis") => {
                let axis = read_axis(r, node);
                match self.axes.iter_mut().find(|(n, _)| &**n == key) {
                    Some(slot) => slot.1 = axis.or(&slot.1),
                    None => self.axes.push((Arc::from(key), axis)),
                }
            }
            _ if key.starts_with("header") => {
                let header = Header::read(r, node);
                match self.headers.iter_mut().find(|(n, _)| &**n == key) {
                    Some(slot) => slot.1 = header.or(&slot.1),
                    None => self.headers.push((Arc::from(key), header)),
                }
            }
            _ => match MarkKind::parse(key) {
                Some(kind) => {
                    let def = MarkDef::read(r, node, &mut None);
                    if kind == MarkKind::Line {
                        refuse_member(r, node, "size");
                    }
                    self.set_mark(kind, def);
                }
                None => r.refuse(node),
            },
        });
    }

    fn read_range(&mut self, r: &mut Reader, node: Node) {
        r.object(node, |r, key, node| {
            let choice = if node.json.is_array() {
                r.values(node).map(RangeChoice::Values)
            } else if let Some(scheme) = node.get("scheme") {
                let _ = scheme;
                let mut found = None;
                r.object(node, |r, key, node| match key {
                    "scheme" => found = r.scheme(node),
                    "extent" => {
                        let extent = r.numbers(node).and_then(|n| Some((*n.first()?, *n.get(1)?)));
                        if let Some(scheme) = &mut found {
                            scheme.extent = extent;
                        }
                    }
                    _ => r.refuse(node),
                });
                found.map(RangeChoice::Scheme)
            } else {
                r.scheme(node).map(RangeChoice::Scheme)
            };
            match key {
                "category" => self.range.category = choice,
                "ordinal" => self.range.ordinal = choice,
                "ramp" => self.range.ramp = choice,
                "heatmap" => self.range.heatmap = choice,
                "diverging" => self.range.diverging = choice,
                "symbol" => self.range.symbol = choice,
                _ => r.refuse(node),
            }
        });
    }
}

/// What only one legend can say is not heard in a configuration, except that a title there hides titles.
fn read_legend(r: &mut Reader, node: Node) -> Legend {
    let mut legend = Legend::read(r, node);
    legend.title = legend.title.map(|_| Vec::new());
    (legend.values, legend.format, legend.label_expr, legend.tick_min_step) = (None, None, None, None);
    refuse_member(r, node, "gradientOpacity");
    legend
}

/// The same of axes.
fn read_axis(r: &mut Reader, node: Node) -> Axis {
    let mut axis = Axis::read(r, node);
    axis.title = axis.title.map(|_| Vec::new());
    axis.values = None;
    refuse_member(r, node, "tickOffset");
    axis
}

fn refuse_member(r: &mut Reader, node: Node, name: &str) {
    r.object(node, |r, key, node| {
        if key == name {
            r.refuse(node);
        }
    });
}

fn read_scale(r: &mut Reader, node: Node) -> ScaleConfig {
    let mut scale = ScaleConfig::default();
    r.object(node, |r, key, node| {
        properties!(r, key, node, scale, {
            "bandPaddingInner" => band_padding_inner: number,
            "barBandPaddingInner" => bar_band_padding_inner: number,
            "rectBandPaddingInner" => rect_band_padding_inner: number,
            "tickBandPaddingInner" => tick_band_padding_inner: number,
            "bandPaddingOuter" => band_padding_outer: number,
            "bandWithNestedOffsetPaddingInner" => band_with_nested_offset_padding_inner: number,
            "bandWithNestedOffsetPaddingOuter" => band_with_nested_offset_padding_outer: number,
            "offsetBandPaddingInner" => offset_band_padding_inner: number,
            "offsetBandPaddingOuter" => offset_band_padding_outer: number,
            "continuousPadding" => continuous_padding: number,
            "pointPadding" => point_padding: number,
            "clamp" => clamp: boolean,
            "round" => round: boolean,
            "zero" => zero: boolean,
            "xReverse" => x_reverse: boolean,
            "minBandSize" => min_band_size: number,
            "maxBandSize" => max_band_size: number,
            "minFontSize" => min_font_size: number,
            "maxFontSize" => max_font_size: number,
            "minOpacity" => min_opacity: number,
            "maxOpacity" => max_opacity: number,
            "minSize" => min_size: number,
            "maxSize" => max_size: number,
            "minStrokeWidth" => min_stroke_width: number,
            "maxStrokeWidth" => max_stroke_width: number,
            "quantileCount" => quantile_count: number,
            "quantizeCount" => quantize_count: number,
            "useUnaggregatedDomain" => use_unaggregated_domain: boolean,
        }, match key {
            "invalid" => {
                let mut list = Vec::new();
                r.object(node, |r, key, node| {
                    let value = node.get("value").map_or(Value::Null, Value::from_json);
                    if node.get("value").is_none() && node.json.as_str() != Some("zero-or-min") {
                        r.wrong(node, "must be zero-or-min or a value");
                    }
                    list.push((Arc::from(key), value));
                });
                scale.invalid = Some(list);
            }
            _ => r.refuse(node),
        })
    });
    scale
}

impl Reader {
    /// Padding on all four sides in px.
    pub fn padding(&mut self, node: Node) -> Option<[f64; 4]> {
        if !node.json.is_object() || node.get("expr").is_some() {
            return self.number(node).map(|n| [n; 4]);
        }
        let mut sides = [0.0; 4];
        self.object(node, |r, key, node| {
            let Some(at) = ["left", "top", "right", "bottom"].iter().position(|s| *s == key) else {
                r.refuse(node);
                return;
            };
            if let (Some(side), Some(n)) = (sides.get_mut(at), r.number(node)) {
                *side = n;
            }
        });
        Some(sides)
    }

    /// A view's width or height.
    pub fn size(&mut self, node: Node) -> Option<Size> {
        if let Some(step) = node.get("step") {
            let offset = node.get("for").and_then(|f| f.as_str()).map(|f| {
                if f == "offset" {
                    StepFor::Offset
                } else {
                    StepFor::Position
                }
            });
            return step
                .as_f64()
                .map(|step| Size::Step(step, offset.unwrap_or(StepFor::Default)));
        }
        match self.value(node)? {
            Value::Number(n) => Some(Size::Px(n)),
            Value::Text(t) if &*t == "container" => Some(Size::Container),
            Value::Null => None,
            _ => {
                self.wrong(node, "must be a number, a step or container");
                None
            }
        }
    }
}
