//! Every visual in every state.

use std::sync::Arc;

use chart::visual::samples::{Sample, sample};
use leptos::prelude::*;
use shared::{
    dashboard::{Content, Rect, Tile, TileData},
    ids::{PageId, TileId},
    visual::VisualKind,
};
use uuid::Uuid;

use crate::components::tile::{TileView, nominal_size};

#[component]
pub fn Charts() -> impl IntoView {
    VisualKind::ALL
        .into_iter()
        .enumerate()
        .map(|(kind_index, kind)| {
            view! {
                <section class="stack">
                    <h2>{kind.label()}</h2>
                    <div class="gallery__grid">
                        {Sample::ALL
                            .iter()
                            .enumerate()
                            .map(|(index, (state, name))| {
                                let (mut visual, answer) = sample(kind, *state);
                                visual.title = Some(format!("{}: {name}", kind.label()));
                                let rect = Rect::new(0, 0, 8, 34);
                                let tile = Tile {
                                    id: TileId::from(Uuid::from_u128((kind_index * 100 + index) as u128)),
                                    page: PageId::from(Uuid::nil()),
                                    rect,
                                    z: 0,
                                    locked: false,
                                    group: None,
                                    content: Content::Visual(visual.clone()),
                                };
                                let data = Arc::new(TileData::Answer { visual: Box::new(visual), answer: Box::new(answer) });
                                view! { <div class="gallery__cell"><TileView tile=tile nominal=nominal_size(rect, 24, 8, 8) data=Signal::stored(Some(data)) /></div> }
                            })
                            .collect_view()}
                    </div>
                </section>
            }
        })
        .collect_view()
}
