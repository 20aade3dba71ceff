//! A scatter of very many points: the axes are drawn as of any chart, the points on a canvas over them. Readers look closer
//! by wheel, drag and keys; without WebGL the picture has some points for all.

use std::sync::Arc;

use chart::{
    Theme,
    visual::{Cloud, CloudDrawing, DrawOptions, MarkSource, Size, describe, draw},
};
use leptos::prelude::*;
use shared::{dashboard::Selection, semantic::Answer, visual::Visual};

use super::{
    MarkClick, TileActions,
    chart_view::{CLICK_PX, digest, emphasised, hold_pointer, observe_size, said},
    cloud_stage::Stage,
    exploring::{Exploring, MarkName},
    hidden_table::HiddenTable,
    mark_menu::MarkMenu,
    selection_row,
    tip::{Tip, TipView, tip_lines},
};
use crate::components::menu::MenuAnchor;

/// How far from the pointer a point may be for what is said about it, in px.
const HOVER_PX: f64 = 16.0;
/// A press becomes a drag when it has gone this far, in px.
const DRAG_PX: f64 = 3.0;
/// What one press of a key does: closer by this, or moved by this share of what is seen.
const KEY_ZOOM: f64 = 0.7;
const KEY_MOVE: f64 = 0.15;
/// How much closer a wheel goes for each px that it would scroll.
const WHEEL_ZOOM: f64 = 1.0015;
/// A line of a wheel that scrolls by lines, in px.
const LINE_PX: f64 = 16.0;
/// Where to look for the next point by arrow keys, in px.
const STEP_PX: f64 = 12.0;

/// A press on the plane, and where the view was then.
#[derive(Clone, Copy)]
struct Drag {
    at: (f64, f64),
    view: chart::visual::View,
    moved: bool,
}

