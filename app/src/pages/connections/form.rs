//! What a connection needs, typed or uploaded; tried out before it is kept.

use leptos::{html, prelude::*};
use send_wrapper::SendWrapper;
use shared::{
    AppError,
    connection::{
        Connection, ConnectionFound, ConnectionInput, ConnectionKind, ConnectionOptions, DatabaseFile, ServerInput,
        SqliteInput, TlsMode,
    },
    ids::ConnectionId,
};

use crate::{
    WireError, browser,
    components::{Field, FormProblem, Notice, NoticeKind},
    contexts::use_confirmation,
    pages::datasets::send_file,
    server_fns::connection::{save_connection, test_connection},
};

const TLS: [(TlsMode, &str, &str); 3] = [
    (TlsMode::Verify, "verify", "Encrypted, and the server proves who it is"),
    (TlsMode::Encrypt, "encrypt", "Encrypted, whoever answers"),
    (TlsMode::Off, "off", "Not encrypted"),
];

/// What is in the fields.
#[derive(Clone, Copy)]
struct Fields {
    kind: RwSignal<ConnectionKind>,
    name: RwSignal<String>,
    host: RwSignal<String>,
    port: RwSignal<String>,
    database: RwSignal<String>,
    user: RwSignal<String>,
    password: RwSignal<String>,
    tls: RwSignal<TlsMode>,
    certificate: RwSignal<String>,
    file: RwSignal<Option<DatabaseFile>>,
}

impl Fields {
    fn new(connection: Option<&Connection>) -> Self {
        let text = |text: &str| RwSignal::new(text.to_owned());
        let fields = Self {
            kind: RwSignal::new(connection.map_or(ConnectionKind::Postgres, |connection| connection.options.kind())),
            name: text(connection.map_or("", |connection| &connection.name)),
            host: text(""),
            port: text(""),
            database: text(""),
            user: text(""),
            password: text(""),
            tls: RwSignal::new(TlsMode::Verify),
            certificate: text(""),
            file: RwSignal::new(None),
        };
        match connection.map(|connection| connection.options.clone()) {
            Some(ConnectionOptions::Postgres(server) | ConnectionOptions::Mysql(server)) => {
                fields.host.set(server.host);
                fields.port.set(server.port.to_string());
                fields.database.set(server.database);
                fields.user.set(server.user);
                fields.tls.set(server.tls);
                fields.certificate.set(server.certificate.unwrap_or_default());
            }
            Some(ConnectionOptions::Sqlite { file, file_name, bytes }) => {
                fields.file.set(Some(DatabaseFile { file, file_name, bytes }))
            }
            None => {}
        }
        fields
    }

    /// What was typed about a server.
    fn server(self, name: String) -> Result<ServerInput, WireError> {
        let given = |text: String| Some(text).filter(|text| !text.trim().is_empty());
        let port = given(self.port.get_untracked()).map(|port| port.trim().parse());
        let port = port.transpose();
        Ok(ServerInput {
            name,
            host: self.host.get_untracked().trim().to_owned(),
            port: port.map_err(|_| AppError::invalid("port", "A port is a number from 1 to 65535."))?,
            database: self.database.get_untracked().trim().to_owned(),
            user: self.user.get_untracked().trim().to_owned(),
            password: given(self.password.get_untracked()),
            tls: self.tls.get_untracked(),
            certificate: given(self.certificate.get_untracked()),
        })
    }

    fn input(self) -> Result<ConnectionInput, WireError> {
        let name = self.name.get_untracked().trim().to_owned();
        match self.kind.get_untracked() {
            ConnectionKind::Postgres => Ok(ConnectionInput::Postgres(self.server(name)?)),
            ConnectionKind::Mysql => Ok(ConnectionInput::Mysql(self.server(name)?)),
            ConnectionKind::Sqlite => {
                let file = self.file.get_untracked().map(|file| file.file);
                Ok(ConnectionInput::Sqlite(SqliteInput { name, file }))
            }
        }
    }
}

