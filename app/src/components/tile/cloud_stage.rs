//! What a cloud is shown with: its box, canvas, view and frame, and the drawing of all of it once a frame.

use std::{collections::BTreeSet, sync::Arc};

use chart::{
    Theme,
    visual::{Cloud, CloudDrawing, CloudFrame, CloudIndex, DrawOptions, Size, View, draw},
};
use leptos::{html, prelude::*};
use send_wrapper::SendWrapper;
use shared::{semantic::Answer, visual::Visual};

use super::{chart_view::show_emphasised, cloud_canvas::CloudCanvas, cloud_colours, exploring::has_focus};
use crate::browser;

/// Most device pixels per px that points are drawn with: more of them nobody sees.
const MOST_RATIO: f64 = 3.0;

#[derive(Clone, Copy)]
pub struct Stage {
    pub element: NodeRef<html::Div>,
    pub canvas: NodeRef<html::Canvas>,
    pub size: RwSignal<Size>,
    pub view: RwSignal<View>,
    shown: StoredValue<Shown>,
    /// Where the plane was when it was last drawn.
    frame: StoredValue<Option<CloudFrame>>,
    /// Only in a browser with WebGL.
    painter: StoredValue<Option<SendWrapper<CloudCanvas>>>,
    /// Only in a browser.
    index: StoredValue<Option<Arc<CloudIndex>>>,
    emphasised: StoredValue<Option<BTreeSet<usize>>>,
    /// A frame has been asked for.
    is_asked: StoredValue<bool>,
    /// What handlers took since the last frame, in ms.
    spent_ms: StoredValue<f64>,
    on_frame: Option<Callback<f64>>,
}

#[derive(Clone)]
struct Shown {
    visual: Arc<Visual>,
    answer: Arc<Answer>,
    cloud: Arc<Cloud>,
    id_prefix: Arc<str>,
}

impl Stage {
    pub fn new(
        visual: Arc<Visual>,
        answer: Arc<Answer>,
        cloud: Arc<Cloud>,
        nominal: Size,
        id_prefix: String,
        on_frame: Option<Callback<f64>>,
    ) -> Self {
        Self {
            element: NodeRef::new(),
            canvas: NodeRef::new(),
            size: RwSignal::new(nominal),
            view: RwSignal::new(cloud.whole),
            shown: StoredValue::new(Shown {
                visual,
                answer,
                cloud,
                id_prefix: id_prefix.into(),
            }),
            frame: StoredValue::new(None),
            painter: StoredValue::new(None),
            index: StoredValue::new(None),
            emphasised: StoredValue::new(None),
            is_asked: StoredValue::new(false),
            spent_ms: StoredValue::new(0.0),
            on_frame,
        }
    }

    /// Draws again whenever something of it changes. `drawn` is the digest of what the page came with.
    pub fn follow(self, drawn: String, emphasised: Memo<Option<BTreeSet<usize>>>) {
        Effect::new(move |_| {
            if self.canvas.get().is_some() {
                let cloud = self.shown.with_value(|shown| shown.cloud.clone());
                self.index.set_value(Some(Arc::new(CloudIndex::of(&cloud))));
                self.take_canvas();
                cloud_colours::watch_look(move || {
                    self.colour();
                    self.ask();
                });
            }
        });
        Effect::new(move |_| {
            if let Some(element) = self.element.get()
                && element.set_attribute("data-redrawn", &drawn).is_err()
            {
                leptos::logging::warn!("the chart could not be marked");
            }
        });
        Effect::new(move |_| {
            let rows = emphasised.get();
            let cloud = self.shown.with_value(|shown| shown.cloud.clone());
            self.painter.with_value(|painter| {
                if let Some(painter) = painter {
                    painter.emphasise(&cloud, rows.as_ref());
                }
            });
            self.emphasised.set_value(rows);
            self.ask();
        });
        Effect::new(move |_| {
            self.size.track();
            self.view.track();
            self.ask();
        });
        on_cleanup(move || {
            if let Some(painter) = self.painter.try_update_value(Option::take).flatten() {
                painter.close();
            }
        });
    }

    /// Makes the canvas ready for points, where there is WebGL.
    pub fn take_canvas(self) {
        let cloud = self.shown.with_value(|shown| shown.cloud.clone());
        let made = self
            .canvas
            .get_untracked()
            .and_then(|canvas| CloudCanvas::new(&canvas, &cloud));
        if let Some(painter) = &made {
            self.emphasised
                .with_value(|rows| painter.emphasise(&cloud, rows.as_ref()));
        }
        self.painter.set_value(made.map(SendWrapper::new));
        self.colour();
        self.ask();
    }

    /// The browser took it away; the picture has points again.
    pub fn lose_canvas(self) {
        // It is also lost when the tile goes.
        if self.painter.try_set_value(None).is_none() {
            self.ask();
        }
    }

    fn colour(self) {
        let Some(canvas) = self.canvas.try_get_untracked().flatten() else {
            return;
        };
        let colours = cloud_colours::colours_at(&canvas);
        self.painter.with_value(|painter| {
            if let Some(painter) = painter {
                painter.colour(&colours);
            }
        });
    }

