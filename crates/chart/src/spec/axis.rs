//! Axis properties, in an encoding or in a configuration.

use super::options::{options, properties};
use super::predicate::Predicate;
use super::reader::{Node, Reader};
use crate::expression::Expression;
use crate::scene::Paint;
use crate::value::Value;
use std::sync::Arc;

/// How labels that would touch are thinned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlap {
    None,
    Parity,
    Greedy,
}

/// How many ticks: about a number of them, or one per interval.
#[derive(Clone, Debug, PartialEq)]
pub enum TickCount {
    About(f64),
    Every(Arc<str>, f64),
}

/// Where ticks stand on a band scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TickBand {
    Center,
    Extent,
}

options! {
    /// Sizes in px, angles in degrees clockwise.
    Axis {
        aria: bool,
        band_position: f64,
        computed_angle: bool,
        disable: bool,
        domain: bool,
        domain_color: Paint,
        domain_dash: Vec<f64>,
        domain_opacity: f64,
        domain_width: f64,
        format: Value,
        format_type: Arc<str>,
        grid: bool,
        grid_color: Paint,
        grid_dash: Vec<f64>,
        grid_opacity: f64,
        grid_width: f64,
        label_align: Arc<str>,
        label_angle: f64,
        label_baseline: Arc<str>,
        label_bound: Value,
        label_color: Paint,
        label_expr: Expression,
        label_flush: Value,
        label_font: Arc<str>,
        label_font_size: f64,
        label_font_style: bool,
        label_font_weight: bool,
        label_limit: f64,
        label_line_height: f64,
        label_offset: f64,
        label_opacity: f64,
        label_overlap: Overlap,
        label_padding: f64,
        label_separation: f64,
        labels: bool,
        max_extent: f64,
        min_extent: f64,
        offset: f64,
        orient: Arc<str>,
        position: f64,
        style: Vec<Arc<str>>,
        tick_band: TickBand,
        tick_color: Paint,
        tick_count: TickCount,
        tick_dash: Vec<f64>,
        tick_extra: bool,
        tick_min_step: f64,
        tick_offset: f64,
        tick_opacity: f64,
        tick_round: bool,
        tick_size: f64,
        tick_width: f64,
        ticks: bool,
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
        title_line_height: f64,
        title_opacity: f64,
        title_padding: f64,
        title_x: f64,
        title_y: f64,
        translate: f64,
        values: Vec<Value>,
        zindex: f64,
        ;
        /// What differs at some ticks; of one property the first that holds counts.
        conditions: Vec<AxisCondition> = merged_conditions
    }
}

/// A property as it is at ticks that pass a test. The test sees a tick's `value`, `label`, and `index` from 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct AxisCondition {
    pub test: Predicate,
    /// The one property.
    pub then: Axis,
}

/// What may differ from tick to tick.
const CONDITIONAL: [&str; 21] = [
    "gridColor",
    "gridDash",
    "gridDashOffset",
    "gridOpacity",
    "gridWidth",
    "labelAlign",
    "labelBaseline",
    "labelColor",
    "labelFont",
    "labelFontSize",
    "labelFontStyle",
    "labelFontWeight",
    "labelOffset",
    "labelOpacity",
    "labelPadding",
    "tickColor",
    "tickDash",
    "tickDashOffset",
    "tickOpacity",
    "tickSize",
    "tickWidth",
];

impl Axis {
    pub fn read(r: &mut Reader, node: Node) -> Axis {
        let mut axis = Axis::default();
        r.object(node, |r, key, node| {
            // Vega-Lite leaves labels at an angle from an expression without the alignment it gives to others.
            if key == "labelAngle" && node.json.is_object() {
                axis.computed_angle = Some(true);
            }
            if CONDITIONAL.contains(&key) && node.get("condition").is_some() {
                axis.read_conditional(r, key, node);
            } else {
                axis.read_property(r, key, node);
            }
        });
        axis
    }

    /// `{"condition": {"test": …, "value": …}, "value": …}`, with one condition or several.
    fn read_conditional(&mut self, r: &mut Reader, property: &str, node: Node) {
        r.object(node, |r, key, node| match key {
            "value" => self.read_property(r, property, node),
            "condition" => {
                let read = |r: &mut Reader, node: Node| {
                    let test = Predicate::of_condition(r, node)?;
                    let mut then = Axis::default();
                    r.object(node, |r, key, node| match key {
                        "value" => then.read_property(r, property, node),
                        "test" | "param" | "selection" | "empty" => {}
                        _ => r.refuse(node),
                    });
                    // One that changes nothing is none.
                    (then != Axis::default()).then_some(AxisCondition { test, then })
                };
                self.conditions.extend(r.one_or_more(node, read));
            }
            _ => r.refuse(node),
        });
    }

