use std::{sync::Arc, time::Duration};

use axum::{
    body::{Body, HttpBody as _},
    extract::{RawPathParams, Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, StatusCode, header};
use http_body_util::{BodyExt as _, Limited};
use moka::{future::Cache, policy::EvictionPolicy};
use services::{AccessService, Object, WorkspaceSelector, WorkspaceService};
use sha2::{Digest as _, Sha256};
use shared::{
    AppError, ErrorCode,
    ids::{TokenId, UserId},
    permission::Capability,
};
use tokio::sync::OnceCell;

use super::{Authenticated, for_this_request};
use crate::{error::ApiError, extract::read_body, state::AppState};

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
const KEY_BYTES: usize = 200;
/// Answers larger than this are given but not kept; they are not expected of POST.
const ANSWER_BYTES: usize = 1024 * 1024;
const KEPT: Duration = Duration::from_secs(24 * 3600);
const KEPT_BYTES: u64 = 32 * 1024 * 1024;

/// Answers to POSTs that named an `Idempotency-Key`, for a day or until 32 MiB are full; in this process's memory.
#[derive(Clone, Debug)]
pub struct IdempotencyStore(Cache<Key, Arc<Slot>>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    user: UserId,
    /// `None`: the session, which may do what a token may not.
    token: Option<TokenId>,
    path: String,
    text: String,
}

/// What the layer knows of its route.
#[derive(Clone, Debug)]
pub struct OncePerKey {
    pub state: AppState,
    /// What a member of the workspace in the path has to be allowed; `None`: the route is in no workspace.
    pub capability: Option<Capability>,
    /// What the path's `id` names, where rights are given on such objects.
    pub object: Option<ObjectOfPath>,
}

/// Reads the `id` of a path; `None` when it is none.
pub type ObjectOfPath = fn(&str) -> Option<Object>;

/// Filled once by the first request; others with the same key wait for it.
#[derive(Debug)]
struct Slot {
    body_digest: [u8; 32],
    answer: OnceCell<Kept>,
}

#[derive(Clone, Debug)]
struct Kept {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Default for IdempotencyStore {
    fn default() -> Self {
        let weigh = |key: &Key, slot: &Arc<Slot>| {
            let bytes = slot.answer.get().map_or(4096, |kept| kept.body.len() + 1024) + key.path.len() + key.text.len();
            u32::try_from(bytes).unwrap_or(u32::MAX)
        };
        Self(
            Cache::builder()
                // What is new makes room for itself: a key is hardly ever seen more than twice.
                .eviction_policy(EvictionPolicy::lru())
                .max_capacity(KEPT_BYTES)
                .weigher(weigh)
                .time_to_live(KEPT)
                .build(),
        )
    }
}

/// Runs a POST once per key: a repetition gets the first one's answer. The same key with another body is 422. Only successes
/// are kept, so that trying again does try again. It runs to its end, and is kept, also when the client leaves: that client is
/// the one who will ask again.
pub async fn once_per_key(
    State(OncePerKey {
        state,
        capability,
        object,
    }): State<OncePerKey>,
    parameters: RawPathParams,
    request: Request,
    next: Next,
) -> Response {
    let Some(text) = request.headers().get(KEY) else {
        return next.run(request).await;
    };
    let who = request.extensions().get::<Authenticated>();
    let user = who.and_then(|who| who.principal.person());
    let (Some(who), Some(user), Ok(text)) = (who, user, text.to_str().map(str::to_owned)) else {
        return refuse(AppError::malformed("The Idempotency-Key cannot be read."));
    };
    if text.is_empty() || text.len() > KEY_BYTES {
        return refuse(AppError::malformed("An Idempotency-Key has 1 to 200 characters."));
    }
    if let Some(capability) = capability
        && let Err(error) = admit(who.clone(), &parameters, capability, object).await
    {
        return error.into_response();
    }
    let key = Key {
        user: user.user_id,
        token: user.token_id,
        path: request.uri().path().to_owned(),
        text,
    };
    let (parts, body) = request.into_parts();
    let body = match read_body(&parts.headers, body, state.settings().limits.body_bytes).await {
        Ok(body) => body,
        Err(error) => return error.into_response(),
    };
    let body_digest: [u8; 32] = Sha256::digest(&body).into();
    let store = &state.idempotency().0;
    let fresh = async {
        Arc::new(Slot {
            body_digest,
            answer: OnceCell::new(),
        })
    };
    let slot = store.get_with(key.clone(), fresh).await;
    if slot.body_digest != body_digest {
        let error = AppError::new(ErrorCode::Invalid, "This Idempotency-Key was used for another request.");
        return refuse(error.with_field("Idempotency-Key"));
    }
    let run = async move {
        let mut ran = false;
        let outcome = slot
            .answer
            .get_or_try_init(|| async {
                ran = true;
                keep(next.run(Request::from_parts(parts, Body::from(body))).await).await
            })
            .await
            .cloned();
        match outcome {
            Ok(kept) => {
                if ran {
                    // Weighed anew, now that the answer is in.
                    state.idempotency().0.insert(key, slot).await;
                }
                kept.respond(!ran)
            }
            Err(response) => *response,
        }
    };
    match tokio::spawn(for_this_request(run)).await {
        Ok(response) => response,
        Err(ended) => match ended.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => refuse(AppError::internal()),
        },
    }
}

/// Asks first what a service would: a kept answer is given without one.
async fn admit(
    who: Authenticated,
    parameters: &RawPathParams,
    capability: Capability,
    object: Option<ObjectOfPath>,
) -> Result<(), ApiError> {
    let named = |name| {
        parameters
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    };
    let workspace: WorkspaceSelector = named("w").unwrap_or_default().parse()?;
    let object = object.and_then(|read| read(named("id")?));
    match object {
        Some(object) => {
            who.service(AccessService::new)
                .admit(&workspace, object, capability)
                .await?
        }
        None => who.service(WorkspaceService::new).admit(&workspace, capability).await?,
    }
    Ok(())
}

fn refuse(error: AppError) -> Response {
    ApiError(error).into_response()
}

/// The answer in a form that can be given again; an answer that must not be repeated comes back as it is.
async fn keep(response: Response) -> Result<Kept, Box<Response>> {
    // Refusals get their body, with the request's own id, further out; nothing was changed, so they may run again.
    let fits = |bytes| usize::try_from(bytes).is_ok_and(|bytes| bytes <= ANSWER_BYTES);
    if !response.status().is_success() || !response.body().size_hint().exact().is_some_and(fits) {
        return Err(Box::new(response));
    }
    let (parts, body) = response.into_parts();
    match Limited::new(body, ANSWER_BYTES).collect().await {
        Ok(body) => Ok(Kept {
            status: parts.status,
            headers: parts.headers,
            body: body.to_bytes(),
        }),
        Err(_) => Err(Box::new(ApiError(AppError::internal()).into_response())),
    }
}

impl Kept {
    fn respond(self, replayed: bool) -> Response {
        let mut response = (self.status, self.body).into_response();
        let mut headers = self.headers;
        headers.remove(header::SET_COOKIE);
        *response.headers_mut() = headers;
        if replayed {
            response
                .headers_mut()
                .insert(REPLAYED, http::HeaderValue::from_static("true"));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_large_answer_is_given_but_not_kept() {
        let whole = vec![b'x'; ANSWER_BYTES + 1];
        let given = keep((StatusCode::CREATED, whole.clone()).into_response()).await;
        let given = *given.unwrap_err();
        assert_eq!(given.status(), StatusCode::CREATED);
        assert_eq!(given.into_body().collect().await.unwrap().to_bytes(), whole);
        let small = keep((StatusCode::CREATED, vec![b'x'; ANSWER_BYTES]).into_response()).await;
        assert_eq!(small.unwrap().body.len(), ANSWER_BYTES);
    }
}
