//! Short messages at the foot of the page, with at most one action ("Undo").

use leptos::prelude::*;

use crate::{WireError, browser};

#[derive(Clone)]
pub struct ToastAction {
    pub label: String,
    pub run: Callback<()>,
}

#[derive(Clone)]
pub struct Toast {
    pub id: u64,
    pub text: String,
    pub error: bool,
    pub action: Option<ToastAction>,
}

#[derive(Clone, Copy)]
pub struct Toasts {
    list: RwSignal<Vec<Toast>>,
    next: StoredValue<u64>,
}

/// Long enough to read and to reach the action.
const SHOWN_MS: u64 = 8_000;

impl Toasts {
    pub fn list(self) -> Signal<Vec<Toast>> {
        self.list.into()
    }

    pub fn say(self, text: impl Into<String>) {
        self.show(text.into(), false, None);
    }

    pub fn say_with(self, text: impl Into<String>, label: impl Into<String>, run: impl Fn() + Send + Sync + 'static) {
        let run = Callback::new(move |()| run());
        self.show(
            text.into(),
            false,
            Some(ToastAction {
                label: label.into(),
                run,
            }),
        );
    }

    /// What happened and, when there is one, what to do.
    pub fn fail(self, error: &WireError) {
        let hint = error
            .0
            .hint
            .as_deref()
            .map(|hint| format!(" {hint}"))
            .unwrap_or_default();
        self.show(format!("{}{hint}", error.0.message), true, None);
    }

    pub fn dismiss(self, id: u64) {
        self.list.update(|list| list.retain(|toast| toast.id != id));
    }

    fn show(self, text: String, error: bool, action: Option<ToastAction>) {
        let id = self.next.with_value(|next| *next);
        self.next.set_value(id + 1);
        self.list.update(|list| {
            list.push(Toast {
                id,
                text,
                error,
                action,
            })
        });
        browser::after(SHOWN_MS, move || self.dismiss(id));
    }
}

pub fn provide_toasts() -> Toasts {
    let toasts = Toasts {
        list: RwSignal::new(Vec::new()),
        next: StoredValue::new(0),
    };
    provide_context(toasts);
    toasts
}

pub fn use_toasts() -> Toasts {
    use_context().unwrap_or_else(provide_toasts)
}
