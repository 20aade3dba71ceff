//! The arithmetic of derived metrics: `(n - p) / nullif(p, 0)`. Never SQL, so that it means the same on every engine and in
//! totals.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Span, TimeUnit};
use crate::names::Identifier;

/// A formula that was read. Equal texts are equal formulas.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Formula {
    text: String,
    term: FormulaTerm,
}

#[derive(Clone, Debug, PartialEq)]
pub enum FormulaTerm {
    Number(f64),
    Input(Identifier),
    Negate(Box<FormulaTerm>),
    Binary {
        operator: FormulaOperator,
        left: Box<FormulaTerm>,
        right: Box<FormulaTerm>,
    },
    Call {
        function: FormulaFunction,
        arguments: Vec<FormulaTerm>,
    },
    /// The first branch whose condition is true; otherwise `otherwise`, or NULL.
    Case {
        branches: Vec<(FormulaCondition, FormulaTerm)>,
        otherwise: Option<Box<FormulaTerm>>,
    },
    /// An input so much earlier: `revenue.previous(1, year)`.
    Previous {
        input: Identifier,
        by: Span,
    },
    /// An input summed up since its first row, until the end of each bucket: `revenue.running()`.
    Running {
        input: Identifier,
    },
    /// An input at these dimensions of the query alone: `revenue.all_except(customers.country)`.
    Within {
        input: Identifier,
        fields: Vec<String>,
    },
}

