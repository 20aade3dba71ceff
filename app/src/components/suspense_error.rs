//! One way to show a resource: its view when it is there, the same message box when it failed.

use leptos::prelude::*;
use shared::ErrorCode;

use super::{Empty, Icon, ProblemNotice};
use crate::WireError;

const NOT_THERE: &str = "It may have been deleted, or you may no longer have access to it.";

/// The view of a loaded value or of its error. Nobody signed in: the way to sign in.
pub fn loaded<T, V: IntoView + 'static>(result: Result<T, WireError>, show: impl FnOnce(T) -> V) -> AnyView {
    match result {
        Ok(value) => show(value).into_any(),
        Err(WireError(error)) if error.code == ErrorCode::Unauthenticated => view! {
            <div class="page page--narrow">
                <ProblemNotice error=error />
                <p><a class="button button--primary" href="/login">"Sign in"</a></p>
            </div>
        }
        .into_any(),
        Err(WireError(error)) if matches!(error.code, ErrorCode::NotFound | ErrorCode::Gone) => view! {
            <Empty icon=Icon::CircleHelp title=error.message text=error.hint.unwrap_or_else(|| NOT_THERE.to_owned())>
                <a class="button" href="/">"Go to the start page"</a>
            </Empty>
        }
        .into_any(),
        Err(WireError(error)) => view! {
            <div class="page page--narrow">
                <ProblemNotice error=error />
            </div>
        }
        .into_any(),
    }
}
