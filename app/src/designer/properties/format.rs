//! Format: how the visual looks.

use chart::visual::is_drawn;
use leptos::prelude::*;
use serde::Serialize;
use shared::visual::{Family, LegendPosition, Visual, VisualKind, WellName};

use super::{
    columns_format::{ColumnsFormat, PivotFormat},
    lines_format::{Events, ReferenceLines},
    map_format::MapFormat,
    number_format::NumberFormat,
    pane::Selected,
    rules_format::Rules,
    spec_editor::SpecEditor,
    target_format::TargetFormat,
};
use crate::designer::{
    controls::{Choose, Line, Toggle},
    editor::{commands, visual_title},
};

const POSITIONS: [(LegendPosition, &str, &str); 4] = [
    (LegendPosition::Top, "top", "Top"),
    (LegendPosition::Right, "right", "Right"),
    (LegendPosition::Bottom, "bottom", "Bottom"),
    (LegendPosition::Left, "left", "Left"),
];

impl Selected {
    /// Sets one place of the visual's format.
    pub fn format(self, path: &[&str], value: impl Serialize, what: &str) {
        let (document, catalog) = (
            self.designer.document.get_untracked(),
            self.designer.catalog.get_untracked(),
        );
        self.designer
            .run(commands::set_format(&document, self.tile, path, value, what, &catalog));
    }
}

/// Which controls a kind has.
const fn has_axes(kind: VisualKind) -> bool {
    match kind.family() {
        Family::Bars
        | Family::Lines
        | Family::Combo
        | Family::Scatter
        | Family::Histogram
        | Family::BoxPlot
        | Family::Waterfall => true,
        Family::Number
        | Family::Table
        | Family::Pivot
        | Family::Round
        | Family::Heatmap
        | Family::Funnel
        | Family::Dial
        | Family::Treemap
        | Family::Sankey
        | Family::Calendar
        | Family::Choropleth
        | Family::PointMap
        | Family::Own => false,
    }
}

/// Times along the axis can be marked.
fn has_times(visual: &Visual) -> bool {
    let timed = visual.wells.axis.first().is_some_and(|item| item.grain.is_some());
    timed && visual.kind.has_value_axis()
}

/// Kinds whose values change colour by rules.
const fn has_rules(kind: VisualKind) -> bool {
    match kind.family() {
        Family::Number | Family::Table | Family::Pivot | Family::Bars | Family::Dial => true,
        Family::Lines
        | Family::Combo
        | Family::Scatter
        | Family::Round
        | Family::Heatmap
        | Family::Histogram
        | Family::BoxPlot
        | Family::Waterfall
        | Family::Funnel
        | Family::Treemap
        | Family::Sankey
        | Family::Calendar
        | Family::Choropleth
        | Family::PointMap
        | Family::Own => false,
    }
}

const fn is_line(kind: VisualKind) -> bool {
    matches!(
        kind,
        VisualKind::Line | VisualKind::Area | VisualKind::AreaStacked | VisualKind::Combo
    )
}

#[component]
pub fn FormatTab(selected: Selected) -> impl IntoView {
    let kind = selected.kind();
    let drawn = move || is_drawn(kind.get()) && kind.get() != VisualKind::Own;
    let timed = selected.part(has_times, false);
    let panels = selected.part(
        |visual| !visual.wells.small_multiples.is_empty() && visual.kind.has_value_axis(),
        false,
    );
    view! {
        <TitleFormat selected=selected />
        <section class="properties__section">
            <h3>"Numbers"</h3>
            <NumberFormat selected=selected />
        </section>
        <Show when=drawn>
            <LegendFormat selected=selected />
        </Show>
        <Show when=move || has_axes(kind.get())>
            <AxisFormat selected=selected />
        </Show>
        <Show when=move || is_line(kind.get())>
            <LineFormat selected=selected />
        </Show>
        <Show when=drawn>
            <ColourFormat selected=selected />
        </Show>
        <Show when=move || kind.get() == VisualKind::Own>
            <SpecEditor selected=selected />
        </Show>
        <Show when=move || kind.get().wells().contains(&WellName::Target)>
            <TargetFormat selected=selected />
        </Show>
        <Show when=move || matches!(kind.get().family(), Family::Choropleth | Family::PointMap)>
            <MapFormat selected=selected />
        </Show>
        <Show when=move || kind.get().has_value_axis()>
            <ReferenceLines selected=selected />
        </Show>
        <Show when=move || timed.get()>
            <Events selected=selected />
        </Show>
        <Show when=move || panels.get()>
            <PanelFormat selected=selected />
        </Show>
        <Show when=move || kind.get() == VisualKind::Table>
            <TableFormat selected=selected />
        </Show>
        <Show when=move || matches!(kind.get().family(), Family::Table)>
            <ColumnsFormat selected=selected />
        </Show>
        <PivotFormat selected=selected />
        <Show when=move || has_rules(kind.get())>
            <Rules selected=selected />
        </Show>
        <button
            class="button button--quiet"
            type="button"
            data-testid="format-reset"
            on:click=move |_| selected.change("Reset format", |visual| visual.format = Default::default())
        >
            "Reset to default"
        </button>
    }
}