/// Three-valued: a comparison with NULL is neither true nor false.
#[derive(Clone, Debug, PartialEq)]
pub enum FormulaCondition {
    Compare {
        operator: FormulaComparison,
        left: FormulaTerm,
        right: FormulaTerm,
    },
    IsNull(FormulaTerm),
    Not(Box<FormulaCondition>),
    And(Box<FormulaCondition>, Box<FormulaCondition>),
    Or(Box<FormulaCondition>, Box<FormulaCondition>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormulaComparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormulaOperator {
    Add,
    Subtract,
    Multiply,
    /// NULL on 0.
    Divide,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormulaFunction {
    /// The first argument that is not NULL.
    Coalesce,
    /// NULL when both are equal, else the first.
    NullIf,
    Abs,
    /// The least that is not NULL.
    Least,
    /// The greatest that is not NULL.
    Greatest,
    /// To whole numbers, or to so many digits after the point; half away from zero.
    Round,
    Floor,
    Ceil,
    /// Natural; NULL for 0 and below.
    Ln,
    Exp,
    Power,
}

impl FormulaFunction {
    const ALL: [(&'static str, Self); 11] = [
        ("coalesce", Self::Coalesce),
        ("nullif", Self::NullIf),
        ("abs", Self::Abs),
        ("least", Self::Least),
        ("greatest", Self::Greatest),
        ("round", Self::Round),
        ("floor", Self::Floor),
        ("ceil", Self::Ceil),
        ("ln", Self::Ln),
        ("exp", Self::Exp),
        ("power", Self::Power),
    ];

    const fn takes(self, arguments: usize) -> bool {
        match self {
            Self::Coalesce | Self::Least | Self::Greatest => arguments > 0,
            Self::NullIf | Self::Power => arguments == 2,
            Self::Round => arguments == 1 || arguments == 2,
            Self::Abs | Self::Floor | Self::Ceil | Self::Ln | Self::Exp => arguments == 1,
        }
    }
}

/// Why a formula could not be read; `Display` is the public message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("in the formula, at character {place}: {reason}")]
pub struct FormulaError {
    place: usize,
    reason: String,
}

const LONGEST: usize = 2_000;
const DEEPEST: usize = 50;

impl Formula {
    pub const fn term(&self) -> &FormulaTerm {
        &self.term
    }

    /// Fields that its inputs are looked at by.
    pub fn fields(&self) -> Vec<&str> {
        let mut found = Vec::new();
        self.term.fields(&mut found);
        found
    }

    /// Names of the inputs that it adds up since their first row.
    pub fn running(&self) -> Vec<&Identifier> {
        let mut found = Vec::new();
        self.term.running(&mut found);
        found
    }

    /// Names of the inputs it uses, once each.
    pub fn inputs(&self) -> Vec<&Identifier> {
        let mut found = Vec::new();
        self.term.inputs(&mut found);
        found
    }
}

impl FormulaTerm {
    /// The terms it is made of, conditions included.
    fn parts(&self) -> Vec<&Self> {
        match self {
            Self::Number(_) | Self::Input(_) | Self::Previous { .. } | Self::Running { .. } | Self::Within { .. } => {
                Vec::new()
            }
            Self::Negate(of) => vec![of],
            Self::Binary { left, right, .. } => vec![left, right],
            Self::Call { arguments, .. } => arguments.iter().collect(),
            Self::Case { branches, otherwise } => {
                let conditions = branches.iter().flat_map(|(condition, _)| condition.parts());
                let values = branches.iter().map(|(_, value)| value);
                conditions.chain(values).chain(otherwise.as_deref()).collect()
            }
        }
    }

    fn fields<'a>(&'a self, found: &mut Vec<&'a str>) {
        if let Self::Within { fields, .. } = self {
            found.extend(fields.iter().map(String::as_str));
        }
        self.parts().into_iter().for_each(|part| part.fields(found));
    }

    fn running<'a>(&'a self, found: &mut Vec<&'a Identifier>) {
        if let Self::Running { input } = self {
            found.push(input);
        }
        self.parts().into_iter().for_each(|part| part.running(found));
    }

    fn inputs<'a>(&'a self, found: &mut Vec<&'a Identifier>) {
        if let Self::Input(name)
        | Self::Previous { input: name, .. }
        | Self::Running { input: name }
        | Self::Within { input: name, .. } = self
            && !found.contains(&name)
        {
            found.push(name);
        }
        self.parts().into_iter().for_each(|part| part.inputs(found));
    }
}

impl FormulaCondition {
    fn parts(&self) -> Vec<&FormulaTerm> {
        match self {
            Self::Compare { left, right, .. } => vec![left, right],
            Self::IsNull(term) => vec![term],
            Self::Not(inner) => inner.parts(),
            Self::And(left, right) | Self::Or(left, right) => {
                let mut parts = left.parts();
                parts.extend(right.parts());
                parts
            }
        }
    }
}

impl TryFrom<String> for Formula {
    type Error = FormulaError;

    fn try_from(text: String) -> Result<Self, FormulaError> {
        let mut reader = Reader {
            text: &text,
            at: 0,
            depth: 0,
        };
        if text.len() > LONGEST {
            return Err(reader.fails(format!("it is longer than {LONGEST} characters")));
        }
        let term = reader.sum()?;
        match reader.peek() {
            None => Ok(Self { term, text }),
            Some(letter) => Err(reader.fails(format!("{letter} was not expected here"))),
        }
    }
}

impl From<Formula> for String {
    fn from(formula: Formula) -> Self {
        formula.text
    }
}

impl fmt::Display for Formula {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn fails(&self, reason: impl Into<String>) -> FormulaError {
        let before = self.text.get(..self.at).unwrap_or_default();
        FormulaError {
            place: before.chars().count() + 1,
            reason: reason.into(),
        }
    }

