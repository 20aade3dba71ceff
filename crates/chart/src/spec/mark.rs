//! Mark properties, in a specification or in a configuration.

use super::channel::Channel;
use super::options::{options, properties};
use super::reader::{Node, Reader};
use crate::expression::Expression;
use crate::scene::Paint;
use crate::value::Value;
use std::sync::Arc;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkKind {
    Arc,
    Area,
    Bar,
    Circle,
    Line,
    Point,
    Rect,
    Rule,
    Square,
    Text,
    Tick,
    Trail,
    Image,
    Geoshape,
    Boxplot,
    Errorbar,
    Errorband,
}

impl MarkKind {
    const NAMES: [(MarkKind, &'static str); 17] = [
        (MarkKind::Arc, "arc"),
        (MarkKind::Area, "area"),
        (MarkKind::Bar, "bar"),
        (MarkKind::Circle, "circle"),
        (MarkKind::Line, "line"),
        (MarkKind::Point, "point"),
        (MarkKind::Rect, "rect"),
        (MarkKind::Rule, "rule"),
        (MarkKind::Square, "square"),
        (MarkKind::Text, "text"),
        (MarkKind::Tick, "tick"),
        (MarkKind::Trail, "trail"),
        (MarkKind::Image, "image"),
        (MarkKind::Geoshape, "geoshape"),
        (MarkKind::Boxplot, "boxplot"),
        (MarkKind::Errorbar, "errorbar"),
        (MarkKind::Errorband, "errorband"),
    ];

    pub fn parse(name: &str) -> Option<MarkKind> {
        MarkKind::NAMES.iter().find(|(_, n)| *n == name).map(|(k, _)| *k)
    }

    pub fn name(self) -> &'static str {
        MarkKind::NAMES.iter().find(|(k, _)| *k == self).map_or("", |(_, n)| n)
    }

    pub fn is_path(self) -> bool {
        matches!(self, MarkKind::Line | MarkKind::Area | MarkKind::Trail)
    }

    pub fn is_rect_based(self) -> bool {
        matches!(
            self,
            MarkKind::Rect | MarkKind::Bar | MarkKind::Image | MarkKind::Arc | MarkKind::Tick
        )
    }

    /// Reaches from one end to another along `x2` or `y2`.
    pub fn is_ranged(self) -> bool {
        matches!(
            self,
            MarkKind::Area | MarkKind::Bar | MarkKind::Image | MarkKind::Rect | MarkKind::Rule
        )
    }

    /// Whether the mark has a use for a channel.
    pub fn shows(self, channel: Channel) -> bool {
        use MarkKind::{Arc, Bar, Circle, Geoshape, Image, Line, Point, Rule, Square, Text, Tick, Trail};
        match channel {
            Channel::Size => {
                matches!(self, Point | Tick | Rule | Circle | Square | Bar | Text | Line | Trail)
            }
            Channel::StrokeDash => matches!(self, Line | Point | Tick | Rule | Circle | Square | Bar | Geoshape),
            Channel::Shape => matches!(self, Point | Geoshape),
            Channel::Text => self == Text,
            Channel::Angle => matches!(self, Point | Square | Text),
            Channel::Url => self == Image,
            Channel::Theta | Channel::Radius => matches!(self, Text | Arc),
            Channel::Theta2 | Channel::Radius2 => self == Arc,
            Channel::X | Channel::Y | Channel::Longitude | Channel::Latitude => self != Geoshape,
            Channel::Longitude2
            | Channel::Latitude2
            | Channel::X2
            | Channel::Y2
            | Channel::XOffset
            | Channel::YOffset
            | Channel::XError
            | Channel::XError2
            | Channel::YError
            | Channel::YError2
            | Channel::Color
            | Channel::Fill
            | Channel::Stroke
            | Channel::Opacity
            | Channel::FillOpacity
            | Channel::StrokeOpacity
            | Channel::StrokeWidth
            | Channel::Tooltip
            | Channel::Href
            | Channel::Description
            | Channel::Order
            | Channel::Detail
            | Channel::Key
            | Channel::Facet
            | Channel::Row
            | Channel::Column => true,
        }
    }

    pub fn is_symbol(self) -> bool {
        matches!(self, MarkKind::Point | MarkKind::Circle | MarkKind::Square)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Orient {
    Horizontal,
    Vertical,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Interpolate {
    #[default]
    Linear,
    LinearClosed,
    Step,
    StepBefore,
    StepAfter,
    Basis,
    Cardinal,
    CatmullRom,
    Monotone,
    Natural,
}

/// What happens to values that cannot be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidMode {
    Filter,
    BreakPathsFilterDomains,
    BreakPathsShowDomains,
    BreakPathsShowPathDomains,
    Show,
}

/// A length in px, or a share of the band.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum BandSize {
    Px(f64),
    Band(f64),
}

/// A position in px, or the far end of the view.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    Px(f64),
    Full,
}

/// A line or points drawn over an area or line.
#[derive(Clone, Debug, PartialEq)]
pub enum Overlay {
    Off,
    /// Drawn but invisible, for hovering.
    Transparent,
    On(Box<MarkDef>),
}

