//! Storing what was edited as a new version: checked first, and asked about where dashboards would break.

use leptos::prelude::*;
use shared::{
    AppError,
    semantic::{Model, Warning},
};

use super::{draft::ModelDraft, view::ModelView};
use crate::{
    components::{Dialog, Notice, NoticeKind},
    contexts::use_toasts,
    server_fns::model::{put_model, validate_model},
};

/// Code of the warnings that are asked about before anything is stored.
const BREAKS: &str = "breaks_dashboard";

/// Where saving stands.
#[derive(Clone, Copy)]
pub struct Saving {
    pub draft: ModelDraft,
    /// What is wrong with the edited model.
    pub errors: RwSignal<Vec<AppError>>,
    /// What the last version that was stored should be looked at for.
    warnings: RwSignal<Vec<Warning>>,
    /// What storing would break; asked about while it is there.
    breaking: RwSignal<Vec<Warning>>,
    check: Action<(), ()>,
    put: Action<(), ()>,
}

impl Saving {
    pub fn new(draft: ModelDraft) -> Self {
        let toasts = use_toasts();
        let (errors, warnings, breaking) = (
            RwSignal::new(Vec::new()),
            RwSignal::new(Vec::new()),
            RwSignal::new(Vec::new()),
        );
        let put = crate::browser::action(move |(): &()| async move {
            let (workspace, sent) = (draft.workspace.get_untracked(), draft.edited.get_untracked());
            breaking.set(Vec::new());
            match put_model(workspace, sent.clone()).await {
                Ok(saved) if !draft.is_shown() => toasts.say(format!("Saved as version {}.", saved.version)),
                Ok(saved) => {
                    draft.stored_as(sent, saved.version);
                    warnings.set(saved.warnings);
                    toasts.say(format!("Saved as version {}.", saved.version));
                }
                Err(error) => toasts.fail(&error),
            }
        });
        let check = crate::browser::action(move |(): &()| async move {
            let (workspace, edited) = (draft.workspace.get_untracked(), draft.edited.get_untracked());
            let found = validate_model(workspace, edited).await;
            if !draft.is_shown() {
                return;
            }
            match found {
                Ok(found) => {
                    let breaks: Vec<Warning> = found.warnings.into_iter().filter(|one| one.code == BREAKS).collect();
                    if !found.errors.is_empty() {
                        errors.set(found.errors);
                    } else if breaks.is_empty() {
                        errors.set(Vec::new());
                        put.dispatch(());
                    } else {
                        errors.set(Vec::new());
                        breaking.set(breaks);
                    }
                }
                Err(error) => toasts.fail(&error),
            }
        });
        Self {
            draft,
            errors,
            warnings,
            breaking,
            check,
            put,
        }
    }

    pub fn start(self) {
        self.check.dispatch(());
    }

    /// Stores an older version's content as the newest.
    pub fn bring_back(self, old: Model) {
        let version = self.draft.stored.with_untracked(|stored| stored.version);
        self.draft.edited.set(Model { version, ..old });
        self.start();
    }

    pub fn is_busy(self) -> bool {
        self.check.pending().get() || self.put.pending().get()
    }
}

/// The buttons at the head of the page.
#[component]
pub fn SaveButtons(saving: Saving) -> impl IntoView {
    let draft = saving.draft;
    let can_save = move || draft.is_dirty.get() && draft.unread.with(Option::is_none) && !saving.is_busy();
    let discard = move |_| {
        draft.discard();
        saving.errors.set(Vec::new());
    };
    view! {
        <div class="page__actions">
            <span class="model__state muted" role="status">
                {move || if draft.is_dirty.get() { "Changes that are not saved" } else { "" }}
            </span>
            <button class="button" type="button" disabled=move || !draft.is_dirty.get() || saving.is_busy() on:click=discard>"Discard"</button>
            <button class="button button--primary" type="button" disabled=move || !can_save() on:click=move |_| saving.start()>"Save as new version"</button>
        </div>
    }
}

/// What is wrong, each with the way to its place; and what the stored version should be looked at for.
#[component]
pub fn SaveNotices(saving: Saving) -> impl IntoView {
    let draft = saving.draft;
    let errors = move || {
        let found = saving.errors.get();
        (!found.is_empty()).then(|| {
            view! {
                <Notice kind=NoticeKind::Error>
                    <span class="notice__title">"Nothing was saved. Your changes are kept here; this has to be mended first:"</span>
                    <ul class="model__findings">
                        {found.into_iter().map(|error| view! { <Finding draft=draft error=error /> }).collect_view()}
                    </ul>
                </Notice>
            }
        })
    };
    let warnings = move || {
        let found = saving.warnings.get();
        (!found.is_empty()).then(|| {
            view! {
                <Notice kind=NoticeKind::Warning>
                    <ul class="model__findings">
                        {found.into_iter().map(|warning| view! { <li>{warning.message}</li> }).collect_view()}
                    </ul>
                </Notice>
            }
        })
    };
    let overtaken = move || {
        let changed = draft.overtaken.get().filter(|_| draft.is_dirty.get())?;
        let newest = draft.stored.with(|stored| stored.version);
        Some(view! {
            <Notice kind=NoticeKind::Warning>
                {format!("These changes were made to version {changed}; version {newest} was stored meanwhile. Saving takes back what it changed. ")}
                <a href=move || draft.address(ModelView::Versions)>"See what it changed"</a>
            </Notice>
        })
    };
    view! {
        {overtaken}
        {errors}
        {warnings}
        <BreakingDialog saving=saving />
    }
}

#[component]
pub fn Finding(draft: ModelDraft, error: AppError) -> impl IntoView {
    let place = error.field.map(|field| {
        let at = field.clone();
        view! { " " <a href=move || format!("{}&at={at}", draft.address(ModelView::Document))>{field}</a> }
    });
    view! { <li>{error.message}{place}</li> }
}

#[component]
fn BreakingDialog(saving: Saving) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(saving.breaking.with(|found| !found.is_empty())));
    // Closed by Escape or the cross: nothing is stored.
    Effect::new(move |before: Option<bool>| {
        let now = open.get();
        if before == Some(true) && !now {
            saving.breaking.set(Vec::new());
        }
        now
    });
    view! {
        <Dialog title="Dashboards would break" open=open>
            <p>"This version no longer has what these dashboards show:"</p>
            <ul class="model__findings">
                {move || saving.breaking.get().into_iter().map(|warning| view! { <li>{warning.message}</li> }).collect_view()}
            </ul>
            <div class="row">
                <button class="button button--danger" type="button" on:click=move |_| { saving.put.dispatch(()); }>"Save all the same"</button>
                <button class="button" type="button" on:click=move |_| open.set(false)>"Keep the old version"</button>
            </div>
        </Dialog>
    }
}
