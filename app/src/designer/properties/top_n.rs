//! How many members a visual keeps, and whether the rest becomes "Others".

use leptos::prelude::*;
use plan::visual::outputs;
use shared::semantic::{SortDirection, Top};

use super::{pane::Selected, pill_menu::first_value};
use crate::designer::controls::{Line, Toggle};

#[component]
pub fn TopControl(selected: Selected) -> impl IntoView {
    let count = selected.part(
        |visual| {
            visual
                .query
                .top
                .as_ref()
                .map_or_else(String::new, |top| top.n.to_string())
        },
        String::new(),
    );
    let others = selected.part(|visual| visual.query.top.as_ref().is_some_and(|top| top.others), false);
    // What is cut: the first group that is no time.
    let possible = selected.part(
        |visual| {
            let groups = outputs(visual)
                .into_iter()
                .find(|output| !output.is_measure && output.item.grain.is_none());
            groups.map(|output| output.name).zip(first_value(visual))
        },
        None,
    );
    let set = Callback::new(move |text: String| {
        let n = text.trim().parse::<u32>().ok().filter(|n| *n > 0);
        let name = n.map_or_else(|| "Keep all".to_owned(), |n| format!("Keep top {n}"));
        let top = n.zip(possible.get_untracked()).map(|(n, (field, by))| (n, field, by));
        selected.change(name, |visual| {
            visual.query.top = top.map(|(n, field, by)| Top {
                n,
                by,
                per: Vec::new(),
                field: Some(field),
                others: visual.query.top.as_ref().is_none_or(|top| top.others),
                dir: SortDirection::Desc,
            });
        });
    });
    let set_others = Callback::new(move |on: bool| {
        selected.change("Show Others", |visual| {
            if let Some(top) = &mut visual.query.top {
                top.others = on;
            }
        });
    });
    view! {
        <Show when=move || possible.with(Option::is_some)>
            <Line label="Keep the top" value=count on_change=set placeholder="all" kind="number" testid="top-n" />
            <Show when=move || !count.with(String::is_empty)>
                <Toggle label="The rest as “Others”" value=others on_change=set_others testid="top-others" />
            </Show>
        </Show>
    }
}
