//! The rows of a tile as a file: a link, which works without scripts; in a frame a button, because only scripts can send
//! its bearer.

use leptos::{prelude::*, task::spawn_local};
use shared::ids::TileId;

use super::{ReaderSource, ReaderState};
use crate::{
    browser,
    components::{Icon, IconView},
    rest,
};

#[component]
pub fn TileDownload(reader: ReaderState, tile: TileId) -> impl IntoView {
    let address = move || {
        let page = reader.state.with(|state| reader.address(state));
        let (path, query) = page.split_once('?').unwrap_or((page.as_str(), ""));
        format!("{path}/csv?tile={tile}&{query}")
    };
    match reader.source() {
        ReaderSource::Share { .. } => view! {
            <a class="dashboard__download" href=address download="" aria-label="Download as CSV" title="Download as CSV" on:click=|event| event.stop_propagation()>
                <IconView icon=Icon::Download />
            </a>
        }
        .into_any(),
        ReaderSource::Embed { .. } => {
            let fetch = move |event: leptos::ev::MouseEvent| {
                event.stop_propagation();
                let Some((_, access)) = reader.embed() else { return };
                let (address, name) = (address(), format!("{}.csv", reader.tile_name(tile)));
                spawn_local(async move {
                    match rest::text(&address, &access.bearer).await {
                        Ok(text) => browser::save_text(&name, &text),
                        Err(error) => reader.fail(error),
                    }
                });
            };
            view! {
                <button class="dashboard__download" type="button" aria-label="Download as CSV" title="Download as CSV" on:click=fetch>
                    <IconView icon=Icon::Download />
                </button>
            }
            .into_any()
        }
        ReaderSource::Workspace { .. } | ReaderSource::Fixed => ().into_any(),
    }
}
