//! A chart: drawn by the same code on the server and here; here it takes the size it has, and answers pointer and keys.

use std::{collections::BTreeSet, sync::Arc};

use chart::{
    Theme,
    visual::{DrawOptions, Picture, Size, describe, draw, legend_names},
};
use leptos::{html, prelude::*};
use shared::{
    AppError,
    dashboard::Selection,
    semantic::Answer,
    visual::{Visual, VisualKind},
};
use wasm_bindgen::{JsCast, closure::Closure};

use super::{
    MarkClick, TileActions, TileProblem,
    brush::{Brush, BrushView},
    exploring::{Exploring, MarkName},
    hidden_table::HiddenTable,
    is_chosen, is_meant,
    mark_menu::MarkMenu,
    range::{Stretch, marks, stretch, within},
    selection_row,
    shapes::shapes_for,
    tip::{Tip, TipView, tip_lines},
};
use crate::{
    browser,
    components::{Icon, IconView, menu::MenuAnchor},
};

/// How far from the pointer a mark may be for what is said about it, in px.
const HOVER_PX: f64 = 48.0;
/// How far for a click, which is meant for the tile when it is beside a mark.
pub(super) const CLICK_PX: f64 = 8.0;

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
    /// What is chosen in tiles that highlight here.
    #[prop(into)]
    highlight: Signal<Option<Selection>>,
    actions: TileActions,
    /// What was done to the chart before this one in the same tile.
    exploring: Exploring,
) -> impl IntoView {
    let element = NodeRef::<html::Div>::new();
    let size = RwSignal::new(nominal);
    let tip = RwSignal::new(None::<Tip>);
    exploring.begin(&visual);
    let Exploring { hidden, zoom, .. } = exploring;
    let whole = answer.clone();
    let answer = Memo::new(move |_| match zoom.get() {
        Some(stretch) => Arc::new(within(&whole, &stretch)),
        None => whole.clone(),
    });
    observe_size(element, size);
    let shapes = shapes_for(&visual);
    let is_own = visual.kind == VisualKind::Own;
    let downward = lies(visual.kind);
    let picture = {
        let visual = visual.clone();
        Memo::new(move |_| {
            let (shapes, hidden) = (shapes.get(), hidden.get());
            let options = DrawOptions {
                id_prefix: &id_prefix,
                shapes: shapes.as_deref(),
                hidden: &hidden,
                ..DrawOptions::default()
            };
            draw(&visual, &answer.get(), &Theme::css(), size.get(), &options)
                .map(Arc::new)
                .map_err(|error| error.to_string())
        })
    };
    let markup = Memo::new(move |_| picture.get().map(|picture| picture.svg.clone()));
    // The element stays while its picture changes, and with it the keyboard's focus.
    let problem = Memo::new(move |_| markup.get().err());
    // The server writes what it drew into `data-drawn`, the browser what it draws of the same into `data-redrawn`:
    // equal texts are the proof that both builds draw the same bytes.
    let drawn = markup.get_untracked().map(|svg| digest(&svg)).unwrap_or_default();
    let redrawn = drawn.clone();
    Effect::new(move |told: Option<bool>| {
        let Some(element) = element.get() else { return false };
        told == Some(true) || element.set_attribute("data-redrawn", &redrawn).is_ok()
    });
    let emphasised = {
        let visual = visual.clone();
        Memo::new(move |_| {
            emphasised(
                &visual,
                &answer.get(),
                selection.get().as_ref(),
                highlight.get().as_ref(),
            )
        })
    };
    let names = Arc::new(legend_names(&visual, &answer.get_untracked()));
    let entries = names.clone();
    Effect::new(move |shown: Option<Option<String>>| {
        let svg = markup.get().ok();
        let rows = emphasised.get();
        if let (Some(element), Ok(picture)) = (element.get(), picture.get_untracked()) {
            // Before what is done to its marks, which the new ones need as well.
            if let (Some(svg), Some(Some(shown))) = (&svg, &shown)
                && svg != shown
            {
                element.set_inner_html(svg);
            }
            show_emphasised(&element, &picture, rows.as_ref());
            offer_legend(&element, &entries, &hidden.get_untracked());
        }
        svg
    });

    let toggle_series = move |name: &str| {
        hidden.update(|hidden| match hidden.iter().position(|known| known == name) {
            Some(position) => {
                hidden.remove(position);
            }
            None => hidden.push(name.to_owned()),
        });
    };
    let legend_at = move |event: &web_sys::Event| {
        let entry = browser::target::<web_sys::Element>(event)?
            .closest("[data-legend]")
            .ok()
            .flatten()?;
        names
            .get(entry.get_attribute("data-legend")?.parse::<usize>().ok()?)
            .cloned()
    };

    let brush = RwSignal::new(None::<Brush>);
    // A stretch of the axis that waits for what it is meant for.
    let pending = RwSignal::new(None::<Stretch>);
    let just_brushed = StoredValue::new(false);
    let can_brush = actions.choose.is_some();
    let finish_brush = {
        let visual = visual.clone();
        move |brush: Brush| {
            let Ok(picture) = picture.get_untracked() else { return };
            let answer = answer.get_untracked();
            let everything: Vec<usize> = picture.sources.iter().map(|source| source.row).collect();
            let along = stretch(&visual, &answer, &everything).is_some() && !lies(visual.kind);
            let rows = brush.rows(&picture, along);
            match (stretch(&visual, &answer, &rows), actions.choose) {
                (Some(found), _) => pending.set(Some(found)),
                (None, Some(choose)) if !rows.is_empty() => choose.run(marks(&visual, &answer, &rows)),
                (None, _) => {}
            }
        }
    };

    let current = RwSignal::new(None::<usize>);
    let spoken = RwSignal::new(String::new());
    let menu = RwSignal::new(None::<MenuAnchor>);
    let menu_row = RwSignal::new(None::<usize>);
    let has_menu = actions.records.is_some() || actions.drill.is_some();
    let point_at = {
        let visual = visual.clone();
        move |row: usize, left_px: f64, top_px: f64| {
            let lines = tip_lines(&visual, &answer.get_untracked(), row);
            (!lines.is_empty()).then_some(Tip { left_px, top_px, lines })
        }
    };
    let mark_at = move |event: &web_sys::MouseEvent, reach_px: f64| {
        picture
            .get_untracked()
            .ok()
            .and_then(|picture| mark_at(&picture, element, event, reach_px))
    };
    let hover = {
        let point_at = point_at.clone();
        move |event: web_sys::PointerEvent| {
            if let Some(started) = brush.get_untracked() {
                let reached = started.reaching(element, &event);
                if reached.is_drawn() && !started.is_drawn() {
                    hold_pointer(element, &event);
                    tip.set(None);
                }
                brush.set(Some(reached));
                return;
            }
            let found = mark_at(&event, HOVER_PX).and_then(|(row, left_px, top_px)| point_at(row, left_px, top_px));
            if found != tip.get_untracked() {
                tip.set(found);
            }
        }
    };
    let choose_row = {
        let visual = visual.clone();
        move |row: usize, add: bool| {
            let row = selection_row(&visual, &answer.get_untracked(), row);
            match (actions.select, row) {
                (Some(select), Some(row)) => {
                    select.run(MarkClick { row, add });
                    true
                }
                (Some(_) | None, _) => false,
            }
        }
    };
    let click = {
        let (choose_row, legend_at) = (choose_row.clone(), legend_at.clone());
        move |event: web_sys::MouseEvent| {
            if just_brushed.get_value() {
                just_brushed.set_value(false);
                event.stop_propagation();
                return;
            }
            if let Some(name) = legend_at(&event) {
                event.stop_propagation();
                toggle_series(&name);
                return;
            }
            let add = event.ctrl_key() || event.meta_key() || event.shift_key();
            if let Some((row, ..)) = mark_at(&event, CLICK_PX)
                && choose_row(row, add)
            {
                event.stop_propagation();
            }
        }
    };
    let open_menu = move |event: web_sys::MouseEvent| {
        if let Some((row, ..)) = mark_at(&event, CLICK_PX).filter(|_| has_menu) {
            event.prevent_default();
            event.stop_propagation();
            menu_row.set(Some(row));
            menu.set(Some(MenuAnchor::Point {
                x: f64::from(event.client_x()),
                y: f64::from(event.client_y()),
            }));
        }
    };
    let press = {
        let legend_at = legend_at.clone();
        move |event: web_sys::PointerEvent| {
            just_brushed.set_value(false);
            // Fingers scroll.
            if can_brush && event.button() == 0 && event.pointer_type() != "touch" && legend_at(&event).is_none() {
                brush.set(Brush::at(element, &event));
            }
        }
    };
    let release = move |event: web_sys::PointerEvent| {
        if let Some(done) = brush.get_untracked().map(|brush| brush.reaching(element, &event)) {
            brush.set(None);
            if done.is_drawn() {
                just_brushed.set_value(true);
                finish_brush(done);
            }
        }
    };
    let keys = move |event: web_sys::KeyboardEvent| {
        if let Some(name) = legend_at(&event).filter(|_| matches!(event.key().as_str(), "Enter" | " ")) {
            event.prevent_default();
            event.stop_propagation();
            toggle_series(&name);
            return;
        }
        let Ok(picture) = picture.get_untracked() else { return };
        let order = reading_order(&picture, downward);
        let step = match event.key().as_str() {
            "ArrowRight" | "ArrowDown" => Some(Step::Next),
            "ArrowLeft" | "ArrowUp" => Some(Step::Previous),
            "Home" => Some(Step::First),
            "End" => Some(Step::Last),
            _ => None,
        };
        let here = current.get_untracked().filter(|place| *place < order.len());
        let hit_at = |place: usize| order.get(place).and_then(|index| picture.hits.get(*index));
        if let Some(place) = step.and_then(|step| step.from(here, order.len())) {
            event.prevent_default();
            event.stop_propagation();
            current.set(Some(place));
            if let Some((hit, source)) = hit_at(place).and_then(|hit| Some((hit, picture.sources.get(hit.mark)?))) {
                let found = point_at(source.row, (hit.x_px + 14.0).max(0.0), (hit.y_px - 12.0).max(0.0));
                spoken.set(found.as_ref().map(|tip| said(&tip.lines)).unwrap_or_default());
                tip.set(found);
            }
            return;
        }
        let row = here
            .and_then(hit_at)
            .and_then(|hit| Some(picture.sources.get(hit.mark)?.row));
        match (event.key().as_str(), row) {
            ("Escape", _) if current.get_untracked().is_some() || pending.get_untracked().is_some() => {
                event.stop_propagation();
                current.set(None);
                pending.set(None);
                tip.set(None);
            }
            ("Enter" | " ", Some(row)) => {
                event.prevent_default();
                event.stop_propagation();
                choose_row(row, event.ctrl_key() || event.meta_key() || event.shift_key());
            }
            ("ContextMenu" | "m", Some(row)) if has_menu => {
                event.prevent_default();
                event.stop_propagation();
                let bounds = element
                    .get_untracked()
                    .map(|element| element.get_bounding_client_rect());
                if let (Some(bounds), Some(hit)) = (bounds, here.and_then(hit_at)) {
                    menu_row.set(Some(row));
                    menu.set(Some(MenuAnchor::Point {
                        x: bounds.left() + hit.x_px,
                        y: bounds.top() + hit.y_px,
                    }));
                }
            }
            _ => {}
        }
    };
    let name_of = {
        let visual = visual.clone();
        move |picture: &Picture, mark: usize| {
            let source = picture.sources.get(mark).copied()?;
            MarkName::of(&visual, &*answer.try_get_untracked()?, source)
        }
    };
    let find = name_of.clone();
    exploring.hand_on_focus(
        element,
        move || {
            let picture = picture.try_get_untracked()?.ok()?;
            let index = *reading_order(&picture, downward).get(current.try_get_untracked()??)?;
            name_of(&picture, picture.hits.get(index)?.mark)
        },
        move |wanted| {
            let Ok(picture) = picture.get_untracked() else { return };
            let at = |index: &usize| picture.hits.get(*index).and_then(|hit| find(&picture, hit.mark));
            let place = reading_order(&picture, downward)
                .iter()
                .position(|index| at(index).as_ref() == Some(&wanted));
            current.set(place);
        },
    );
    let sentence = describe(&visual, &answer.get_untracked());
    let name = format!("{sentence} Arrow keys go through its marks.");
    let table = answer.get_untracked();
    view! {
        {move || match problem.get() {
            None => {
                view! {
                    <div
                        class="tile__chart"
                        class:tile__chart--dimmed=move || emphasised.with(Option::is_some)
                        class:tile__chart--brushed=can_brush
                        node_ref=element
                        tabindex="0"
                        role="group"
                        aria-label=name.clone()
                        data-drawn=drawn.clone()
                        inner_html=markup.get_untracked().unwrap_or_default()
                        on:pointerdown=press.clone()
                        on:pointermove=hover.clone()
                        on:pointerup=release.clone()
                        on:pointercancel=move |_| brush.set(None)
                        on:pointerleave=move |_| tip.set(None)
                        on:blur=move |_| { current.set(None); tip.set(None); }
                        on:click=click.clone()
                        on:contextmenu=open_menu
                        on:keydown=keys.clone()
                    ></div>
                }
                    .into_any()
            }
            Some(problem) if is_own => {
                let error = AppError::invalid("spec", "This specification cannot be drawn.").with_hint(problem);
                view! { <TileProblem error=error /> }.into_any()
            }
            Some(problem) => view! { <TileProblem error=AppError::internal().with_hint(problem) /> }.into_any(),
        }}
        <BrushView brush=brush />
        <Pending pending=pending zoom=zoom actions=actions />
        {move || tip.get().map(|tip| view! { <TipView tip=tip /> })}
        <p class="visually-hidden" aria-live="polite">{move || spoken.get()}</p>
        {has_menu.then(|| view! { <MarkMenu visual=visual answer=answer actions=actions row=menu_row open=menu /> })}
        <HiddenTable answer=table caption=sentence />
    }
}