/// Makes a connection, or changes `connection`.
#[component]
pub fn ConnectionForm(
    workspace: Memo<String>,
    #[prop(optional)] connection: Option<Connection>,
    on_saved: Callback<Connection>,
) -> impl IntoView {
    let confirmation = use_confirmation();
    let id: Option<ConnectionId> = connection.as_ref().map(|connection| connection.id);
    let has_password = connection.as_ref().is_some_and(|connection| connection.has_password);
    let fields = Fields::new(connection.as_ref());
    let problem = RwSignal::new(None::<WireError>);
    let found = RwSignal::new(None::<ConnectionFound>);
    let test = browser::action(move |(): &()| {
        problem.set(None);
        found.set(None);
        let (slug, input) = (workspace.get_untracked(), fields.input());
        async move {
            let answer = match input {
                Ok(input) => test_connection(slug, id, input).await,
                Err(error) => Err(error),
            };
            match answer {
                Ok(there) => found.set(Some(there)),
                Err(error) => problem.set(Some(error)),
            }
        }
    });
    let save = browser::action(move |(): &()| {
        problem.set(None);
        let (slug, input) = (workspace.get_untracked(), fields.input());
        async move {
            let saved = match input {
                Ok(input) => {
                    confirmation
                        .run(|| save_connection(slug.clone(), id, input.clone()))
                        .await
                }
                Err(error) => Err(error),
            };
            match saved {
                Ok(connection) => on_saved.run(connection),
                Err(error) => problem.set(Some(error)),
            }
        }
    });
    let busy = move || test.pending().get() || save.pending().get();
    view! {
        <form class="stack" method="post" on:submit=move |event| { event.prevent_default(); save.dispatch(()); }>
            {id.is_none().then(|| view! { <KindChoice kind=fields.kind /> })}
            <Field label="Name" hint="What models call it.">
                <input class="input" name="connection-name" required=true autocomplete="off" prop:value=fields.name on:input=move |event| fields.name.set(event_target_value(&event)) />
            </Field>
            {move || match fields.kind.get() {
                ConnectionKind::Postgres | ConnectionKind::Mysql => view! { <ServerFields fields=fields has_password=has_password /> }.into_any(),
                ConnectionKind::Sqlite => view! { <FileField workspace=workspace file=fields.file problem=problem name=fields.name /> }.into_any(),
            }}
            <FormProblem problem=problem />
            {move || found.get().map(|found| view! { <Found found=found /> })}
            <div class="row">
                <button class="button button--primary" type="submit" disabled=busy>{move || if save.pending().get() { "Trying it out …" } else if id.is_some() { "Save" } else { "Connect" }}</button>
                <button class="button" type="button" disabled=busy on:click=move |_| { test.dispatch(()); }>{move || if test.pending().get() { "Trying it out …" } else { "Try it out" }}</button>
            </div>
        </form>
    }
}

#[component]
fn KindChoice(kind: RwSignal<ConnectionKind>) -> impl IntoView {
    view! {
        <fieldset class="kinds" aria-label="Kind of database">
            {ConnectionKind::ALL
                .map(|each| {
                    view! {
                        <label class="kinds__one">
                            <input type="radio" name="connection-kind" prop:checked=move || kind.get() == each on:change=move |_| kind.set(each) />
                            <span>{each.label()}</span>
                        </label>
                    }
                })}
        </fieldset>
    }
}