#[component]
fn TitleFormat(selected: Selected) -> impl IntoView {
    let designer = selected.designer;
    let title = selected.part(|visual| visual.title.clone().unwrap_or_default(), String::new());
    let made = Signal::derive(move || {
        selected.visual.with(|visual| {
            let visual = visual.as_ref()?;
            let unnamed = shared::visual::Visual {
                title: None,
                ..visual.clone()
            };
            Some(designer.catalog.with(|catalog| visual_title(&unnamed, catalog)))
        })
    });
    let rename = Callback::new(move |text: String| {
        let (document, catalog) = (designer.document.get_untracked(), designer.catalog.get_untracked());
        designer.run(commands::rename_tile(&document, selected.tile, &text, &catalog));
    });
    let shown = selected.part(|visual| visual.format.show_title.unwrap_or(true), true);
    let subtitle = selected.part(
        |visual| visual.format.subtitle.clone().unwrap_or_default(),
        String::new(),
    );
    let placeholder = Signal::derive(move || made.get().unwrap_or_default());
    view! {
        <section class="properties__section">
            <h3>"Title"</h3>
            <Line label="Title" value=title on_change=rename placeholder=placeholder testid="title" />
            <Line
                label="Subtitle"
                value=subtitle
                on_change=Callback::new(move |text: String| {
                    let text = Some(text.trim().to_owned()).filter(|text| !text.is_empty());
                    selected.format(&["subtitle"], text, "subtitle");
                })
                testid="subtitle"
            />
            <Toggle
                label="Show the title"
                value=shown
                on_change=Callback::new(move |on| selected.format(&["show_title"], on, "title"))
            />
        </section>
    }
}

#[component]
fn LegendFormat(selected: Selected) -> impl IntoView {
    let legend = selected.part(
        |visual| {
            let legend = &visual.format.legend;
            let place = POSITIONS.iter().find(|(position, _, _)| *position == legend.position);
            match (legend.show, place) {
                (true, Some((_, name, _))) => (*name).to_owned(),
                (true, None) | (false, _) => "off".to_owned(),
            }
        },
        String::new(),
    );
    let options = Signal::derive(|| {
        POSITIONS
            .iter()
            .map(|(_, name, words)| ((*name).to_owned(), (*words).to_owned()))
            .chain([("off".to_owned(), "Off".to_owned())])
            .collect::<Vec<_>>()
    });
    let set = Callback::new(move |chosen: String| {
        let position = POSITIONS
            .iter()
            .find(|(_, name, _)| *name == chosen)
            .map(|(position, _, _)| *position);
        selected.format(
            &["legend"],
            shared::visual::LegendFormat {
                show: position.is_some(),
                position: position.unwrap_or_default(),
            },
            "legend",
        );
    });
    let labels = selected.part(|visual| visual.format.data_labels, false);
    view! {
        <section class="properties__section">
            <h3>"Legend and labels"</h3>
            <Choose label="Legend" options=options value=legend on_change=set testid="legend-position" />
            <Toggle
                label="Values on the marks"
                value=labels
                on_change=Callback::new(move |on| selected.format(&["data_labels"], on, "data labels"))
                testid="data-labels"
            />
        </section>
    }
}

