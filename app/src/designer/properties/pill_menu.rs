//! The menu of a pill: aggregation, grain, show as, order, top-N, name, place.

use leptos::prelude::*;
use shared::{
    semantic::{Aggregation, CalculationKind, DatePart, Sort, SortDirection, Top},
    visual::{Visual, WellItem},
};

use super::pill::PillPlace;
use crate::{
    components::{Icon, IconView, Menu},
    designer::{
        editor::{FieldKind, aggregation_label, grain_label, move_item, output_name, part_label, well_label},
        state::PropertiesTab,
    },
};

/// Aggregations offered, with the percentile's share.
const AGGREGATIONS: [(Aggregation, Option<f64>, &str); 9] = [
    (Aggregation::Sum, None, "Sum"),
    (Aggregation::Avg, None, "Average"),
    (Aggregation::Min, None, "Minimum"),
    (Aggregation::Max, None, "Maximum"),
    (Aggregation::Count, None, "Count"),
    (Aggregation::CountDistinct, None, "Distinct count"),
    (Aggregation::Median, None, "Median"),
    (Aggregation::Percentile, Some(0.9), "90th percentile"),
    (Aggregation::Stddev, None, "Standard deviation"),
];

const SHOW_AS: [(Option<CalculationKind>, &str); 4] = [
    (None, "The value"),
    (Some(CalculationKind::ShareOfTotal), "% of total"),
    (Some(CalculationKind::RunningTotal), "Running total"),
    (Some(CalculationKind::Rank), "Rank"),
];

const PARTS: [DatePart; 6] = [
    DatePart::Quarter,
    DatePart::Month,
    DatePart::Week,
    DatePart::DayOfWeek,
    DatePart::Day,
    DatePart::Hour,
];

const TOPS: [u32; 3] = [5, 10, 20];

#[component]
pub fn PillMenu(place: PillPlace, item: WellItem, label: String) -> impl IntoView {
    let item = StoredValue::new(item);
    let label = StoredValue::new(label);
    let testid = format!("pill-menu-{}-{}", place.well.as_str(), place.index);
    view! {
        <Menu label=format!("Change {}", label.get_value()) icon=Icon::ChevronDown testid=testid>
            {move || {
                let item = item.get_value();
                let own = if item.is_measure() { measure_items(place, &item) } else { group_items(place, &item) };
                let moves = move_items(place);
                let rename = label.get_value();
                view! {
                    {own}
                    <hr class="menu__line" />
                    {moves}
                    {entry("Rename here", false, move || place.rename())}
                    {entry("Format…", false, move || place.selected.designer.tab.set(PropertiesTab::Format))}
                    {entry("Remove", false, move || place.set(None, format!("Remove {rename}")))}
                }
            }}
        </Menu>
    }
}

/// One line of the menu; `on` marks what holds now.
fn entry(words: impl Into<String>, on: bool, run: impl Fn() + Send + Sync + 'static) -> AnyView {
    let words = words.into();
    view! {
        <button
            class="menu__item"
            type="button"
            role="menuitemradio"
            aria-checked=on.to_string()
            on:click=move |_| run()
        >
            <span class="menu__mark">{on.then(|| view! { <IconView icon=Icon::Check /> })}</span>
            {words}
        </button>
    }
    .into_any()
}

fn head(words: &'static str) -> AnyView {
    view! { <p class="menu__head" role="presentation">{words}</p> }.into_any()
}

fn measure_items(place: PillPlace, item: &WellItem) -> Vec<AnyView> {
    let mut out = Vec::new();
    let designer = place.selected.designer;
    let field = designer
        .catalog
        .with_untracked(|catalog| catalog.of_item(item).cloned());
    if let (Some(field), None) = (&field, &item.metric) {
        let numeric = matches!(field.kind, FieldKind::Measure | FieldKind::Number);
        out.push(head("Aggregate by"));
        for (agg, p, words) in AGGREGATIONS {
            if agg.needs_number() && !numeric {
                continue;
            }
            let changed = WellItem {
                agg: Some(agg),
                p,
                ..item.clone()
            };
            let name = format!("{} of {}", aggregation_label(agg), field.label);
            let on = item.agg == Some(agg);
            out.push(entry(words, on, move || place.set(Some(changed.clone()), name.clone())));
        }
    }
    out.push(head("Show as"));
    for (show_as, words) in SHOW_AS {
        let changed = WellItem {
            show_as,
            ..item.clone()
        };
        let on = item.show_as == show_as;
        out.push(entry(words, on, move || {
            place.set(Some(changed.clone()), format!("Show as {}", words.to_lowercase()))
        }));
    }
    out.push(head("Order"));
    out.extend(sort_items(place, ("Largest first", "Smallest first"), true));
    out
}

