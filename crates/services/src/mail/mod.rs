//! Letters by a mail server that the operator names.

mod letter;
mod post;

pub use letter::Letter;
pub use post::{Post, PostError};

use shared::AppError;

/// For what needs a letter where no mail server is named.
pub(crate) fn sends_no_mail() -> AppError {
    AppError::conflict("This Sightline sends no e-mail.")
        .with_hint("Its operator can name a mail server; until then links are handed on by hand.")
}
