//! A point in time, in the reader's own zone.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
const MINUTE_MS: f64 = 60_000.0;

/// The server does not know the device's zone and writes UTC; the browser then says it as people do: `5 min ago`,
/// `Today, 13:40`, `26 Nov 2026`.
#[component]
pub fn Moment(at: DateTime<Utc>) -> impl IntoView {
    let text = RwSignal::new(at.format("%-d %b %Y, %H:%M UTC").to_string());
    let exact = RwSignal::new(text.get_untracked());
    Effect::new(move |_| {
        let ms = at.timestamp_millis() as f64;
        let here = js_sys::Date::new(&ms.into());
        let now = js_sys::Date::new(&js_sys::Date::now().into());
        exact.set(format!("{}, {}", day(&here), clock(&here)));
        text.set(words(&here, &now));
    });
    view! { <time class="moment" datetime=at.to_rfc3339() title=move || exact.get()>{move || text.get()}</time> }
}

fn day(date: &js_sys::Date) -> String {
    let month = MONTHS.get(date.get_month() as usize).copied().unwrap_or_default();
    format!("{} {month} {}", date.get_date(), date.get_full_year())
}

fn clock(date: &js_sys::Date) -> String {
    format!("{:02}:{:02}", date.get_hours(), date.get_minutes())
}

fn words(date: &js_sys::Date, now: &js_sys::Date) -> String {
    let ago_ms = now.get_time() - date.get_time();
    if (0.0..MINUTE_MS).contains(&ago_ms) {
        "Just now".to_owned()
    } else if (0.0..60.0 * MINUTE_MS).contains(&ago_ms) {
        format!("{:.0} min ago", (ago_ms / MINUTE_MS).floor().max(1.0))
    } else if day(date) == day(now) {
        format!("Today, {}", clock(date))
    } else {
        day(date)
    }
}
