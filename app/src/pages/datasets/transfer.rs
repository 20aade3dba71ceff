//! Sends a file with progress. `fetch` cannot report how much has been sent, so this is XMLHttpRequest.

use std::rc::Rc;

use serde::de::DeserializeOwned;
use shared::{AppError, ErrorCode, error::ErrorBody};
use wasm_bindgen::{JsCast, closure::Closure};

use crate::{WireError, wire};

/// A running transfer; `cancel` ends it, and nothing of it stays on the server.
#[derive(Clone)]
pub struct Transfer {
    request: web_sys::XmlHttpRequest,
}

impl Transfer {
    pub fn cancel(&self) {
        if self.request.abort().is_err() {
            leptos::logging::warn!("a transfer could not be ended");
        }
    }
}

fn failed() -> WireError {
    AppError::new(
        ErrorCode::Unavailable,
        "The file did not arrive: the connection was cut.",
    )
    .with_hint("Nothing was stored. Check your connection and drop the file again.")
    .into()
}

/// Starts sending to an address that answers with a `T`. `progress` gets (bytes sent, bytes in all); `done` is called once, except after a cancel.
///
/// # Errors
/// When the browser cannot start it.
pub fn send<T: DeserializeOwned>(
    address: &str,
    file: &web_sys::File,
    progress: impl Fn(f64, f64) + 'static,
    done: impl Fn(Result<T, WireError>) + 'static,
) -> Result<Transfer, WireError> {
    let start = || -> Result<(web_sys::XmlHttpRequest, web_sys::FormData), wasm_bindgen::JsValue> {
        let request = web_sys::XmlHttpRequest::new()?;
        request.open("POST", address)?;
        let form = web_sys::FormData::new()?;
        form.append_with_blob_and_filename("file", file, &file.name())?;
        Ok((request, form))
    };
    let (request, form) = start().map_err(|_| failed())?;
    if let Ok(upload) = request.upload() {
        let listener = Closure::<dyn FnMut(web_sys::ProgressEvent)>::new(move |event: web_sys::ProgressEvent| {
            progress(event.loaded(), event.total())
        });
        upload.set_onprogress(Some(listener.as_ref().unchecked_ref()));
        listener.forget();
    }
    let done = Rc::new(done);
    let (answered, finished) = (request.clone(), done.clone());
    let loaded = Closure::<dyn FnMut()>::new(move || {
        let text = answered.response_text().ok().flatten().unwrap_or_default();
        let status = answered.status().unwrap_or(0);
        let result = if (200..300).contains(&status) {
            wire::read(&text).map_err(|_| failed())
        } else {
            Err(wire::read::<ErrorBody>(&text).map_or_else(|_| failed(), |body| body.error.into()))
        };
        finished(result);
    });
    request.set_onload(Some(loaded.as_ref().unchecked_ref()));
    loaded.forget();
    let lost = Closure::<dyn FnMut()>::new(move || done(Err(failed())));
    request.set_onerror(Some(lost.as_ref().unchecked_ref()));
    lost.forget();
    request.send_with_opt_form_data(Some(&form)).map_err(|_| failed())?;
    Ok(Transfer { request })
}
