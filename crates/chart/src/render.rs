//! The public functions: a specification in, a drawing out.

use crate::data::Wanted;
use crate::layout::{Context, Inside, Maps, draw_node};
use crate::scales::Frame;
use crate::scene::Rect;
use crate::spec::{self, Reader, Size, Spec};
use crate::transform::Sources;
use crate::{ChartError, HitPoint, Scene, Theme, budget, model, normalise, svg, theme};
use serde_json::Value as Json;
use std::cell::RefCell;

/// Gives the bytes behind a relative `data.url`.
pub trait DataLoader {
    /// Reads what `url` names. The address is relative and has no scheme; the loader must keep it inside its own folder.
    ///
    /// # Errors
    /// A sentence on why there are no bytes.
    fn load(&self, url: &str) -> Result<Vec<u8>, String>;
}

/// What surrounds a drawing and is not part of its specification.
#[derive(Clone, Copy, Default)]
pub struct RenderOptions<'a> {
    /// The look; `None` is Vega-Lite's own default look.
    pub theme: Option<&'a Theme>,
    /// Width in px of the whole drawing (axes, legends and titles included); it then fits as with `autosize: fit`.
    pub width_px: Option<f64>,
    /// Height in px of the whole drawing; see `width_px`.
    pub height_px: Option<f64>,
    /// Reads relative data addresses; without it a `data.url` is refused.
    pub data_loader: Option<&'a dyn DataLoader>,
    /// Put before every `id` in the SVG, so that several drawings can stand in one page.
    pub id_prefix: &'a str,
}

/// Draws a specification as SVG text.
///
/// # Errors
/// See [`ChartError`].
pub fn render_svg(spec: &Json, options: &RenderOptions) -> Result<String, ChartError> {
    render_svg_with_hits(spec, options).map(|(svg, _)| svg)
}

/// Draws a specification as SVG text and says where each row went (px from the top left corner of the SVG).
///
/// # Errors
/// See [`ChartError`].
pub fn render_svg_with_hits(spec: &Json, options: &RenderOptions) -> Result<(String, Vec<HitPoint>), ChartError> {
    let mut scene = render_scene(spec, options)?;
    let svg = svg::write(&scene);
    budget::spend(0)?;
    Ok((svg, std::mem::take(&mut scene.points)))
}

/// By how many px a drawing is wider and higher than the room for it.
fn overflow(bounds: Option<Rect>, room: (Option<f64>, Option<f64>)) -> (f64, f64) {
    let bounds = bounds.unwrap_or(Rect::new(0.0, 0.0, 0.0, 0.0));
    let beyond = |room: Option<f64>, from: f64, to: f64| {
        let taken = (-from).ceil().max(0.0) + to.ceil().max(0.0);
        room.map_or(0.0, |room| (taken - room).max(0.0))
    };
    (
        beyond(room.0, bounds.x1, bounds.x2),
        beyond(room.1, bounds.y1, bounds.y2),
    )
}

/// Widest and highest drawing in px.
const MAX_SIZE_PX: f64 = 30_000.0;

/// Draws a specification as a scene, from which any file format can be written.
///
/// # Errors
/// See [`ChartError`].
pub fn render_scene(spec: &Json, options: &RenderOptions) -> Result<Scene, ChartError> {
    budget::start();
    let mut reader = Reader::default();
    let parsed = spec::parse(&mut reader, spec, theme::config(options.theme));
    budget::spend(0)?;
    // What is not supported goes first: what follows from it may look wrong without being so.
    if !reader.unsupported.is_empty() {
        return Err(ChartError::Unsupported(reader.unsupported));
    }
    if !reader.invalid.is_empty() {
        return Err(ChartError::Invalid(reader.invalid));
    }
    let Some(parsed) = parsed else {
        return Err(ChartError::Invalid(Vec::new()));
    };
    let drawn = draw(parsed, reader.wanted, options);
    // Whatever else went wrong then is only what was cut short.
    budget::spend(0)?;
    drawn
}

