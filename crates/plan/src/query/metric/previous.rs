//! `input.previous(1, year)` in a formula: an input of its own, with an offset.

use std::collections::BTreeMap;

use shared::{
    AppError,
    names::Identifier,
    semantic::{FormulaCondition, FormulaTerm, Offset, Span},
};

/// Inputs of earlier periods: the name that stands for each, with the input and how much earlier it is.
pub(super) type Earlier = BTreeMap<Identifier, (Identifier, Offset)>;

/// The formula with a name in the place of each earlier input.
///
/// # Errors
/// None that a formula which was read can bring about.
pub(super) fn without_previous(term: &FormulaTerm, earlier: &mut Earlier) -> Result<FormulaTerm, AppError> {
    let mut inner = |term: &FormulaTerm| without_previous(term, earlier);
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
                    condition_without(condition, earlier)?,
                    without_previous(value, earlier)?,
                ));
            }
            FormulaTerm::Case {
                branches: kept,
                otherwise: match otherwise {
                    Some(otherwise) => Some(Box::new(without_previous(otherwise, earlier)?)),
                    None => None,
                },
            }
        }
        FormulaTerm::Previous { input, by } => FormulaTerm::Input(named(input, *by, earlier)?),
    })
}

fn condition_without(condition: &FormulaCondition, earlier: &mut Earlier) -> Result<FormulaCondition, AppError> {
    Ok(match condition {
        FormulaCondition::Compare { operator, left, right } => FormulaCondition::Compare {
            operator: *operator,
            left: without_previous(left, earlier)?,
            right: without_previous(right, earlier)?,
        },
        FormulaCondition::IsNull(term) => FormulaCondition::IsNull(without_previous(term, earlier)?),
        FormulaCondition::Not(inner) => FormulaCondition::Not(Box::new(condition_without(inner, earlier)?)),
        FormulaCondition::And(left, right) => FormulaCondition::And(
            Box::new(condition_without(left, earlier)?),
            Box::new(condition_without(right, earlier)?),
        ),
        FormulaCondition::Or(left, right) => FormulaCondition::Or(
            Box::new(condition_without(left, earlier)?),
            Box::new(condition_without(right, earlier)?),
        ),
    })
}

fn named(input: &Identifier, by: Span, earlier: &mut Earlier) -> Result<Identifier, AppError> {
    let name = format!("__previous_{}_{}_{}", by.count, by.unit.as_str(), earlier.len());
    let known = earlier
        .iter()
        .find(|(_, (known, offset))| known == input && *offset == Offset::Span(by));
    if let Some((name, _)) = known {
        return Ok(name.clone());
    }
    let name = Identifier::try_from(name).map_err(|_| AppError::internal())?;
    earlier.insert(name.clone(), (input.clone(), Offset::Span(by)));
    Ok(name)
}