    /// The own conditions, and those of `other` on properties that are not set here.
    fn merged_conditions(&self, other: &Axis) -> Vec<AxisCondition> {
        let mut plain = self.clone();
        plain.conditions.clear();
        let unset = |condition: &&AxisCondition| plain.or(&condition.then) != plain;
        let more = other.conditions.iter().filter(unset);
        self.conditions.iter().chain(more).cloned().collect()
    }

    fn read_property(&mut self, r: &mut Reader, key: &str, node: Node) {
        let axis = self;
        properties!(r, key, node, axis, {
            "aria" => aria: boolean,
            "bandPosition" => band_position: number,
            "disable" => disable: boolean,
            "domain" => domain: boolean,
            "domainColor" => domain_color: paint,
            "domainDash" => domain_dash: numbers,
            "domainOpacity" => domain_opacity: number,
            "domainWidth" => domain_width: number,
            "format" => format: value,
            "formatType" => format_type: text,
            "grid" => grid: boolean,
            "gridColor" => grid_color: paint,
            "gridDash" => grid_dash: numbers,
            "gridOpacity" => grid_opacity: number,
            "gridWidth" => grid_width: number,
            "labelAlign" => label_align: text,
            "labelAngle" => label_angle: number,
            "labelBaseline" => label_baseline: text,
            "labelBound" => label_bound: value,
            "labelColor" => label_color: paint,
            "labelExpr" => label_expr: expression,
            "labelFlush" => label_flush: value,
            "labelFont" => label_font: text,
            "labelFontSize" => label_font_size: number,
            "labelFontStyle" => label_font_style: slant,
            "labelFontWeight" => label_font_weight: weight,
            "labelLimit" => label_limit: number,
            "labelLineHeight" => label_line_height: number,
            "labelOffset" => label_offset: number,
            "labelOpacity" => label_opacity: number,
            "labelOverlap" => label_overlap: overlap,
            "labelPadding" => label_padding: number,
            "labelSeparation" => label_separation: number,
            "labels" => labels: boolean,
            "maxExtent" => max_extent: number,
            "minExtent" => min_extent: number,
            "offset" => offset: number,
            "orient" => orient: text,
            "position" => position: number,
            "style" => style: texts,
            "tickBand" => tick_band: tick_band,
            "tickColor" => tick_color: paint,
            "tickCount" => tick_count: tick_count,
            "tickDash" => tick_dash: numbers,
            "tickExtra" => tick_extra: boolean,
            "tickMinStep" => tick_min_step: number,
            "tickOffset" => tick_offset: number,
            "tickOpacity" => tick_opacity: number,
            "tickRound" => tick_round: boolean,
            "tickSize" => tick_size: number,
            "tickWidth" => tick_width: number,
            "ticks" => ticks: boolean,
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
            "titleLineHeight" => title_line_height: number,
            "titleOpacity" => title_opacity: number,
            "titlePadding" => title_padding: number,
            "titleX" => title_x: number,
            "titleY" => title_y: number,
            "translate" => translate: number,
            "values" => values: values,
            "zindex" => zindex: number,
        }, if key != "description" && key != "domainCap" && key != "tickCap" && key != "gridCap" {
            r.refuse(node);
        });
    }
}

impl Reader {
    pub(super) fn overlap(&mut self, node: Node) -> Option<Overlap> {
        match self.value(node)? {
            Value::Bool(false) => Some(Overlap::None),
            Value::Bool(true) => Some(Overlap::Parity),
            Value::Text(t) if &*t == "parity" => Some(Overlap::Parity),
            Value::Text(t) if &*t == "greedy" => Some(Overlap::Greedy),
            Value::Null => None,
            _ => {
                self.wrong(node, "must be true, false, parity or greedy");
                None
            }
        }
    }

    pub(super) fn texts(&mut self, node: Node) -> Option<Vec<Arc<str>>> {
        Some(self.one_or_more(node, Reader::text))
    }

    fn tick_band(&mut self, node: Node) -> Option<TickBand> {
        match &*self.text(node)? {
            "center" => Some(TickBand::Center),
            "extent" => Some(TickBand::Extent),
            _ => {
                self.wrong(node, "must be center or extent");
                None
            }
        }
    }

    pub(super) fn tick_count(&mut self, node: Node) -> Option<TickCount> {
        if let Some(interval) = node.get("interval").and_then(|i| i.as_str()) {
            let step = node.get("step").and_then(|s| s.as_f64()).unwrap_or(1.0);
            return Some(TickCount::Every(Arc::from(interval), step));
        }
        match self.value(node)? {
            Value::Number(n) => Some(TickCount::About(n)),
            Value::Text(t) => Some(TickCount::Every(t, 1.0)),
            Value::Null => None,
            _ => {
                self.wrong(node, "must be a number or an interval");
                None
            }
        }
    }
}
