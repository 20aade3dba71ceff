//! `gallery`: the pages' components and charts as a client-only build, served without the product's server.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    path::PathBuf,
    sync::Arc,
    thread,
    time::Duration,
};

use crate::{
    build::{self, Asset, Part},
    failure::{Failure, Outcome, fail},
    files, setup, step,
    workspace::{Profile, Workspace},
};

const ADDRESS: &str = "127.0.0.1:3100";
/// The page; Trunk builds from the same file.
const PAGE: &str = "app/gallery.html";
/// Trunk sets it for its hooks.
const TRUNK_FOLDER: &str = "TRUNK_STAGING_DIR";

/// Builds the gallery into `dist/gallery` below the target folder, and serves it until interrupted.
pub fn run(workspace: &Workspace, profile: Profile, serve: bool) -> Outcome {
    let assets = assets(workspace, profile)?;
    let folder = workspace.target.join("dist").join("gallery");
    for asset in &assets {
        files::write(&folder.join(&asset.path), &asset.content)?;
    }
    step::say(&format!("built {}", folder.display()));
    if serve { listen(assets) } else { Ok(()) }
}

/// Writes the style sheet and static files where Trunk is putting its page together.
pub fn stage_for_trunk(workspace: &Workspace) -> Outcome {
    let Some(folder) = std::env::var_os(TRUNK_FOLDER).map(PathBuf::from) else {
        fail!("{TRUNK_FOLDER} is not set; Trunk calls this command by itself")
    };
    for asset in pages_files(workspace)? {
        files::write(&folder.join(&asset.path), &asset.content)?;
    }
    Ok(())
}

/// Static files, and the style sheet under the fixed name that the page links.
fn pages_files(workspace: &Workspace) -> Outcome<Vec<Asset>> {
    let mut assets = build::public_files(workspace)?;
    let style = build::style_sheet(workspace, &assets)?;
    assets.push(Asset::fixed("app.css", style.content)?);
    Ok(assets)
}

fn assets(workspace: &Workspace, profile: Profile) -> Outcome<Vec<Asset>> {
    let toolchain = setup::wasm_toolchain(workspace)?;
    let program = Part::Program {
        name: "gallery",
        features: "csr",
    };
    let module = build::compile(workspace, profile, &toolchain, "app", program)?;
    let mut assets = build::package(workspace, profile, &build::Cache::open(workspace)?, &module, "gallery")?;
    let script = assets
        .iter()
        .find(|asset| asset.name == "gallery.js")
        .map(|asset| asset.path.clone());
    let page = page(
        &files::read_text(&workspace.root.join(PAGE))?,
        &script.unwrap_or_default(),
    );
    assets.push(Asset::fixed("index.html", page.into_bytes())?);
    assets.extend(pages_files(workspace)?);
    Ok(assets)
}

/// The page without Trunk's own lines, starting our script.
fn page(source: &str, script: &str) -> String {
    let mut page: String = source
        .lines()
        .filter(|line| !line.contains("data-trunk"))
        .flat_map(|line| [line, "\n"])
        .collect();
    let start = format!("<script type=\"module\">import init from \"./{script}\"; init();</script>\n</head>");
    if let Some(at) = page.find("</head>") {
        page.replace_range(at..at + "</head>".len(), &start);
    }
    page
}

fn listen(assets: Vec<Asset>) -> Outcome {
    let listener =
        TcpListener::bind(ADDRESS).map_err(|error| Failure::new(format!("cannot listen on {ADDRESS}: {error}")))?;
    step::say(&format!("gallery at http://{ADDRESS} (Ctrl+C ends it)"));
    let assets = Arc::new(assets);
    for stream in listener.incoming().flatten() {
        let assets = Arc::clone(&assets);
        // A browser that goes away in the middle of an answer is no matter.
        thread::spawn(move || drop(answer(stream, &assets)));
    }
    Ok(())
}

fn answer(mut stream: TcpStream, assets: &[Asset]) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut request = String::new();
    BufReader::new(&stream).read_line(&mut request)?;
    let mut words = request.split_whitespace();
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or("/"));
    let found = find(assets, target);
    let (status, kind, body) = match (method, found) {
        ("GET" | "HEAD", Some(asset)) => ("200 OK", asset.content_type, asset.content.as_slice()),
        ("GET" | "HEAD", None) => ("404 Not Found", "text/plain", b"not found".as_slice()),
        _ => ("405 Method Not Allowed", "text/plain", b"only GET".as_slice()),
    };
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nCache-Control: no-cache\r\nConnection: close\r\n\r\n"
    )?;
    if method != "HEAD" {
        stream.write_all(body)?;
    }
    stream.flush()
}

/// The asset of this address. Addresses without an ending are pages, and all pages are the one document.
fn find<'a>(assets: &'a [Asset], target: &str) -> Option<&'a Asset> {
    let path = target
        .split(['?', '#'])
        .next()
        .unwrap_or_default()
        .trim_start_matches('/');
    let path = if path.rsplit('/').next().is_some_and(|name| name.contains('.')) {
        path
    } else {
        "index.html"
    };
    assets.iter().find(|asset| asset.path == path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_the_document_and_files_are_found_by_their_path() {
        let assets = [
            Asset::fixed("index.html", b"page".to_vec()).unwrap(),
            Asset::fixed("app.css", b"css".to_vec()).unwrap(),
        ];
        let name = |target: &str| find(&assets, target).map(|asset| asset.name.clone());
        assert_eq!(name("/").as_deref(), Some("index.html"));
        assert_eq!(name("/charts/bar?theme=dark").as_deref(), Some("index.html"));
        assert_eq!(name("/app.css").as_deref(), Some("app.css"));
        assert_eq!(name("/../Cargo.toml"), None);
    }

    #[test]
    fn trunks_lines_are_replaced_by_our_script() {
        let made = page(
            "<head>\n<link data-trunk rel=\"rust\">\n<title>G</title>\n</head>",
            "gallery-1.js",
        );
        assert!(!made.contains("data-trunk") && made.contains("./gallery-1.js") && made.contains("<title>G</title>"));
    }
}
