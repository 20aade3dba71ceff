//! A whole tile: title and body, by what it holds.

use std::sync::Arc;

use chart::visual::{Size, cloud_points, is_drawn, title};
use leptos::prelude::*;
use shared::{
    dashboard::{Content, Rect, Selection, SelectionValue, Tile, TileData},
    semantic::Answer,
    visual::{Family, Visual, VisualKind},
};

use super::{
    ChartView, CloudView, DataTable, FigureView, PivotTable, TablePaging, TileActions, TileProblem,
    exploring::Exploring,
    tile_menu::{DrillPath, TileMenu},
};

/// Width of a page for which the server draws, in px; the browser then draws for its own.
const NOMINAL_PAGE_PX: f64 = 1200.0;
/// What frame, title and padding take of a tile, in px.
const AROUND_PX: (f64, f64) = (18.0, 50.0);

/// The picture's size in a tile of `rect` on a page of the usual width.
pub fn nominal_size(rect: Rect, cols: u32, row_px: u32, gutter_px: u32) -> Size {
    let gutter = f64::from(gutter_px);
    let width = NOMINAL_PAGE_PX / f64::from(cols.max(1)) * f64::from(rect.w) - gutter - AROUND_PX.0;
    let height = f64::from(row_px) * f64::from(rect.h) - gutter - AROUND_PX.1;
    Size {
        width_px: width.max(40.0).floor(),
        height_px: height.max(40.0).floor(),
    }
}

/// `data` is `None` while the first numbers are on their way; `stale` dims numbers that are being replaced.
#[component]
pub fn TileView(
    tile: Tile,
    /// A text tile's text as safe HTML. Readers get it from the server, so that their browsers need not know Markdown.
    #[prop(optional, into)]
    prose: String,
    nominal: Size,
    #[prop(into)] data: Signal<Option<Arc<TileData>>>,
    #[prop(optional, into)] stale: Signal<bool>,
    #[prop(optional, into)] selection: Signal<Option<Selection>>,
    /// What is chosen in tiles that highlight this one.
    #[prop(optional, into)]
    highlight: Signal<Option<Selection>>,
    #[prop(optional)] actions: TileActions,
    /// What was drilled into, and the way back to before a step.
    #[prop(optional, into)]
    path: Signal<Vec<SelectionValue>>,
    #[prop(optional)] on_back: Option<Callback<usize>>,
    #[prop(optional)] retry: Option<Callback<()>>,
    /// Where a table gets further rows; without it, it has those of its answer.
    #[prop(optional)]
    paging: Option<TablePaging>,
) -> impl IntoView {
    let id = tile.id;
    match tile.content {
        Content::Text(_) => view! {
            <section class="tile tile--text">
                <div class="prose" inner_html=prose></div>
            </section>
        }
        .into_any(),
        Content::Frame(frame) => view! {
            <section class="tile tile--frame">{frame.title.map(|title| view! { <header class="tile__head"><h3 class="tile__title">{title}</h3></header> })}</section>
        }
        .into_any(),
        Content::Visual(visual) => {
            let shown = visual.clone();
            let heading = move || match data.get().as_deref() {
                Some(TileData::Answer { visual, answer }) => title(visual, answer),
                Some(TileData::Error(_)) | None => shown.title.clone().unwrap_or_else(|| shown.kind.label().to_owned()),
            };
            let (name, full, menu_title) = (heading.clone(), heading.clone(), heading.clone());
            let as_table = RwSignal::new(false);
            let drawn = is_drawn(visual.kind);
            let has_menu = actions.choose.is_some() && (drawn || actions.records.is_some());
            let context = BodyContext { nominal, id_prefix: StoredValue::new(format!("t{}", id.as_uuid().simple())), selection, highlight, actions, paging, as_table, exploring: Exploring::default() };
            view! {
                <section class="tile" aria-label=name>
                    {visual.format.show_title.unwrap_or(true).then(|| view! {
                        <header class="tile__head">
                            <h3 class="tile__title" title=full>{heading}</h3>
                            {has_menu.then(|| view! { <span class="tile__menu"><TileMenu title=Signal::derive(menu_title) drawn=drawn as_table=as_table actions=actions /></span> })}
                        </header>
                    })}
                    {visual.format.subtitle.clone().map(|subtitle| view! { <p class="tile__subtitle">{subtitle}</p> })}
                    {on_back.map(|on_back| view! { <DrillPath steps=path on_back=on_back /> })}
                    <div class="tile__body" class:tile__body--stale=move || stale.get() class:tile__body--waiting=move || data.get().is_none() aria-busy=move || (stale.get() || data.get().is_none()).to_string()>
                        {move || {
                            data.get()
                                .map(|data| match data.as_ref() {
                                    TileData::Error(error) => {
                                        view! { <TileProblem error=error.clone() retry=retry repair=actions.repair /> }.into_any()
                                    }
                                    TileData::Answer { visual, answer } => {
                                        let (visual, answer) = (Arc::new(visual.as_ref().clone()), Arc::new(answer.as_ref().clone()));
                                        body(visual, answer, context)
                                    }
                                })
                        }}
                    </div>
                </section>
            }
            .into_any()
        }
    }
}

