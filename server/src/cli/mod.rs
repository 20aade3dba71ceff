//! The command line: one file per command.

mod arguments;
mod audit;
mod backup;
mod doctor;
mod exit;
mod key;
mod migrate;
mod render;
mod samples;
mod serve;
mod sign_in_link;
mod sql_check;
mod token;
mod user;

use std::process::ExitCode;

use clap::Parser as _;

use arguments::{Arguments, AuditCommand, Command, KeyCommand, TokenCommand, UserCommand};
use exit::Exit;
pub use exit::chain;

/// Runs the program.
pub fn run() -> ExitCode {
    let command = Arguments::parse().command;
    // The worker comes first: it must not start a runtime before its limits are in force.
    if matches!(command, Command::Worker) {
        return engine::worker::run();
    }
    match dispatch(command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(exit) => exit.report(),
    }
}

fn dispatch(command: Command) -> Result<(), Exit> {
    match command {
        Command::Serve(arguments) => exit::block_on(serve::serve(arguments)),
        Command::Migrate(arguments) => exit::block_on(migrate::migrate(arguments)),
        Command::User(UserCommand::Create(arguments)) => exit::block_on(user::create(arguments)),
        Command::User(UserCommand::ResetLink(arguments)) => exit::block_on(user::reset_link(arguments)),
        Command::User(UserCommand::ResetFactor(arguments)) => exit::block_on(user::reset_factor(arguments)),
        Command::Token(TokenCommand::Create(arguments)) => exit::block_on(token::create(arguments)),
        Command::Audit(AuditCommand::Verify(arguments)) => exit::block_on(audit::verify(arguments)),
        Command::Key(KeyCommand::Rotate(arguments)) => exit::block_on(key::rotate(arguments)),
        Command::SignInLink(arguments) => exit::block_on(sign_in_link::print(arguments)),
        Command::Backup(arguments) => exit::block_on(backup::take(arguments)),
        Command::Restore(arguments) => exit::block_on(backup::restore(arguments)),
        Command::Doctor(arguments) => exit::block_on(doctor::examine(arguments)),
        Command::Render(arguments) => render::render(&arguments),
        Command::SqlCheck(arguments) => sql_check::check(&arguments),
        Command::Worker => Ok(()),
    }
}
