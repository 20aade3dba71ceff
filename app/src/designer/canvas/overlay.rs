//! What a drag shows: where things land, the frame of a marquee, and the badge at the pointer.

use leptos::prelude::*;
use shared::dashboard::Rect;

use crate::designer::state::Designer;

/// Inside the canvas: ghosts and marquee.
#[component]
pub fn DragOverlay(designer: Designer) -> impl IntoView {
    let boxes = move || {
        designer.drag.ghost.get().map(|ghost| {
            let labels = std::iter::once(Some(ghost.label)).chain(std::iter::repeat(None));
            let landing = ghost
                .rects
                .into_iter()
                .zip(labels)
                .map(|(rect, label)| view! { <GhostBox rect=rect testid="ghost" label=label /> })
                .collect_view();
            let cleared = ghost
                .cleared
                .into_iter()
                .map(|rect| view! { <GhostBox rect=rect testid="cleared" label=None /> })
                .collect_view();
            (cleared, landing)
        })
    };
    view! {
        {boxes}
        {move || {
            designer
                .drag
                .marquee
                .get()
                .map(|area| {
                    view! {
                        <div
                            class="designer-marquee"
                            style:--left=format!("{:.0}px", area.left)
                            style:--top=format!("{:.0}px", area.top)
                            style:--width=format!("{:.0}px", area.width)
                            style:--height=format!("{:.0}px", area.height)
                        ></div>
                    }
                })
        }}
    }
}

/// `testid` is `ghost` for what is dragged and `cleared` for what makes way.
#[component]
fn GhostBox(rect: Rect, testid: &'static str, label: Option<String>) -> impl IntoView {
    view! {
        <div
            class=format!("designer-ghost designer-ghost--{testid}")
            data-testid=testid
            style:--x=rect.x.to_string()
            style:--y=rect.y.to_string()
            style:--w=rect.w.to_string()
            style:--h=rect.h.to_string()
        >
            {label.map(|label| view! { <span class="designer-ghost__label">{label}</span> })}
        </div>
    }
}

/// At the pointer: what is dragged and what dropping it here does.
#[component]
pub fn DragBadge(designer: Designer) -> impl IntoView {
    let at = move || {
        designer
            .drag
            .badge
            .with(|badge| badge.as_ref().map(|badge| badge.at).unwrap_or_default())
    };
    let words = Memo::new(move |_| {
        designer
            .drag
            .badge
            .with(|badge| badge.as_ref().map(|badge| (badge.text.clone(), badge.says.clone())))
    });
    view! {
        <div
            class="designer-badge"
            class:designer-badge--shown=move || words.with(Option::is_some)
            aria-hidden="true"
            data-testid="drag-badge"
            style:--left=move || format!("{:.0}px", at().0)
            style:--top=move || format!("{:.0}px", at().1)
        >
            {move || {
                words
                    .get()
                    .map(|(text, says)| {
                        let allowed = says.is_some();
                        view! {
                            <strong>{text}</strong>
                            <span class:designer-badge__no=!allowed>{says.unwrap_or_else(|| "Nothing here takes it".to_owned())}</span>
                        }
                    })
            }}
        </div>
    }
}
