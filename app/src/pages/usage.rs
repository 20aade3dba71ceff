//! Who uses what, and how the server fares; for platform administrators.

use leptos::prelude::*;
use leptos_meta::Title;
use shared::usage::{DashboardUse, DayOfUse, ReaderUse, ServerUse, SlowQuery, Usage};

use crate::{
    components::{Empty, Icon, Moment, Skeleton, Waiting, loaded},
    server_fns::usage::get_usage,
    wire,
};

#[component]
pub fn UsagePage() -> impl IntoView {
    let usage = wire::load(|| (), |()| get_usage());
    view! {
        <Title text="Usage · Sightline" />
        <div class="page">
            <header class="page__head">
                <div class="page__title"><h1>"Usage"</h1><p class="muted">"The last 30 days of this Sightline. Days are those of UTC."</p></div>
            </header>
            <Suspense fallback=|| view! { <Skeleton of=Waiting::Rows /> }>
                {move || Suspend::new(async move { loaded(usage.await, |usage| view! { <Found usage=usage /> }) })}
            </Suspense>
        </div>
    }
}

#[component]
fn Found(usage: Usage) -> impl IntoView {
    let views: u64 = usage.days.iter().map(|day| day.views).sum();
    let guest_views: u64 = usage.days.iter().map(|day| day.guest_views).sum();
    view! {
        <dl class="figures">
            <div><dt>"People who read"</dt><dd>{grouped(usage.people)}</dd></div>
            <div><dt>"Dashboards opened"</dt><dd>{grouped(views)}</dd></div>
            <div><dt>"Opened by links and frames"</dt><dd>{grouped(guest_views)}</dd></div>
            <div><dt>"Answers that were kept"</dt><dd>{share(&usage.server)}</dd></div>
        </dl>
        <section class="card stack" aria-labelledby="days">
            <h2 id="days">"Day by day"</h2>
            <Days days=usage.days />
        </section>
        {if usage.dashboards.is_empty() {
            view! { <Empty icon=Icon::LayoutDashboard title="Nothing was opened yet" text="Dashboards appear here when somebody reads them." /> }.into_any()
        } else {
            view! { <Dashboards list=usage.dashboards /> <Readers list=usage.readers /> }.into_any()
        }}
        <Server server=usage.server />
    }
}

/// `12 345`, with thin spaces.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// Of all questions, those that needed no computing.
fn share(server: &ServerUse) -> String {
    match server.kept + server.computed {
        0 => "–".to_owned(),
        all => format!("{:.0} %", server.kept as f64 * 100.0 / all as f64),
    }
}

/// A bar for each day; its numbers are its title, and a table for whoever does not see it.
#[component]
fn Days(days: Vec<DayOfUse>) -> impl IntoView {
    const WIDTH: usize = 12;
    const HEIGHT: f64 = 60.0;
    let most = days
        .iter()
        .map(|day| day.views + day.guest_views)
        .max()
        .unwrap_or(0)
        .max(1) as f64;
    let label = format!(
        "Dashboards opened by day, {} to {}",
        days.first().map(|day| day.day.to_string()).unwrap_or_default(),
        days.last().map(|day| day.day.to_string()).unwrap_or_default()
    );
    let bars = days
        .iter()
        .enumerate()
        .map(|(place, day)| {
            let height = |views: u64| views as f64 / most * HEIGHT;
            let (own, guests) = (height(day.views), height(day.guest_views));
            let words = format!(
                "{}: {} by people, {} by links and frames",
                day.day, day.views, day.guest_views
            );
            let x = place * WIDTH;
            view! {
                <g>
                    <title>{words}</title>
                    <rect class="days__ground" x=x y=0 width=WIDTH - 2 height=HEIGHT />
                    <rect class="days__own" x=x y=HEIGHT - own width=WIDTH - 2 height=own />
                    <rect class="days__guests" x=x y=HEIGHT - own - guests width=WIDTH - 2 height=guests />
                </g>
            }
        })
        .collect_view();
    let view_box = format!("0 0 {} {HEIGHT}", days.len() * WIDTH);
    let ends = days.first().zip(days.last()).map(|(first, last)| {
        view! { <div class="days__ends muted"><span>{first.day.to_string()}</span><span>{last.day.to_string()}</span></div> }
    });
    view! {
        <svg class="days" viewBox=view_box role="img" aria-label=label preserveAspectRatio="none">{bars}</svg>
        {ends}
        <p class="muted"><span class="days__key days__key--own"></span>"by people who are signed in " <span class="days__key days__key--guests"></span>"by links and frames"</p>
    }
}

