//! A button that opens a menu, on the browser's own popover: a click elsewhere or Escape closes it.

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;

use super::{Icon, IconView};

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
    let open = RwSignal::new(false);
    let button = NodeRef::<html::Button>::new();
    let panel = NodeRef::<html::Div>::new();
    let position = move || {
        let (Some(button), Some(panel)) = (button.get_untracked(), panel.get_untracked()) else {
            return;
        };
        let anchor = button.get_bounding_client_rect();
        let size = panel.get_bounding_client_rect();
        let window = web_sys::window();
        let extent = |read: fn(&web_sys::Window) -> Option<f64>| window.as_ref().and_then(read).unwrap_or(f64::MAX);
        let width = extent(|window| window.inner_width().ok()?.as_f64());
        let height = extent(|window| window.inner_height().ok()?.as_f64());
        let left = (anchor.right() - size.width()).min(width - size.width() - 8.0).max(8.0);
        let below = anchor.bottom() + 4.0;
        let top = if below + size.height() > height {
            (anchor.top() - size.height() - 4.0).max(8.0)
        } else {
            below
        };
        if let Some(element) = panel.dyn_ref::<web_sys::HtmlElement>() {
            let style = element.style();
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
        }
    };
    let toggle = move |_| {
        if let Some(panel) = panel.get_untracked()
            && panel.toggle_popover().is_ok()
        {
            position();
        }
    };
    let close = move |_| {
        if let Some(panel) = panel.get_untracked() {
            // Fails only when it is closed already.
            let _closed = panel.hide_popover();
        }
    };
    view! {
        <button
            class="button button--quiet button--icon"
            type="button"
            node_ref=button
            aria-label=label.clone()
            title=label.clone()
            aria-haspopup="menu"
            data-testid=testid
            on:click=toggle
        >
            <IconView icon=icon />
        </button>
        <div
            class="menu"
            role="menu"
            popover="auto"
            aria-label=label
            node_ref=panel
            on:click=close
            on:toggle=move |_| open.set(panel.get_untracked().is_some_and(|panel| panel.matches(":popover-open").unwrap_or(false)))
        >
            <Show when=move || open.get()>{children()}</Show>
        </div>
    }
}
