//! `input.previous(1, year)` and its kin in a formula: inputs of their own.

use std::collections::{BTreeMap, BTreeSet};

use shared::{
    AppError,
    names::Identifier,
    semantic::{FormulaCondition, FormulaTerm, Offset},
};

/// How an input is looked at.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Modifier {
    Offset(Offset),
    /// Since its first row.
    Running,
    /// At these dimensions alone.
    Within(Vec<String>),
}

/// Inputs of a formula that are looked at.
pub(super) struct Modified {
    /// The formula's own inputs.
    taken: BTreeSet<Identifier>,
    /// The name that stands for each, with the input.
    pub looked_at: BTreeMap<Identifier, (Identifier, Modifier)>,
}

impl Modified {
    pub(super) fn beside<'i>(inputs: impl Iterator<Item = &'i Identifier>) -> Self {
        Self {
            taken: inputs.cloned().collect(),
            looked_at: BTreeMap::new(),
        }
    }

    fn named(&mut self, input: &Identifier, modifier: Modifier) -> Result<Identifier, AppError> {
        let known = self
            .looked_at
            .iter()
            .find(|(_, (known, how))| known == input && *how == modifier);
        if let Some((name, _)) = known {
            return Ok(name.clone());
        }
        let free = (0..)
            .filter_map(|number| Identifier::try_from(format!("looked_at_{number}")).ok())
            .find(|name| !self.taken.contains(name))
            .ok_or_else(AppError::internal)?;
        self.taken.insert(free.clone());
        self.looked_at.insert(free.clone(), (input.clone(), modifier));
        Ok(free)
    }
}

/// The formula with a name in the place of each input that is looked at.
///
/// # Errors
/// None that a formula which was read can bring about.
pub(super) fn without_modifiers(term: &FormulaTerm, modified: &mut Modified) -> Result<FormulaTerm, AppError> {
    let mut inner = |term: &FormulaTerm| without_modifiers(term, modified);
    Ok(match term {
        FormulaTerm::Number(_) | FormulaTerm::Input(_) => term.clone(),
        FormulaTerm::Negate(of) => FormulaTerm::Negate(Box::new(inner(of)?)),
        FormulaTerm::Binary { operator, left, right } => FormulaTerm::Binary {
            operator: *operator,
            left: Box::new(inner(left)?),
            right: Box::new(inner(right)?),
        },
        FormulaTerm::Call { function, arguments } => FormulaTerm::Call {
            function: *function,
            arguments: arguments.iter().map(inner).collect::<Result<_, _>>()?,
        },
        FormulaTerm::Case { branches, otherwise } => {
            let mut kept = Vec::new();
            for (condition, value) in branches {
                kept.push((
                    condition_without(condition, modified)?,
                    without_modifiers(value, modified)?,
                ));
            }
            FormulaTerm::Case {
                branches: kept,
                otherwise: match otherwise {
                    Some(otherwise) => Some(Box::new(without_modifiers(otherwise, modified)?)),
                    None => None,
                },
            }
        }
        FormulaTerm::Previous { input, by } => {
            let modifier = Modifier::Offset(Offset::Span(*by));
            FormulaTerm::Input(modified.named(input, modifier)?)
        }
        FormulaTerm::Running { input } => FormulaTerm::Input(modified.named(input, Modifier::Running)?),
        FormulaTerm::Within { input, fields } => {
            let modifier = Modifier::Within(fields.clone());
            FormulaTerm::Input(modified.named(input, modifier)?)
        }
    })
}

fn condition_without(condition: &FormulaCondition, modified: &mut Modified) -> Result<FormulaCondition, AppError> {
    Ok(match condition {
        FormulaCondition::Compare { operator, left, right } => FormulaCondition::Compare {
            operator: *operator,
            left: without_modifiers(left, modified)?,
            right: without_modifiers(right, modified)?,
        },
        FormulaCondition::IsNull(term) => FormulaCondition::IsNull(without_modifiers(term, modified)?),
        FormulaCondition::Not(inner) => FormulaCondition::Not(Box::new(condition_without(inner, modified)?)),
        FormulaCondition::And(left, right) => FormulaCondition::And(
            Box::new(condition_without(left, modified)?),
            Box::new(condition_without(right, modified)?),
        ),
        FormulaCondition::Or(left, right) => FormulaCondition::Or(
            Box::new(condition_without(left, modified)?),
            Box::new(condition_without(right, modified)?),
        ),
    })
}
