use app::{App, server_fns::request::Request as PageRequest, shell};
use axum::{
    Router,
    extract::Request,
    response::{IntoResponse as _, Redirect, Response},
    routing::{get, post},
};
use http::{HeaderMap, Method, StatusCode, header};
use leptos::{
    prelude::{Owner, provide_context},
    server_fn::axum::server_fn_paths,
};
use leptos_axum::render_app_async_with_context;
use leptos_router::{PathSegment, RouteList, RouteListing, location::RequestUrl};
use services::{account::AccountService, audit::Caller};
use shared::{AppError, account::ThemeChoice, permission::Principal};

use super::{document, link, server_function};
use crate::{
    AppState,
    error::ApiError,
    middleware::{Authenticated, FrameAncestors},
};

/// Every page of the application, and every server function.
pub fn app(_: &AppState) -> Router<AppState> {
    let mut router = Router::new().route("/login/link", get(link::sign_in));
    for listing in listings() {
        router = router.route(&address(listing.path()), get(page));
    }
    for (path, method) in server_fn_paths() {
        // Nothing is changed, and nothing is asked, by GET: browsers follow links from other sites with the cookie.
        if method == Method::POST {
            router = router.route(path, post(server_function::answer));
        }
    }
    router
}

/// The pages of the application. Leptos' own listing would ask for web socket support that nothing here uses.
fn listings() -> Vec<RouteListing> {
    // A second call in one process, as in tests, finds it done.
    let _ = any_spawner::Executor::init_tokio();
    let list = Owner::new_root(None).with(|| {
        provide_context(RequestUrl::new(""));
        provide_context(http::Request::new(()).into_parts().0);
        RouteList::generate(App)
    });
    list.unwrap_or_default().into_inner()
}

/// The addresses of all pages, as axum writes them.
pub fn page_paths() -> Vec<String> {
    listings().iter().map(|listing| address(listing.path())).collect()
}

/// A page's path as axum writes it.
fn address(path: &[PathSegment]) -> String {
    let mut address = String::new();
    for segment in path {
        let written = match segment {
            PathSegment::Unit => continue,
            PathSegment::Static(text) => text.trim_matches('/').to_owned(),
            PathSegment::Param(name) | PathSegment::OptionalParam(name) => format!("{{{name}}}"),
            PathSegment::Splat(name) => format!("{{*{name}}}"),
        };
        if !written.is_empty() {
            address.push('/');
            address.push_str(&written);
        }
    }
    if address.is_empty() { "/".to_owned() } else { address }
}

/// For browsers a page that says so; for programs the error in its one shape.
pub async fn not_found(who: Authenticated, request: Request) -> Response {
    if request.uri().path().starts_with("/api/") || *request.method() != Method::GET || !wants_page(request.headers()) {
        return ApiError(AppError::not_found("page")).into_response();
    }
    let mut response = page(who, request).await;
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// Renders a page, whole: only when all of it is there does the status say whether that is so for this caller.
async fn page(who: Authenticated, request: Request) -> Response {
    if who.principal == Principal::Anonymous && needs_user(request.uri().path()) {
        return Redirect::to(&sign_in_address(request.uri().path())).into_response();
    }
    if matches!(who.principal, Principal::Unprotected(_)) && waits_for_factor(request.uri().path()) {
        return Redirect::to(PROTECTION).into_response();
    }
    let theme = theme(&who).await;
    let caller = Caller::current();
    let context = move || {
        provide_context(PageRequest {
            services: who.services.clone(),
            principal: who.principal.clone(),
            request_id: who.request_id,
            caller: caller.clone(),
        });
        document::send_policy(FrameAncestors::None);
    };
    let assets = document::entry("app");
    let view = move || shell(assets.clone(), theme, App);
    render_app_async_with_context(context, view)(request).await
}

/// Where a second factor is set up.
const PROTECTION: &str = "/settings/account";

/// All pages of a signed-in person but the one that sets a second factor up.
fn waits_for_factor(path: &str) -> bool {
    needs_user(path) && path != PROTECTION
}

fn needs_user(path: &str) -> bool {
    path == "/" || ["/w/", "/settings"].iter().any(|start| path.starts_with(start))
}

/// The sign-in page, which comes back to a page of ours.
fn sign_in_address(path: &str) -> String {
    if path == "/" {
        return "/login".to_owned();
    }
    let mut address = String::from("/login?return_to=");
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                address.push(char::from(byte))
            }
            other => address.push_str(&format!("%{other:02X}")),
        }
    }
    address
}

async fn theme(who: &Authenticated) -> ThemeChoice {
    if who.principal.person().is_none() {
        return ThemeChoice::Auto;
    }
    let account = who.service(AccountService::new);
    account
        .me()
        .await
        .map_or(ThemeChoice::Auto, |me| me.user.preferences.theme)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn server_functions_are_post_only() {
        let mut seen = 0;
        for (path, method) in server_fn_paths() {
            seen += 1;
            assert_eq!(method, Method::POST, "{path} could be called by a link");
            assert!(path.starts_with("/api/fn/"), "{path}");
        }
        assert!(seen > 0);
    }

    #[test]
    fn the_way_back_stays_on_our_site() {
        assert_eq!(sign_in_address("/w/acme/datasets"), "/login?return_to=/w/acme/datasets");
        assert_eq!(sign_in_address("/w/a&b?c"), "/login?return_to=/w/a%26b%3Fc");
    }
}
