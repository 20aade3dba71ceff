//! A hostile client: what a stranger, a reader, an editor or another workspace's owner may try over HTTP. Each test says
//! above its name which case of the security contract it proves. What holds for every request is in `clean.rs`.
//!
//! Proved elsewhere and not again here:
//! - A04, A13 and A15 in part in `account.rs`, A05 and A12 in part in `protection.rs`;
//! - A06 and A07 in part, B03 in part, F01, F03 and F08 in part, H01 and H03 in part, K02 and K09 in part in `http.rs`;
//! - B01 and B02 in `permission`; K01 in `data.rs`; K08 with a killed server in `killed`;
//! - group C in `data.rs` and `permission`.
//!
//! Left out, because the product has nothing yet to try it on:
//! - A09, A10: no sign-in by another site (OIDC). B05: no page for SQL. B07: no row rules.
//! - F09: no chart specification of a browser library is taken. G: no web socket. H07: HTTP/1.1 only.
//! - K05: no sync of devices. K06: no jobs. L04: no query language of the engine. L06: no language model.
//!
//! `SIGHTLINE_SEED` repeats a run, `SIGHTLINE_ROUNDS` makes it longer.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has to fail loudly"
)]

#[path = "../support/mod.rs"]
mod support;

/// An address and a body for each route, and the two workspaces they are about.
#[allow(dead_code, reason = "the table of permissions needs more of it")]
#[path = "../permission/sample.rs"]
mod sample;
#[allow(dead_code, reason = "the table of permissions needs more of it")]
#[path = "../permission/world.rs"]
mod world;

mod clean;
mod openapi;
mod people;
mod raw;
mod seed;

mod bodies;
mod exhaustion;
mod fields;
mod http_syntax;
mod markup;
mod races;
mod sign_in;
mod tenancy;
