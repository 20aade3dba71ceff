//! What the instance is used for.

use leptos::prelude::*;
use shared::usage::Usage;

use crate::{WireError, wire::Json};

#[server(prefix = "/api/fn", endpoint = "usage/get", input = Json, output = Json)]
pub async fn get_usage() -> Result<Usage, WireError> {
    use super::request::{answer, request};
    answer(request(services::UsageService::new)?.usage().await)
}
