use entity::instance_setting;
use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};
use shared::{AppError, audit::AuditAction, factor::FactorPolicy, people::SignInRules};

use super::PeopleService;
use crate::{ServiceResult, audit::Event};

impl PeopleService {
    /// How everybody signs in.
    ///
    /// # Errors
    /// 401 and 403 as `Context::admin`.
    pub async fn sign_in_rules(&self) -> ServiceResult<SignInRules> {
        self.context.admin()?;
        self.context.services().rules().get(self.context.services()).await
    }

    /// Decides who has to have a second factor. Who is asked for one and has none can do nothing else from the next request on,
    /// on other servers within 5 s.
    ///
    /// # Errors
    /// 403 as `Context::admin` and `Context::require_recent_proof`; 409 when the caller would be asked for one and has none.
    pub async fn set_sign_in_rules(&self, rules: SignInRules) -> ServiceResult<SignInRules> {
        self.context.admin()?;
        self.context.require_recent_proof()?;
        let caller = self.context.user_row().await?;
        if rules.second_factor != FactorPolicy::Nobody && caller.second_factor_at.is_none() {
            return Err(AppError::conflict("Your own account has no second factor yet.")
                .with_hint("Set one up under Account first: you then know that it works here.")
                .into());
        }
        let now = self.context.now();
        let row = instance_setting::ActiveModel {
            name: Set(instance_setting::Model::SIGN_IN.to_owned()),
            value: Set(serde_json::to_value(rules)?),
            changed_at: Set(now),
        };
        let replace = OnConflict::column(instance_setting::Column::Name)
            .update_columns([instance_setting::Column::Value, instance_setting::Column::ChangedAt])
            .to_owned();
        let transaction = self.context.instance_transaction().await?;
        instance_setting::Entity::insert(row)
            .on_conflict(replace)
            .exec_without_returning(&transaction)
            .await?;
        let event = Event::of_instance(AuditAction::InstanceSignInRules)
            .with("second_factor", serde_json::to_value(rules.second_factor)?);
        self.context.commit(transaction, [event]).await?;
        self.context.services().rules().put(now, rules);
        tracing::info!(user.id = %caller.id(), ?rules, "rules of signing in changed");
        Ok(rules)
    }
}
