//! Every configuration key, once: what is read, what `serve --help` prints, and what a typing error is compared with.

/// One setting. `name` is its spelling in `sightline.toml`; the environment spells it `SIGHTLINE_NAME`.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    pub name: &'static str,
    /// As it would be written; empty: none.
    pub default: &'static str,
    pub about: &'static str,
}

impl Key {
    /// The environment variable. The database's address has the name every hosting service gives it.
    pub fn variable(&self) -> String {
        match self.name {
            "database_url" => "DATABASE_URL".to_owned(),
            name => format!("SIGHTLINE_{}", name.to_uppercase()),
        }
    }
}

macro_rules! keys {
    ($($constant:ident = $name:literal, $default:literal, $about:literal;)+) => {
        $(pub const $constant: Key = Key { name: $name, default: $default, about: $about };)+

        pub const ALL: &[Key] = &[$($constant),+];
    };
}

keys! {
    DATA = "data", "./data", "folder of uploaded files, the SQLite database and the generated secret key";
    FILES = "files", "", "folder of stored files, where several servers on one Postgres share them; default DATA/files";
    LISTEN = "listen", "127.0.0.1:3000", "address and port";
    DATABASE_URL = "database_url", "", "postgres://… ; without it SQLite inside the data folder";
    SECRET_KEY = "secret_key", "", "at least 32 random bytes; made by itself on this machine only, on an empty data folder";
    SECRET_KEY_FILE = "secret_key_file", "", "file that holds the secret key";
    SECRET_KEY_COMMAND = "secret_key_command", "", "command whose first line of output is the secret key, such as one that asks a vault";
    SECRET_KEY_PREVIOUS = "secret_key_previous", "", "the secret key before this one, until `sightline key rotate` is done";
    SECRET_KEY_PREVIOUS_FILE = "secret_key_previous_file", "", "file that holds the secret key before this one";
    PUBLIC_URL = "public_url", "", "where people reach the server, such as https://bi.example.com; default http://LISTEN";
    TRUSTED_PROXIES = "trusted_proxies", "", "addresses or CIDR ranges, separated by commas, whose X-Forwarded-For is believed";
    EGRESS_DATABASES = "egress_databases", "", "private addresses or CIDR ranges, separated by commas, where databases may be connected; on this machine alone: 127.0.0.0/8";
    TLS_CERT = "tls_cert", "", "certificate chain (PEM), for https without a proxy; read again when it changes";
    TLS_KEY = "tls_key", "", "its private key (PEM)";
    WORKERS = "workers", "2", "worker processes that read files and run queries";
    QUERY_MEMORY_BYTES = "query_memory_bytes", "4294967296", "address space of a worker that runs queries";
    INGEST_MEMORY_BYTES = "ingest_memory_bytes", "1073741824", "address space of a worker that reads a file";
    QUERY_TIMEOUT_S = "query_timeout_s", "30", "longest query, seconds";
    INGEST_TIMEOUT_S = "ingest_timeout_s", "600", "longest reading of a file, seconds";
    MAX_BODY_BYTES = "max_body_bytes", "1048576", "largest JSON body";
    MAX_UPLOAD_BYTES = "max_upload_bytes", "209715200", "largest uploaded file";
    MAX_WORKSPACE_BYTES = "max_workspace_bytes", "5368709120", "stored data of one workspace";
    MAX_WORKSPACE_FILES = "max_workspace_files", "1000", "datasets of one workspace";
    MAX_USER_QUERIES = "max_user_queries", "4", "queries of one user at the same time; more wait";
    MAX_CACHE_BYTES = "max_cache_bytes", "134217728", "memory for answers that are kept";
    MAX_CONNECTIONS = "max_connections", "12000", "open connections; more get 503";
    MAX_CONNECTIONS_PER_CLIENT = "max_connections_per_client", "200", "open connections of one address that is no trusted proxy";
    SESSION_IDLE_MINUTES = "session_idle_minutes", "120", "a session ends this long after its last request";
    SESSION_HOURS = "session_hours", "12", "a session ends this long after sign-in";
    SESSION_ADMIN_HOURS = "session_admin_hours", "8", "the same for platform admins";
    EMBED_BEARER_S = "embed_bearer_s", "300", "a frame in another site asks its host for a new ticket before so many seconds are over";
    RATE_SIGN_IN_ACCOUNT = "rate_sign_in_account", "5", "sign-ins a minute for one account from one address; 0 = no limit";
    RATE_SIGN_IN_ADDRESS = "rate_sign_in_address", "20", "sign-ins a minute from one address; 0 = no limit";
    RATE_FACTOR = "rate_factor", "10", "second factors a minute for one account, from all addresses; 0 = no limit";
    RATE_RESETS_PER_HOUR = "rate_resets_per_hour", "3", "reset links an hour for one account; 0 = no limit";
    RATE_SHARE = "rate_share", "600", "requests a minute for one share link from one address; 0 = no limit";
    RATE_SHARE_WRONG = "rate_share_wrong", "20", "unknown links and wrong link passwords a minute from one address; 0 = no limit";
    RATE_EMBED = "rate_embed", "600", "requests a minute of one embed's frames from one address; 0 = no limit";
    RATE_QUERIES = "rate_queries", "600", "queries a minute for one user; 0 = no limit";
    RATE_INVITES_PER_DAY = "rate_invites_per_day", "50", "invitations a day for one user; 0 = no limit";
    METRICS_TOKEN = "metrics_token", "", "bearer that /metrics asks for, at least 16 characters; without one only this machine may read it";
    MAIL_URL = "mail_url", "", "mail server for invitations and new passwords, such as smtps://user:password@mail.example.com:465";
    MAIL_URL_FILE = "mail_url_file", "", "file that holds the address of the mail server";
    MAIL_FROM = "mail_from", "", "sender of letters, such as Sightline <bi@example.com>";
    LOG = "log", "info", "what is logged: error, warn, info, debug, or a filter such as info,services=debug";
    LOG_FORMAT = "log_format", "auto", "json, text, or auto: text on a terminal";
}

/// The text below `serve --help`.
pub fn help() -> String {
    let mut text = String::from(
        "Configuration, from the environment or from sightline.toml (the same names in lower case, without SIGHTLINE_);\n\
         the environment wins:\n",
    );
    for key in ALL {
        let default = if key.default.is_empty() {
            String::new()
        } else {
            format!(" [default: {}]", key.default)
        };
        text.push_str(&format!("  {:38} {}{default}\n", key.variable(), key.about));
    }
    text
}
