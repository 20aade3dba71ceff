//! A scatter of 100,000 points, and how long its frames keep the page busy.

use std::sync::Arc;

use chart::visual::{Size, cloud_points, samples::cloud};
use leptos::prelude::*;
use shared::dashboard::Selection;

use crate::components::tile::{CloudView, MarkClick, TileActions};

const POINTS: usize = 100_000;
/// Frames that the figures are of.
const FRAMES: usize = 120;

#[component]
pub fn CloudSection() -> impl IntoView {
    let frames = RwSignal::new(Vec::<f64>::new());
    let on_frame = Callback::new(move |took_ms: f64| {
        frames.update(|frames| {
            frames.push(took_ms);
            let beyond = frames.len().saturating_sub(FRAMES);
            frames.drain(..beyond);
        });
    });
    let last = move || frames.with(|frames| frames.last().copied().unwrap_or_default());
    let most = move || frames.with(|frames| frames.iter().copied().fold(0.0, f64::max));
    let average = move || frames.with(|frames| frames.iter().sum::<f64>() / frames.len().max(1) as f64);
    // As on a page: a click chooses a member, the same again nothing.
    let selection = RwSignal::new(None::<Selection>);
    let select = Callback::new(move |click: MarkClick| {
        let chosen = Selection { rows: vec![click.row] };
        selection.update(|selection| *selection = (selection.as_ref() != Some(&chosen)).then_some(chosen));
    });
    let actions = TileActions {
        select: Some(select),
        ..TileActions::default()
    };
    let (visual, answer) = cloud(POINTS);
    let (visual, answer) = (Arc::new(visual), Arc::new(answer));
    let nominal = Size {
        width_px: 1_100.0,
        height_px: 520.0,
    };
    view! {
        <section class="stack">
            <h2>"Very many points"</h2>
            <p
                data-testid="frame-ms"
                data-frame-ms=move || format!("{:.2}", last())
                data-frame-ms-average=move || format!("{:.2}", average())
                data-frame-ms-most=move || format!("{:.2}", most())
                data-frames=move || frames.with(Vec::len).to_string()
            >
                {move || format!("{POINTS} points; the last {FRAMES} frames: {:.1} ms on average, {:.1} ms at most, the last {:.1} ms.", average(), most(), last())}
            </p>
            <div class="gallery__cloud" data-testid="cloud">
                <section class="tile" aria-label="Very many points">
                    <div class="tile__body">
                        {cloud_points(&visual, &answer).map(|cloud| view! {
                            <CloudView
                                visual=visual
                                answer=answer
                                cloud=Arc::new(cloud)
                                nominal=nominal
                                id_prefix="cloud".to_owned()
                                selection=selection
                                actions=actions
                                on_frame=on_frame
                            />
                        })}
                    </div>
                </section>
            </div>
        </section>
    }
}
