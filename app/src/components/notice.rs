//! A message inside a page.

use leptos::prelude::*;
use shared::AppError;

use super::{Icon, IconView};
use crate::WireError;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    Info,
    Good,
    Warning,
    Error,
}

impl NoticeKind {
    const fn class(self) -> &'static str {
        match self {
            Self::Info => "notice",
            Self::Good => "notice notice--good",
            Self::Warning => "notice notice--warning",
            Self::Error => "notice notice--error",
        }
    }

    const fn icon(self) -> Icon {
        match self {
            Self::Info => Icon::Info,
            Self::Good => Icon::CircleCheck,
            Self::Warning | Self::Error => Icon::TriangleAlert,
        }
    }
}

#[component]
pub fn Notice(kind: NoticeKind, children: Children) -> impl IntoView {
    let role = if kind == NoticeKind::Error { "alert" } else { "status" };
    view! {
        <div class=kind.class() role=role>
            <IconView icon=kind.icon() />
            <div class="notice__text">{children()}</div>
        </div>
    }
}

/// An error as people should read it: what happened, what to do, and the number support asks for.
#[component]
pub fn ProblemNotice(error: AppError) -> impl IntoView {
    // What people can mend themselves needs no number for support.
    let server_fault = error.http_status() >= 500;
    view! {
        <Notice kind=NoticeKind::Error>
            <span class="notice__title">{error.message}</span>
            {error.hint.map(|hint| view! { <span>{hint}</span> })}
            {(!error.candidates.is_empty()).then(|| view! { <span>"Did you mean: " {error.candidates.join(", ")} "?"</span> })}
            {error.request_id.filter(|_| server_fault).map(|id| view! { <span class="muted">"Reference " {id.to_string()}</span> })}
        </Notice>
    }
}

/// Why a form could not do what was asked; nothing while there is no reason. Toasts lie under an open dialog, so forms in
/// dialogs say it themselves.
#[component]
pub fn FormProblem(problem: RwSignal<Option<WireError>>) -> impl IntoView {
    move || problem.get().map(|error| view! { <ProblemNotice error=error.0 /> })
}