    /// Asks for a drawing before the next picture of the screen; one for all who ask.
    fn ask(self) {
        if self.is_asked.try_get_value() != Some(false) || self.element.get_untracked().is_none() {
            return;
        }
        self.is_asked.set_value(true);
        request_animation_frame(move || {
            // The tile may have gone meanwhile.
            if self.is_asked.try_set_value(false).is_none() {
                let started = browser::performance_ms();
                self.draw();
                let took_ms = browser::performance_ms() - started + self.spent_ms.get_value();
                self.spent_ms.set_value(0.0);
                if let Some(on_frame) = self.on_frame {
                    on_frame.run(took_ms);
                }
            }
        });
    }

    /// Counts what a handler takes.
    pub fn measure(self, work: impl FnOnce()) {
        let started = browser::performance_ms();
        work();
        let took_ms = browser::performance_ms() - started;
        self.spent_ms.update_value(|spent| *spent += took_ms);
    }

    fn draw(self) {
        let Some(element) = self.element.get_untracked() else {
            return;
        };
        let (size, view) = (self.size.get_untracked(), self.view.get_untracked());
        let has_canvas = self.painter.with_value(Option::is_some);
        self.shown.with_value(|shown| {
            let options = DrawOptions {
                id_prefix: &shown.id_prefix,
                cloud: Some(&shown.cloud),
                points: if has_canvas {
                    CloudDrawing::AxesOnly
                } else {
                    CloudDrawing::Thinned
                },
                view: Some(view),
                ..DrawOptions::default()
            };
            let picture = match draw(&shown.visual, &shown.answer, &Theme::css(), size, &options) {
                Ok(picture) => picture,
                Err(error) => {
                    leptos::logging::warn!("the chart cannot be drawn: {error}");
                    return;
                }
            };
            element.set_inner_html(&picture.svg);
            if let Some(frame) = &picture.frame {
                let ratio = browser::device_pixel_ratio().min(MOST_RATIO);
                self.painter.with_value(|painter| {
                    if let Some(painter) = painter {
                        painter.paint(&shown.cloud, frame, size, ratio);
                    }
                });
            }
            if !has_canvas {
                self.emphasised.with_value(|rows| {
                    let done = element
                        .class_list()
                        .toggle_with_force("tile__chart--dimmed", rows.is_some());
                    if done.is_ok() {
                        show_emphasised(&element, &picture, rows.as_ref());
                    }
                });
            }
            self.frame.set_value(picture.frame);
        });
    }

    pub fn frame(self) -> Option<CloudFrame> {
        self.frame.get_value()
    }

    /// Where a pointer is in the picture, in px.
    pub fn at(self, event: &web_sys::MouseEvent) -> Option<(f64, f64)> {
        let bounds = self.element.get_untracked()?.get_bounding_client_rect();
        Some((
            f64::from(event.client_x()) - bounds.left(),
            f64::from(event.client_y()) - bounds.top(),
        ))
    }

    pub fn has_focus(self) -> bool {
        has_focus(self.element)
    }

    /// The point that is nearest to a place of the picture.
    pub fn nearest(self, at: (f64, f64), reach_px: f64) -> Option<usize> {
        let (frame, index) = (self.frame()?, self.index.get_value()?);
        self.shown
            .with_value(|shown| index.nearest(&shown.cloud, &frame, at, reach_px))
    }

    /// The first point on the way from one, or from the middle.
    pub fn next(self, from: Option<usize>, (right, up): (f64, f64), step_px: f64) -> Option<usize> {
        let frame = self.frame()?;
        let middle = (
            f64::midpoint(frame.x.from_px, frame.x.to_px),
            f64::midpoint(frame.y.from_px, frame.y.to_px),
        );
        let start = from.and_then(|point| self.place(point)).unwrap_or(middle);
        let steps = ((frame.x.to_px - frame.x.from_px).max(frame.y.from_px - frame.y.to_px) / step_px).ceil() as usize;
        let first = usize::from(from.is_some());
        (first..=steps).find_map(|step| {
            let far = step as f64 * step_px;
            let found = self.nearest((start.0 + right * far, start.1 - up * far), step_px * 0.6)?;
            (Some(found) != from).then_some(found)
        })
    }

    /// Where the middle of a point is, in px of the picture.
    pub fn place(self, point: usize) -> Option<(f64, f64)> {
        let frame = self.frame()?;
        let (x, y) = self.shown.with_value(|shown| shown.cloud.numbers(point))?;
        Some((frame.x.px(x), frame.y.px(y)))
    }

    /// Middle and radius of a ring round a point, in px.
    pub fn ring(self, point: usize) -> Option<(f64, f64, f64)> {
        let (x, y) = self.place(point)?;
        let radius = self
            .shown
            .with_value(|shown| shown.cloud.radii_px.get(point).copied())?;
        Some((x, y, f64::from(radius) + 2.5))
    }
}