fn draw(spec: Spec, wanted: Wanted, options: &RenderOptions) -> Result<Scene, ChartError> {
    let config = spec.config;
    let sources = Sources {
        loader: options.data_loader,
        datasets: spec.datasets,
        signals: RefCell::new(spec.signals),
        wanted,
    };
    let mut view = normalise::normalise(spec.view, &config)?;
    let fixed = (
        view.width.as_ref().and_then(Size::px),
        view.height.as_ref().and_then(Size::px),
    );
    let description = spec.description.map(|d| d.to_string());
    let padding = spec.padding.or(config.padding).unwrap_or([5.0; 4]);
    let mut autosize = spec.autosize.or(config.autosize).unwrap_or_default();
    // The room for everything: the caller's, or the specification's own with `fit`.
    let mut room = (None, None);
    let inner = |total: f64, a: f64, b: f64, padded: bool| if padded { total - a - b } else { total };
    if let Some(width) = options.width_px {
        autosize.fit_x = true;
        room.0 = Some(inner(width, padding[0], padding[2], true));
        view.width = None;
    } else if let (true, Some(width)) = (autosize.fit_x, fixed.0) {
        room.0 = Some(inner(width, padding[0], padding[2], autosize.contains_padding));
    }
    if let Some(height) = options.height_px {
        autosize.fit_y = true;
        room.1 = Some(inner(height, padding[1], padding[3], true));
        view.height = None;
    } else if let (true, Some(height)) = (autosize.fit_y, fixed.1) {
        room.1 = Some(inner(height, padding[1], padding[3], autosize.contains_padding));
    }
    let mut model = model::build(view, &config, &sources)?;
    let frame = Frame::all(&mut model, &config);
    let signals = sources.signals.borrow();
    let context = Context {
        model: &model,
        config: &config,
        full: &frame,
        signals: &signals,
        maps: Maps::default(),
    };
    let mut drawn = draw_node(
        &context,
        &model.root,
        &frame,
        Inside {
            size: room,
            ..Inside::default()
        },
    )?;
    if room != (None, None) {
        let bounds = drawn.bounds.unwrap_or(Rect::new(0.0, 0.0, 0.0, 0.0));
        let (left, top) = ((-bounds.x1).ceil().max(0.0), (-bounds.y1).ceil().max(0.0));
        let shrink = |room: Option<f64>, before: f64, after: f64| {
            room.map(|r| (r - before - (after.ceil() - r).max(0.0)).max(1.0))
        };
        let size = (shrink(room.0, left, bounds.x2), shrink(room.1, top, bounds.y2));
        let draw = |size: (Option<f64>, Option<f64>)| {
            let inside = Inside {
                size,
                ..Inside::default()
            };
            draw_node(&context, &model.root, &frame, inside)
        };
        drawn = draw(size)?;
        // A smaller view may have other labels. Vega lets them be cut off; the product draws once more.
        let beyond = overflow(drawn.bounds, room);
        if options.theme.is_some() && beyond.0.max(beyond.1) > 0.0 {
            let less = |side: Option<f64>, by: f64| side.map(|side| (side - by).max(1.0));
            let again = draw((less(size.0, beyond.0), less(size.1, beyond.1)))?;
            let still = overflow(again.bounds, room);
            if still.0 < beyond.0 || still.1 < beyond.1 {
                drawn = again;
            }
        }
    }
    let group = &drawn.group;
    let mut bounds = drawn.bounds.unwrap_or(Rect::new(0.0, 0.0, 0.0, 0.0));
    if autosize.none {
        bounds = Rect::new(0.0, 0.0, group.width, group.height);
    }
    let (left, top) = ((-bounds.x1).ceil().max(0.0), (-bounds.y1).ceil().max(0.0));
    let (mut width, mut height) = (left + bounds.x2.ceil().max(0.0), top + bounds.y2.ceil().max(0.0));
    width = room.0.unwrap_or(width) + padding[0] + padding[2];
    height = room.1.unwrap_or(height) + padding[1] + padding[3];
    if !(width <= MAX_SIZE_PX && height <= MAX_SIZE_PX) {
        return Err(ChartError::Limit(format!("wider or higher than {MAX_SIZE_PX} px")));
    }
    let origin = (left + padding[0], top + padding[1]);
    let points = drawn.hits.into_iter().map(|h| HitPoint {
        x_px: h.x_px + origin.0,
        y_px: h.y_px + origin.1,
        ..h
    });
    Ok(Scene {
        width_px: width,
        height_px: height,
        origin,
        background: spec.background.or(config.background),
        points: points.collect(),
        root: drawn.group,
        id_prefix: options.id_prefix.to_owned(),
        description,
    })
}