fn group_items(place: PillPlace, item: &WellItem) -> Vec<AnyView> {
    let mut out = Vec::new();
    let designer = place.selected.designer;
    let field = designer
        .catalog
        .with_untracked(|catalog| catalog.of_item(item).cloned());
    if let Some(field) = field.as_ref().filter(|field| field.kind == FieldKind::Time) {
        out.push(head("Group by"));
        for grain in &field.grains {
            let changed = WellItem {
                grain: Some(*grain),
                part: None,
                ..item.clone()
            };
            let name = format!("{} by {}", field.label, grain_label(*grain).to_lowercase());
            let on = item.grain == Some(*grain);
            out.push(entry(grain_label(*grain), on, move || {
                place.set(Some(changed.clone()), name.clone())
            }));
        }
        out.push(head("Or by a part of it"));
        for part in PARTS
            .into_iter()
            .filter(|part| *part != DatePart::Hour || !field.is_day)
        {
            let changed = WellItem {
                grain: None,
                part: Some(part),
                ..item.clone()
            };
            let name = format!("{} by {}", field.label, part_label(part).to_lowercase());
            let on = item.part == Some(part);
            out.push(entry(part_label(part), on, move || {
                place.set(Some(changed.clone()), name.clone())
            }));
        }
    }
    out.push(head("Order"));
    out.extend(sort_items(place, ("A to Z", "Z to A"), false));
    if field.as_ref().is_none_or(|field| field.kind != FieldKind::Time) {
        out.push(head("Keep"));
        out.extend(top_items(place));
    }
    if let Some(field) = field {
        out.push(entry("Add as filter", false, move || designer.add_filter(&field, true)));
    }
    out
}

/// The first of the two words is descending for values, ascending for groups.
fn sort_items(place: PillPlace, words: (&'static str, &'static str), values: bool) -> Vec<AnyView> {
    let Some(visual) = place.selected.visual.get_untracked() else {
        return Vec::new();
    };
    let Some(by) = output_name(&visual, place.well, place.index) else {
        return Vec::new();
    };
    let now = visual.query.sort.first().cloned();
    let (first, second) = if values {
        (SortDirection::Desc, SortDirection::Asc)
    } else {
        (SortDirection::Asc, SortDirection::Desc)
    };
    [(words.0, first), (words.1, second)]
        .into_iter()
        .map(|(words, dir)| {
            let sort = Sort { by: by.clone(), dir };
            let on = now.as_ref() == Some(&sort);
            entry(words, on, move || {
                let sort = if on { Vec::new() } else { vec![sort.clone()] };
                place.selected.change("Sort", |visual| visual.query.sort = sort);
            })
        })
        .collect()
}

/// The first value of a visual, which top-N goes by.
pub fn first_value(visual: &Visual) -> Option<String> {
    plan::visual::outputs(visual)
        .into_iter()
        .find(|output| output.is_measure)
        .map(|output| output.name)
}

fn top_items(place: PillPlace) -> Vec<AnyView> {
    let Some(visual) = place.selected.visual.get_untracked() else {
        return Vec::new();
    };
    let field = output_name(&visual, place.well, place.index);
    let (Some(by), Some(field)) = (first_value(&visual), field) else {
        return Vec::new();
    };
    let now = visual
        .query
        .top
        .clone()
        // Without a field of its own it cuts the first group.
        .filter(|top| top.field.as_ref().is_none_or(|own| *own == field));
    let mut out = vec![entry("All", now.is_none(), move || {
        place.selected.change("Keep all", |visual| visual.query.top = None);
    })];
    for n in TOPS {
        let on = now.as_ref().is_some_and(|top| top.n == n);
        let top = Top {
            n,
            by: by.clone(),
            per: Vec::new(),
            field: Some(field.clone()),
            others: true,
            dir: SortDirection::Desc,
        };
        out.push(entry(format!("Top {n} and Others"), on, move || {
            place
                .selected
                .change(format!("Keep top {n}"), |visual| visual.query.top = Some(top.clone()));
        }));
    }
    out
}

/// Every drag of a pill as a menu line.
fn move_items(place: PillPlace) -> Vec<AnyView> {
    let designer = place.selected.designer;
    let Some(visual) = place.selected.visual.get_untracked() else {
        return Vec::new();
    };
    let from = (place.well, place.index);
    let field = visual.wells.get(place.well).get(place.index).and_then(|item| {
        designer
            .catalog
            .with_untracked(|catalog| catalog.of_item(item).cloned())
    });
    let count = visual.wells.get(place.well).len();
    let up = place
        .index
        .checked_sub(1)
        .map(|position| ("Move up".to_owned(), place.well, Some(position)));
    let down = (place.index + 1 < count).then_some(("Move down".to_owned(), place.well, Some(place.index + 2)));
    let others = visual
        .kind
        .wells()
        .iter()
        .filter(|well| **well != place.well)
        .map(|well| (format!("Move to {}", well_label(visual.kind, *well)), *well, None));
    up.into_iter()
        .chain(down)
        .chain(others)
        .filter_map(|(words, well, position)| {
            let plan = move_item(&visual, from, (well, position), field.as_ref())?;
            let name = words.clone();
            Some(entry(words, false, move || {
                designer.change_visual(place.selected.tile, &plan.visual, name.clone());
            }))
        })
        .collect()
}
