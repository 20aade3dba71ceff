//! The gesture of a brush: a press, a drag over marks, a release.

use chart::visual::Picture;
use leptos::{html, prelude::*};

/// A press becomes a brush when it has gone this far, in px.
const BEGIN_PX: f64 = 6.0;

/// A rectangle in px of the chart, its corners in any order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Brush {
    from: (f64, f64),
    to: (f64, f64),
}

impl Brush {
    pub fn at(element: NodeRef<html::Div>, event: &web_sys::PointerEvent) -> Option<Self> {
        let place = place(element, event)?;
        Some(Self { from: place, to: place })
    }

    pub fn reaching(self, element: NodeRef<html::Div>, event: &web_sys::PointerEvent) -> Self {
        Self {
            to: place(element, event).unwrap_or(self.to),
            ..self
        }
    }

    /// Has it gone far enough to be meant?
    pub fn is_drawn(self) -> bool {
        (self.from.0 - self.to.0).hypot(self.from.1 - self.to.1) >= BEGIN_PX
    }

    /// Left, top, width, height.
    pub fn rect(self) -> (f64, f64, f64, f64) {
        let (left, top) = (self.from.0.min(self.to.0), self.from.1.min(self.to.1));
        (
            left,
            top,
            (self.from.0 - self.to.0).abs(),
            (self.from.1 - self.to.1).abs(),
        )
    }

    /// Answer rows of the marks inside. `along`: a stretch of the horizontal axis, whatever the height.
    pub fn rows(self, picture: &Picture, along: bool) -> Vec<usize> {
        let (left, top, width, height) = self.rect();
        let mut rows: Vec<usize> = picture
            .hits
            .iter()
            .filter(|hit| (left..=left + width).contains(&hit.x_px))
            .filter(|hit| along || (top..=top + height).contains(&hit.y_px))
            .filter_map(|hit| Some(picture.sources.get(hit.mark)?.row))
            .collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }
}

fn place(element: NodeRef<html::Div>, event: &web_sys::PointerEvent) -> Option<(f64, f64)> {
    let bounds = element.get_untracked()?.get_bounding_client_rect();
    Some((
        f64::from(event.client_x()) - bounds.left(),
        f64::from(event.client_y()) - bounds.top(),
    ))
}

#[component]
pub fn BrushView(#[prop(into)] brush: Signal<Option<Brush>>) -> impl IntoView {
    move || {
        brush.get().filter(|brush| brush.is_drawn()).map(|brush| {
            let (left, top, width, height) = brush.rect();
            view! {
                <div
                    class="tile__brush"
                    style:--brush-x=format!("{left:.0}px")
                    style:--brush-y=format!("{top:.0}px")
                    style:--brush-w=format!("{width:.0}px")
                    style:--brush-h=format!("{height:.0}px")
                ></div>
            }
        })
    }
}
