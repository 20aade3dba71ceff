//! Names that people or programs give to things. Built only by `try_from`, which also guards deserialisation.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Why a name was refused; `Display` is the public message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NameError(&'static str);

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $check:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(try_from = "String", into = "String")]
        #[schemars(with = "String")]
        pub struct $name(String);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = NameError;

            fn try_from(text: String) -> Result<Self, NameError> {
                let check: fn(String) -> Result<String, NameError> = $check;
                check(text).map(Self)
            }
        }

        impl TryFrom<&str> for $name {
            type Error = NameError;

            fn try_from(text: &str) -> Result<Self, NameError> {
                Self::try_from(text.to_owned())
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.0)
            }
        }
    };
}

name!(
    /// A machine name: of a model, table, dimension, metric, dataset or column. A letter or `_`, then letters, digits or
    /// `_` (Unicode letters are welcome), at most 120 characters.
    Identifier,
    |text| {
        let mut letters = text.chars();
        let starts_well = letters.next().is_some_and(|first| first.is_alphabetic() || first == '_');
        if !starts_well || !letters.all(|letter| letter.is_alphanumeric() || letter == '_') {
            Err(NameError("a name starts with a letter or _ and holds only letters, digits and _"))
        } else if text.chars().count() > 120 {
            Err(NameError("a name has at most 120 characters"))
        } else {
            Ok(text)
        }
    }
);

name!(
    /// A workspace's short address in URLs: lower-case ASCII letters, digits and single hyphens, 1 to 48 characters.
    Slug,
    |text| {
        let legal = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if text.is_empty() || text.len() > 48 || !legal || text.starts_with('-') || text.ends_with('-') || text.contains("--") {
            Err(NameError("an address holds 1 to 48 lower-case letters, digits and single hyphens"))
        } else {
            Ok(text)
        }
    }
);

name!(
    /// What people read: a title or label of 1 to 200 characters, trimmed, without control characters.
    Title,
    |text| {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            Err(NameError("give it a name"))
        } else if trimmed.chars().count() > 200 {
            Err(NameError("a name has at most 200 characters"))
        } else if trimmed.chars().any(char::is_control) {
            Err(NameError("a name must not hold control characters"))
        } else {
            Ok(trimmed.to_owned())
        }
    }
);

name!(
    /// An e-mail address, lower-cased and trimmed; checked for shape only (one `@`, a dot after it, at most 254 bytes).
    Email,
    |text| {
        let address = text.trim().to_lowercase();
        let shaped = address.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && domain.len() >= 3 && domain.contains('.') && !domain.contains('@') && !domain.starts_with('.') && !domain.ends_with('.')
        });
        let clean = !address.chars().any(|letter| letter.is_control() || letter.is_whitespace() || "<>\"(),:;\\".contains(letter));
        if shaped && clean && address.len() <= 254 { Ok(address) } else { Err(NameError("this is not an e-mail address")) }
    }
);

impl Slug {
    /// The nearest legal slug to a title: `"Sales, EMEA"` → `sales-emea`; nothing usable → `workspace`.
    pub fn from_title(title: &str) -> Self {
        let mut slug = String::new();
        for letter in title.chars().flat_map(char::to_lowercase) {
            if letter.is_ascii_alphanumeric() {
                slug.push(letter);
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
        }
        slug.truncate(48);
        let slug = slug.trim_matches('-');
        Self(if slug.is_empty() {
            "workspace".to_owned()
        } else {
            slug.to_owned()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_guard_their_shape() {
        assert!(Identifier::try_from("order_date").is_ok());
        assert!(Identifier::try_from("größe").is_ok());
        assert!(Identifier::try_from("1st").is_err());
        assert!(Identifier::try_from("a b").is_err());
        assert!(Slug::try_from("acme-sales").is_ok());
        assert!(Slug::try_from("-acme").is_err());
        assert_eq!(Slug::from_title("Sales, EMEA!").as_str(), "sales-emea");
        assert_eq!(Slug::from_title("売上").as_str(), "workspace");
        assert_eq!(
            Email::try_from(" Ann@Example.ORG ").map(String::from).as_deref(),
            Ok("ann@example.org")
        );
        assert!(Email::try_from("ann@localhost").is_err());
        assert!(Title::try_from("  ").is_err());
    }
}