options! {
    /// Sizes in px, angles in degrees (arcs: radians).
    MarkDef {
        align: Arc<str>,
        angle: f64,
        aria: bool,
        aspect: bool,
        band_position: f64,
        bars: Overlay,
        baseline: Arc<str>,
        bin_spacing: f64,
        borders: Overlay,
        band: Overlay,
        box_part: Overlay,
        center: Arc<str>,
        clip: bool,
        color: Paint,
        continuous_band_size: f64,
        computed_corners: bool,
        corner_radius: f64,
        corner_radius_bottom_left: f64,
        corner_radius_bottom_right: f64,
        corner_radius_end: f64,
        corner_radius_top_left: f64,
        corner_radius_top_right: f64,
        description: Arc<str>,
        discrete_band_size: BandSize,
        dx: f64,
        dy: f64,
        extent: Value,
        fill: Paint,
        fill_opacity: f64,
        filled: bool,
        font: Arc<str>,
        font_size: f64,
        font_style: bool,
        font_weight: bool,
        height: BandSize,
        href: Arc<str>,
        inner_radius: f64,
        interpolate: Interpolate,
        invalid: InvalidMode,
        limit: f64,
        line: Overlay,
        line_height: f64,
        median: Overlay,
        min_band_size: f64,
        opacity: f64,
        order: bool,
        orient: Orient,
        outer_radius: f64,
        outliers: Overlay,
        pad_angle: f64,
        point: Overlay,
        radius: f64,
        radius2: f64,
        radius2_offset: f64,
        radius_offset: f64,
        rule: Overlay,
        shape: Arc<str>,
        size: f64,
        stroke: Paint,
        stroke_cap: Arc<str>,
        stroke_dash: Vec<f64>,
        stroke_dash_offset: f64,
        stroke_join: Arc<str>,
        stroke_opacity: f64,
        stroke_width: f64,
        style: Vec<Arc<str>>,
        tension: f64,
        text: Value,
        theta: f64,
        theta2: f64,
        theta_offset: f64,
        theta2_offset: f64,
        thickness: f64,
        ticks: Overlay,
        time_unit_band_position: f64,
        time_unit_band_size: f64,
        url: Arc<str>,
        width: BandSize,
        x: Place,
        x2: Place,
        x2_offset: f64,
        x_offset: f64,
        y: Place,
        y2: Place,
        y2_offset: f64,
        y_offset: f64,
        computed: Vec<(Arc<str>, Expression)>,
    }
}

/// Properties that may be computed per row.
const PER_ROW: [&str; 18] = [
    "text",
    "color",
    "fill",
    "stroke",
    "opacity",
    "fillOpacity",
    "strokeOpacity",
    "strokeWidth",
    "size",
    "angle",
    "dx",
    "dy",
    "align",
    "baseline",
    "xOffset",
    "yOffset",
    "fontSize",
    "shape",
];

