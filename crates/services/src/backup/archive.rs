//! The tar file: written member by member under a name that says it is not whole yet, and read back checked.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, BufWriter, Read, Write as _},
    path::{Path, PathBuf},
};

use engine::ObjectKey;
use sha2::{Digest, Sha256};

use super::{
    BackupError,
    manifest::{FORMAT, Manifest, Member},
};
use crate::secrets::hex;

const MANIFEST: &str = "manifest.json";
/// Bytes of a manifest that are read: some hundred thousand stored files. A longer one is cut and does not fit.
const LONGEST_MANIFEST: u64 = 64 << 20;

/// An archive under way.
pub struct Writer {
    partial: PathBuf,
    file: PathBuf,
    tar: tar::Builder<BufWriter<File>>,
    members: BTreeMap<String, Member>,
}

impl Writer {
    /// # Errors
    /// When `file` is there already or its folder cannot be written.
    pub fn create(file: &Path) -> Result<Self, BackupError> {
        if file.exists() {
            return Err(BackupError::Exists(file.to_owned()));
        }
        let mut partial = file.as_os_str().to_owned();
        partial.push(".partial");
        let partial = PathBuf::from(partial);
        let made = File::create(&partial).map_err(BackupError::file(&partial))?;
        Ok(Self {
            tar: tar::Builder::new(BufWriter::new(made)),
            partial,
            file: file.to_owned(),
            members: BTreeMap::new(),
        })
    }

    /// The file while it is not whole.
    pub fn partial(&self) -> &Path {
        &self.partial
    }

    /// Adds the whole of an open file under this name.
    pub fn add(&mut self, name: String, mut content: File) -> Result<(), BackupError> {
        let bytes = content.metadata().map_err(BackupError::file(&name))?.len();
        let mut header = header(bytes);
        let mut counted = Hashing::new(&mut content);
        self.tar
            .append_data(&mut header, &name, &mut counted)
            .map_err(BackupError::file(&self.partial))?;
        let member = Member {
            bytes,
            sha256: counted.hex(),
        };
        self.members.insert(name, member);
        Ok(())
    }

    /// Adds the manifest, syncs, and gives the archive its name.
    pub fn finish(mut self, manifest: Manifest) -> Result<Manifest, BackupError> {
        let manifest = Manifest {
            members: std::mem::take(&mut self.members),
            ..manifest
        };
        let text = serde_json::to_vec_pretty(&manifest)
            .map_err(|error| BackupError::Damaged(format!("{MANIFEST}: {error}")))?;
        let failed = || BackupError::file(self.partial.clone());
        let mut header = header(text.len() as u64);
        self.tar
            .append_data(&mut header, MANIFEST, text.as_slice())
            .map_err(failed())?;
        let mut file = self.tar.into_inner().map_err(BackupError::file(&self.partial))?;
        file.flush().map_err(BackupError::file(&self.partial))?;
        file.get_ref().sync_all().map_err(BackupError::file(&self.partial))?;
        fs::rename(&self.partial, &self.file).map_err(BackupError::file(&self.file))?;
        if let Some(folder) = self.file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            let synced = File::open(folder).and_then(|folder| folder.sync_all());
            synced.map_err(BackupError::file(folder))?;
        }
        Ok(manifest)
    }
}

fn header(bytes: u64) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes);
    header.set_mode(0o600);
    header
}

/// An archive unpacked into a folder, every member checked against the manifest.
#[derive(Debug)]
pub struct Unpacked {
    pub manifest: Manifest,
    folder: PathBuf,
}

impl Unpacked {
    /// Where the rows of a table lie; `None` when the archive has none of it.
    pub fn rows(&self, table: &str) -> Option<PathBuf> {
        let name = rows_name(table);
        self.manifest
            .members
            .contains_key(&name)
            .then(|| self.folder.join(local_name(&name)))
    }

