//! How the values of a visual are written.

use leptos::prelude::*;
use shared::semantic::{Format, FormatKind};

use super::pane::Selected;
use crate::designer::controls::{Choose, Line, Toggle};

const KINDS: [(FormatKind, &str, &str); 6] = [
    (FormatKind::Number, "number", "Number"),
    (FormatKind::Currency, "currency", "Currency"),
    (FormatKind::Percent, "percent", "Percent"),
    (FormatKind::Duration, "duration", "Duration"),
    (FormatKind::Bytes, "bytes", "Bytes"),
    (FormatKind::Text, "text", "As stored"),
];

#[component]
pub fn NumberFormat(selected: Selected) -> impl IntoView {
    let format = selected.part(|visual| visual.format.number.clone(), None);
    let change = move |change: &dyn Fn(&mut Format)| {
        selected.change("Change number format", |visual| {
            let mut format = visual.format.number.clone().unwrap_or_default();
            change(&mut format);
            visual.format.number = Some(format);
        });
    };
    let kind = Signal::derive(move || {
        format.get().map_or_else(String::new, |format| {
            let found = KINDS.iter().find(|(kind, _, _)| *kind == format.kind);
            found.map_or_else(String::new, |(_, name, _)| (*name).to_owned())
        })
    });
    let kinds = Signal::derive(|| {
        std::iter::once((String::new(), "As the model says".to_owned()))
            .chain(
                KINDS
                    .iter()
                    .map(|(_, name, words)| ((*name).to_owned(), (*words).to_owned())),
            )
            .collect::<Vec<_>>()
    });
    let set_kind = Callback::new(
        move |chosen: String| match KINDS.iter().find(|(_, name, _)| *name == chosen) {
            None => selected.change("Change number format", |visual| visual.format.number = None),
            Some((kind, _, _)) => change(&|format| {
                format.kind = *kind;
                if *kind == FormatKind::Currency && format.code.is_none() {
                    format.code = Some("EUR".to_owned());
                }
            }),
        },
    );
    let digits = Signal::derive(move || {
        let digits = format.get().and_then(|format| format.digits);
        digits.map_or_else(String::new, |digits| digits.to_string())
    });
    let digit_options = Signal::derive(|| {
        std::iter::once((String::new(), "Automatic".to_owned()))
            .chain((0..=6).map(|digits| (digits.to_string(), digits.to_string())))
            .collect::<Vec<_>>()
    });
    let set_digits = Callback::new(move |chosen: String| change(&|format| format.digits = chosen.parse().ok()));
    let code = Signal::derive(move || format.get().and_then(|format| format.code).unwrap_or_default());
    let set_code = Callback::new(move |text: String| {
        let code: String = text
            .trim()
            .to_uppercase()
            .chars()
            .filter(char::is_ascii_alphabetic)
            .take(3)
            .collect();
        if code.len() == 3 {
            change(&|format| format.code = Some(code.clone()));
        }
    });
    let compact = Signal::derive(move || format.get().and_then(|format| format.compact).unwrap_or(false));
    let set_compact = Callback::new(move |on: bool| change(&|format| format.compact = Some(on)));
    let own = move || format.with(Option::is_some);
    let is_currency = move || kind.get() == "currency";
    view! {
        <Choose label="Values" options=kinds value=kind on_change=set_kind testid="number-kind" />
        <Show when=own>
            <Choose label="Decimals" options=digit_options value=digits on_change=set_digits testid="number-digits" />
            <Show when=is_currency>
                <Line label="Currency" value=code on_change=set_code placeholder="EUR" />
            </Show>
            <Toggle label="Short: 1.2 M instead of 1,200,000" value=compact on_change=set_compact />
        </Show>
    }
}
