//! The form of a running metric: a simple metric over the days before each day.

use leptos::prelude::*;
use shared::semantic::{MetricKind, MetricRef, RollUp, Span, TimeUnit};

use super::reference::{ReferenceInput, other_metrics};
use crate::pages::model::{
    draft::ModelDraft,
    options::{Choose, TextField},
};

/// What the form edits, apart from the metric that runs.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Running {
    window: Option<Span>,
    to_date: Option<TimeUnit>,
    roll_up: RollUp,
}

const ROLL_UPS: [(RollUp, &str, &str); 3] = [
    (RollUp::Last, "last", "Its last day's value"),
    (RollUp::First, "first", "Its first day's value"),
    (RollUp::Avg, "avg", "The average of its days"),
];

#[component]
pub fn CumulativeForm(draft: ModelDraft, name: StoredValue<String>) -> impl IntoView {
    let parts = Memo::new(move |_| {
        draft.edited.with(|model| match &model.metric(&name.get_value())?.kind {
            MetricKind::Cumulative {
                metric,
                window,
                to_date,
                roll_up,
            } => {
                let running = Running {
                    window: *window,
                    to_date: *to_date,
                    roll_up: *roll_up,
                };
                Some((metric.clone(), running))
            }
            MetricKind::Simple(_)
            | MetricKind::Ratio { .. }
            | MetricKind::Derived { .. }
            | MetricKind::Conversion(_)
            | MetricKind::Nested(_) => None,
        })
    });
    let set_metric = move |value: MetricRef| {
        draft.edit_metric(&name.get_value(), |edited| {
            if let MetricKind::Cumulative { metric, .. } = &mut edited.kind {
                *metric = value;
            }
        });
    };
    let set = Callback::new(move |running: Running| {
        draft.edit_metric(&name.get_value(), |edited| {
            if let MetricKind::Cumulative {
                window,
                to_date,
                roll_up,
                ..
            } = &mut edited.kind
            {
                (*window, *to_date, *roll_up) = (running.window, running.to_date, running.roll_up);
            }
        });
    });
    let simple = |kind: &MetricKind| matches!(kind, MetricKind::Simple(_));
    let options = Signal::derive(move || {
        draft
            .edited
            .with(|model| other_metrics(model, &name.get_value(), simple))
    });
    let running = Memo::new(move |_| parts.with(|parts| parts.as_ref().map(|(_, running)| *running)));
    view! {
        <div class="form-grid form-grid--wide">
            <ReferenceInput draft=draft label="Metric" options=options value=Signal::derive(move || parts.with(|parts| parts.as_ref().map(|(metric, _)| metric.clone()))) on_change=Callback::new(set_metric) />
            <Days running=running set=set />
        </div>
    }
}

#[component]
fn Days(running: Memo<Option<Running>>, set: Callback<Running>) -> impl IntoView {
    let edit = move |change: &dyn Fn(&mut Running)| {
        if let Some(mut now) = running.get_untracked() {
            change(&mut now);
            set.run(now);
        }
    };
    let mut reaches = vec![("all".to_owned(), "Since the beginning".to_owned())];
    reaches.extend(TimeUnit::ALL.map(|unit| {
        (
            format!("to {}", unit.as_str()),
            format!("Since the start of the {}", unit.as_str()),
        )
    }));
    reaches.extend(TimeUnit::ALL.map(|unit| {
        (
            format!("last {}", unit.as_str()),
            format!("The last so many {}s", unit.as_str()),
        )
    }));
    let reach = move || match running.get() {
        Some(Running {
            window: Some(window), ..
        }) => format!("last {}", window.unit.as_str()),
        Some(Running {
            to_date: Some(unit), ..
        }) => format!("to {}", unit.as_str()),
        Some(_) | None => "all".to_owned(),
    };
    let choose = move |text: String| {
        let (how, unit) = text.split_once(' ').unwrap_or_default();
        let unit = TimeUnit::ALL.into_iter().find(|known| known.as_str() == unit);
        edit(&|now| {
            let count = now.window.map_or(28, |window| window.count);
            now.window = unit.filter(|_| how == "last").map(|unit| Span { count, unit });
            now.to_date = unit.filter(|_| how == "to");
        });
    };
    let set_count = move |text: String| {
        if let Ok(count) = text.parse() {
            edit(&|now| now.window = now.window.map(|window| Span { count, ..window }));
        }
    };
    let counted = Memo::new(move |_| running.with(|now| now.is_some_and(|now| now.window.is_some())));
    let count = move || {
        running
            .get()
            .and_then(|now| now.window)
            .map(|window| window.count.to_string())
            .unwrap_or_default()
    };
    let roll_ups: Vec<_> = ROLL_UPS
        .iter()
        .map(|(_, name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect();
    let roll_up = move || {
        let now = running.get().map(|now| now.roll_up).unwrap_or_default();
        ROLL_UPS
            .iter()
            .find(|(known, ..)| *known == now)
            .map(|(_, name, _)| (*name).to_owned())
            .unwrap_or_default()
    };
    let choose_roll_up = move |name: String| {
        if let Some((chosen, ..)) = ROLL_UPS.iter().find(|(_, known, _)| *known == name) {
            edit(&|now| now.roll_up = *chosen);
        }
    };
    view! {
        <div class="stack stack--tight">
            <Choose label="Reaches back" options=Signal::stored(reaches) value=Signal::derive(reach) on_choose=Callback::new(choose) />
            <Show when=move || counted.get()>
                <TextField label="How many" value=Signal::derive(count) on_change=Callback::new(set_count) />
            </Show>
            <Choose label="A week, month or year shows" options=Signal::stored(roll_ups) value=Signal::derive(roll_up) on_choose=Callback::new(choose_roll_up) />
        </div>
    }
}