#[component]
fn AxisFormat(selected: Selected) -> impl IntoView {
    let titles = selected.part(|visual| visual.format.axis_titles, false);
    let grid = selected.part(|visual| visual.format.grid.unwrap_or(true), true);
    let zero = selected.part(
        |visual| match visual.format.zero {
            None => String::new(),
            Some(true) => "yes".to_owned(),
            Some(false) => "no".to_owned(),
        },
        String::new(),
    );
    let options = Signal::derive(|| {
        vec![
            (String::new(), "Automatic".to_owned()),
            ("yes".to_owned(), "Yes".to_owned()),
            ("no".to_owned(), "No".to_owned()),
        ]
    });
    view! {
        <section class="properties__section">
            <h3>"Axes"</h3>
            <Toggle
                label="Axis titles"
                value=titles
                on_change=Callback::new(move |on| selected.format(&["axis_titles"], on, "axis titles"))
            />
            <Toggle
                label="Grid lines"
                value=grid
                on_change=Callback::new(move |on| selected.format(&["grid"], on, "grid lines"))
            />
            <Choose
                label="Starts at zero"
                options=options
                value=zero
                on_change=Callback::new(move |chosen: String| {
                    let zero = match chosen.as_str() {
                        "yes" => Some(true),
                        "no" => Some(false),
                        _ => None,
                    };
                    selected.format(&["zero"], zero, "start of the axis");
                })
            />
        </section>
    }
}

#[component]
fn LineFormat(selected: Selected) -> impl IntoView {
    let smooth = selected.part(|visual| visual.format.smooth, false);
    let points = selected.part(|visual| visual.format.points, false);
    view! {
        <section class="properties__section">
            <h3>"Lines"</h3>
            <Toggle
                label="Smooth"
                value=smooth
                on_change=Callback::new(move |on| selected.format(&["smooth"], on, "smoothing"))
            />
            <Toggle
                label="Points"
                value=points
                on_change=Callback::new(move |on| selected.format(&["points"], on, "points"))
            />
        </section>
    }
}

#[component]
fn PanelFormat(selected: Selected) -> impl IntoView {
    let own = selected.part(|visual| visual.format.own_scales, false);
    view! {
        <section class="properties__section">
            <h3>"Small multiples"</h3>
            <Toggle
                label="Each has its own scale"
                value=own
                on_change=Callback::new(move |on| selected.format(&["own_scales"], on, "scales"))
                testid="own-scales"
            />
        </section>
    }
}

#[component]
fn ColourFormat(selected: Selected) -> impl IntoView {
    let colour = selected.part(|visual| visual.format.color.unwrap_or(1), 1);
    view! {
        <section class="properties__section">
            <h3>"Colour"</h3>
            <div class="swatches" role="group" aria-label="Colour of a single series">
                {(1_u8..=10)
                    .map(|number| {
                        view! {
                            <button
                                class=format!("swatches__one swatches__one--{number}")
                                type="button"
                                aria-label=format!("Colour {number}")
                                aria-pressed=move || (colour.get() == number).to_string()
                                on:click=move |_| selected.format(&["color"], number, "colour")
                            ></button>
                        }
                    })
                    .collect_view()}
            </div>
        </section>
    }
}

#[component]
fn TableFormat(selected: Selected) -> impl IntoView {
    let total = selected.part(|visual| visual.query.totals.iter().any(Vec::is_empty), false);
    let rows = selected.part(
        |visual| {
            visual
                .format
                .page_rows
                .map_or_else(String::new, |rows| rows.to_string())
        },
        String::new(),
    );
    view! {
        <section class="properties__section">
            <h3>"Table"</h3>
            <Toggle
                label="Grand total"
                value=total
                on_change=Callback::new(move |on: bool| {
                    selected
                        .change(
                            if on { "Show the grand total" } else { "Hide the grand total" },
                            |visual| visual.query.totals = if on { vec![Vec::new()] } else { Vec::new() },
                        );
                })
                testid="table-total"
            />
            <Line
                label="Rows per page"
                value=rows
                kind="number"
                placeholder="50"
                on_change=Callback::new(move |text: String| {
                    let rows = text.trim().parse::<u32>().ok().filter(|rows| (1..=1000).contains(rows));
                    selected.format(&["page_rows"], rows, "rows per page");
                })
            />
        </section>
    }
}
