//! Where the programs of a MariaDB server are.

use std::path::PathBuf;

use crate::process;

#[derive(Clone, Debug)]
pub struct MariaDbPrograms {
    pub install_db: PathBuf,
    pub server: PathBuf,
    pub client: PathBuf,
    /// Prints the system's time zones as statements.
    pub zones: PathBuf,
}

/// In `PATH`, or where Debian has servers.
pub fn find() -> Option<MariaDbPrograms> {
    let server = PathBuf::from("/usr/sbin/mariadbd");
    Some(MariaDbPrograms {
        install_db: process::find_program("mariadb-install-db")?,
        server: process::find_program("mariadbd").or_else(|| Some(server).filter(|path| path.is_file()))?,
        client: process::find_program("mariadb")?,
        zones: process::find_program("mariadb-tzinfo-to-sql")?,
    })
}
