//! What a rollup holds.

use leptos::prelude::*;
use shared::semantic::{DimensionRef, DimensionType, Grain, Model, RefreshInterval, Rollup, RollupTime};

use super::is_kept;
use crate::pages::model::{draft::ModelDraft, options::Choose};

const GRAINS: [(Grain, &str); 6] = [
    (Grain::Hour, "Hour"),
    (Grain::Day, "Day"),
    (Grain::Week, "Week"),
    (Grain::Month, "Month"),
    (Grain::Quarter, "Quarter"),
    (Grain::Year, "Year"),
];
const NO_TIME: &str = "none";
const REFRESHES: [(&str, &str); 5] = [
    ("15m", "15 minutes"),
    ("1h", "An hour"),
    ("6h", "6 hours"),
    ("1d", "A day"),
    ("7d", "A week"),
];

/// Something to tick: its name, its label, and whether it is ticked.
type Choice = (String, String, bool);

#[component]
pub fn RollupForm(draft: ModelDraft, rollup: Memo<Option<Rollup>>, edit: Callback<Rollup>) -> impl IntoView {
    let change = move |change: &dyn Fn(&mut Rollup)| {
        if let Some(mut rollup) = rollup.get_untracked() {
            change(&mut rollup);
            edit.run(rollup);
        }
    };
    let choices = move |of: fn(&Rollup, &Model) -> Vec<Choice>| {
        Memo::new(move |_| {
            let rollup = rollup.get();
            draft
                .edited
                .with(|model| rollup.map(|rollup| of(&rollup, model)).unwrap_or_default())
        })
    };
    let tick_metric = move |(name, on): (String, bool)| {
        change(&|rollup| {
            rollup.metrics.retain(|metric| metric.as_str() != name);
            if on {
                rollup.metrics.extend(shared::names::Identifier::try_from(name.clone()));
            }
        });
    };
    let tick_dimension = move |(name, on): (String, bool)| {
        change(&|rollup| {
            rollup.dimensions.retain(|dimension| dimension.field() != name);
            if on {
                rollup.dimensions.push(DimensionRef::Field(name.clone()));
            }
        });
    };
    let grain = Signal::derive(move || {
        let time = rollup.with(|rollup| rollup.as_ref().and_then(|rollup| rollup.time));
        time.map_or(NO_TIME, |time| time.grain.as_str()).to_owned()
    });
    let choose_grain = move |name: String| {
        let chosen = GRAINS.iter().find(|(grain, _)| grain.as_str() == name);
        let time = chosen.map(|(grain, _)| RollupTime { grain: *grain });
        change(&|rollup| rollup.time = time);
    };
    let refresh = Signal::derive(move || {
        rollup.with(|rollup| {
            rollup
                .as_ref()
                .map(|rollup| rollup.refresh.to_string())
                .unwrap_or_default()
        })
    });
    let refreshes = Signal::derive(move || {
        let known = REFRESHES
            .iter()
            .map(|(value, label)| ((*value).to_owned(), (*label).to_owned()));
        let own = refresh.get();
        let other = REFRESHES
            .iter()
            .all(|(value, _)| *value != own)
            .then(|| (own.clone(), own.clone()));
        known.chain(other).collect::<Vec<_>>()
    });
    let choose_refresh = move |text: String| {
        if let Ok(refresh) = text.parse::<RefreshInterval>() {
            change(&|rollup| rollup.refresh = refresh);
        }
    };
    let grains: Vec<(String, String)> = std::iter::once((NO_TIME.to_owned(), "Without time".to_owned()))
        .chain(
            GRAINS
                .iter()
                .map(|(grain, label)| (grain.as_str().to_owned(), (*label).to_owned())),
        )
        .collect();
    view! {
        <Ticks legend="Numbers" none="No metric can be added up from groups." choices=choices(metrics) on_tick=Callback::new(tick_metric) />
        <Ticks legend="To group and filter by" none="No field holds texts, truth values or ranges." choices=choices(dimensions) on_tick=Callback::new(tick_dimension) />
        <div class="form-grid">
            <Choose label="By time" options=Signal::stored(grains) value=grain on_choose=Callback::new(choose_grain) />
            <Show when=move || draft.edited.with(reads_database)>
                <Choose label="Over a database, at most so old" options=refreshes value=refresh on_choose=Callback::new(choose_refresh) />
            </Show>
        </div>
        <p class="muted">"Fields that access rules ask for belong to it too, or questions of those people read the rows. Of files it always holds the newest version."</p>
    }
}

fn reads_database(model: &Model) -> bool {
    model.tables.iter().any(|table| table.connection.is_some())
}

#[component]
fn Ticks(
    legend: &'static str,
    /// Where there is nothing to choose.
    none: &'static str,
    choices: Memo<Vec<Choice>>,
    on_tick: Callback<(String, bool)>,
) -> impl IntoView {
    view! {
        <fieldset class="group">
            <legend class="field__label">{legend}</legend>
            <Show when=move || choices.with(Vec::is_empty)>
                <p class="muted">{none}</p>
            </Show>
            <div class="ticks">
                {move || {
                    choices
                        .get()
                        .into_iter()
                        .map(|(name, label, on)| {
                            let tick = move |event: web_sys::Event| on_tick.run((name.clone(), event_target_checked(&event)));
                            view! { <label class="check"><input type="checkbox" checked=on prop:checked=on on:change=tick /><span>{label}</span></label> }
                        })
                        .collect_view()
                }}
            </div>
        </fieldset>
    }
}

/// Those that can be kept, and those that are named already.
fn metrics(rollup: &Rollup, model: &Model) -> Vec<Choice> {
    let offered = model.metrics.iter().map(|metric| {
        let on = rollup.metrics.contains(&metric.name);
        (
            (metric.name.to_string(), metric.display_label(), on),
            on || is_kept(metric),
        )
    });
    offered
        .filter(|(_, offered)| *offered)
        .map(|(choice, _)| choice)
        .collect()
}

/// Texts, truths and ranges; the time has a choice of its own.
fn dimensions(rollup: &Rollup, model: &Model) -> Vec<Choice> {
    let many = model.tables.len() > 1;
    let mut choices = Vec::new();
    for table in &model.tables {
        for dimension in &table.dimensions {
            let name = format!("{}.{}", table.name, dimension.name);
            let on = rollup.dimensions.iter().any(|chosen| chosen.field() == name);
            let is_offered = match dimension.kind {
                DimensionType::String | DimensionType::Bool | DimensionType::Bin => !dimension.hidden,
                DimensionType::Geo | DimensionType::Json => !dimension.hidden && dimension.point().is_none(),
                DimensionType::Number | DimensionType::Time => false,
            };
            if on || is_offered {
                let label = dimension.display_label();
                let label = if many {
                    format!("{}: {label}", table.display_label())
                } else {
                    label
                };
                choices.push((name, label, on));
            }
        }
    }
    choices
}