#[component]
fn Dashboards(list: Vec<DashboardUse>) -> impl IntoView {
    let rows = list
        .into_iter()
        .map(|line| {
            view! {
                <tr data-testid="used-dashboard">
                    <td class="table__name">{line.title}</td>
                    <td class="table__aside">{line.workspace}</td>
                    <td class="table__number">{grouped(line.views)}</td>
                    <td class="table__number">{grouped(line.people)}</td>
                    <td class="table__number">{grouped(line.guest_views)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="stack" aria-labelledby="used">
            <h2 id="used">"Most read dashboards"</h2>
            <div class="table-wrap">
                <table class="table">
                    <thead><tr><th>"Dashboard"</th><th class="table__aside">"Workspace"</th><th class="table__number">"Opened"</th><th class="table__number">"People"</th><th class="table__number">"By links"</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
}

#[component]
fn Readers(list: Vec<ReaderUse>) -> impl IntoView {
    let rows = list
        .into_iter()
        .map(|line| {
            view! {
                <tr>
                    <td class="table__name"><a href=format!("/settings/audit?actor={}", line.id) title="What they did on this Sightline">{line.name}</a></td>
                    <td class="table__number">{grouped(line.views)}</td>
                    <td class="table__number">{grouped(line.dashboards)}</td>
                    <td class="table__aside">{line.last_day.to_string()}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="stack" aria-labelledby="readers">
            <h2 id="readers">"Who reads most"</h2>
            <div class="table-wrap">
                <table class="table">
                    <thead><tr><th>"Person"</th><th class="table__number">"Opened"</th><th class="table__number">"Dashboards"</th><th class="table__aside">"Last on"</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
}

#[component]
fn Server(server: ServerUse) -> impl IntoView {
    view! {
        <section class="stack" aria-labelledby="server">
            <h2 id="server">"This server"</h2>
            <p class="muted">"Since it was started, " <Moment at=server.since /> ". Where several servers run, each counts for itself."</p>
            <dl class="facts">
                <dt>"Questions answered from memory"</dt><dd>{grouped(server.kept)}</dd>
                <dt>"Questions computed"</dt><dd>{grouped(server.computed)}</dd>
                <dt>"Questions that failed"</dt><dd>{grouped(server.failed)}</dd>
                <dt>"Errors of the server"</dt><dd>{grouped(server.errors)}</dd>
            </dl>
            {(!server.slow.is_empty()).then(|| view! { <Slow list=server.slow /> })}
        </section>
    }
}

#[component]
fn Slow(list: Vec<SlowQuery>) -> impl IntoView {
    let rows = list
        .into_iter()
        .map(|line| {
            view! {
                <tr>
                    <td class="table__name">{line.model}</td>
                    <td class="table__aside">{line.workspace}</td>
                    <td class="table__number">{format!("{} ms", grouped(line.milliseconds))}</td>
                    <td class="table__aside"><Moment at=line.at /></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <h3>"Slowest queries of the last 24 hours"</h3>
        <div class="table-wrap">
            <table class="table">
                <thead><tr><th>"Model"</th><th class="table__aside">"Workspace"</th><th class="table__number">"Took"</th><th class="table__aside">"When"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn numbers_are_grouped_by_three() {
        assert_eq!(
            [0, 999, 1000, 1_234_567].map(grouped),
            ["0", "999", "1\u{202f}000", "1\u{202f}234\u{202f}567"]
        );
    }
}
