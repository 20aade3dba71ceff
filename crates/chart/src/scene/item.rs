//! Groups, marks and items.

use super::gradient::Gradient;
use std::sync::Arc;

/// What fills or outlines an item.
#[derive(Clone, Debug, PartialEq)]
pub enum Paint {
    None,
    /// Any CSS colour, passed through.
    Css(Arc<str>),
    Gradient(Arc<Gradient>),
}

impl Paint {
    pub fn css(text: &str) -> Paint {
        Paint::Css(Arc::from(text))
    }

    pub fn is_none(&self) -> bool {
        matches!(self, Paint::None)
    }
}

/// Paint and outline of an item; opacities from 0 to 1, widths in px.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Style {
    pub fill: Option<Paint>,
    pub stroke: Option<Paint>,
    pub opacity: Option<f64>,
    pub fill_opacity: Option<f64>,
    pub stroke_opacity: Option<f64>,
    pub stroke_width: Option<f64>,
    pub stroke_dash: Option<Arc<Vec<f64>>>,
    pub stroke_dash_offset: Option<f64>,
    pub stroke_cap: Option<Arc<str>>,
    pub stroke_join: Option<Arc<str>>,
}

impl Style {
    pub fn stroke_width(&self) -> f64 {
        match &self.stroke {
            None | Some(Paint::None) => 0.0,
            Some(_) => self.stroke_width.unwrap_or(1.0),
        }
    }
}

/// A box in px.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    pub x1: f64,
    pub y1: f64,
    pub x2: f64,
    pub y2: f64,
}

impl Rect {
    /// The box that holds nothing yet.
    pub const EMPTY: Rect = Rect {
        x1: f64::INFINITY,
        y1: f64::INFINITY,
        x2: f64::NEG_INFINITY,
        y2: f64::NEG_INFINITY,
    };

    pub fn new(x1: f64, y1: f64, x2: f64, y2: f64) -> Rect {
        Rect { x1, y1, x2, y2 }
    }

    pub fn is_empty(&self) -> bool {
        self.x1 > self.x2 || self.y1 > self.y2
    }

    pub fn union(&mut self, other: Rect) {
        self.x1 = self.x1.min(other.x1);
        self.y1 = self.y1.min(other.y1);
        self.x2 = self.x2.max(other.x2);
        self.y2 = self.y2.max(other.y2);
    }

    pub fn shifted(self, dx: f64, dy: f64) -> Rect {
        Rect {
            x1: self.x1 + dx,
            y1: self.y1 + dy,
            x2: self.x2 + dx,
            y2: self.y2 + dy,
        }
    }

    pub fn grown(self, by: f64) -> Rect {
        Rect {
            x1: self.x1 - by,
            y1: self.y1 - by,
            x2: self.x2 + by,
            y2: self.y2 + by,
        }
    }

    pub fn width(&self) -> f64 {
        (self.x2 - self.x1).max(0.0)
    }