impl MarkDef {
    /// Reads the properties of a mark; `type` is given to `kind`.
    pub fn read(r: &mut Reader, node: Node, kind: &mut Option<MarkKind>) -> MarkDef {
        let mut mark = MarkDef::default();
        r.object(node, |r, key, node| {
            if PER_ROW.contains(&key)
                && let Some(tree) = r.late(node)
            {
                mark.computed.get_or_insert_default().push((Arc::from(key), tree));
                return;
            }
            // A radius from an expression makes groups of rounded stacks even where it is 0.
            if key.starts_with("cornerRadius") && node.json.is_object() {
                mark.computed_corners = Some(true);
            }
            properties!(r, key, node, mark, {
                "align" => align: text,
                "angle" => angle: number,
                "aria" => aria: boolean,
                "aspect" => aspect: boolean,
                "bandPosition" => band_position: number,
                "band" => band: overlay,
                "baseline" => baseline: text,
                "binSpacing" => bin_spacing: number,
                "borders" => borders: overlay,
                "box" => box_part: overlay,
                "center" => center: text,
                "clip" => clip: boolean,
                "color" => color: paint,
                "continuousBandSize" => continuous_band_size: number,
                "cornerRadius" => corner_radius: number,
                "cornerRadiusBottomLeft" => corner_radius_bottom_left: number,
                "cornerRadiusBottomRight" => corner_radius_bottom_right: number,
                "cornerRadiusEnd" => corner_radius_end: number,
                "cornerRadiusTopLeft" => corner_radius_top_left: number,
                "cornerRadiusTopRight" => corner_radius_top_right: number,
                "discreteBandSize" => discrete_band_size: band_size,
                "dx" => dx: number,
                "dy" => dy: number,
                "extent" => extent: value,
                "fill" => fill: paint,
                "fillOpacity" => fill_opacity: number,
                "filled" => filled: boolean,
                "font" => font: text,
                "fontSize" => font_size: number,
                "fontStyle" => font_style: slant,
                "fontWeight" => font_weight: weight,
                "height" => height: band_size,
                "href" => href: text,
                "innerRadius" => inner_radius: number,
                "interpolate" => interpolate: interpolate,
                "invalid" => invalid: invalid_mode,
                "limit" => limit: number,
                "line" => line: overlay,
                "lineHeight" => line_height: number,
                "median" => median: overlay,
                "minBandSize" => min_band_size: number,
                "opacity" => opacity: number,
                "order" => order: boolean,
                "orient" => orient: orient,
                "outerRadius" => outer_radius: number,
                "outliers" => outliers: overlay,
                "padAngle" => pad_angle: number,
                "point" => point: overlay,
                "radius" => radius: number,
                "radius2" => radius2: number,
                "radius2Offset" => radius2_offset: number,
                "radiusOffset" => radius_offset: number,
                "rule" => rule: overlay,
                "shape" => shape: text,
                "size" => size: number,
                "stroke" => stroke: paint,
                "strokeCap" => stroke_cap: text,
                "strokeDash" => stroke_dash: numbers,
                "strokeDashOffset" => stroke_dash_offset: number,
                "strokeJoin" => stroke_join: text,
                "strokeOpacity" => stroke_opacity: number,
                "strokeWidth" => stroke_width: number,
                "style" => style: texts,
                "tension" => tension: number,
                "text" => text: value,
                "theta" => theta: number,
                "theta2" => theta2: number,
                "thetaOffset" => theta_offset: number,
                "theta2Offset" => theta2_offset: number,
                "thickness" => thickness: number,
                "ticks" => ticks: overlay,
                "timeUnitBandPosition" => time_unit_band_position: number,
                "timeUnitBandSize" => time_unit_band_size: number,
                "url" => url: text,
                "width" => width: band_size,
                "x" => x: place,
                "x2" => x2: place,
                "x2Offset" => x2_offset: number,
                "xOffset" => x_offset: number,
                "y" => y: place,
                "y2" => y2: place,
                "y2Offset" => y2_offset: number,
                "yOffset" => y_offset: number,
            }, match key {
                "type" => {
                    let name = r.text(node).unwrap_or_else(|| Arc::from(""));
                    *kind = MarkKind::parse(&name);
                    if kind.is_none() {
                        r.refuse_because(node, &format!("the mark `{name}` is not supported"));
                    }
                }
                // Of ticks; Vega-Lite's compiler has no use for it any more.
                "bandSize" => r.skip(node),
                "tooltip" | "cursor" | "ariaRole" | "ariaRoleDescription" | "description" => r.skip(node),
                _ => r.refuse(node),
            })
        });
        mark
    }
}

impl Reader {
    fn band_size(&mut self, node: Node) -> Option<BandSize> {
        if let Some(band) = node.get("band") {
            return band.as_f64().map(BandSize::Band);
        }
        self.number(node).map(BandSize::Px)
    }

    fn place(&mut self, node: Node) -> Option<Place> {
        match self.value(node)? {
            Value::Text(t) if matches!(&*t, "width" | "height") => Some(Place::Full),
            Value::Number(n) => Some(Place::Px(n)),
            Value::Null => None,
            _ => {
                self.wrong(node, "must be a number, width or height");
                None
            }
        }
    }

    fn orient(&mut self, node: Node) -> Option<Orient> {
        match &*self.text(node)? {
            "horizontal" => Some(Orient::Horizontal),
            "vertical" => Some(Orient::Vertical),
            _ => {
                self.wrong(node, "must be horizontal or vertical");
                None
            }
        }
    }

    fn overlay(&mut self, node: Node) -> Option<Overlay> {
        match node.json {
            serde_json::Value::Bool(false) | serde_json::Value::Null => Some(Overlay::Off),
            serde_json::Value::Bool(true) => Some(Overlay::On(Box::default())),
            serde_json::Value::String(s) if s == "transparent" => Some(Overlay::Transparent),
            _ => Some(Overlay::On(Box::new(MarkDef::read(self, node, &mut None)))),
        }
    }

    fn invalid_mode(&mut self, node: Node) -> Option<InvalidMode> {
        match node.json.as_str() {
            None => Some(InvalidMode::Show),
            Some("filter") => Some(InvalidMode::Filter),
            Some("break-paths-filter-domains") => Some(InvalidMode::BreakPathsFilterDomains),
            Some("break-paths-show-domains") => Some(InvalidMode::BreakPathsShowDomains),
            Some("break-paths-show-path-domains") => Some(InvalidMode::BreakPathsShowPathDomains),
            Some("show") => Some(InvalidMode::Show),
            Some(_) => {
                self.wrong(node, "is not a way to treat invalid values");
                None
            }
        }
    }

    fn interpolate(&mut self, node: Node) -> Option<Interpolate> {
        Some(match &*self.text(node)? {
            "linear" => Interpolate::Linear,
            "linear-closed" => Interpolate::LinearClosed,
            "step" => Interpolate::Step,
            "step-before" => Interpolate::StepBefore,
            "step-after" => Interpolate::StepAfter,
            "basis" => Interpolate::Basis,
            "cardinal" => Interpolate::Cardinal,
            "catmull-rom" => Interpolate::CatmullRom,
            "monotone" => Interpolate::Monotone,
            "natural" => Interpolate::Natural,
            _ => {
                self.refuse(node);
                return None;
            }
        })
    }
}