/// What is done with a stretch of the axis: looked at more closely here, or the page filtered by it; and the way back.
#[component]
fn Pending(pending: RwSignal<Option<Stretch>>, zoom: RwSignal<Option<Stretch>>, actions: TileActions) -> impl IntoView {
    view! {
        <Show when=move || pending.with(Option::is_some) || zoom.with(Option::is_some)>
            <div class="tile__stretch" role="group" aria-label="Part of the axis">
                <Show when=move || pending.with(Option::is_some)>
                    <button
                        class="button button--small"
                        type="button"
                        data-testid="brush-zoom"
                        on:click=move |_| {
                            zoom.set(pending.get_untracked());
                            pending.set(None);
                        }
                    >
                        <IconView icon=Icon::ZoomIn />
                        "Zoom in"
                    </button>
                    {actions
                        .choose
                        .map(|choose| {
                            view! {
                                <button
                                    class="button button--small"
                                    type="button"
                                    data-testid="brush-filter"
                                    on:click=move |_| {
                                        if let Some(stretch) = pending.get_untracked() {
                                            let row = shared::dashboard::SelectionRow(vec![stretch.value]);
                                            choose.run(Selection { rows: vec![row] });
                                        }
                                        pending.set(None);
                                    }
                                >
                                    <IconView icon=Icon::Filter />
                                    "Filter the page"
                                </button>
                            }
                        })}
                    <button class="button button--quiet button--small" type="button" aria-label="Leave it" title="Leave it" on:click=move |_| pending.set(None)>
                        <IconView icon=Icon::Close />
                    </button>
                </Show>
                <Show when=move || pending.with(Option::is_none) && zoom.with(Option::is_some)>
                    <button class="button button--small" type="button" data-testid="zoom-out" on:click=move |_| zoom.set(None)>
                        "Show all again"
                    </button>
                </Show>
            </div>
        </Show>
    }
}

