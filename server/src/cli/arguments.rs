use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::config::key;

/// Business intelligence in one program.
#[derive(Debug, Parser)]
#[command(name = "sightline", version, about, propagate_version = true)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start the server.
    #[command(after_long_help = key::help(), after_help = "`sightline serve --help` lists every configuration key.")]
    Serve(ServeArguments),
    /// Bring the database's schema up to date and exit.
    Migrate(DataArguments),
    /// People.
    #[command(subcommand)]
    User(UserCommand),
    /// API tokens.
    #[command(subcommand)]
    Token(TokenCommand),
    /// Write everything an instance holds, but its secret key, into one file; the server may go on serving.
    Backup(BackupArguments),
    /// Load a backup into an instance without people, while no server runs on it.
    Restore(RestoreArguments),
    /// Check configuration, database, files and keys, and say what to do.
    Doctor(DataArguments),
    /// The log of who did what.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// The secret key.
    #[command(subcommand)]
    Key(KeyCommand),
    /// Draw a Vega-Lite specification; needs no server and no database.
    Render(RenderArguments),
    /// Say whether the SQL on standard input would be sent to a database, and as what; needs no server and no database.
    SqlCheck(SqlCheckArguments),
    /// Print a link that signs a user in, once, within 5 minutes.
    #[command(hide = true)]
    SignInLink(EmailArguments),
    /// Read files and run queries for a server; started by it.
    #[command(hide = true)]
    Worker,
}

#[derive(Debug, Args)]
pub struct ServeArguments {
    #[command(flatten)]
    pub data: DataArguments,
    /// Address and port [default: 127.0.0.1:3000].
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<String>,
    /// Add the sample workspace, on an empty data folder.
    #[arg(long)]
    pub demo: bool,
}

#[derive(Clone, Debug, Args)]
pub struct DataArguments {
    /// Folder of files, the SQLite database and the generated key [default: ./data].
    #[arg(long = "data", value_name = "DIR")]
    pub data: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Wrap all data keys under the secret key that is set now; the one before is set as SIGHTLINE_SECRET_KEY_PREVIOUS_FILE.
    /// Servers may go on serving; killed halfway, it is run again.
    Rotate(DataArguments),
}

#[derive(Debug, Args)]
pub struct BackupArguments {
    #[command(flatten)]
    pub data: DataArguments,
    /// The file to write; it must not be there yet.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

#[derive(Debug, Args)]
pub struct RestoreArguments {
    #[command(flatten)]
    pub data: DataArguments,
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Go on under another secret key than the backup was made under; what that key protects is lost.
    #[arg(long)]
    pub other_key: bool,
}

#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Create a user from the console of the server's owner.
    Create(UserArguments),
    /// Print a link that sets a user's password, once, within 24 hours.
    ResetLink(EmailArguments),
    /// Take the second factors from a user who lost them, and sign them out everywhere.
    ResetFactor(EmailArguments),
}

/// One person, by their address.
#[derive(Debug, Args)]
pub struct EmailArguments {
    #[command(flatten)]
    pub data: DataArguments,
    #[arg(long)]
    pub email: String,
}

#[derive(Debug, Args)]
pub struct UserArguments {
    #[command(flatten)]
    pub data: DataArguments,
    #[arg(long)]
    pub email: String,
    /// What others read [default: the part of the address before the @].
    #[arg(long)]
    pub name: Option<String>,
    /// admin, analyst, executive or developer.
    #[arg(long, default_value = "analyst")]
    pub role: String,
    /// Read the password from standard input (its first line).
    #[arg(long, required = true)]
    pub password_stdin: bool,
}

#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Print a new API token, once.
    Create(TokenArguments),
}

#[derive(Debug, Args)]
pub struct TokenArguments {
    #[command(flatten)]
    pub data: DataArguments,
    #[arg(long)]
    pub email: String,
    #[arg(long)]
    pub name: String,
    /// Such as 12h, 30d, 52w.
    #[arg(long, default_value = "90d")]
    pub expires: String,
    /// read, write, share or manage; may be given several times, or separated by commas [default: read].
    #[arg(long, value_delimiter = ',')]
    pub scope: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Read the whole audit log again and say whether it is as it was written; exit code 5 when it is not.
    Verify(AuditVerifyArguments),
}

#[derive(Debug, Args)]
pub struct AuditVerifyArguments {
    #[command(flatten)]
    pub data: DataArguments,
    /// An end of the log that the server has written to its log stream (`v1.…`); may be given several times.
    #[arg(long, value_name = "TEXT")]
    pub checkpoint: Vec<String>,
    /// A kept log of the server; every checkpoint in it is compared. May be given several times.
    #[arg(long, value_name = "FILE")]
    pub log: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub struct RenderArguments {
    #[arg(value_name = "SPEC.vl.json")]
    pub specification: PathBuf,
    /// The picture to write; its ending says the format: svg, png or pdf.
    #[arg(long, value_name = "FILE", required_unless_present = "bench")]
    pub out: Option<PathBuf>,
    /// Pixels per CSS pixel, from 0.1 to 10; for png [default: 1].
    #[arg(long, value_name = "N")]
    pub scale: Option<f64>,
    /// The folder that relative `data.url` are read from.
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Draw so many times in this process, in the format of --out or else as svg, and print the median and the 95th percentile,
    /// in microseconds.
    #[arg(long, value_name = "N")]
    pub bench: Option<u32>,
}

#[derive(Debug, Args)]
pub struct SqlCheckArguments {
    #[arg(long, value_enum, default_value = "postgres")]
    pub dialect: SqlDialectArgument,
    /// A table that may be read, as schema.table or table; once for each [default: all but those of the system].
    #[arg(long = "table", value_name = "TABLE")]
    pub tables: Vec<String>,
    /// Rows of the answer.
    #[arg(long, value_name = "N", default_value = "1000")]
    pub limit: u32,
    /// One scalar expression of a model instead of a query.
    #[arg(long)]
    pub expression: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum SqlDialectArgument {
    Postgres,
    Mysql,
    Sqlite,
    Duckdb,
}
