//! A button that opens a menu, and the menu itself, on the browser's own popover: a click elsewhere or Escape closes it.

use leptos::{html, prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;

use super::{Icon, IconView};

/// Where a menu opens, in px of the window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MenuAnchor {
    /// Below (else above) the button, their right edges in line.
    Button { top: f64, right: f64, bottom: f64 },
    /// At the pointer.
    Point { x: f64, y: f64 },
}

/// Least distance to the window's edge, px.
const MARGIN_PX: f64 = 8.0;
/// Between the button and its menu, px.
const GAP_PX: f64 = 4.0;

impl MenuAnchor {
    fn of(button: &web_sys::Element) -> Self {
        let bounds = button.get_bounding_client_rect();
        Self::Button {
            top: bounds.top(),
            right: bounds.right(),
            bottom: bounds.bottom(),
        }
    }

    /// Left and top of a menu of `size` that stays within a window of `extent`.
    fn place(self, size: (f64, f64), extent: (f64, f64)) -> (f64, f64) {
        let (left, below, above) = match self {
            Self::Button { top, right, bottom } => (right - size.0, bottom + GAP_PX, top - GAP_PX - size.1),
            Self::Point { x, y } => (x, y, y - size.1),
        };
        let fits = below + size.1 + MARGIN_PX <= extent.1;
        let top = if fits || above < MARGIN_PX { below } else { above };
        (
            left.min(extent.0 - size.0 - MARGIN_PX).max(MARGIN_PX),
            top.min(extent.1 - size.1 - MARGIN_PX).max(MARGIN_PX),
        )
    }
}

/// `children` are `menu__item` buttons; any click inside closes the menu.
#[component]
pub fn Menu(
    /// Name for assistive tools and tooltip.
    #[prop(into)]
    label: String,
    #[prop(default = Icon::More)] icon: Icon,
    #[prop(optional, into)] testid: Option<String>,
    children: ChildrenFn,
) -> impl IntoView {
    let open = RwSignal::new(None::<MenuAnchor>);
    let button = NodeRef::<html::Button>::new();
    let toggle = move |_| {
        // The browser has closed an open menu by now, and says so after this click.
        let anchor = button
            .get_untracked()
            .filter(|_| open.with_untracked(Option::is_none))
            .map(|button| MenuAnchor::of(&button));
        open.set(anchor);
    };
    view! {
        <button
            class="button button--quiet button--icon"
            type="button"
            node_ref=button
            aria-label=label.clone()
            title=label.clone()
            aria-haspopup="menu"
            aria-expanded=move || open.with(Option::is_some).to_string()
            data-testid=testid
            on:click=toggle
        >
            <IconView icon=icon />
        </button>
        <MenuPanel label=label open=open children=children />
    }
}

/// The menu without its button; shown while `open` says where.
#[component]
pub fn MenuPanel(
    #[prop(into)] label: String,
    open: RwSignal<Option<MenuAnchor>>,
    children: ChildrenFn,
) -> impl IntoView {
    let panel = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        let Some(element) = panel.get() else { return };
        match open.get() {
            Some(anchor) => spawn_local(async move {
                // Only what stands in it already can be measured.
                leptos::task::tick().await;
                show(&element, anchor);
            }),
            None => {
                // Fails only when it is closed already.
                let _closed = element.hide_popover();
            }
        }
    });
    let follow = move |_| {
        let shown = panel
            .get_untracked()
            .is_some_and(|panel| panel.matches(":popover-open").unwrap_or(false));
        if !shown && open.with_untracked(Option::is_some) {
            open.set(None);
        }
    };
    let keys = move |event: web_sys::KeyboardEvent| {
        let Some(panel) = panel.get_untracked() else { return };
        match event.key().as_str() {
            "ArrowDown" => step(&panel, Step::Next),
            "ArrowUp" => step(&panel, Step::Previous),
            "Home" => step(&panel, Step::First),
            "End" => step(&panel, Step::Last),
            "Tab" => open.set(None),
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <div
            class="menu"
            role="menu"
            popover="auto"
            aria-label=label
            node_ref=panel
            on:click=move |_| open.set(None)
            on:keydown=keys
            on:toggle=follow
        >
            <Show when=move || open.with(Option::is_some)>{children()}</Show>
        </div>
    }
}

fn show(panel: &web_sys::HtmlDivElement, anchor: MenuAnchor) {
    if panel.show_popover().is_err() {
        // Open already, or closed again meanwhile.
        return;
    }
    let Some(window) = web_sys::window() else { return };
    let extent = |read: Result<wasm_bindgen::JsValue, _>| read.ok().and_then(|px| px.as_f64()).unwrap_or(f64::MAX);
    let bounds = panel.get_bounding_client_rect();
    let (left, top) = anchor.place(
        (bounds.width(), bounds.height()),
        (extent(window.inner_width()), extent(window.inner_height())),
    );
    let style = web_sys::HtmlElement::style(panel);
    for (name, value) in [
        ("position", "fixed".to_owned()),
        ("margin", "0".to_owned()),
        ("inset", "auto".to_owned()),
        ("left", format!("{left}px")),
        ("top", format!("{top}px")),
    ] {
        if style.set_property(name, &value).is_err() {
            leptos::logging::warn!("a menu could not be placed");
        }
    }
    step(panel, Step::First);
}

#[derive(Clone, Copy)]
enum Step {
    First,
    Last,
    Next,
    Previous,
}

/// Focuses another item of the menu.
fn step(panel: &web_sys::HtmlDivElement, step: Step) {
    let Ok(found) = panel.query_selector_all("[role^=menuitem]:not(:disabled)") else {
        return;
    };
    let items: Vec<web_sys::HtmlElement> = (0..found.length())
        .filter_map(|index| found.item(index)?.dyn_into().ok())
        .collect();
    let focused = web_sys::window()
        .and_then(|window| window.document()?.active_element())
        .and_then(|focused| items.iter().position(|item| **item == focused));
    let count = items.len();
    let index = match (step, focused) {
        (Step::First, _) | (Step::Next, None) => Some(0),
        (Step::Last, _) | (Step::Previous, None | Some(0)) => count.checked_sub(1),
        (Step::Next, Some(index)) => Some(if index + 1 < count { index + 1 } else { 0 }),
        (Step::Previous, Some(index)) => Some(index - 1),
    };
    if let Some(item) = index.and_then(|index| items.get(index))
        && item.focus().is_err()
    {
        leptos::logging::warn!("a menu item could not be focused");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_menu_stays_in_the_window() {
        let window = (1000.0, 700.0);
        let button = |top| MenuAnchor::Button {
            top,
            right: 960.0,
            bottom: top + 24.0,
        };
        assert_eq!(button(100.0).place((200.0, 300.0), window), (760.0, 128.0));
        assert_eq!(button(600.0).place((200.0, 300.0), window), (760.0, 296.0));
        let high = button(300.0).place((200.0, 600.0), window);
        assert_eq!(high, (760.0, 92.0));
        let corner = MenuAnchor::Point { x: 990.0, y: 690.0 };
        assert_eq!(corner.place((200.0, 300.0), window), (792.0, 390.0));
    }
}
