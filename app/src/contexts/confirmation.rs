//! Whether it is still the person who signed in, where the server asks before it gives secrets or changes rights.

use futures::channel::oneshot;
use leptos::prelude::*;
use shared::ErrorCode;

use crate::WireError;

/// The one question of the application; its dialog is `components::ConfirmIdentity`.
#[derive(Clone, Copy)]
pub struct Confirmation {
    open: RwSignal<bool>,
    waiting: StoredValue<Option<oneshot::Sender<()>>>,
}

impl Confirmation {
    /// Whether the question is shown; the dialog sets it to false when it is closed.
    pub const fn open(self) -> RwSignal<bool> {
        self.open
    }

    /// Runs `work`. Where the server wants a confirmation first, asks for it and runs `work` once more; a person who closes the
    /// question gets the server's words.
    ///
    /// # Errors
    /// Those of `work`.
    pub async fn run<T, Work>(self, work: impl Fn() -> Work) -> Result<T, WireError>
    where
        Work: Future<Output = Result<T, WireError>>,
    {
        match work().await {
            Err(error) if error.0.code == ErrorCode::ConfirmationRequired => {
                if self.ask().await {
                    work().await
                } else {
                    Err(error)
                }
            }
            other => other,
        }
    }

    async fn ask(self) -> bool {
        let (sender, receiver) = oneshot::channel();
        self.waiting.set_value(Some(sender));
        self.open.set(true);
        receiver.await.is_ok()
    }

    /// The person gave it: whoever waits goes on.
    pub fn given(self) {
        let waiting = self.waiting.try_update_value(Option::take).flatten();
        if let Some(sender) = waiting
            && sender.send(()).is_err()
        {
            leptos::logging::warn!("nobody waited for the confirmation any more");
        }
        self.open.set(false);
    }

    /// The person closed the question: whoever waits gives up.
    pub fn refused(self) {
        self.waiting.set_value(None);
    }
}

pub fn provide_confirmation() -> Confirmation {
    let confirmation = Confirmation {
        open: RwSignal::new(false),
        waiting: StoredValue::new(None),
    };
    provide_context(confirmation);
    confirmation
}

pub fn use_confirmation() -> Confirmation {
    use_context().unwrap_or_else(provide_confirmation)
}
