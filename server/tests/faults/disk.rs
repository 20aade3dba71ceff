//! X09: the disk is full.

use std::{
    fs::{self, File},
    io::Write as _,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    W,
    site::KEY,
    support::{Client, client::form, process::Running, server::PASSWORD},
};

/// Runs a command with a disk of 48 MB of its own in place of `$0`: a mount that only this process sees.
const ON_SMALL_DISK: &str = "mount -t tmpfs -o size=48m none \"$0\" && exec \"$@\"";

/// The first free words of a script that prepares an instance and then is its server.
const SCRIPT: &str = "\"$1\" user create --email ann@example.org --role admin --password-stdin --data \"$2\" >/dev/null \
                      && exec \"$1\" serve --listen 127.0.0.1:0 --data \"$2\"";

struct SmallDisk {
    server: Running,
    /// The mount, as this process sees it.
    seen: PathBuf,
    _folder: TempDir,
}

impl SmallDisk {
    fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let mount = folder.path().join("disk");
        fs::create_dir(&mount).unwrap();
        let mut command = Command::new("unshare");
        if fs::metadata("/proc/self").unwrap().uid() != 0 {
            command.arg("--map-root-user");
        }
        command
            .args(["--mount", "sh", "-c", ON_SMALL_DISK])
            .arg(&mount)
            .args(["sh", "-c", SCRIPT, "sh"])
            .arg(env!("CARGO_BIN_EXE_sightline"))
            .arg(mount.join("data"))
            .env_remove("DATABASE_URL")
            .env("SIGHTLINE_SECRET_KEY", KEY)
            .stderr(File::create(folder.path().join("log")).unwrap());
        let server = Running::spawn_with_input(&mut command, &format!("{PASSWORD}\n"));
        let seen = PathBuf::from(format!("/proc/{}/root", server.id())).join(mount.strip_prefix("/").unwrap());
        Self {
            server,
            seen,
            _folder: folder,
        }
    }

    /// Until not a byte fits.
    fn fill(&self) -> PathBuf {
        let ballast = self.seen.join("ballast");
        let mut file = File::create(&ballast).unwrap();
        let mut block = vec![7; 1 << 20];
        while !block.is_empty() {
            while file.write_all(&block).is_ok() {}
            block.truncate(block.len() / 2);
        }
        ballast
    }
}

async fn upload(client: &Client, name: &str) -> crate::support::Reply {
    let rows: String = (0..20_000).map(|row| format!("{row},{}\n", row * 7)).collect();
    let body = form(name, format!("a,b\n{rows}").as_bytes(), None);
    let kind = Some("multipart/form-data; boundary=edge");
    client
        .send(http::Method::POST, &format!("{W}/datasets"), kind, body)
        .await
}

/// Refused with words: 507 where a file did not fit, 503 where the database could not write.
fn refused(reply: crate::support::Reply) {
    let status = reply.status.as_u16();
    assert!([503, 507].contains(&status), "{status}: {}", reply.text());
    assert!(reply.json()["error"]["message"].is_string());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_writes_goes_on_reading_and_recovers() {
    let disk = SmallDisk::start();
    let visitor = Client::new(disk.server.address).with("origin", &format!("http://{}", disk.server.address));
    let credentials = json!({"email": "ann@example.org", "password": PASSWORD});
    let reply = visitor.post("/api/v1/session", &credentials).await;
    let ann = visitor.with("cookie", &crate::support::server::cookie(&reply));
    ann.post("/api/v1/workspaces", &json!({"title": "Acme"}))
        .await
        .expect(201);
    let dataset = upload(&ann, "first.csv").await.expect(201);
    let rows = format!("{W}/datasets/{}/rows?limit=5", dataset["id"].as_str().unwrap());
    let create = json!({"title": "Sales", "dataset": dataset["id"]});
    ann.post(&format!("{W}/dashboards"), &create).await.expect(201);

    let ballast = disk.fill();
    refused(upload(&ann, "second.csv").await);
    let mut refusals = 0;
    for number in 0..200 {
        let made = ann
            .post(&format!("{W}/folders"), &json!({"title": format!("F{number}")}))
            .await;
        if made.status != 201 {
            refused(made);
            refusals += 1;
        }
    }
    assert!(refusals > 0, "the database still found room");
    assert_eq!(ann.get(&rows).await.expect(200)["total"], 20_000);
    assert_eq!(ann.get("/healthz").await.status, 200);
    let kept: Value = ann.get(&format!("{W}/folders")).await.expect(200);

    fs::remove_file(Path::new(&ballast)).unwrap();
    let freed = Instant::now();
    while ann
        .post(&format!("{W}/folders"), &json!({"title": "After"}))
        .await
        .status
        != 201
    {
        assert!(
            freed.elapsed() < Duration::from_secs(5),
            "still full after {:?}",
            freed.elapsed()
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    upload(&ann, "third.csv").await.expect(201);
    let folders = ann.get(&format!("{W}/folders")).await.expect(200);
    let count = |folders: &Value| folders.as_array().or(folders["items"].as_array()).unwrap().len();
    assert_eq!(count(&folders), count(&kept) + 1);
}