    /// The stored objects, and where each lies.
    pub fn objects(&self) -> Vec<(ObjectKey, PathBuf)> {
        let members = self.manifest.members.keys();
        members
            .filter_map(|name| Some((object_key(name)?, self.folder.join(local_name(name)))))
            .collect()
    }
}

/// Name of the member with a table's rows.
pub fn rows_name(table: &str) -> String {
    format!("metadata/{table}.ndjson")
}

/// Name of the member with an object.
pub fn object_name(key: &ObjectKey) -> String {
    format!("files/{key}")
}

fn object_key(name: &str) -> Option<ObjectKey> {
    ObjectKey::parse(name.strip_prefix("files/")?)
}

/// A member's name as that of one file: nothing in an archive says where on this machine it is written.
fn local_name(name: &str) -> String {
    name.replace('/', "!")
}

/// Unpacks into `folder`, which is made.
///
/// # Errors
/// When the file cannot be read or a member is missing, unknown, of another length or another content than the manifest says.
pub fn unpack(file: &Path, folder: &Path, tables: &[&str]) -> Result<Unpacked, BackupError> {
    fs::create_dir_all(folder).map_err(BackupError::file(folder))?;
    let archive = File::open(file).map_err(BackupError::file(file))?;
    let mut archive = tar::Archive::new(io::BufReader::new(archive));
    let (mut found, mut manifest) = (BTreeMap::new(), None);
    for entry in archive.entries().map_err(|error| damaged(&error))? {
        let mut entry = entry.map_err(|error| damaged(&error))?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        if !entry.header().entry_type().is_file() || manifest.is_some() {
            return Err(BackupError::Damaged(format!("{name} does not belong here")));
        }
        if name == MANIFEST {
            let mut text = String::new();
            let mut bounded = entry.by_ref().take(LONGEST_MANIFEST);
            bounded.read_to_string(&mut text).map_err(|error| damaged(&error))?;
            let read: Manifest =
                serde_json::from_str(&text).map_err(|error| BackupError::Damaged(format!("{MANIFEST}: {error}")))?;
            manifest = Some(read);
            continue;
        }
        let is_known = object_key(&name).is_some() || tables.iter().any(|table| rows_name(table) == name);
        if !is_known {
            return Err(BackupError::Damaged(format!("{name} is none of its parts")));
        }
        let target = folder.join(local_name(&name));
        let mut out = File::create(&target).map_err(BackupError::file(&target))?;
        let mut counted = Hashing::new(&mut entry);
        let bytes = io::copy(&mut counted, &mut out).map_err(BackupError::file(&target))?;
        let sha256 = counted.hex();
        found.insert(name, Member { bytes, sha256 });
    }
    let manifest = manifest.ok_or_else(|| BackupError::Damaged("it ends before its manifest".to_owned()))?;
    if manifest.format != FORMAT {
        return Err(BackupError::OtherVersion(manifest.version));
    }
    if let Some((name, _)) = manifest
        .members
        .iter()
        .find(|(name, member)| found.get(*name) != Some(*member))
    {
        return Err(BackupError::Damaged(format!("{name} is not as it was written")));
    }
    if found.len() != manifest.members.len() {
        return Err(BackupError::Damaged(
            "it has parts its manifest does not name".to_owned(),
        ));
    }
    Ok(Unpacked {
        manifest,
        folder: folder.to_owned(),
    })
}

fn damaged(error: &io::Error) -> BackupError {
    BackupError::Damaged(error.to_string())
}

/// Hashes what is read through it.
struct Hashing<'a, R> {
    inner: &'a mut R,
    hash: Sha256,
}

impl<'a, R: Read> Hashing<'a, R> {
    fn new(inner: &'a mut R) -> Self {
        Self {
            inner,
            hash: Sha256::new(),
        }
    }

    fn hex(self) -> String {
        hex(&self.hash.finalize())
    }
}

impl<R: Read> Read for Hashing<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hash.update(buffer.get(..read).unwrap_or_default());
        Ok(read)
    }
}
