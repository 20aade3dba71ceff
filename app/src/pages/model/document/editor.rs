//! The text area: what can be read is taken over at once, what cannot is kept and says where.

use leptos::{html, prelude::*};
use leptos_router::hooks::use_query_map;
use shared::{
    AppError,
    semantic::{Model, ModelCheck},
};

use super::{
    locate::{line_of, line_range, locate, utf16},
    read::{Place, Unreadable, read},
};
use crate::{
    components::{Notice, NoticeKind},
    contexts::use_toasts,
    pages::model::{draft::ModelDraft, json_editor::pretty, save::Saving},
    server_fns::model::validate_model,
};

/// Height of a line of the text area, px; as `.document` has it.
const LINE_PX: i32 = 20;
/// Lines shown above the one that is jumped to.
const ABOVE: i32 = 4;

#[derive(Clone, Copy)]
struct Document {
    draft: ModelDraft,
    text: RwSignal<String>,
    problem: RwSignal<Option<Unreadable>>,
    area: NodeRef<html::Textarea>,
}

impl Document {
    fn new(draft: ModelDraft) -> Self {
        let unread = draft.unread.get_untracked();
        let problem = unread.as_ref().and_then(|text| read(text).err());
        let text = unread.unwrap_or_else(|| draft.edited.with_untracked(pretty));
        Self {
            draft,
            text: RwSignal::new(text),
            problem: RwSignal::new(problem),
            area: NodeRef::new(),
        }
    }

    fn take(self, text: String) {
        match self.read(&text) {
            Ok(model) => {
                self.problem.set(None);
                self.draft.unread.set(None);
                self.draft.edited.set(model);
            }
            Err(problem) => {
                self.problem.set(Some(problem));
                self.draft.unread.set(Some(text.clone()));
            }
        }
        self.text.set(text);
    }

    /// As a version of this model that follows the newest.
    fn read(self, text: &str) -> Result<Model, Unreadable> {
        let mut model = read(text)?;
        let name = self.draft.name.get_value();
        if model.model.as_str() != name {
            return Err(Unreadable {
                message: format!(
                    "This is the document of {}, but the page is about the model {name}.",
                    model.model
                ),
                place: Place::Path("model".to_owned()),
            });
        }
        model.version = self.draft.stored.with_untracked(|stored| stored.version);
        Ok(model)
    }

    /// What was changed elsewhere, discarded or found again is shown; what was typed here already stands there.
    fn follow(self) {
        Effect::new(move |_| {
            let (edited, unread) = (self.draft.edited.get(), self.draft.unread.get());
            let shown = self.text.get_untracked();
            match unread {
                Some(text) if text == shown => {}
                Some(text) => {
                    self.problem.set(self.read(&text).err());
                    self.text.set(text);
                }
                None if self.read(&shown).ok().as_ref() == Some(&edited) => {}
                None => {
                    self.problem.set(None);
                    self.text.set(pretty(&edited));
                }
            }
        });
    }

    fn jump(self, place: &Place) {
        let Some(area) = self.area.get_untracked() else { return };
        let (range, line) = self.text.with_untracked(|text| {
            let range = match place {
                Place::Line(line) => line_range(text, *line),
                Place::Path(path) => locate(text, path),
            };
            let line = line_of(text, range.start);
            (utf16(text, range.start)..utf16(text, range.end), line)
        });
        let above = i32::try_from(line).unwrap_or(i32::MAX).saturating_sub(1 + ABOVE).max(0);
        if area.focus().is_err() || area.set_selection_range(range.start, range.end).is_err() {
            leptos::logging::warn!("the place in the document could not be shown");
        }
        area.set_scroll_top(above.saturating_mul(LINE_PX));
    }
}

#[component]
pub fn DocumentView(saving: Saving) -> impl IntoView {
    let draft = saving.draft;
    let document = Document::new(draft);
    document.follow();
    let query = use_query_map();
    let at = Memo::new(move |_| query.with(|query| query.get("at")));
    // Once it stands there, and whenever another place is asked for.
    Effect::new(move |_| {
        if let (Some(path), Some(_)) = (at.get(), document.area.get()) {
            request_animation_frame(move || document.jump(&Place::Path(path)));
        }
    });
    view! {
        <fieldset class="stack stack--tight bare" disabled=!draft.may_edit>
            <legend class="visually-hidden">"Document"</legend>
            <p class="muted">"All of the page stands in this document, and what is changed here changes the page. The same text goes over "<code>"PUT …/models/"{draft.name.get_value()}</code>"."</p>
            <Findings document=document />
            <textarea class="input code document" aria-label="Document" spellcheck="false" node_ref=document.area aria-invalid=move || document.problem.with(Option::is_some).then_some("true") prop:value=move || document.text.get() on:input=move |event| document.take(event_target_value(&event))>
                {document.text.get_untracked()}
            </textarea>
            <CheckButton document=document />
        </fieldset>
    }
}

#[component]
fn Findings(document: Document) -> impl IntoView {
    move || {
        document.problem.get().map(|problem| {
            let place = match &problem.place {
                Place::Line(line) => format!("line {line}"),
                Place::Path(path) if path.is_empty() => "the document".to_owned(),
                Place::Path(path) => path.clone(),
            };
            let target = problem.place.clone();
            view! {
                <Notice kind=NoticeKind::Error>
                    <span class="notice__title">{problem.message}</span>
                    <span>"Your text is kept, but it is not taken over until it can be read. " <button class="button button--quiet" type="button" on:click=move |_| document.jump(&target)>{format!("Go to {place}")}</button></span>
                </Notice>
            }
        })
    }
}

/// Asks the server what storing it would say.
#[component]
fn CheckButton(document: Document) -> impl IntoView {
    let draft = document.draft;
    let toasts = use_toasts();
    let found = RwSignal::new(None::<ModelCheck>);
    let check = crate::browser::action(move |(): &()| async move {
        let (workspace, edited) = (draft.workspace.get_untracked(), draft.edited.get_untracked());
        match validate_model(workspace, edited).await {
            Ok(check) => found.set(Some(check)),
            Err(error) => toasts.fail(&error),
        }
    });
    let finding = move |error: AppError| {
        let jump = error.field.map(|field| {
            let place = Place::Path(field.clone());
            view! { <button class="button button--quiet" type="button" on:click=move |_| document.jump(&place)>{format!("Go to {field}")}</button> }
        });
        view! { <li>{error.message} " " {jump}</li> }
    };
    let result = move || {
        found.get().map(|check| {
            let (is_good, kind) = match check.errors.is_empty() {
                true => (true, NoticeKind::Good),
                false => (false, NoticeKind::Error),
            };
            view! {
                <Notice kind=kind>
                    <span class="notice__title">{if is_good { "It can be stored." } else { "It cannot be stored as it is." }}</span>
                    <ul class="model__findings">
                        {check.errors.into_iter().map(finding).collect_view()}
                        {check.warnings.into_iter().map(|warning| view! { <li>{warning.message}</li> }).collect_view()}
                    </ul>
                </Notice>
            }
        })
    };
    view! {
        <div class="row">
            <button class="button" type="button" disabled=move || document.problem.with(Option::is_some) || check.pending().get() on:click=move |_| { check.dispatch(()); }>"Check"</button>
        </div>
        {result}
    }
}
