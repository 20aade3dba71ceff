//! The worker alone, for tests and benches of crates that run queries without the server binary.

fn main() -> std::process::ExitCode {
    engine::worker::run()
}
