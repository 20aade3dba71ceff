use app::{components::dashboard::ReaderSource, reader::load};
use axum::{extract::Request, response::Response};
use services::{ServiceError, WorkspaceSelector, embed::EmbedService, reader::ReaderService};
use shared::{AppError, ids::EmbedId, permission::Principal};

use super::answer;
use crate::{
    extract::{Param, Path},
    middleware::{Authenticated, FrameAncestors},
};

/// The page of a frame, for the ticket in its address. Whatever becomes of the ticket, only the embed's origins may frame it.
pub async fn page(who: Authenticated, Path(Param(id)): Path<Param<EmbedId>>, request: Request) -> Response {
    let embeds = who.service(EmbedService::new);
    let origins = match embeds.frame_origins(id).await {
        Ok(origins) => origins,
        Err(error) => return refused(&who, &error, FrameAncestors::None, request).await,
    };
    let (ticket, query) = split(request.uri().query().unwrap_or_default());
    let Some(ticket) = ticket else {
        let error =
            AppError::unauthenticated().with_hint("The page around this frame must add a ticket to its address.");
        return answer::problem(error, FrameAncestors::Origins(origins), request).await;
    };
    let open = match embeds.redeem(id, &ticket, &who.client).await {
        Ok(open) => open,
        Err(error) => return refused(&who, &error, FrameAncestors::Origins(origins), request).await,
    };
    let frames = FrameAncestors::Origins(open.origins.clone());
    let workspace = WorkspaceSelector::Id(open.grant.workspace_id);
    let dashboard = open.grant.dashboard_id;
    let reader = ReaderService::new(&who.services, Principal::Embed(open.grant), who.request_id);
    let source = ReaderSource::Embed {
        id,
        bearer: open.bearer,
        origins: open.origins,
    };
    match load::page(&reader, &workspace, dashboard, &query, source, format!("/embed/d/{id}")).await {
        Ok(page) => answer::dashboard(page, frames, request).await,
        Err(error) => refused(&who, &error, frames, request).await,
    }
}

async fn refused(who: &Authenticated, error: &ServiceError, frames: FrameAncestors, request: Request) -> Response {
    answer::problem(error.app_error(who.request_id), frames, request).await
}

/// The ticket, and what else the query says. Two tickets are none.
fn split(query: &str) -> (Option<String>, String) {
    let (tickets, rest): (Vec<&str>, Vec<&str>) = query.split('&').partition(|pair| pair.starts_with("ticket="));
    let ticket = match tickets.as_slice() {
        [one] => one.strip_prefix("ticket=").map(str::to_owned),
        _ => None,
    };
    (ticket, rest.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ticket_is_no_part_of_the_state() {
        assert_eq!(
            split("f.region=EU&ticket=a.b.c&p=2"),
            (Some("a.b.c".to_owned()), "f.region=EU&p=2".to_owned())
        );
        assert_eq!(split("ticket=a&ticket=b"), (None, String::new()));
        assert_eq!(split(""), (None, String::new()));
    }
}
