use chrono::{DateTime, Utc};

/// A letter in plain words: links in it are seen before they are followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub subject: String,
    pub text: String,
}

/// Characters of a name in a letter.
const LONGEST_NAME: usize = 80;

impl Letter {
    /// To somebody who is to join a workspace.
    pub fn invitation(inviter: &str, workspace: &str, url: &str, expires_at: DateTime<Utc>) -> Self {
        let (inviter, workspace) = (one_line(inviter), one_line(workspace));
        Self {
            subject: format!("{inviter} invites you to {workspace}"),
            text: format!(
                "{inviter} invites you to the workspace “{workspace}” in Sightline.\n\n\
                 Open this link to join. It works once, until {}:\n\n{url}\n\n\
                 If you expected no invitation, you need do nothing.\n",
                day(expires_at)
            ),
        }
    }

    /// To somebody who asked for a new password.
    pub fn new_password(url: &str, expires_at: DateTime<Utc>) -> Self {
        Self {
            subject: "Set a new password".to_owned(),
            text: format!(
                "Somebody, probably you, asked for a new password for your Sightline account.\n\n\
                 Open this link to set it. It works once, until {}:\n\n{url}\n\n\
                 If it was not you, you need do nothing: your password stays as it is.\n",
                day(expires_at)
            ),
        }
    }
}

fn day(at: DateTime<Utc>) -> String {
    at.format("%-d %B %Y, %H:%M UTC").to_string()
}

/// What people call themselves, without what could pass for another line of the letter.
fn one_line(name: &str) -> String {
    let plain = name
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter });
    plain.take(LONGEST_NAME).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_adds_no_line() {
        let at = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        let letter = Letter::invitation(
            "Ann\r\nBcc: all@example.org",
            "Acme",
            "https://bi.example.com/invite/x",
            at,
        );
        assert_eq!(letter.subject, "Ann  Bcc: all@example.org invites you to Acme");
        assert!(
            letter
                .text
                .contains("until 21 September 2026, 14:13 UTC:\n\nhttps://bi.example.com/invite/x\n")
        );
    }
}