#[component]
fn ServerFields(fields: Fields, has_password: bool) -> impl IntoView {
    let text = |label: &'static str, name: &'static str, value: RwSignal<String>| {
        view! {
            <Field label=label><input class="input" name=name required=true autocomplete="off" spellcheck="false" prop:value=value on:input=move |event| value.set(event_target_value(&event)) /></Field>
        }
    };
    let usual_port = move || fields.kind.get().port().map(|port| port.to_string());
    let hint = if has_password {
        "Left empty, the one that is kept goes on, as long as host, port, user and encryption stay."
    } else {
        "Kept sealed; it is never shown again."
    };
    view! {
        <div class="host-and-port">{text("Host", "host", fields.host)}
            <Field label="Port"><input class="input" name="port" inputmode="numeric" autocomplete="off" placeholder=usual_port prop:value=fields.port on:input=move |event| fields.port.set(event_target_value(&event)) /></Field>
        </div>
        {text("Database", "database", fields.database)}
        {text("User", "user", fields.user)}
        <Field label="Password" hint=hint><input class="input" name="password" type="password" autocomplete="new-password" prop:value=fields.password on:input=move |event| fields.password.set(event_target_value(&event)) /></Field>
        <Field label="Encryption">
            <select class="input" name="tls" on:change=move |event| { let chosen = event_target_value(&event); if let Some((mode, ..)) = TLS.iter().find(|(_, value, _)| *value == chosen) { fields.tls.set(*mode); } }>
                {TLS.map(|(mode, value, words)| view! { <option value=value selected=move || fields.tls.get() == mode>{words}</option> })}
            </select>
        </Field>
        {move || {
            (fields.tls.get() == TlsMode::Verify)
                .then(|| {
                    view! {
                        <details class="stack">
                            <summary>"The server's certificate is signed by an authority of our own"</summary>
                            <Field label="Certificate of the authority (PEM)"><textarea class="input" name="certificate" rows="5" spellcheck="false" prop:value=fields.certificate on:input=move |event| fields.certificate.set(event_target_value(&event))></textarea></Field>
                        </details>
                    }
                })
        }}
    }
}

#[component]
fn FileField(
    workspace: Memo<String>,
    file: RwSignal<Option<DatabaseFile>>,
    problem: RwSignal<Option<WireError>>,
    name: RwSignal<String>,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let sent = RwSignal::new(None::<f64>);
    let take = move |chosen: web_sys::File| {
        problem.set(None);
        file.set(None);
        sent.set(Some(0.0));
        let chosen = SendWrapper::new(chosen);
        let address = format!("/api/v1/workspaces/{}/connections/files", workspace.get_untracked());
        let started = send_file(
            &address,
            &chosen,
            move |done, total| sent.set(Some(if total > 0.0 { done / total } else { 0.0 })),
            move |answer: Result<DatabaseFile, WireError>| {
                sent.set(None);
                match answer {
                    Ok(received) => {
                        if name.get_untracked().is_empty() {
                            let stem = received.file_name.rsplit_once('.').map_or("", |(stem, _)| stem);
                            name.set(stem.to_owned());
                        }
                        file.set(Some(received));
                    }
                    Err(error) => problem.set(Some(error)),
                }
            },
        );
        if let Err(error) = started {
            sent.set(None);
            problem.set(Some(error));
        }
    };
    view! {
        <Field label="Database file" hint="A SQLite file: .sqlite, .sqlite3, .db or .db3.">
            <input
                class="input"
                type="file"
                name="database-file"
                accept=".sqlite,.sqlite3,.db,.db3"
                node_ref=input
                on:change=move |_| {
                    if let Some(chosen) = input.get_untracked().and_then(|input| input.files()).and_then(|files| files.get(0)) {
                        take(chosen);
                    }
                }
            />
        </Field>
        {move || sent.get().map(|part| view! { <p class="muted" role="status">{format!("Sending, {:.0} %", part * 100.0)}</p> })}
        {move || file.get().map(|file| view! { <p class="muted" role="status">{format!("{} is ready.", file.file_name)}</p> })}
    }
}

#[component]
fn Found(found: ConnectionFound) -> impl IntoView {
    view! {
        <Notice kind=NoticeKind::Good>
            <span class="notice__title">{format!("It works: {}, {} tables, answered in {} ms.", found.server, found.tables, found.millis)}</span>
            {found.can_write.then(|| view! { <span>"This user may change data. Sightline never does, but a user who can only read is safer."</span> })}
        </Notice>
    }
}
