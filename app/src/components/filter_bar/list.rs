//! A list of members with search. What is chosen stands in the form from the start; the rest is asked for when the
//! control opens.

use leptos::{prelude::*, task::spawn_local};
use shared::{AppError, ids::FilterId};

use super::choice::{Choice, cell_member, member_label, member_value};
use crate::{
    browser,
    components::{
        Icon, IconView,
        dashboard::{ValuesRequest, ValuesTask},
    },
};

/// The person stopped typing.
const TYPING_MS: u64 = 200;

/// Where the members come from.
#[derive(Clone, Copy)]
pub struct MemberSource {
    pub filter: FilterId,
    pub state: Signal<shared::dashboard::FilterState>,
    pub values: Callback<ValuesRequest, ValuesTask>,
}

#[component]
pub fn ListControl(
    /// `f.KEY`: name of the form controls.
    name: String,
    choice: Signal<Choice>,
    on_choice: Callback<Choice>,
    source: MemberSource,
    /// The control is open: its members are wanted.
    open: Signal<bool>,
    /// Known from the server, so that the list is there without scripts.
    known: Vec<Option<String>>,
) -> impl IntoView {
    let offered = RwSignal::new(known);
    let problem = RwSignal::new(None::<AppError>);
    let search = RwSignal::new(String::new());
    let asked = StoredValue::new(0_u64);
    let ask = move || {
        let number = asked.get_value() + 1;
        asked.set_value(number);
        let request = ValuesRequest {
            filter: source.filter,
            search: search.get_untracked(),
            state: source.state.get_untracked(),
        };
        let task = source.values.run(request);
        spawn_local(async move {
            let answer = task.await;
            // Only the newest search is shown.
            if asked.try_get_value() != Some(number) {
                return;
            }
            match answer {
                Ok(cells) => {
                    problem.set(None);
                    offered.set(cells.iter().map(cell_member).collect());
                }
                Err(error) => problem.set(Some(error.0)),
            }
        });
    };
    Effect::new(move |_| {
        if open.get() {
            ask();
        }
    });
    let members = Memo::new(move |_| {
        let chosen = choice.get().members().to_vec();
        let found = offered.get();
        let rest: Vec<_> = found.into_iter().filter(|member| !chosen.contains(member)).collect();
        chosen.iter().cloned().chain(rest).collect::<Vec<_>>()
    });
    let toggle = move |member: Option<String>, on: bool| {
        let mut chosen = choice.get_untracked().members().to_vec();
        chosen.retain(|known| *known != member);
        if on {
            chosen.push(member);
        }
        on_choice.run(if chosen.is_empty() {
            Choice::All
        } else {
            Choice::Members(chosen)
        });
    };
    view! {
        <div class="search">
            <IconView icon=Icon::Search />
            <input
                class="input input--search"
                type="search"
                aria-label="Search values"
                placeholder="Search values"
                on:input=move |event| {
                    search.set(event_target_value(&event));
                    let number = asked.get_value() + 1;
                    asked.set_value(number);
                    browser::after(TYPING_MS, move || {
                        if asked.try_get_value() == Some(number) {
                            ask();
                        }
                    });
                }
            />
        </div>
        <div class="filter__list" role="group" aria-label="Values">
            <For
                each=move || members.get()
                key=|member| member.clone()
                children=move |member| {
                    let (value, label) = (member_value(member.as_deref()), member_label(member.as_deref()));
                    let mine = member.clone();
                    let checked = Memo::new(move |_| choice.get().members().contains(&mine));
                    view! {
                        <label class="check filter__member">
                            <input
                                type="checkbox"
                                name=name.clone()
                                value=value
                                checked=checked.get_untracked()
                                prop:checked=move || checked.get()
                                on:change=move |event| toggle(member.clone(), event_target_checked(&event))
                            />
                            <span>{label}</span>
                        </label>
                    }
                }
            />
            {move || {
                problem
                    .get()
                    .map(|error| view! { <p class="field__error" role="alert">{error.message}</p> })
            }}
            {move || {
                (members.get().is_empty() && problem.get().is_none() && open.get())
                    .then(|| view! { <p class="muted filter__none">"No values found."</p> })
            }}
        </div>
        <button
            class="button button--quiet"
            type="button"
            disabled=move || matches!(choice.get(), Choice::All)
            on:click=move |_| on_choice.run(Choice::All)
        >
            "Clear"
        </button>
    }
}
