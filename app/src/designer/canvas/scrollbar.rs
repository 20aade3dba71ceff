//! Presses on scrollbars, which the browser answers itself.

use crate::browser;

/// What scrolls on the canvas, and the canvas.
const SCROLLERS: &str = ".tile__table, .tile--text, .tile__problem, .designer-canvas";

/// Is the press on the scrollbar of what it fell on? It then drags that, and nothing else.
pub fn on_scrollbar(event: &web_sys::PointerEvent) -> bool {
    browser::target::<web_sys::Element>(event).is_some_and(|scroller| {
        scroller.matches(SCROLLERS).unwrap_or(false)
            && (event.offset_x() >= scroller.client_width() || event.offset_y() >= scroller.client_height())
    })
}
