//! Who is signed in, loaded once for the whole application.

use leptos::prelude::*;
use shared::account::Me;

use crate::{
    server_fns,
    wire::{self, Loaded},
};

/// The resource every page shares; an error of code `unauthenticated` means "nobody".
#[derive(Clone, Copy)]
pub struct CurrentUser(pub Loaded<Me>);

pub fn provide_current_user() -> CurrentUser {
    let user = CurrentUser(wire::load(|| (), |()| server_fns::account::me()));
    provide_context(user);
    user
}

pub fn use_current_user() -> CurrentUser {
    use_context().unwrap_or_else(provide_current_user)
}
