//! From a dropped file to a dataset: sending, a preview that can be corrected, loading.

use leptos::prelude::*;
use send_wrapper::SendWrapper;
use shared::{
    ErrorCode,
    dataset::{Preview, ReadOptions, SaveStep, UploadReceipt, UploadState, too_large},
    ids::{DatasetId, UploadId},
};

use super::{
    preview::PreviewForm,
    transfer::{self, Transfer},
};
use crate::{
    WireError, browser,
    components::{Dialog, ProblemNotice},
    server_fns::dataset::{cancel_upload, load_upload, preview_upload, upload_status},
    wire::Loaded,
};

#[derive(Clone, Debug, PartialEq)]
enum Stage {
    Sending {
        sent: f64,
        total: f64,
    },
    Looking {
        receipt: UploadReceipt,
    },
    Preview {
        receipt: UploadReceipt,
        preview: Box<Preview>,
    },
    Loading {
        upload: UploadId,
        state: UploadState,
    },
    Failed(Failure),
}

#[derive(Clone, Debug, PartialEq)]
struct Failure {
    error: WireError,
    /// The file, when it has arrived: it need not be sent again.
    receipt: Option<UploadReceipt>,
    retry: Option<Retry>,
}

/// How it goes on after a failure without choosing the file again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Retry {
    Send,
    /// Reads what has arrived, as detected.
    Look,
}

impl Failure {
    /// The file did not arrive, or was refused.
    fn sending(error: WireError) -> Self {
        let retry = (error.0.code == ErrorCode::Unavailable).then_some(Retry::Send);
        Self {
            error,
            receipt: None,
            retry,
        }
    }

    /// It arrived, but cannot be read with these options.
    fn looking(error: WireError, receipt: UploadReceipt, options: &ReadOptions) -> Self {
        let corrected = *options != ReadOptions::default();
        let retry = (corrected || error.0.code == ErrorCode::Unavailable).then_some(Retry::Look);
        Self {
            error,
            receipt: Some(receipt),
            retry,
        }
    }

    /// It was not loaded.
    fn loading(error: WireError) -> Self {
        Self {
            error,
            receipt: None,
            retry: None,
        }
    }
}

/// The most bytes that a file may have.
pub type UploadLimit = Loaded<u64>;

/// How often the server is asked how far it is.
const POLL_MS: u64 = 250;

/// Handles one file at a time; set `file` to start.
#[component]
pub fn UploadDialog(
    workspace: Memo<String>,
    limit: UploadLimit,
    file: RwSignal<Option<SendWrapper<web_sys::File>>>,
    /// The dataset that gets a new version; `None`: a new dataset.
    #[prop(optional)]
    replace: Option<DatasetId>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let stage = RwSignal::new(Stage::Sending { sent: 0.0, total: 0.0 });
    let running = StoredValue::new(None::<SendWrapper<Transfer>>);
    let look = move |receipt: UploadReceipt, options: ReadOptions| {
        leptos::task::spawn_local(async move {
            match preview_upload(workspace.get_untracked(), receipt.upload, options.clone()).await {
                Ok(preview) => stage.set(Stage::Preview {
                    receipt,
                    preview: Box::new(preview),
                }),
                Err(error) => stage.set(Stage::Failed(Failure::looking(error, receipt, &options))),
            }
        });
    };
    Effect::new(move |_| {
        let Some(chosen) = file.get() else { return };
        stage.set(Stage::Sending {
            sent: 0.0,
            total: chosen.size(),
        });
        open.set(true);
        // The server would say so only when it has received that much.
        if let Some(Ok(most)) = limit.get_untracked()
            && chosen.size() > most as f64
        {
            stage.set(Stage::Failed(Failure::sending(too_large(most).into())));
            return;
        }
        let started = transfer::send(
            &format!("/api/v1/workspaces/{}/uploads", workspace.get_untracked()),
            &chosen,
            move |sent, total| stage.set(Stage::Sending { sent, total }),
            move |answer: Result<UploadReceipt, WireError>| match answer {
                Ok(receipt) => {
                    stage.set(Stage::Looking {
                        receipt: receipt.clone(),
                    });
                    look(receipt, ReadOptions::default());
                }
                Err(error) => stage.set(Stage::Failed(Failure::sending(error))),
            },
        );
        match started {
            Ok(transfer) => running.set_value(Some(SendWrapper::new(transfer))),
            Err(error) => stage.set(Stage::Failed(Failure::sending(error))),
        }
    });
    // Closing the dialog gives up what is not finished.
    Effect::new(move |was_open: Option<bool>| {
        let is_open = open.get();
        if was_open == Some(true) && !is_open {
            file.set(None);
            match stage.get_untracked() {
                Stage::Sending { .. } => running.with_value(|transfer| {
                    if let Some(transfer) = transfer {
                        transfer.cancel();
                    }
                }),
                Stage::Looking { receipt }
                | Stage::Preview { receipt, .. }
                | Stage::Failed(Failure {
                    receipt: Some(receipt), ..
                }) => forget(workspace.get_untracked(), receipt.upload),
                Stage::Loading {
                    upload,
                    state: UploadState::Running { .. },
                } => forget(workspace.get_untracked(), upload),
                Stage::Loading { .. } | Stage::Failed(_) => {}
            }
        }
        is_open
    });
    let start = Callback::new(move |(receipt, name, options): (UploadReceipt, String, ReadOptions)| {
        let slug = workspace.get_untracked();
        leptos::task::spawn_local(async move {
            match load_upload(slug, receipt.upload, name, options, replace).await {
                Ok(status) => follow(workspace, stage, receipt.upload, status.state),
                Err(error) => stage.set(Stage::Failed(Failure::looking(error, receipt, &ReadOptions::default()))),
            }
        });
    });
    let retry = move |failure: Failure| match (failure.retry, failure.receipt) {
        (Some(Retry::Look), Some(receipt)) => {
            stage.set(Stage::Looking {
                receipt: receipt.clone(),
            });
            look(receipt, ReadOptions::default());
        }
        (Some(Retry::Send | Retry::Look), _) => file.notify(),
        (None, _) => open.set(false),
    };
    view! {
        <Dialog title=if replace.is_some() { "New version" } else { "Add data" } open=open wide=true>
            {move || match stage.get() {
                Stage::Sending { sent, total } => {
                    let part = sent / total.max(1.0);
                    view! { <Progress text=format!("Sending: {} of {}", bytes_text(sent), bytes_text(total)) part=part /> }.into_any()
                }
                Stage::Looking { .. } => view! { <Progress text="Looking at the file …" part=1.0 /> }.into_any(),
                Stage::Preview { receipt, preview } => {
                    let again = receipt.clone();
                    view! {
                        <PreviewForm
                            preview=*preview
                            replacing=replace.is_some()
                            on_options=Callback::new(move |options| look(again.clone(), options))
                            on_load=Callback::new(move |(name, options)| start.run((receipt.clone(), name, options)))
                        />
                    }
                        .into_any()
                }
                Stage::Loading { state, .. } => view! { <LoadProgress state=state open=open /> }.into_any(),
                Stage::Failed(failure) => {
                    let words = failure
                        .retry
                        .map(|retry| match (retry, failure.error.0.code) {
                            (Retry::Look, code) if code != ErrorCode::Unavailable => "Read it as detected",
                            (Retry::Send | Retry::Look, _) => "Try again",
                        });
                    view! {
                        <ProblemNotice error=failure.error.0.clone() />
                        <div class="row">
                            {words.map(|words| view! { <button class="button button--primary" type="button" on:click=move |_| retry(failure.clone())>{words}</button> })}
                            <button class="button" type="button" on:click=move |_| open.set(false)>"Close"</button>
                        </div>
                    }
                        .into_any()
                }
            }}
        </Dialog>
    }
}

