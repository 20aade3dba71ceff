//! Fill and outline of an item.

use chart::scene::{self, Gradient, Rect, Style};
use krilla::{
    color::rgb,
    geom::Transform,
    num::NormalizedF32,
    paint::{Fill, FillRule, LineCap, LineJoin, LinearGradient, Paint, SpreadMethod, Stop, Stroke, StrokeDash},
};

use crate::colour::{self, Colour};

/// Where the corners of outlines stop being pointed; the SVG says the same.
const MITER_LIMIT: f32 = 4.0;

/// What an item is drawn with.
pub struct Painted {
    pub fill: Option<Fill>,
    pub stroke: Option<Stroke>,
    /// Opacity of fill and outline as one.
    pub together: NormalizedF32,
}

impl Painted {
    /// The paint of a style; gradients run over `bounds`.
    pub fn of(style: &Style, bounds: Rect) -> Painted {
        let filled = style.fill.as_ref().and_then(|fill| paint(fill, bounds));
        let width = style.stroke_width();
        // A width of 0 is no outline here, but the finest there is in PDF.
        let stroked = style
            .stroke
            .as_ref()
            .filter(|_| width > 0.0)
            .and_then(|stroke| paint(stroke, bounds));
        let opacity = style.opacity.unwrap_or(1.0);
        let (own, together) = match (&filled, &stroked) {
            (Some(_), Some(_)) => (1.0, opacity),
            // Nothing can show through from below: simpler for readers, and smaller.
            (Some(_), None) | (None, Some(_)) | (None, None) => (opacity, 1.0),
        };
        Painted {
            fill: filled.map(|(paint, alpha)| Fill {
                paint,
                opacity: share(alpha * own * style.fill_opacity.unwrap_or(1.0)),
                rule: FillRule::NonZero,
            }),
            stroke: stroked.map(|(paint, alpha)| Stroke {
                paint,
                width: width as f32,
                miter_limit: MITER_LIMIT,
                line_cap: cap(style.stroke_cap.as_deref()),
                line_join: join(style.stroke_join.as_deref()),
                opacity: share(alpha * own * style.stroke_opacity.unwrap_or(1.0)),
                dash: dash(style),
            }),
            together: share(together),
        }
    }

    pub fn is_nothing(&self) -> bool {
        let unseen = |opacity: NormalizedF32| opacity == NormalizedF32::ZERO;
        let filled = self.fill.as_ref().is_some_and(|fill| !unseen(fill.opacity));
        let stroked = self.stroke.as_ref().is_some_and(|stroke| !unseen(stroke.opacity));
        unseen(self.together) || !(filled || stroked)
    }
}

/// An opacity; what is no number hides nothing.
fn share(value: f64) -> NormalizedF32 {
    NormalizedF32::new(value.clamp(0.0, 1.0) as f32).unwrap_or(NormalizedF32::ONE)
}

/// A paint and its opacity.
fn paint(paint: &scene::Paint, bounds: Rect) -> Option<(Paint, f64)> {
    match paint {
        scene::Paint::None => None,
        scene::Paint::Css(css) => {
            let colour = colour::read(css)?;
            Some((rgb(colour).into(), f64::from(colour.opacity)))
        }
        scene::Paint::Gradient(gradient) => self::gradient(gradient, bounds).map(|paint| (paint, 1.0)),
    }
}

fn rgb(colour: Colour) -> rgb::Color {
    rgb::Color::new(colour.red, colour.green, colour.blue)
}

/// A gradient over the unit square of a box; a box without an area paints nothing, as in SVG.
fn gradient(gradient: &Gradient, bounds: Rect) -> Option<Paint> {
    let mut before = 0.0_f64;
    let stops: Vec<Stop> = gradient
        .stops
        .iter()
        .map(|stop| {
            let colour = colour::read(&stop.color).unwrap_or(Colour {
                red: 0,
                green: 0,
                blue: 0,
                opacity: 1.0,
            });
            before = stop.offset.clamp(before, 1.0);
            Stop {
                offset: share(before),
                color: rgb(colour).into(),
                opacity: share(f64::from(colour.opacity)),
            }
        })
        .collect();
    let (width, height) = (bounds.width(), bounds.height());
    if stops.is_empty() || !(width > 0.0 && height > 0.0) {
        return None;
    }
    Some(
        LinearGradient {
            x1: gradient.from.0 as f32,
            y1: gradient.from.1 as f32,
            x2: gradient.to.0 as f32,
            y2: gradient.to.1 as f32,
            transform: Transform::from_row(
                width as f32,
                0.0,
                0.0,
                height as f32,
                bounds.x1 as f32,
                bounds.y1 as f32,
            ),
            spread_method: SpreadMethod::Pad,
            stops,
            anti_alias: false,
        }
        .into(),
    )
}

fn cap(name: Option<&str>) -> LineCap {
    match name {
        Some("round") => LineCap::Round,
        Some("square") => LineCap::Square,
        Some(_) | None => LineCap::Butt,
    }
}

fn join(name: Option<&str>) -> LineJoin {
    match name {
        Some("round") => LineJoin::Round,
        Some("bevel") => LineJoin::Bevel,
        Some(_) | None => LineJoin::Miter,
    }
}

/// Dashes, in px; a list that is none, or adds up to nothing, is an unbroken line.
fn dash(style: &Style) -> Option<StrokeDash> {
    let list = style.stroke_dash.as_ref()?;
    let valid = list.iter().all(|length| length.is_finite() && *length >= 0.0);
    if !valid || !list.iter().any(|length| *length > 0.0) {
        return None;
    }
    let mut array: Vec<f32> = list.iter().map(|length| *length as f32).collect();
    // An odd list is taken twice, so that dashes and gaps change places.
    if array.len() % 2 == 1 {
        array.extend_from_within(..);
    }
    let offset = style.stroke_dash_offset.filter(|offset| offset.is_finite());
    Some(StrokeDash {
        array,
        offset: offset.unwrap_or(0.0) as f32,
    })
}
