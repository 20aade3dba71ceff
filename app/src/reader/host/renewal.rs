use leptos::task::spawn_local;
use serde_json::json;
use shared::{
    AppError, ErrorCode,
    ids::EmbedId,
    share::{EmbedAccess, EmbedRenew},
};

use super::message::{INVALID_PARAMS, Incoming, REFUSED, accept, notify, refuse};
use crate::{browser, components::dashboard::ReaderState, rest};

/// How long before the end the host is asked for a new ticket, in seconds; half of a life that is shorter than twice this.
const NOTICE_S: u32 = 60;

/// Says `auth.expiring {s}` in time for a new ticket, and `auth.expired` when none came.
pub fn watch(reader: ReaderState) {
    let Some((_, access)) = reader.embed() else { return };
    let notice_s = NOTICE_S.min(access.expires_in_s / 2);
    // A bearer that was renewed meanwhile has a watch of its own.
    let (held, bearer) = (access.bearer.clone(), access.bearer);
    let is_held = move |bearer: &str| reader.embed().is_some_and(|(_, access)| access.bearer == bearer);
    browser::after(ms(access.expires_in_s - notice_s), move || {
        if is_held(&held) {
            notify(reader, "auth.expiring", &json!({ "s": notice_s }));
        }
    });
    browser::after(ms(access.expires_in_s), move || {
        if is_held(&bearer) {
            notify(reader, "auth.expired", &json!({}));
            let ended = AppError::new(ErrorCode::Unauthenticated, "This frame was open for too long.")
                .with_hint("What is shown stays. Reload the page around it to go on.");
            reader.fail(ended.into());
        }
    });
}

const fn ms(seconds: u32) -> u64 {
    seconds as u64 * 1000
}

/// Buys a new bearer with the ticket of `setToken {token}`. What the new ticket allows is what is shown from then on.
pub fn renew(reader: ReaderState, embed: EmbedId, message: Incoming) {
    let Some(ticket) = message.params.get("token").and_then(|token| token.as_str()) else {
        refuse(
            reader,
            message.id,
            INVALID_PARAMS,
            "`setToken` takes {\"token\": a ticket}.",
        );
        return;
    };
    let request = EmbedRenew {
        ticket: ticket.to_owned(),
    };
    spawn_local(async move {
        let address = format!("/embed/d/{embed}/renew");
        match rest::send::<_, EmbedAccess>("POST", &address, &request, None).await {
            Ok(access) => {
                reader.renew(access);
                watch(reader);
                accept(reader, message.id);
            }
            Err(error) => {
                notify(
                    reader,
                    "error",
                    &json!({ "code": error.0.code, "message": error.0.message }),
                );
                refuse(reader, message.id, REFUSED, &error.0.message);
            }
        }
    });
}
