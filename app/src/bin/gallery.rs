//! The client-only build: components and charts, without a server.
#![recursion_limit = "512"]

fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(app::gallery::Gallery);
}