/// Sixteen hex digits of a text (FNV-1a, 64 bits).
pub(super) fn digest(text: &str) -> String {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

/// Bars that lie have their categories from top to bottom.
const fn lies(kind: VisualKind) -> bool {
    matches!(
        kind,
        VisualKind::Bar | VisualKind::BarStacked | VisualKind::BarStacked100
    )
}

pub(super) fn said(lines: &[(String, String)]) -> String {
    let parts: Vec<String> = lines.iter().map(|(label, text)| format!("{label}: {text}")).collect();
    parts.join(", ")
}

/// Indices of hits from left to right, those of one place from top to bottom; the other way round for bars that lie. Each
/// mark once.
fn reading_order(picture: &Picture, downward: bool) -> Vec<usize> {
    let mut order: Vec<usize> = (0..picture.hits.len()).collect();
    let place = |index: &usize| {
        let (x, y) = picture.hits.get(*index).map_or((0.0, 0.0), |hit| (hit.x_px, hit.y_px));
        if downward { (y, x) } else { (x, y) }
    };
    shared::sort::sort_by(&mut order, |a, b| {
        let (a, b) = (place(a), place(b));
        a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
    });
    let mut seen = BTreeSet::new();
    order.retain(|index| picture.hits.get(*index).is_some_and(|hit| seen.insert(hit.mark)));
    order
}

#[derive(Clone, Copy)]
enum Step {
    Next,
    Previous,
    First,
    Last,
}

impl Step {
    /// The place after this step among `count`, starting anywhere; stays at the ends.
    fn from(self, here: Option<usize>, count: usize) -> Option<usize> {
        let last = count.checked_sub(1)?;
        Some(match (self, here) {
            (Self::Next, Some(here)) => (here + 1).min(last),
            (Self::Previous, Some(here)) => here.saturating_sub(1),
            (Self::Next | Self::First, None) | (Self::First, Some(_)) => 0,
            (Self::Previous | Self::Last, None) | (Self::Last, Some(_)) => last,
        })
    }
}

/// Keeps the pointer's events here while it is down, also outside of the chart.
pub(super) fn hold_pointer(element: NodeRef<html::Div>, event: &web_sys::PointerEvent) {
    if let Some(element) = element.get_untracked()
        && let Err(error) = element.set_pointer_capture(event.pointer_id())
    {
        leptos::logging::warn!("the pointer could not be held: {error:?}");
    }
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

/// The rows that stand out: those chosen here, else those meant by a choice elsewhere; `None` when nothing is dimmed.
pub(super) fn emphasised(
    visual: &Visual,
    answer: &Answer,
    selection: Option<&Selection>,
    highlight: Option<&Selection>,
) -> Option<BTreeSet<usize>> {
    if let Some(selection) = selection.filter(|selection| !selection.rows.is_empty()) {
        return Some(
            (0..answer.rows.len())
                .filter(|row| is_chosen(visual, answer, *row, selection))
                .collect(),
        );
    }
    let highlight = highlight.filter(|selection| !selection.rows.is_empty())?;
    let meant: Vec<Option<bool>> = (0..answer.rows.len())
        .map(|row| is_meant(visual, answer, row, highlight))
        .collect();
    meant.iter().any(Option::is_some).then(|| {
        meant
            .iter()
            .enumerate()
            .filter(|(_, meant)| **meant == Some(true))
            .map(|(row, _)| row)
            .collect()
    })
}

fn elements(element: &web_sys::HtmlDivElement, selector: &str) -> Vec<web_sys::Element> {
    let Ok(found) = element.query_selector_all(selector) else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|index| found.item(index)?.dyn_into::<web_sys::Element>().ok())
        .collect()
}

pub(super) fn show_emphasised(element: &web_sys::HtmlDivElement, picture: &Picture, rows: Option<&BTreeSet<usize>>) {
    for mark in elements(element, "[data-row]") {
        let row = mark
            .get_attribute("data-row")
            .and_then(|row| row.parse::<usize>().ok())
            .and_then(|mark| picture.sources.get(mark))
            .map(|source| source.row);
        let chosen = rows.zip(row).is_some_and(|(rows, row)| rows.contains(&row));
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

/// Entries of the legend switch their series: they can be reached by keys and say so.
fn offer_legend(element: &web_sys::HtmlDivElement, names: &[String], hidden: &[String]) {
    let mut offered = BTreeSet::new();
    for entry in elements(element, "[data-legend]") {
        let index = entry
            .get_attribute("data-legend")
            .and_then(|index| index.parse::<usize>().ok());
        let Some((index, name)) = index.and_then(|index| Some((index, names.get(index)?))) else {
            continue;
        };
        // Symbol and words are one switch; the words are the larger part of it.
        let attributes = if entry.tag_name() == "text" && offered.insert(index) {
            let pressed = !hidden.contains(name);
            vec![
                ("tabindex", "0".to_owned()),
                ("role", "button".to_owned()),
                ("aria-pressed", pressed.to_string()),
            ]
        } else {
            vec![("role", "presentation".to_owned())]
        };
        for (attribute, value) in &attributes {
            if entry.set_attribute(attribute, value).is_err() {
                return;
            }
        }
    }
}

/// Follows the size of the chart's box. The last size before a resize stays drawn, scaled, until the next frame.
pub(super) fn observe_size(element: NodeRef<html::Div>, size: RwSignal<Size>) {
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
