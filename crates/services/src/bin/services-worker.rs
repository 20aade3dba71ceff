//! The engine's worker alone, for this crate's tests: they run real loads and queries without the server binary.

fn main() -> std::process::ExitCode {
    engine::worker::run()
}
