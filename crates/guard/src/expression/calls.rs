//! Calls in expressions: of the closed set, of the model, and those that SQL writes in a form of its own.

use shared::semantic::{DatePart, Grain};
use sqlparser::ast::{
    CeilFloorKind, DateTimeField, DuplicateTreatment, Expr, Function as Call, FunctionArg, FunctionArgExpr,
    FunctionArgumentList, FunctionArguments,
};

use super::{
    Aggregate, Expression, Function,
    function::{SIGNATURES, Signature, SignatureKind, find},
    literal::unit_of,
    read::{Reader, Reading, no, subquery, word},
};
use crate::{Refusal, RefusalKind, functions, functions::FunctionUse, nearest::nearest};

impl Reader<'_> {
    pub fn written_like_a_call(&mut self, parsed: &Expr) -> Reading {
        match parsed {
            Expr::Function(call) => self.call(call, parsed),
            Expr::Ceil {
                expr,
                field: CeilFloorKind::DateTimeField(DateTimeField::NoDateTime),
            } => self.plain(Function::Ceil, [expr.as_ref()]),
            Expr::Floor {
                expr,
                field: CeilFloorKind::DateTimeField(DateTimeField::NoDateTime),
            } => self.plain(Function::Floor, [expr.as_ref()]),
            Expr::Trim {
                trim_where: None,
                trim_what: None,
                expr,
                trim_characters: None,
            } => self.plain(Function::Trim, [expr.as_ref()]),
            Expr::Substring {
                expr,
                substring_from: Some(from),
                substring_for,
                special: _,
                shorthand: _,
            } => self.plain(
                Function::Substring,
                [expr.as_ref(), from.as_ref()]
                    .into_iter()
                    .chain(substring_for.as_deref()),
            ),
            Expr::Extract { field, syntax: _, expr } => {
                let part = named_part(&field.to_string()).ok_or_else(|| parts(parsed, &field.to_string()))?;
                self.plain(Function::Part(part), [expr.as_ref()])
            }
            other => Err(no(
                RefusalKind::Construct,
                other,
                "This form of an expression is not the same on every database. Write it with functions of the list.",
            )),
        }
    }

    fn plain<'e>(&mut self, function: Function, arguments: impl IntoIterator<Item = &'e Expr>) -> Reading {
        let arguments = self.all(arguments)?;
        Ok(Expression::Call { function, arguments })
    }

    fn call(&mut self, call: &Call, parsed: &Expr) -> Reading {
        let Call {
            name,
            uses_odbc_syntax,
            parameters,
            args,
            within_group,
            filter,
            null_treatment,
            over,
        } = call;
        let written = name.to_string();
        if over.is_some() {
            let told = format!(
                "{written} OVER (…) looks at other rows, which an expression cannot. Use a calculation of the query."
            );
            return Err(no(RefusalKind::Window, parsed, told));
        }
        let simple = !*uses_odbc_syntax && *parameters == FunctionArguments::None;
        let unusual = !within_group.is_empty() || filter.is_some() || null_treatment.is_some();
        let plain = match name.0.as_slice() {
            [part] => part.as_ident().map(|name| name.value.to_ascii_lowercase()),
            _ => None,
        };
        let (Some(called), true, false) = (plain, simple, unusual) else {
            return Err(self.unknown(parsed, &written));
        };
        if let Some(aggregate) = Aggregate::ALL
            .into_iter()
            .find(|aggregate| aggregate.as_str() == called)
        {
            return self.aggregate(aggregate, args, parsed);
        }
        let arguments = arguments(args, parsed, &written)?;
        let custom = self
            .rules
            .custom_functions
            .iter()
            .find(|custom| custom.name.eq_ignore_ascii_case(&called));
        if let Some(custom) = custom {
            if arguments.len() != custom.arguments {
                return Err(count(parsed, &custom.name, custom.arguments, Some(custom.arguments)));
            }
            self.custom_functions.insert(custom.name.clone());
            return Ok(Expression::Custom {
                name: custom.name.clone(),
                arguments: self.all(arguments)?,
            });
        }
        match find(&called) {
            Some(signature) => self.signature(signature, &arguments, parsed),
            None => Err(self.unknown(parsed, &written)),
        }
    }

    fn signature(&mut self, signature: &Signature, arguments: &[&Expr], parsed: &Expr) -> Reading {
        let given = arguments.len();
        if given < signature.least || signature.most.is_some_and(|most| given > most) {
            return Err(count(parsed, signature.name, signature.least, signature.most));
        }
        let function = match (signature.kind, arguments) {
            (SignatureKind::Plain(function), _) => return self.plain(function, arguments.iter().copied()),
            (SignatureKind::DateDiff, [unit, ..]) => Function::DateDiff(time_unit(unit, parsed)?),
            (SignatureKind::DateAdd, [unit, ..]) => Function::DateAdd(time_unit(unit, parsed)?),
            (SignatureKind::Part, [part, ..]) => {
                let part = word(part).unwrap_or_default();
                Function::Part(named_part(&part).ok_or_else(|| parts(parsed, &part))?)
            }
            (SignatureKind::Truncate, [grain, ..]) => {
                let grain = word(grain).unwrap_or_default();
                let found = Grain::ALL.into_iter().find(|known| known.as_str() == grain);
                Function::Truncate(found.ok_or_else(|| {
                    choices(
                        parsed,
                        "trunc(grain, time)",
                        "grain",
                        Grain::ALL.iter().map(|grain| grain.as_str()),
                    )
                })?)
            }
            (SignatureKind::DateDiff | SignatureKind::DateAdd | SignatureKind::Part | SignatureKind::Truncate, []) => {
                return Err(count(parsed, signature.name, signature.least, signature.most));
            }
        };
        self.plain(function, arguments.iter().skip(1).copied())
    }

    fn aggregate(&mut self, function: Aggregate, args: &FunctionArguments, parsed: &Expr) -> Reading {
        let name = function.as_str();
        if !self.rules.aggregates {
            let told = format!("{name}(…) is over many rows, and this expression is about one. Use it in a metric.");
            return Err(no(RefusalKind::Aggregate, parsed, told));
        }
        let FunctionArguments::List(FunctionArgumentList {
            duplicate_treatment,
            args,
            clauses,
        }) = args
        else {
            return Err(count(parsed, name, 1, Some(1)));
        };
        let distinct = *duplicate_treatment == Some(DuplicateTreatment::Distinct);
        let argument = match args.as_slice() {
            [FunctionArg::Unnamed(FunctionArgExpr::Wildcard)] if function == Aggregate::Count && !distinct => None,
            [FunctionArg::Unnamed(FunctionArgExpr::Expr(argument))] if clauses.is_empty() => {
                Some(self.boxed(argument)?)
            }
            _ => return Err(count(parsed, name, 1, Some(1))),
        };
        Ok(Expression::Aggregate {
            function,
            distinct,
            argument,
        })
    }

    fn unknown(&self, parsed: &Expr, written: &str) -> Refusal {
        let called = written.to_ascii_lowercase();
        let kind = match functions::find(self.rules.dialect, &called) {
            Some(FunctionUse::Aggregate) => RefusalKind::Aggregate,
            Some(FunctionUse::Window) => RefusalKind::Window,
            Some(FunctionUse::Scalar | FunctionUse::Table | FunctionUse::Series | FunctionUse::Sized) | None => {
                RefusalKind::Function
            }
        };
        let custom = self.rules.custom_functions.iter().map(|custom| custom.name.as_str());
        let near = match called.as_str() {
            "now" | "current_date" | "current_timestamp" | "localtimestamp" | "current_time" => Some("as_of"),
            "date_trunc" => Some("trunc"),
            "date_part" | "extract" => Some("part"),
            "ifnull" | "nvl" => Some("coalesce"),
            "iif" => Some("if"),
            other => nearest(other, SIGNATURES.iter().map(|signature| signature.name).chain(custom)),
        };
        let near = near.map_or_else(String::new, |near| format!(" Did you mean {near}?"));
        let told = format!("The function {written} is not one of those that mean the same on every database.{near}");
        no(kind, parsed, told)
    }
}

