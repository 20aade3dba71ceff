//! The dashboard as readers see it.

use leptos::{ev, prelude::*};
use shared::{
    dashboard::{Content, Page, PageSize, Tile},
    ids::TileId,
    visual::VisualKind,
};

use super::{
    ReaderPage, ReaderState, chips::SelectionChips, computed::ComputedDialog, download::TileDownload,
    records::RecordsDialog, tabs::PageTabs,
};
use crate::{
    browser,
    components::{
        Notice, NoticeKind, ProblemNotice,
        filter_bar::FilterBar,
        tile::{TablePaging, TileActions, TileView, nominal_size},
    },
};

#[component]
pub fn DashboardView(
    page: ReaderPage,
    /// Buttons beside the title.
    #[prop(optional, into)]
    actions: Option<ViewFn>,
    /// Gets the handle of the dashboard once it is there.
    #[prop(optional)]
    opened: Option<Callback<ReaderState>>,
) -> impl IntoView {
    let title = (!page.hide_title).then(|| page.document.title.clone());
    let unknown = page.unknown.clone();
    let fields = page.fields.clone();
    let allowed = page.allowed_filters.clone();
    let path = page.path.clone();
    let members = page.members.clone();
    let reader = ReaderState::new(page);
    if let Some(opened) = opened {
        opened.run(reader);
    }
    let listener = window_event_listener(ev::popstate, move |_| {
        if let Some(query) = web_sys::window().and_then(|window| window.location().search().ok()) {
            reader.follow_address(&query);
        }
    });
    on_cleanup(move || listener.remove());
    let current = Memo::new(move |_| reader.state.with(|state| state.current_page(&reader.document())));
    view! {
        <div class="dashboard">
            <header class="dashboard__head">
                {title.map(|title| view! { <h1>{title}</h1> })}
                {actions.map(|actions| view! { <div class="page__actions">{actions.run()}</div> })}
            </header>
            {(!unknown.is_empty())
                .then(|| {
                    view! {
                        <Notice kind=NoticeKind::Warning>
                            <span>{format!("The address asks for something this dashboard does not have: {}. It was left out.", unknown.join(", "))}</span>
                        </Notice>
                    }
                })}
            <FilterBar
                document=Signal::derive(move || reader.document())
                fields=Signal::stored(fields)
                state=Signal::from(reader.state)
                on_change=Callback::new(move |state| reader.go(state))
                values=Callback::new(move |request| ReaderState::source(reader).values_task(request))
                allowed=allowed
                members=members
                action=path
                bearer=reader.embed().map(|(_, access)| access.bearer)
            />
            <SelectionChips reader=reader />
            <PageTabs reader=reader />
            {move || reader.problem.get().map(|error| view! { <ProblemNotice error=error.0 /> })}
            {reader.is_for_members().then(|| view! { <RecordsDialog reader=reader /><ComputedDialog reader=reader /> })}
            {move || {
                let document = reader.document();
                current.get().and_then(|id| document.page(id).cloned()).map(|page| view! { <PageGrid reader=reader page=page /> })
            }}
        </div>
    }
}

/// How a tile takes its place on a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CellKind {
    /// A single number: two of them share the width.
    Figure,
    /// As high as its words.
    Text,
    Picture,
}

impl CellKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Figure => "figure",
            Self::Text => "text",
            Self::Picture => "picture",
        }
    }
}

fn cell_kind(tile: &Tile) -> CellKind {
    match &tile.content {
        Content::Visual(visual) if visual.kind == VisualKind::Kpi && visual.wells.values.len() == 1 => CellKind::Figure,
        Content::Visual(_) => CellKind::Picture,
        Content::Text(_) | Content::Frame(_) => CellKind::Text,
    }
}

fn actions_of(reader: ReaderState, tile: TileId) -> TileActions {
    TileActions {
        select: Some(Callback::new(move |click| reader.select(tile, &click))),
        choose: Some(Callback::new(move |selection| reader.choose(tile, selection))),
        repair: None,
        drill: Some(Callback::new(move |value| reader.drill(tile, value))),
        records: reader
            .is_for_members()
            .then(|| Callback::new(move |selection| reader.records.set(Some((tile, selection))))),
        computed: reader
            .is_for_members()
            .then(|| Callback::new(move |()| reader.computed.set(Some(tile)))),
    }
}

#[component]
fn PageGrid(reader: ReaderState, page: Page) -> impl IntoView {
    let document = reader.document();
    let grid = document.grid.clone();
    let tiles: Vec<Tile> = document.tiles_of(page.id).into_iter().cloned().collect();
    let width = match page.size {
        PageSize::Fluid => None,
        PageSize::Fixed { width_px, .. } => Some(format!("{width_px}px")),
    };
    let clear = move |event: web_sys::MouseEvent| {
        if !browser::within(&event, browser::CONTROLS)
            && reader.state.with_untracked(|state| !state.selections.is_empty())
        {
            reader.change(|state| state.selections.clear());
        }
    };
    view! {
        <div class:dashboard--fixed=width.is_some() style:--page-width=width>
            <div
                class="dashboard__grid"
                style:--cols=grid.cols.to_string()
                style:--row=format!("{}px", grid.row_px)
                style:--gutter=format!("{}px", grid.gutter_px)
                on:click=clear
            >
                {tiles
                    .into_iter()
                    .map(|tile| {
                        let id = tile.id;
                        let (rect, depth) = (tile.rect, tile.z);
                        let nominal = nominal_size(rect, grid.cols, grid.row_px, grid.gutter_px);
                        let data = Memo::new(move |_| reader.tiles.with(|tiles| tiles.get(&id).cloned()));
                        let selection = Memo::new(move |_| reader.state.with(|state| state.selections.get(&id).cloned()));
                        let highlight = Memo::new(move |_| reader.highlight(id));
                        let path = Memo::new(move |_| reader.state.with(|state| state.drills.get(&id).cloned().unwrap_or_default()));
                        let kind = cell_kind(&tile);
                        let has_rows = tile.visual().is_some();
                        view! {
                            <div
                                class=format!("dashboard__cell dashboard__cell--{}", kind.as_str())
                                data-testid=format!("tile-{id}")
                                style:--x=rect.x.to_string()
                                style:--y=rect.y.to_string()
                                style:--w=rect.w.to_string()
                                style:--h=rect.h.to_string()
                                style:--z=depth.to_string()
                            >
                                <TileView
                                    prose=reader.prose(id)
                                    tile=tile
                                    nominal=nominal
                                    data=data
                                    stale=Signal::from(reader.loading)
                                    selection=selection
                                    highlight=highlight
                                    actions=actions_of(reader, id)
                                    path=path
                                    on_back=Callback::new(move |step| reader.back_to(id, step))
                                    retry=Callback::new(move |()| reader.load())
                                    paging=TablePaging {
                                        window: Signal::derive(move || reader.window(id)),
                                        turn: Callback::new(move |window| reader.turn(id, window)),
                                    }
                                />
                                {(reader.downloads && has_rows).then(|| view! { <TileDownload reader=reader tile=id /> })}
                            </div>
                        }
                    })
                    .collect_view()}
            </div>
        </div>
    }
}