fn forget(workspace: String, upload: UploadId) {
    leptos::task::spawn_local(async move {
        if let Err(error) = cancel_upload(workspace, upload).await {
            leptos::logging::warn!("the upload could not be cancelled: {error}");
        }
    });
}

/// Asks until it is done; then goes to the dataset.
fn follow(workspace: Memo<String>, stage: RwSignal<Stage>, upload: UploadId, state: UploadState) {
    let finished = match &state {
        UploadState::Running { .. } => None,
        UploadState::Done { dataset } => Some(*dataset),
        UploadState::Failed { error } => {
            stage.set(Stage::Failed(Failure::loading(error.clone().into())));
            return;
        }
    };
    let unchanged = state.clone();
    if stage.try_set(Stage::Loading { upload, state }).is_some() {
        return;
    }
    let slug = workspace.get_untracked();
    if let Some(dataset) = finished {
        browser::go_to(&format!("/w/{slug}/datasets/{dataset}"));
        return;
    }
    browser::after(POLL_MS, move || {
        leptos::task::spawn_local(async move {
            match upload_status(slug, upload).await {
                Ok(status) => follow(workspace, stage, upload, status.state),
                // It goes on without us; we ask until we hear of it again.
                Err(error) if error.0.code == ErrorCode::Unavailable => follow(workspace, stage, upload, unchanged),
                Err(error) => {
                    stage.try_set(Stage::Failed(Failure::loading(error)));
                }
            }
        });
    });
}

#[component]
fn LoadProgress(state: UploadState, open: RwSignal<bool>) -> impl IntoView {
    let (text, part) = match state {
        UploadState::Running {
            step,
            bytes_done,
            bytes_total,
            rows_done,
        } => {
            let part = if bytes_total > 0 {
                bytes_done as f64 / bytes_total as f64
            } else {
                0.0
            };
            let text = match step {
                SaveStep::Receiving => "Waiting for the file …".to_owned(),
                SaveStep::Reading => format!(
                    "Reading: {} rows, {} of {}",
                    grouped(rows_done),
                    bytes_text(bytes_done as f64),
                    bytes_text(bytes_total as f64)
                ),
                SaveStep::Writing => format!("Storing {} rows …", grouped(rows_done)),
                SaveStep::Profiling => format!("Counting what is in {} rows …", grouped(rows_done)),
                SaveStep::Done => "Done".to_owned(),
            };
            (text, part)
        }
        UploadState::Done { .. } => ("Done. Opening …".to_owned(), 1.0),
        UploadState::Failed { error } => (error.message, 0.0),
    };
    view! {
        <Progress text=text part=part />
        <div class="row"><button class="button" type="button" on:click=move |_| open.set(false)>"Cancel"</button></div>
    }
}

#[component]
fn Progress(#[prop(into)] text: String, part: f64) -> impl IntoView {
    let percent = format!("{:.0}%", (part * 100.0).clamp(0.0, 100.0));
    view! {
        <div class="stack" role="status">
            <span>{text}</span>
            <div class="progress" role="progressbar" aria-valuemin="0" aria-valuemax="100" aria-valuenow=format!("{:.0}", part * 100.0) aria-label="Progress"><div class="progress__bar" style:--done=percent></div></div>
        </div>
    }
}

pub fn grouped(number: u64) -> String {
    chart::visual::number_text(number as f64, None)
}

/// `12.3 MB`.
pub fn bytes_text(bytes: f64) -> String {
    let format = shared::semantic::Format {
        kind: shared::semantic::FormatKind::Bytes,
        ..Default::default()
    };
    chart::visual::number_text(bytes, Some(&format))
}