    pub fn height(&self) -> f64 {
        (self.y2 - self.y1).max(0.0)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkType {
    Rect,
    Rule,
    Line,
    Area,
    Trail,
    Symbol,
    Arc,
    Shape,
    Text,
    Image,
}

impl MarkType {
    pub fn name(self) -> &'static str {
        match self {
            MarkType::Rect => "rect",
            MarkType::Rule => "rule",
            MarkType::Line => "line",
            MarkType::Area => "area",
            MarkType::Trail => "trail",
            MarkType::Symbol => "symbol",
            MarkType::Arc => "arc",
            MarkType::Shape => "shape",
            MarkType::Text => "text",
            MarkType::Image => "image",
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    #[default]
    Left,
    Center,
    Right,
}

impl Align {
    pub fn parse(text: &str) -> Align {
        match text {
            "center" | "middle" => Align::Center,
            "right" | "end" => Align::Right,
            _ => Align::Left,
        }
    }
}

/// Where the text's anchor point is, vertically.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Anchor {
    #[default]
    Alphabetic,
    Top,
    Middle,
    Bottom,
    LineTop,
    LineBottom,
}

impl Anchor {
    pub fn parse(text: &str) -> Anchor {
        match text {
            "top" => Anchor::Top,
            "middle" => Anchor::Middle,
            "bottom" => Anchor::Bottom,
            "line-top" => Anchor::LineTop,
            "line-bottom" => Anchor::LineBottom,
            _ => Anchor::Alphabetic,
        }
    }
}

/// Text, already cut to its limit.
#[derive(Clone, Debug, PartialEq)]
pub struct TextItem {
    pub lines: Vec<String>,
    pub dx: f64,
    pub dy: f64,
    /// Degrees clockwise.
    pub angle: f64,
    pub align: Align,
    pub anchor: Anchor,
    pub font: Arc<str>,
    pub size_px: f64,
    pub line_height_px: f64,
    pub bold: bool,
    pub italic: bool,
    /// Width of the widest line as layout counts it.
    pub width_px: f64,
}

impl TextItem {
    /// From the anchor point down to the base line of the first line.
    pub fn base_line(&self) -> f64 {
        let (h, l) = (self.size_px, self.line_height_px);
        let shift = match self.anchor {
            Anchor::Alphabetic => 0.0,
            Anchor::Top => 0.79 * h,
            Anchor::Middle => 0.30 * h,
            Anchor::Bottom => -0.21 * h,
            Anchor::LineTop => 0.29 * h + 0.5 * l,
            Anchor::LineBottom => 0.29 * h - 0.5 * l,
        };
        crate::math::round(shift)
    }

    /// The box of the text set at a point.
    pub fn bounds(&self, x: f64, y: f64) -> Rect {
        let w = self.width_px;
        let h = self.size_px;
        let left = self.dx
            - match self.align {
                Align::Left => 0.0,
                Align::Center => w / 2.0,
                Align::Right => w,
            };
        let top = self.dy + self.base_line() - crate::math::round(0.8 * h);
        let bottom = top + h + self.line_height_px * self.lines.len().saturating_sub(1) as f64;
        if self.angle == 0.0 {
            return Rect::new(x + left, y + top, x + left + w, y + bottom);
        }
        let radians = self.angle * crate::math::PI / 180.0;
        let (cos, sin) = (crate::math::cos(radians), crate::math::sin(radians));
        let mut out = Rect::EMPTY;
        for (px, py) in [(left, top), (left + w, top), (left, bottom), (left + w, bottom)] {
            let (qx, qy) = (x + px * cos - py * sin, y + px * sin + py * cos);
            out.union(Rect::new(qx, qy, qx, qy));
        }
        out
    }
}

/// The geometry of an item.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Path data in the coordinates of the group; the box is without the outline.
    Path {
        d: String,
        bounds: Rect,
    },
    /// Path data round a point; shared by symbols of one size.
    Placed {
        x: f64,
        y: f64,
        d: Arc<str>,
        bounds: Rect,
    },
    /// A line from a point by a distance.
    Line {
        x: f64,
        y: f64,
        dx: f64,
        dy: f64,
    },
    Text {
        x: f64,
        y: f64,
        text: Box<TextItem>,
    },
    Image {
        x: f64,
        y: f64,
        width: f64,
        height: f64,
        href: Arc<str>,
    },
}

/// One drawn thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub shape: Shape,
    /// Shared by all that look the same.
    pub style: Arc<Style>,
    /// What it shows, for people who do not see it.
    pub label: Option<String>,
    /// Which row of the input it stands for.
    pub row: Option<usize>,
    /// Which entry of its legend it belongs to.
    pub entry: Option<usize>,
    pub href: Option<Arc<str>>,
    /// Shown on hovering.
    pub tooltip: Option<String>,
}

impl Item {
    pub fn new(shape: Shape, style: impl Into<Arc<Style>>) -> Item {
        Item {
            shape,
            style: style.into(),
            label: None,
            row: None,
            entry: None,
            href: None,
            tooltip: None,
        }
    }

    /// The box of everything painted.
    pub fn bounds(&self) -> Rect {
        let half = self.style.stroke_width() / 2.0;
        match &self.shape {
            Shape::Path { bounds, .. } | Shape::Placed { bounds, .. } => bounds.grown(half),
            Shape::Line { x, y, dx, dy } => {
                Rect::new(x.min(x + dx), y.min(y + dy), x.max(x + dx), y.max(y + dy)).grown(half)
            }
            Shape::Text { x, y, text } => {
                if text.lines.iter().all(String::is_empty) {
                    Rect::EMPTY
                } else {
                    text.bounds(*x, *y)
                }
            }
            Shape::Image {
                x, y, width, height, ..
            } => Rect::new(*x, *y, x + width, y + height),
        }
    }
}

/// Marks of one kind, or groups.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    Items {
        kind: MarkType,
        role: &'static str,
        name: String,
        items: Vec<Item>,
        clip: bool,
        description: &'static str,
    },
    Groups {
        role: String,
        name: String,
        groups: Vec<Group>,
        orient: Option<&'static str>,
        label: Option<String>,
        hidden: bool,
    },
}

impl Mark {
    /// Takes rows and labels from its items, those of groups within too.
    pub fn stands_for_no_row(&mut self) {
        match self {
            Mark::Items { items, .. } => items.iter_mut().for_each(|item| (item.row, item.label) = (None, None)),
            Mark::Groups { groups, .. } => {
                let marks = groups.iter_mut().flat_map(|group| &mut group.marks);
                marks.for_each(Mark::stands_for_no_row);
            }
        }
    }
}

/// Where a group stands.
pub type Place = (f64, f64);

/// A group of marks with a background of its own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    pub place: (f64, f64),
    pub width: f64,
    pub height: f64,
    /// Outline and fill of the background.
    pub style: Style,
    pub corner_radius: f64,
    /// Path data of a background that is no plain rectangle.
    pub outline: Option<String>,
    /// Its marks are cut at its edges.
    pub clip: bool,
    pub marks: Vec<Mark>,
    /// Cut for the marks inside that ask for it: the view's own rectangle.
    pub stroke_foreground: bool,
}