    /// The next letter that is no blank.
    fn peek(&mut self) -> Option<char> {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
        self.rest().chars().next()
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    fn take_while(&mut self, fits: impl Fn(char) -> bool) -> String {
        let taken: String = self.rest().chars().take_while(|letter| fits(*letter)).collect();
        self.at += taken.len();
        taken
    }

    fn sum(&mut self) -> Result<FormulaTerm, FormulaError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.fails("it is nested too deep"));
        }
        let operators = [('+', FormulaOperator::Add), ('-', FormulaOperator::Subtract)];
        let term = self.chain(operators, Self::product)?;
        self.depth -= 1;
        Ok(term)
    }

    fn product(&mut self) -> Result<FormulaTerm, FormulaError> {
        let operators = [('*', FormulaOperator::Multiply), ('/', FormulaOperator::Divide)];
        self.chain(operators, Self::signed)
    }

    /// Operators of one rank, from left to right.
    fn chain(
        &mut self,
        operators: [(char, FormulaOperator); 2],
        operand: fn(&mut Self) -> Result<FormulaTerm, FormulaError>,
    ) -> Result<FormulaTerm, FormulaError> {
        let mut term = operand(self)?;
        while let Some((_, operator)) = operators.into_iter().find(|(sign, _)| self.take(*sign)) {
            term = FormulaTerm::Binary {
                operator,
                left: Box::new(term),
                right: Box::new(operand(self)?),
            };
        }
        Ok(term)
    }

    fn signed(&mut self) -> Result<FormulaTerm, FormulaError> {
        let mut negative = false;
        while self.take('-') {
            negative = !negative;
        }
        let term = self.operand()?;
        Ok(if negative {
            FormulaTerm::Negate(Box::new(term))
        } else {
            term
        })
    }

    fn operand(&mut self) -> Result<FormulaTerm, FormulaError> {
        match self.peek() {
            None => Err(self.fails("it ends too early")),
            Some('(') => {
                self.take('(');
                let inner = self.sum()?;
                self.close()?;
                Ok(inner)
            }
            Some(letter) if letter.is_ascii_digit() || letter == '.' => self.number(),
            Some(letter) if letter.is_alphabetic() || letter == '_' => self.name(),
            Some(letter) => Err(self.fails(format!("{letter} was not expected here"))),
        }
    }

    fn close(&mut self) -> Result<(), FormulaError> {
        if self.take(')') {
            Ok(())
        } else {
            Err(self.fails("a ) is missing"))
        }
    }

    fn number(&mut self) -> Result<FormulaTerm, FormulaError> {
        let start = self.at;
        let text = self.take_while(|letter| letter.is_ascii_digit() || letter == '.');
        let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
        number.map(FormulaTerm::Number).ok_or_else(|| {
            self.at = start;
            self.fails(format!("{text} is no number"))
        })
    }

    fn name(&mut self) -> Result<FormulaTerm, FormulaError> {
        let start = self.at;
        let name = self.take_while(|letter| letter.is_alphanumeric() || letter == '_');
        if name.eq_ignore_ascii_case("case") {
            return self.case();
        }
        if self.take('.') {
            return self.modified(start, &name);
        }
        if !self.take('(') {
            let input = Identifier::try_from(name.as_str());
            return input.map(FormulaTerm::Input).map_err(|error| {
                self.at = start;
                self.fails(error.to_string())
            });
        }
        let lower = name.to_ascii_lowercase();
        if lower == "if" {
            return self.if_else();
        }
        let known = FormulaFunction::ALL.iter().find(|(known, _)| *known == lower);
        let Some((_, function)) = known else {
            let names = FormulaFunction::ALL.map(|(name, _)| name).join(", ");
            let names = format!("{names}, if, case");
            self.at = start;
            return Err(self.fails(format!("there is no function {name}; there are {names}")));
        };
        let mut arguments = vec![self.sum()?];
        while self.take(',') {
            arguments.push(self.sum()?);
        }
        self.close()?;
        if !function.takes(arguments.len()) {
            return Err(self.fails(format!("{name} does not take {} arguments", arguments.len())));
        }
        Ok(FormulaTerm::Call {
            function: *function,
            arguments,
        })
    }
}