/// What a body needs beside its numbers.
#[derive(Clone, Copy)]
struct BodyContext {
    nominal: Size,
    id_prefix: StoredValue<String>,
    selection: Signal<Option<Selection>>,
    highlight: Signal<Option<Selection>>,
    actions: TileActions,
    paging: Option<TablePaging>,
    as_table: RwSignal<bool>,
    exploring: Exploring,
}

fn body(visual: Arc<Visual>, answer: Arc<Answer>, context: BodyContext) -> AnyView {
    let BodyContext {
        nominal,
        id_prefix,
        selection,
        highlight,
        actions,
        paging,
        as_table,
        exploring,
    } = context;
    // Rows that went while somebody was turning pages: the pager leads back.
    let past_the_end = visual.kind == VisualKind::Table
        && paging.is_some_and(|paging| paging.window.with_untracked(|window| window.offset > 0));
    if answer.rows.is_empty() && !past_the_end {
        return view! { <div class="tile__problem"><strong>"No data"</strong><span>"Nothing matches the filters."</span></div> }.into_any();
    }
    match visual.kind.family() {
        Family::Number => view! { <FigureView visual=visual answer=answer /> }.into_any(),
        Family::Table => {
            view! { <DataTable visual=visual answer=answer paging=paging selection=selection on_mark=actions.select /> }
                .into_any()
        }
        Family::Pivot => {
            view! { <PivotTable visual=visual answer=answer selection=selection on_mark=actions.select /> }.into_any()
        }
        Family::Bars
        | Family::Lines
        | Family::Combo
        | Family::Scatter
        | Family::Round
        | Family::Heatmap
        | Family::Histogram
        | Family::BoxPlot
        | Family::Waterfall
        | Family::Funnel
        | Family::Dial
        | Family::Treemap
        | Family::Sankey
        | Family::Calendar
        | Family::Choropleth
        | Family::PointMap
        | Family::Own => {
            let cloud = cloud_points(&visual, &answer).map(Arc::new);
            view! {
            {move || {
                let (visual, answer) = (visual.clone(), answer.clone());
                if as_table.get() {
                    view! { <DataTable visual=visual answer=answer paging=None selection=selection on_mark=actions.select /> }.into_any()
                } else if let Some(cloud) = cloud.clone() {
                    view! { <CloudView visual=visual answer=answer cloud=cloud nominal=nominal id_prefix=id_prefix.get_value() selection=selection highlight=highlight actions=actions exploring=exploring /> }.into_any()
                } else {
                    view! { <ChartView visual=visual answer=answer nominal=nominal id_prefix=id_prefix.get_value() selection=selection highlight=highlight actions=actions exploring=exploring /> }.into_any()
                }
            }}
        }
        .into_any()
        }
    }
}