fn arguments<'e>(args: &'e FunctionArguments, parsed: &Expr, name: &str) -> Result<Vec<&'e Expr>, Refusal> {
    let list = match args {
        FunctionArguments::None => return Err(no(RefusalKind::Function, parsed, without_parentheses(name))),
        FunctionArguments::Subquery(_) => return Err(subquery(parsed)),
        FunctionArguments::List(list) => list,
    };
    let plain = list.args.iter().map(|argument| match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(argument)) => Some(argument),
        _ => None,
    });
    let plain: Option<Vec<&Expr>> = plain.collect();
    plain
        .filter(|_| list.clauses.is_empty() && list.duplicate_treatment.is_none())
        .ok_or_else(|| {
            no(
                RefusalKind::Arguments,
                parsed,
                format!("{name} takes plain arguments only: no *, names, DISTINCT or ORDER BY."),
            )
        })
}

fn without_parentheses(name: &str) -> String {
    format!("{name} is not the same on every database. The moment of the query is as_of().")
}

fn count(parsed: &Expr, name: &str, least: usize, most: Option<usize>) -> Refusal {
    let wanted = match most {
        Some(most) if most == least => format!("{least}"),
        Some(most) => format!("{least} to {most}"),
        None => format!("{least} or more"),
    };
    let told = format!("{name} takes another number of arguments: {wanted}.");
    no(RefusalKind::Arguments, parsed, told)
}

fn time_unit(unit: &Expr, parsed: &Expr) -> Result<shared::semantic::TimeUnit, Refusal> {
    word(unit).and_then(|unit| unit_of(&unit)).ok_or_else(|| {
        let units = shared::semantic::TimeUnit::ALL.map(shared::semantic::TimeUnit::as_str);
        choices(parsed, "date_diff and date_add", "unit", units.into_iter())
    })
}

fn named_part(word: &str) -> Option<DatePart> {
    let word = word.to_ascii_lowercase();
    let word = match word.as_str() {
        "isodow" => "day_of_week",
        "doy" => "day_of_year",
        other => other,
    };
    DatePart::ALL.into_iter().find(|part| part.as_str() == word)
}

fn parts(parsed: &Expr, written: &str) -> Refusal {
    let known = DatePart::ALL.map(DatePart::as_str);
    choices(
        parsed,
        &format!("part(name, time) does not know {written}: it"),
        "part",
        known.into_iter(),
    )
}

fn choices(parsed: &Expr, what: &str, kind: &str, known: impl Iterator<Item = &'static str>) -> Refusal {
    let known: Vec<&str> = known.collect();
    let told = format!("The first argument of {what} is a {kind}: {}.", known.join(", "));
    no(RefusalKind::Arguments, parsed, told)
}
