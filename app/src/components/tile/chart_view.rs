//! A chart: drawn by the same code on the server and here; here it takes the size it has, and answers the pointer.

use std::sync::Arc;

use chart::{
    Theme,
    visual::{Picture, Size, describe, draw},
};
use leptos::{html, prelude::*};
use shared::{AppError, dashboard::Selection, semantic::Answer, visual::Visual};
use wasm_bindgen::{JsCast, closure::Closure};

use super::{
    MarkClick, TileProblem,
    hidden_table::HiddenTable,
    is_chosen, selection_row,
    tip::{Tip, TipView, tip_lines},
};
use crate::browser;

/// How far from the pointer a mark may be for what is said about it, in px.
const HOVER_PX: f64 = 48.0;
/// How far for a click, which is meant for the tile when it is beside a mark.
const CLICK_PX: f64 = 8.0;

#[component]
pub fn ChartView(
    visual: Arc<Visual>,
    answer: Arc<Answer>,
    /// What is drawn until the real size is known.
    nominal: Size,
    /// Keeps ids of several charts on a page apart.
    id_prefix: String,
    /// What is chosen in this tile.
    #[prop(into)]
    selection: Signal<Option<Selection>>,
    #[prop(optional)] on_mark: Option<Callback<MarkClick>>,
) -> impl IntoView {
    let element = NodeRef::<html::Div>::new();
    let size = RwSignal::new(nominal);
    let tip = RwSignal::new(None::<Tip>);
    observe_size(element, size);
    let picture = {
        let (visual, answer) = (visual.clone(), answer.clone());
        Memo::new(move |_| {
            draw(&visual, &answer, &Theme::css(), size.get(), &id_prefix)
                .map(Arc::new)
                .map_err(|error| error.to_string())
        })
    };
    let markup = Memo::new(move |_| picture.get().map(|picture| picture.svg.clone()));
    // The server writes what it drew into `data-drawn`, the browser what it draws of the same into `data-redrawn`:
    // equal texts are the proof that both builds draw the same bytes.
    let drawn = markup.get_untracked().map(|svg| digest(&svg)).unwrap_or_default();
    let redrawn = drawn.clone();
    Effect::new(move |told: Option<bool>| {
        let Some(element) = element.get() else { return false };
        told == Some(true) || element.set_attribute("data-redrawn", &redrawn).is_ok()
    });
    let mark_at = move |event: &web_sys::MouseEvent, reach_px: f64| {
        picture
            .get_untracked()
            .ok()
            .and_then(|picture| mark_at(&picture, element, event, reach_px))
    };
    {
        let (visual, answer) = (visual.clone(), answer.clone());
        Effect::new(move |_| {
            let _drawn = markup.get();
            let chosen = selection.get();
            if let (Some(element), Ok(picture)) = (element.get(), picture.get_untracked()) {
                show_chosen(&element, &picture, &visual, &answer, chosen.as_ref());
            }
        });
    }
    let hover = {
        let (visual, answer) = (visual.clone(), answer.clone());
        move |event: web_sys::PointerEvent| {
            let found = mark_at(&event, HOVER_PX).and_then(|(source, left_px, top_px)| {
                let lines = tip_lines(&visual, &answer, source);
                (!lines.is_empty()).then_some(Tip { left_px, top_px, lines })
            });
            if found != tip.get_untracked() {
                tip.set(found);
            }
        }
    };
    let click = {
        let (visual, answer) = (visual.clone(), answer.clone());
        move |event: web_sys::MouseEvent| {
            if let (Some(on_mark), Some((row, ..))) = (on_mark, mark_at(&event, CLICK_PX))
                && let Some(row) = selection_row(&visual, &answer, row)
            {
                event.stop_propagation();
                on_mark.run(MarkClick {
                    row,
                    add: event.ctrl_key() || event.meta_key() || event.shift_key(),
                });
            }
        }
    };
    let sentence = describe(&visual, &answer);
    view! {
        {move || match markup.get() {
            Ok(svg) => {
                view! {
                    <div
                        class="tile__chart"
                        class:tile__chart--dimmed=move || selection.get().is_some_and(|selection| !selection.rows.is_empty())
                        node_ref=element
                        data-drawn=drawn.clone()
                        inner_html=svg
                        on:pointermove=hover.clone()
                        on:pointerleave=move |_| tip.set(None)
                        on:click=click.clone()
                    ></div>
                }
                    .into_any()
            }
            Err(problem) => view! { <TileProblem error=AppError::internal().with_hint(problem) /> }.into_any(),
        }}
        {move || tip.get().map(|tip| view! { <TipView tip=tip /> })}
        <HiddenTable answer=answer caption=sentence />
    }
}