/// Conditions, and what is made of them.
impl Reader<'_> {
    /// Takes a word, without case, that no letter follows.
    fn word(&mut self, wanted: &str) -> bool {
        self.peek();
        let rest = self.rest();
        let found = rest
            .get(..wanted.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(wanted))
            && !rest
                .get(wanted.len()..)
                .and_then(|rest| rest.chars().next())
                .is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
        if found {
            self.at += wanted.len();
        }
        found
    }

    fn expect(&mut self, wanted: &str) -> Result<(), FormulaError> {
        if self.word(wanted) {
            Ok(())
        } else {
            Err(self.fails(format!("{wanted} is missing")))
        }
    }

    fn comma(&mut self) -> Result<(), FormulaError> {
        if self.take(',') {
            Ok(())
        } else {
            self.peek();
            Err(self.fails("a , is missing"))
        }
    }

    /// `if(condition, then, otherwise)`, after its bracket.
    fn if_else(&mut self) -> Result<FormulaTerm, FormulaError> {
        let condition = self.condition()?;
        self.comma()?;
        let then = self.sum()?;
        self.comma()?;
        let otherwise = self.sum()?;
        self.close()?;
        Ok(FormulaTerm::Case {
            branches: vec![(condition, then)],
            otherwise: Some(Box::new(otherwise)),
        })
    }

    /// `case when … then … else … end`, after its first word.
    fn case(&mut self) -> Result<FormulaTerm, FormulaError> {
        let mut branches = Vec::new();
        while self.word("when") {
            let condition = self.condition()?;
            self.expect("then")?;
            branches.push((condition, self.sum()?));
        }
        if branches.is_empty() {
            return Err(self.fails("when is missing"));
        }
        let otherwise = if self.word("else") {
            Some(Box::new(self.sum()?))
        } else {
            None
        };
        self.expect("end")?;
        Ok(FormulaTerm::Case { branches, otherwise })
    }

    fn condition(&mut self) -> Result<FormulaCondition, FormulaError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.fails("it is nested too deep"));
        }
        let mut left = self.both()?;
        while self.word("or") {
            left = FormulaCondition::Or(Box::new(left), Box::new(self.both()?));
        }
        self.depth -= 1;
        Ok(left)
    }

    fn both(&mut self) -> Result<FormulaCondition, FormulaError> {
        let mut left = self.one()?;
        while self.word("and") {
            left = FormulaCondition::And(Box::new(left), Box::new(self.one()?));
        }
        Ok(left)
    }

    /// `not (…)`, or one comparison.
    fn one(&mut self) -> Result<FormulaCondition, FormulaError> {
        if self.word("not") {
            if !self.take('(') {
                return Err(self.fails("a ( is missing after not"));
            }
            let inner = self.condition()?;
            self.close()?;
            return Ok(FormulaCondition::Not(Box::new(inner)));
        }
        let left = self.sum()?;
        if self.word("is") {
            let negated = self.word("not");
            self.expect("null")?;
            let is_null = FormulaCondition::IsNull(left);
            return Ok(if negated {
                FormulaCondition::Not(Box::new(is_null))
            } else {
                is_null
            });
        }
        self.peek();
        let signs = [
            ("<=", FormulaComparison::LessOrEqual),
            (">=", FormulaComparison::GreaterOrEqual),
            ("<>", FormulaComparison::NotEqual),
            ("!=", FormulaComparison::NotEqual),
            ("<", FormulaComparison::Less),
            (">", FormulaComparison::Greater),
            ("=", FormulaComparison::Equal),
        ];
        let found = signs.into_iter().find(|(sign, _)| self.rest().starts_with(sign));
        let Some((sign, operator)) = found else {
            return Err(self.fails("a comparison is missing"));
        };
        self.at += sign.len();
        Ok(FormulaCondition::Compare {
            operator,
            left,
            right: self.sum()?,
        })
    }

    /// What follows an input and its point.
    fn modified(&mut self, start: usize, input: &str) -> Result<FormulaTerm, FormulaError> {
        let place = self.at;
        let name = self.take_while(|letter| letter.is_alphanumeric() || letter == '_');
        let input = Identifier::try_from(input).map_err(|error| {
            self.at = start;
            self.fails(error.to_string())
        })?;
        if !self.take('(') {
            return Err(self.fails("a ( is missing"));
        }
        match name.as_str() {
            "previous" => self.previous(input),
            "running" => {
                self.close()?;
                Ok(FormulaTerm::Running { input })
            }
            "all_except" => {
                let fields = self.fields()?;
                Ok(FormulaTerm::Within { input, fields })
            }
            "share_of" => {
                let mut fields = self.fields()?;
                fields.retain(|field| field != "total");
                Ok(FormulaTerm::Binary {
                    operator: FormulaOperator::Divide,
                    left: Box::new(FormulaTerm::Input(input.clone())),
                    right: Box::new(FormulaTerm::Within { input, fields }),
                })
            }
            _ => {
                self.at = place;
                let message = "is no way to look at an input; there are previous, running, share_of and all_except";
                Err(self.fails(format!("{name} {message}")))
            }
        }
    }

    /// `field, field …)`
    fn fields(&mut self) -> Result<Vec<String>, FormulaError> {
        let mut fields = Vec::new();
        loop {
            self.peek();
            let field = self.take_while(|letter| letter.is_alphanumeric() || letter == '_' || letter == '.');
            if field.is_empty() {
                return Err(self.fails("a field is missing"));
            }
            fields.push(field);
            if !self.take(',') {
                self.close()?;
                return Ok(fields);
            }
        }
    }

    /// `count, unit)`
    fn previous(&mut self, input: Identifier) -> Result<FormulaTerm, FormulaError> {
        self.peek();
        let digits = self.take_while(|letter| letter.is_ascii_digit());
        let count = digits.parse::<u32>().ok().filter(|count| (1..=10_000).contains(count));
        let count = count.ok_or_else(|| self.fails("previous counts 1 to 10000 units"))?;
        self.comma()?;
        let unit = TimeUnit::ALL.into_iter().find(|unit| self.word(unit.as_str()));
        let unit = unit.ok_or_else(|| self.fails("previous needs a unit such as year"))?;
        self.close()?;
        Ok(FormulaTerm::Previous {
            input,
            by: Span { count, unit },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Formula, String> {
        Formula::try_from(text.to_owned()).map_err(|error| error.to_string())
    }

    /// With every pair of brackets written out.
    fn written(term: &FormulaTerm) -> String {
        match term {
            FormulaTerm::Number(number) => number.to_string(),
            FormulaTerm::Input(name) => name.to_string(),
            FormulaTerm::Negate(of) => format!("-{}", written(of)),
            FormulaTerm::Binary { operator, left, right } => {
                let sign = match operator {
                    FormulaOperator::Add => '+',
                    FormulaOperator::Subtract => '-',
                    FormulaOperator::Multiply => '*',
                    FormulaOperator::Divide => '/',
                };
                format!("({}{sign}{})", written(left), written(right))
            }
            FormulaTerm::Call { function, arguments } => {
                let arguments: Vec<String> = arguments.iter().map(written).collect();
                format!("{function:?}({})", arguments.join(","))
            }
            FormulaTerm::Case { branches, otherwise } => {
                let branches: Vec<String> = branches
                    .iter()
                    .map(|(condition, value)| format!("{}:{}", tested(condition), written(value)))
                    .collect();
                let otherwise = otherwise.as_deref().map_or_else(String::new, written);
                format!("[{};{otherwise}]", branches.join(","))
            }
            FormulaTerm::Previous { input, by } => format!("{input}@{}{}", by.count, by.unit.as_str()),
            FormulaTerm::Running { input } => format!("{input}~"),
            FormulaTerm::Within { input, fields } => format!("{input}|{}", fields.join("|")),
        }
    }

    fn tested(condition: &FormulaCondition) -> String {
        match condition {
            FormulaCondition::Compare { operator, left, right } => {
                format!("{} {operator:?} {}", written(left), written(right))
            }
            FormulaCondition::IsNull(term) => format!("{} null", written(term)),
            FormulaCondition::Not(inner) => format!("!({})", tested(inner)),
            FormulaCondition::And(left, right) => format!("({}&{})", tested(left), tested(right)),
            FormulaCondition::Or(left, right) => format!("({}|{})", tested(left), tested(right)),
        }
    }

    #[test]
    fn conditions_choose_between_terms() {
        for (text, expected) in [
            ("if(a > 1, b, 0)", "[a Greater 1:b;0]"),
            (
                "IF(a<=b or a is null and b <> 2, 1, 2)",
                "[(a LessOrEqual b|(a null&b NotEqual 2)):1;2]",
            ),
            (
                "case when a is not null then a when not (b = 1) then b end * 2",
                "([!(a null):a,!(b Equal 1):b;]*2)",
            ),
            ("case when a<1 then 0 else ended end", "[a Less 1:0;ended]"),
            ("a.share_of(total) + a.share_of(t.c)", "((a/a|)+(a/a|t.c))"),
            ("a.running() / a", "(a~/a)"),
            ("b.all_except(t.c, time)", "b|t.c|time"),
            ("(n - n.previous(1, year)) / 2", "((n-n@1year)/2)"),
            (
                "round(power(a, 2), 1) + least(a, b)",
                "(Round(Power(a,2),1)+Least(a,b))",
            ),
        ] {
            assert_eq!(
                read(text).map(|formula| written(formula.term())),
                Ok(expected.to_owned()),
                "{text}"
            );
        }
        for (text, word) in [
            ("if(a, b, c)", "comparison"),
            ("if(a > 1, b)", ","),
            ("case a end", "when"),
            ("case when a > 1 then b", "end"),
            ("a.so_far()", "share_of"),
            ("a.running(1)", ")"),
            ("a.share_of()", "field"),
            ("a.previous(0, year)", "1 to"),
            ("a.previous(1, fortnight)", "unit"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(word), "{text}: {error}");
        }
    }

    #[test]
    fn operators_bind_as_in_school() {
        for (text, expected) in [
            ("a", "a"),
            ("a - b - c", "((a-b)-c)"),
            ("a + b * c", "(a+(b*c))"),
            ("v * 0.05 / n", "((v*0.05)/n)"),
            ("(n - p) / nullif(p, 0)", "((n-p)/NullIf(p,0))"),
            ("-a + --b", "(-a+b)"),
            ("COALESCE(a, b, 0) * abs(c)", "(Coalesce(a,b,0)*Abs(c))"),
            ("größe/2", "(größe/2)"),
        ] {
            assert_eq!(
                read(text).map(|formula| written(formula.term())),
                Ok(expected.to_owned()),
                "{text}"
            );
        }
        assert_eq!(read("a / (b + a)").unwrap().inputs().len(), 2);
        let decides = read("if(a > b or c is null, d.share_of(t.e), 1)").unwrap();
        assert_eq!((decides.inputs().len(), decides.fields()), (4, vec!["t.e"]));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        for (text, place, word) in [
            ("", 1, "too early"),
            ("a +", 4, "too early"),
            ("(a", 3, ")"),
            ("a b", 3, "b"),
            ("a; drop", 2, ";"),
            ("1.2.3", 1, "1.2.3"),
            ("pg_sleep(1)", 1, "pg_sleep"),
            ("nullif(a)", 10, "nullif"),
            ("select 1", 8, "1"),
        ] {
            let error = read(text).unwrap_err();
            assert!(
                error.contains(&format!("character {place}:")) && error.contains(word),
                "{text}: {error}"
            );
        }
        assert!(read(&"(".repeat(1000)).unwrap_err().contains("deep"));
        assert!(read(&"a+".repeat(2000)).unwrap_err().contains("longer"));
    }
}
