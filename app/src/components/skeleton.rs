//! Stands where something is on its way, so that nothing jumps when it arrives.

use leptos::prelude::*;

/// What is being waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// Rows of a table.
    Rows,
    /// A whole page: its head and a few cards.
    Page,
}

impl Waiting {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Rows => "rows",
            Self::Page => "page",
        }
    }

    const fn pieces(self) -> usize {
        match self {
            Self::Rows => 6,
            Self::Page => 8,
        }
    }
}

#[component]
pub fn Skeleton(of: Waiting) -> impl IntoView {
    view! {
        <div class=format!("skeleton skeleton--{}", of.as_str()) role="status">
            <span class="visually-hidden">"Loading …"</span>
            {(0..of.pieces()).map(|_| view! { <span class="skeleton__piece" aria-hidden="true"></span> }).collect_view()}
        </div>
    }
}
