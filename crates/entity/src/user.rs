//! A person who may sign in.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::{
    account::{Preferences, ThemeChoice, UserInfo},
    ids::UserId,
    names::Email,
    permission::PlatformRole,
};

use crate::{EntityError, read};

const TABLE: &str = "users";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Lower case; unique.
    pub email: String,
    pub name: String,
    /// Argon2id in PHC form; `None`: no sign-in by password.
    pub password_hash: Option<String>,
    pub platform_role: String,
    /// Raised to end every session and token proof made before.
    pub auth_epoch: i64,
    /// IANA name; `None`: as the browser says.
    pub time_zone: Option<String>,
    pub theme: String,
    pub created_at: DateTimeUtc,
    pub disabled_at: Option<DateTimeUtc>,
    /// Since when signing in takes a second factor; `None`: the password is enough.
    pub second_factor_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn id(&self) -> UserId {
        self.id.into()
    }

    /// # Errors
    /// When the stored role is not one of this version.
    pub fn platform_role(&self) -> Result<PlatformRole, EntityError> {
        read::text(TABLE, "platform_role", PlatformRole::parse(&self.platform_role))
    }

    /// # Errors
    /// When a column cannot be read.
    pub fn info(&self) -> Result<UserInfo, EntityError> {
        Ok(UserInfo {
            id: self.id(),
            email: read::text(TABLE, "email", Email::try_from(self.email.as_str()).ok())?,
            name: self.name.clone(),
            platform_role: self.platform_role()?,
            preferences: Preferences {
                theme: self.theme()?,
                time_zone: self.time_zone.clone(),
            },
        })
    }

    fn theme(&self) -> Result<ThemeChoice, EntityError> {
        read::json(TABLE, "theme", &Value::String(self.theme.clone()))
    }
}

/// As stored in `theme`.
pub const fn theme_text(theme: ThemeChoice) -> &'static str {
    match theme {
        ThemeChoice::Auto => "auto",
        ThemeChoice::Light => "light",
        ThemeChoice::Dark => "dark",
    }
}