/// Sixteen hex digits of a text (FNV-1a, 64 bits).
fn digest(text: &str) -> String {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

/// The answer row of the mark under the pointer, else of the nearest within `reach_px`, and where its tooltip goes in the
/// chart's box.
fn mark_at(
    picture: &Picture,
    element: NodeRef<html::Div>,
    event: &web_sys::MouseEvent,
    reach_px: f64,
) -> Option<(usize, f64, f64)> {
    let element = element.get_untracked()?;
    let bounds = element.get_bounding_client_rect();
    let (x, y) = (
        f64::from(event.client_x()) - bounds.left(),
        f64::from(event.client_y()) - bounds.top(),
    );
    let under = browser::target::<web_sys::Element>(event)
        .and_then(|target| target.closest("[data-row]").ok().flatten())
        .and_then(|target| target.get_attribute("data-row"))
        .and_then(|row| row.parse::<usize>().ok());
    // A line or an area is one element for many rows: on it the nearest point is meant, however far.
    let on_line = under.is_none() && browser::within(event, ".mark-line, .mark-area");
    let reach_px = if on_line { f64::INFINITY } else { reach_px };
    let nearest = picture
        .hits
        .iter()
        .map(|hit| (hit, (hit.x_px - x).hypot(hit.y_px - y)))
        .filter(|(_, distance)| *distance <= reach_px)
        .min_by(|(_, a), (_, b)| a.total_cmp(b))
        .map(|(hit, _)| hit.mark);
    let several = under.is_none_or(|under| picture.hits.iter().filter(|hit| hit.mark == under).count() != 1);
    let mark = if several { nearest.or(under) } else { under };
    let source = picture.sources.get(mark?)?;
    let left = if x > bounds.width() * 0.6 { x - 180.0 } else { x + 14.0 };
    Some((source.row, left.max(0.0), (y - 12.0).max(0.0)))
}

fn show_chosen(
    element: &web_sys::HtmlDivElement,
    picture: &Picture,
    visual: &Visual,
    answer: &Answer,
    selection: Option<&Selection>,
) {
    let Ok(marks) = element.query_selector_all("[data-row]") else {
        return;
    };
    for index in 0..marks.length() {
        let Some(mark) = marks
            .item(index)
            .and_then(|mark| mark.dyn_into::<web_sys::Element>().ok())
        else {
            continue;
        };
        let row = mark
            .get_attribute("data-row")
            .and_then(|row| row.parse::<usize>().ok())
            .and_then(|mark| picture.sources.get(mark))
            .map(|source| source.row);
        let chosen = selection
            .zip(row)
            .is_some_and(|(selection, row)| is_chosen(visual, answer, row, selection));
        let done = if chosen {
            mark.set_attribute("data-chosen", "")
        } else {
            mark.remove_attribute("data-chosen")
        };
        if done.is_err() {
            return;
        }
    }
}

/// Follows the size of the chart's box. The last size before a resize stays drawn, scaled, until the next frame.
fn observe_size(element: NodeRef<html::Div>, size: RwSignal<Size>) {
    Effect::new(move |_| {
        let Some(element) = element.get() else { return };
        let Some(container) = element.parent_element() else {
            return;
        };
        let measured = element.clone();
        let callback = Closure::<dyn FnMut(js_sys::Array)>::new(move |_| {
            let bounds = measured.get_bounding_client_rect();
            let now = Size {
                width_px: bounds.width().floor(),
                height_px: bounds.height().floor(),
            };
            if now.width_px >= 24.0
                && now.height_px >= 24.0
                && size.try_get_untracked().is_some_and(|known| known != now)
            {
                size.try_set(now);
            }
        });
        if let Ok(observer) = web_sys::ResizeObserver::new(callback.as_ref().unchecked_ref()) {
            observer.observe(&container);
            // The browser keeps the callback as long as the observer; both end with the tile.
            let kept = send_wrapper::SendWrapper::new((observer, callback));
            on_cleanup(move || kept.0.disconnect());
        }
    });
}
