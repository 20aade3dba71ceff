use app::{components::dashboard::ReaderSource, reader::load};
use axum::{
    extract::Request,
    response::{IntoResponse as _, Response},
};
use services::{
    ServiceError, WorkspaceSelector,
    embed::{EmbedService, OpenEmbed},
    reader::ReaderService,
};
use shared::{AppError, ErrorCode, ids::EmbedId, permission::Principal};

use super::{answer, form};
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
        let error = AppError::new(
            ErrorCode::Unauthenticated,
            "This dashboard opens inside another site only.",
        )
        .with_hint("The page around this frame must add a ticket to its address.");
        return answer::problem(error, FrameAncestors::Origins(origins), request).await;
    };
    match embeds.redeem(id, &ticket, &who.client).await {
        Ok(open) => opened(&who, id, open, query, request).await,
        Err(error) => refused(&who, &error, FrameAncestors::Origins(origins), request).await,
    }
}

/// Without scripts a frame's filters and tabs are a form. It carries the bearer in its body: an address would be kept in
/// logs and histories, and a cookie would be a third party's.
pub async fn again(who: Authenticated, Path(Param(id)): Path<Param<EmbedId>>, request: Request) -> Response {
    let embeds = who.service(EmbedService::new);
    let origins = match embeds.frame_origins(id).await {
        Ok(origins) => origins,
        Err(error) => return refused(&who, &error, FrameAncestors::None, request).await,
    };
    let (parts, body) = request.into_parts();
    let pairs = match form::pairs(&parts.headers, body).await {
        Ok(pairs) => pairs,
        Err(error) => return error.into_response(),
    };
    let (bearers, state): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|(name, _)| name == "bearer");
    let bearer = bearers.first().map(|(_, bearer)| bearer.as_str()).unwrap_or_default();
    let query = serde_urlencoded::to_string(&state).unwrap_or_default();
    let request = Request::from_parts(parts, axum::body::Body::empty());
    match embeds.reopen(id, bearer).await {
        Ok(open) => opened(&who, id, open, query, request).await,
        Err(error) => refused(&who, &error, FrameAncestors::Origins(origins), request).await,
    }
}

async fn opened(who: &Authenticated, id: EmbedId, open: OpenEmbed, query: String, request: Request) -> Response {
    let frames = FrameAncestors::Origins(open.origins.clone());
    let workspace = WorkspaceSelector::Id(open.grant.workspace_id);
    let dashboard = open.grant.dashboard_id;
    let source = ReaderSource::Embed {
        id,
        access: open.access(who.services.clock().now()),
    };
    let query = zoned(query, open.time_zone.as_deref());
    let reader = ReaderService::new(&who.services, Principal::Embed(open.grant), who.request_id);
    match load::page(&reader, &workspace, dashboard, &query, source, format!("/embed/d/{id}")).await {
        Ok(page) => answer::dashboard(page, open.theme.unwrap_or_default(), frames, request).await,
        Err(error) => refused(who, &error, frames, request).await,
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

/// The ticket's time zone holds unless the address says another.
fn zoned(query: String, zone: Option<&str>) -> String {
    let said = query.split('&').any(|pair| pair.starts_with("tz="));
    match zone.filter(|_| !said) {
        Some(zone) => format!(
            "{query}&{}",
            serde_urlencoded::to_string([("tz", zone)]).unwrap_or_default()
        ),
        None => query,
    }
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

    #[test]
    fn the_address_wins_over_the_time_zone_of_the_ticket() {
        assert_eq!(zoned("p=2".to_owned(), Some("Etc/GMT+5")), "p=2&tz=Etc%2FGMT%2B5");
        assert_eq!(zoned("tz=UTC".to_owned(), Some("Europe/Paris")), "tz=UTC");
        assert_eq!(zoned("p=2".to_owned(), None), "p=2");
    }
}
