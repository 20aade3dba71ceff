//! One way to show a resource: its view when it is there, the same message box when it failed.

use leptos::prelude::*;
use shared::ErrorCode;

use super::ProblemNotice;
use crate::WireError;

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
        Err(WireError(error)) => view! {
            <div class="page page--narrow">
                <ProblemNotice error=error />
            </div>
        }
        .into_any(),
    }
}
