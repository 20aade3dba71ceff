use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    str::FromStr,
};

use super::{
    ConfigError,
    key::{self, Key},
};

/// Where settings are looked up: the environment first, then `sightline.toml`.
#[derive(Clone, Debug, Default)]
pub struct Source {
    environment: BTreeMap<String, String>,
    file: BTreeMap<String, String>,
}

impl Source {
    /// Reads the process's environment, and the file named by `SIGHTLINE_CONFIG` or `./sightline.toml` if it is there.
    ///
    /// # Errors
    /// When a named file is missing, the file is no TOML, or it holds a key that does not exist.
    pub fn read() -> Result<Self, ConfigError> {
        let environment: BTreeMap<String, String> = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .filter(|(name, _)| name.starts_with("SIGHTLINE_") || name == "DATABASE_URL")
            .collect();
        let named = environment.get("SIGHTLINE_CONFIG").map(PathBuf::from);
        let path = named.clone().unwrap_or_else(|| PathBuf::from("sightline.toml"));
        let file = if named.is_some() || path.is_file() {
            read_file(&path)?
        } else {
            BTreeMap::new()
        };
        Ok(Self { environment, file })
    }

    /// From pairs as the environment would have them; for tests.
    pub fn from_environment(pairs: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        let environment = pairs
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        Self {
            environment,
            file: BTreeMap::new(),
        }
    }

    /// The text given for a key; an empty text counts as not given.
    pub fn given(&self, key: &Key) -> Option<&str> {
        let environment = self
            .environment
            .get(&key.variable())
            .filter(|text| !text.trim().is_empty());
        environment
            .or_else(|| self.file.get(key.name))
            .map(|text| text.trim())
            .filter(|text| !text.is_empty())
    }

    /// The text given for a key, or its default.
    pub fn text<'a>(&'a self, key: &'a Key) -> &'a str {
        self.given(key).unwrap_or(key.default)
    }

    /// # Errors
    /// When the text cannot be read as `T`.
    pub fn parse<T: FromStr>(&self, key: &Key, expected: &str) -> Result<T, ConfigError> {
        let text = self.text(key);
        text.parse()
            .map_err(|_| ConfigError::value(key, format!("`{text}` is not {expected}")))
    }

    /// A whole number in a range.
    ///
    /// # Errors
    /// When it is none, or outside the range.
    pub fn number(&self, key: &Key, range: std::ops::RangeInclusive<u32>) -> Result<u32, ConfigError> {
        let number: u32 = self.parse(key, "a whole number")?;
        if range.contains(&number) {
            Ok(number)
        } else {
            Err(ConfigError::value(
                key,
                format!("{number} is not between {} and {}", range.start(), range.end()),
            ))
        }
    }
}

impl Source {
    /// A number of bytes, at least one.
    ///
    /// # Errors
    /// When it is none.
    pub fn bytes(&self, key: &Key) -> Result<u64, ConfigError> {
        match self.parse(key, "a number of bytes")? {
            0 => Err(ConfigError::value(key, "0 bytes leave no room for anything")),
            bytes => Ok(bytes),
        }
    }
}

fn read_file(path: &Path) -> Result<BTreeMap<String, String>, ConfigError> {
    let wrong = |problem: String| ConfigError::File {
        file: path.to_owned(),
        problem,
    };
    let text = fs::read_to_string(path).map_err(|error| wrong(format!("cannot be read ({})", error.kind())))?;
    let table: toml::Table = text
        .parse()
        .map_err(|error: toml::de::Error| wrong(error.message().to_owned()))?;
    let mut settings = BTreeMap::new();
    for (name, value) in table {
        if !key::ALL.iter().any(|key| key.name == name) {
            return Err(wrong(format!(
                "there is no setting `{name}`; `sightline serve --help` lists them all"
            )));
        }
        let text = match value {
            toml::Value::String(text) => text,
            toml::Value::Integer(number) => number.to_string(),
            toml::Value::Boolean(truth) => truth.to_string(),
            toml::Value::Array(list) => {
                let texts: Option<Vec<&str>> = list.iter().map(toml::Value::as_str).collect();
                texts
                    .ok_or_else(|| wrong(format!("`{name}` must be a list of texts")))?
                    .join(",")
            }
            toml::Value::Float(_) | toml::Value::Datetime(_) | toml::Value::Table(_) => {
                return Err(wrong(format!("`{name}` must be a text or a whole number")));
            }
        };
        settings.insert(name, text);
    }
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> Result<BTreeMap<String, String>, ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sightline.toml");
        fs::write(&path, text).unwrap();
        read_file(&path)
    }

    #[test]
    fn a_file_holds_known_keys_only() {
        let settings =
            file("listen = \"127.0.0.1:4000\"\nworkers = 3\ntrusted_proxies = [\"10.0.0.1\", \"10.1.0.0/16\"]")
                .unwrap();
        assert_eq!(settings["workers"], "3");
        assert_eq!(settings["trusted_proxies"], "10.0.0.1,10.1.0.0/16");
        assert!(
            file("lissen = \"x\"")
                .unwrap_err()
                .to_string()
                .contains("no setting `lissen`")
        );
        assert!(!file("= =").unwrap_err().to_string().contains('\n'));
    }

    #[test]
    fn the_environment_wins_and_empty_means_not_given() {
        let mut source = Source::from_environment([
            ("SIGHTLINE_WORKERS", "4".to_owned()),
            ("SIGHTLINE_LISTEN", " ".to_owned()),
        ]);
        source.file.insert("workers".to_owned(), "3".to_owned());
        source.file.insert("listen".to_owned(), "[::1]:1".to_owned());
        assert_eq!(source.text(&key::WORKERS), "4");
        assert_eq!(source.text(&key::LISTEN), "[::1]:1");
        assert!(source.number(&key::WORKERS, 1..=2).is_err());
    }
}