#[component]
pub fn CloudView(
    visual: Arc<Visual>,
    answer: Arc<Answer>,
    cloud: Arc<Cloud>,
    /// What is drawn until the real size is known.
    nominal: Size,
    /// Keeps ids of several charts on a page apart.
    id_prefix: String,
    /// What is chosen in this tile.
    #[prop(optional, into)]
    selection: Signal<Option<Selection>>,
    /// What is chosen in tiles that highlight here.
    #[prop(optional, into)]
    highlight: Signal<Option<Selection>>,
    actions: TileActions,
    /// What was done to the chart before this one in the same tile.
    #[prop(optional)]
    exploring: Exploring,
    /// Told after every frame how long it kept the page busy, in ms.
    #[prop(optional)]
    on_frame: Option<Callback<f64>>,
) -> impl IntoView {
    let first = {
        let options = DrawOptions {
            id_prefix: &id_prefix,
            cloud: Some(&cloud),
            points: CloudDrawing::Thinned,
            ..DrawOptions::default()
        };
        draw(&visual, &answer, &Theme::css(), nominal, &options)
            .map(|picture| picture.svg)
            .unwrap_or_default()
    };
    let drawn = digest(&first);
    let emphasised = {
        let (visual, answer) = (visual.clone(), answer.clone());
        Memo::new(move |_| emphasised(&visual, &answer, selection.get().as_ref(), highlight.get().as_ref()))
    };
    let whole = cloud.whole;
    let stage = Stage::new(
        visual.clone(),
        answer.clone(),
        cloud.clone(),
        nominal,
        id_prefix,
        on_frame,
    );
    observe_size(stage.element, stage.size);
    stage.follow(drawn.clone(), emphasised);

    let view = stage.view;
    exploring.begin(&visual);
    if let Some(kept) = exploring.view.get_untracked() {
        view.set(kept.moved(0.0, 0.0, whole));
    }
    Effect::new(move |_| exploring.view.set(Some(view.get()).filter(|view| *view != whole)));
    let tip = RwSignal::new(None::<Tip>);
    let spoken = RwSignal::new(String::new());
    // The point that a ring is round.
    let current = RwSignal::new(None::<usize>);
    let drag = StoredValue::new(None::<Drag>);
    let just_dragged = StoredValue::new(false);
    let menu = RwSignal::new(None::<MenuAnchor>);
    let menu_row = RwSignal::new(None::<usize>);
    let has_menu = actions.records.is_some() || actions.drill.is_some();

    let leave = move || {
        current.set(None);
        tip.set(None);
    };
    let look = move |next: chart::visual::View| {
        if next != view.get_untracked() {
            leave();
            view.set(next);
        }
    };
    // Closer or farther about a place of the picture, else about the middle.
    let zoom = move |by: f64, at: Option<(f64, f64)>| {
        let about = at.and_then(|(x, y)| {
            let frame = stage.frame()?;
            Some((frame.x.share(x).clamp(0.0, 1.0), frame.y.share(y).clamp(0.0, 1.0)))
        });
        look(view.get_untracked().zoomed(by, about.unwrap_or((0.5, 0.5)), whole));
    };
    let row_of = {
        let cloud = cloud.clone();
        move |point: usize| cloud.rows.get(point).map(|row| *row as usize)
    };
    let show = {
        let (visual, answer, row_of) = (visual.clone(), answer.clone(), row_of.clone());
        move |point: Option<usize>| {
            if point == current.get_untracked() {
                return;
            }
            current.set(point);
            tip.set(point.and_then(|point| {
                let (x, y) = stage.place(point)?;
                let width_px = stage.size.get_untracked().width_px;
                let left_px = if x > width_px * 0.6 { x - 180.0 } else { x + 14.0 };
                let lines = tip_lines(&visual, &answer, row_of(point)?);
                (!lines.is_empty()).then_some(Tip {
                    left_px: left_px.max(0.0),
                    top_px: (y - 12.0).max(0.0),
                    lines,
                })
            }));
        }
    };
    let choose = {
        let (visual, answer, row_of) = (visual.clone(), answer.clone(), row_of.clone());
        move |point: usize, add: bool| {
            let row = row_of(point).and_then(|row| selection_row(&visual, &answer, row));
            if let (Some(select), Some(row)) = (actions.select, row) {
                select.run(MarkClick { row, add });
                return true;
            }
            false
        }
    };
    let open_menu = {
        let row_of = row_of.clone();
        move |point: usize| {
            let bounds = stage
                .element
                .get_untracked()
                .map(|element| element.get_bounding_client_rect());
            if let (Some(bounds), Some((x, y))) = (bounds, stage.place(point)) {
                menu_row.set(row_of(point));
                menu.set(Some(MenuAnchor::Point {
                    x: bounds.left() + x,
                    y: bounds.top() + y,
                }));
            }
        }
    };

    let press = move |event: web_sys::PointerEvent| {
        just_dragged.set_value(false);
        // Fingers scroll.
        let Some(at) = stage
            .at(&event)
            .filter(|_| event.button() == 0 && event.pointer_type() != "touch")
        else {
            return;
        };
        drag.set_value(Some(Drag {
            at,
            view: view.get_untracked(),
            moved: false,
        }));
    };
    let follow = {
        let show = show.clone();
        move |event: web_sys::PointerEvent| {
            stage.measure(|| {
                let Some(at) = stage.at(&event) else { return };
                let Some(mut held) = drag.get_value() else {
                    show(stage.nearest(at, HOVER_PX));
                    return;
                };
                let (right, down) = (at.0 - held.at.0, at.1 - held.at.1);
                if !held.moved && right.hypot(down) >= DRAG_PX {
                    hold_pointer(stage.element, &event);
                    held.moved = true;
                    drag.set_value(Some(held));
                }
                if held.moved
                    && let Some(frame) = stage.frame()
                {
                    let (width, height) = (frame.x.to_px - frame.x.from_px, frame.y.from_px - frame.y.to_px);
                    look(held.view.moved(-right / width, down / height, whole));
                }
            });
        }
    };
    let release = move |_| {
        just_dragged.set_value(drag.get_value().is_some_and(|drag| drag.moved));
        drag.set_value(None);
    };
    let click = {
        let choose = choose.clone();
        move |event: web_sys::MouseEvent| {
            if just_dragged.get_value() {
                just_dragged.set_value(false);
                event.stop_propagation();
                return;
            }
            let add = event.ctrl_key() || event.meta_key() || event.shift_key();
            if stage
                .at(&event)
                .and_then(|at| stage.nearest(at, CLICK_PX))
                .is_some_and(|point| choose(point, add))
            {
                event.stop_propagation();
            }
        }
    };
    let context = {
        let open_menu = open_menu.clone();
        move |event: web_sys::MouseEvent| {
            let point = stage.at(&event).and_then(|at| stage.nearest(at, CLICK_PX));
            if let Some(point) = point.filter(|_| has_menu) {
                event.prevent_default();
                event.stop_propagation();
                open_menu(point);
            }
        }
    };
    let wheel = move |event: web_sys::WheelEvent| {
        // Pages scroll, unless the chart is what is being worked with.
        if !(event.ctrl_key() || event.meta_key() || stage.has_focus()) {
            return;
        }
        event.prevent_default();
        stage.measure(|| {
            let lines = event.delta_mode() == web_sys::WheelEvent::DOM_DELTA_LINE;
            let down_px = event.delta_y() * if lines { LINE_PX } else { 1.0 };
            zoom(WHEEL_ZOOM.powf(down_px.clamp(-400.0, 400.0)), stage.at(&event));
        });
    };
    let keys = move |event: web_sys::KeyboardEvent| {
        let way = match event.key().as_str() {
            "ArrowRight" => Some((1.0, 0.0)),
            "ArrowLeft" => Some((-1.0, 0.0)),
            "ArrowUp" => Some((0.0, 1.0)),
            "ArrowDown" => Some((0.0, -1.0)),
            _ => None,
        };
        let here = current.get_untracked();
        match (event.key().as_str(), way, here) {
            (_, Some((right, up)), _) if event.shift_key() => {
                look(view.get_untracked().moved(right * KEY_MOVE, up * KEY_MOVE, whole));
            }
            (_, Some(way), _) => {
                if let Some(point) = stage.next(here, way, STEP_PX) {
                    show(Some(point));
                    spoken.set(tip.with_untracked(|tip| tip.as_ref().map(|tip| said(&tip.lines)).unwrap_or_default()));
                }
            }
            ("+" | "=", ..) => zoom(KEY_ZOOM, here.and_then(|point| stage.place(point))),
            ("-", ..) => zoom(KEY_ZOOM.recip(), None),
            ("0", ..) => look(whole),
            ("Escape", _, Some(_)) => leave(),
            ("Enter" | " ", _, Some(point)) => {
                choose(point, event.ctrl_key() || event.meta_key() || event.shift_key());
            }
            ("ContextMenu" | "m", _, Some(point)) if has_menu => open_menu(point),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };

    let name_of = {
        let (visual, answer, row_of) = (visual.clone(), answer.clone(), row_of.clone());
        move |point: usize| {
            let source = MarkSource {
                row: row_of(point)?,
                column: 0,
            };
            MarkName::of(&visual, &answer, source)
        }
    };
    let find = name_of.clone();
    let points = cloud.rows.len();
    exploring.hand_on_focus(
        stage.element,
        move || name_of(current.try_get_untracked()??),
        move |wanted| current.set((0..points).find(|point| find(*point).as_ref() == Some(&wanted))),
    );
    let sentence = describe(&visual, &answer);
    let name = format!(
        "{sentence} Plus and minus look closer and farther, Shift with arrow keys moves, arrow keys go from point to point."
    );
    let table = answer.clone();
    view! {
        <div
            class="tile__chart tile__chart--cloud"
            node_ref=stage.element
            tabindex="0"
            role="group"
            aria-label=name
            data-drawn=drawn
            inner_html=first
            on:pointerdown=press
            on:pointermove=follow
            on:pointerup=release
            on:pointercancel=move |_| drag.set_value(None)
            on:pointerleave=move |_| leave()
            on:blur=move |_| leave()
            on:click=click
            on:dblclick=move |_| look(whole)
            on:contextmenu=context
            on:wheel=wheel
            on:keydown=keys
        ></div>
        <canvas class="tile__cloud" node_ref=stage.canvas aria-hidden="true" on:webglcontextlost=move |event: web_sys::Event| {
            event.prevent_default();
            stage.lose_canvas();
        } on:webglcontextrestored=move |_: web_sys::Event| stage.take_canvas()></canvas>
        {move || current.get().and_then(|point| stage.ring(point)).map(|(x, y, radius)| view! {
            <span
                class="tile__ring"
                style:--ring-x=format!("{x:.1}px")
                style:--ring-y=format!("{y:.1}px")
                style:--ring-r=format!("{radius:.1}px")
            ></span>
        })}
        <Show when=move || view.get() != whole>
            <div class="tile__stretch" role="group" aria-label="Part of the plane">
                <button class="button button--small" type="button" data-testid="zoom-out" on:click=move |_| look(whole)>
                    "Show all again"
                </button>
            </div>
        </Show>
        {move || tip.get().map(|tip| view! { <TipView tip=tip /> })}
        <p class="visually-hidden" aria-live="polite">{move || spoken.get()}</p>
        {has_menu.then(|| view! { <MarkMenu visual=visual answer=Signal::stored(answer) actions=actions row=menu_row open=menu /> })}
        <HiddenTable answer=table caption=sentence />
    }
}
