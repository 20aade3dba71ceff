//! Expressions inside of a query.

use sqlparser::ast::{
    AccessExpr, Array, CaseWhen, CastKind, CeilFloorKind, DateTimeField, Expr, Ident, InTarget, Interval, MemberOf,
    Subscript, TypedString,
};

use super::walk::Walk;
use crate::{Dialect, Place, RefusalKind, functions};

/// Words that are calls without parentheses.
const CALLS_WITHOUT_PARENTHESES: [&str; 14] = [
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "localtime",
    "localtimestamp",
    "session_user",
    "system_user",
    "utc_date",
    "utc_time",
    "utc_timestamp",
];

impl Walk<'_> {
    /// Goes down the leftmost branch in a loop, since `1+1+…` is as deep as it is long; the others by recursion, which the
    /// parser's limit bounds.
    pub fn expression(&mut self, mut expression: &mut Expr) {
        loop {
            match self.step(expression) {
                Some(next) => expression = next,
                None => return,
            }
        }
    }

    fn step<'e>(&mut self, expression: &'e mut Expr) -> Option<&'e mut Expr> {
        match expression {
            Expr::BinaryOp { left, op, right } => {
                self.binary(op, right);
                self.expression(right);
                Some(left)
            }
            Expr::UnaryOp { op, expr } => {
                self.unary(op, expr);
                Some(expr)
            }
            Expr::Nested(inner)
            | Expr::IsFalse(inner)
            | Expr::IsNotFalse(inner)
            | Expr::IsTrue(inner)
            | Expr::IsNotTrue(inner)
            | Expr::IsNull(inner)
            | Expr::IsNotNull(inner)
            | Expr::IsUnknown(inner)
            | Expr::IsNotUnknown(inner)
            | Expr::IsJson {
                expr: inner,
                kind: _,
                unique_keys: _,
                negated: _,
            }
            | Expr::IsNormalized {
                expr: inner,
                form: _,
                negated: _,
            } => Some(inner),
            Expr::IsDistinctFrom(left, right) | Expr::IsNotDistinctFrom(left, right) => {
                self.expression(right);
                Some(left)
            }
            Expr::Between {
                expr,
                negated: _,
                low,
                high,
            } => {
                self.expression(low);
                self.expression(high);
                Some(expr)
            }
            Expr::In {
                expr,
                target,
                negated: _,
                global,
            } => {
                self.in_target(target, *global);
                Some(expr)
            }
            Expr::Like {
                negated: _,
                any,
                expr,
                pattern,
                escape_char,
            }
            | Expr::ILike {
                negated: _,
                any,
                expr,
                pattern,
                escape_char,
            } => {
                if *any {
                    self.construct("LIKE ANY", pattern.as_ref());
                }
                self.expression(pattern);
                self.optional(escape_char);
                Some(expr)
            }
            Expr::SimilarTo {
                negated: _,
                expr,
                pattern,
                escape_char,
            } => {
                self.expression(pattern);
                self.optional(escape_char);
                Some(expr)
            }
            Expr::RLike {
                negated: _,
                expr,
                pattern,
                regexp: _,
            } => {
                self.expression(pattern);
                Some(expr)
            }
            Expr::AnyOp {
                left,
                compare_op,
                right,
                is_some: _,
            }
            | Expr::AllOp {
                left,
                compare_op,
                right,
            } => {
                self.binary(compare_op, right);
                self.expression(right);
                Some(left)
            }
            Expr::AtTimeZone { timestamp, time_zone } => {
                self.expression(time_zone);
                Some(timestamp)
            }
            Expr::Collate { expr, collation } => {
                self.parts(collation);
                Some(expr)
            }
            Expr::Cast {
                kind: CastKind::Cast | CastKind::TryCast | CastKind::DoubleColon,
                expr,
                data_type,
                format: None,
            } => {
                self.cast_type(data_type, None);
                Some(expr)
            }
            Expr::CompoundFieldAccess { root, access_chain } => {
                access_chain.iter_mut().for_each(|access| self.access(access));
                Some(root)
            }
            other => {
                self.leaf(other);
                None
            }
        }
    }

    /// What has no leftmost branch, or is written like a call.
    fn leaf(&mut self, expression: &mut Expr) {
        match expression {
            Expr::Identifier(name) => self.column(name),
            Expr::CompoundIdentifier(names) => {
                names.iter().for_each(|name| self.name(name));
                self.sequence(names);
            }
            Expr::Value(value) => self.literal(value),
            Expr::TypedString(TypedString {
                data_type,
                value,
                uses_odbc_syntax,
            }) => {
                self.cast_type(data_type, Place::of(value.span.start));
                self.literal(value);
                if *uses_odbc_syntax {
                    self.construct("The {d '…'} form", expression);
                }
            }
            Expr::Interval(Interval {
                value,
                leading_field,
                leading_precision: _,
                last_field,
                fractional_seconds_precision: _,
            }) => {
                self.expression(value);
                [leading_field, last_field]
                    .into_iter()
                    .flatten()
                    .for_each(|field| self.field(field));
            }
            Expr::Function(call) => self.call(call),
            Expr::Case {
                case_token: _,
                end_token: _,
                operand,
                conditions,
                else_result,
            } => {
                self.optional(operand);
                for CaseWhen { condition, result } in conditions {
                    self.expression(condition);
                    self.expression(result);
                }
                self.optional(else_result);
            }
            Expr::Exists { subquery, negated: _ } | Expr::Subquery(subquery) => self.query(subquery),
            Expr::GroupingSets(sets) | Expr::Cube(sets) | Expr::Rollup(sets) => {
                sets.iter_mut().for_each(|set| self.expressions(set));
            }
            Expr::Tuple(items) | Expr::Array(Array { elem: items, named: _ }) => self.expressions(items),
            Expr::MemberOf(MemberOf { value, array }) => {
                self.expression(value);
                self.expression(array);
            }
            Expr::MatchAgainst {
                columns,
                match_value,
                opt_search_modifier: _,
            } => {
                columns.iter().for_each(|column| {
                    self.parts(column);
                });
                self.literal(match_value);
            }
            other => self.written_like_a_call(other),
        }
    }

    fn written_like_a_call(&mut self, expression: &mut Expr) {
        let name = match expression {
            Expr::Convert {
                is_try: false,
                expr,
                data_type,
                charset,
                target_before_value: false,
                styles,
            } if styles.is_empty() => {
                self.expression(expr);
                data_type.iter_mut().for_each(|kind| self.cast_type(kind, None));
                charset.iter().for_each(|charset| {
                    self.parts(charset);
                });
                "convert"
            }
            Expr::Extract { field, syntax: _, expr } => {
                self.field(field);
                self.expression(expr);
                "extract"
            }
            Expr::Ceil { expr, field } => {
                self.expression(expr);
                self.scale(field);
                "ceil"
            }
            Expr::Floor { expr, field } => {
                self.expression(expr);
                self.scale(field);
                "floor"
            }
            Expr::Position { expr, r#in } => {
                self.expression(expr);
                self.expression(r#in);
                "position"
            }
            Expr::Substring {
                expr,
                substring_from,
                substring_for,
                special: _,
                shorthand: _,
            } => {
                self.expression(expr);
                self.optional(substring_from);
                self.optional(substring_for);
                "substring"
            }
            Expr::Trim {
                trim_where: _,
                trim_what,
                expr,
                trim_characters,
            } => {
                self.expression(expr);
                self.optional(trim_what);
                trim_characters
                    .iter_mut()
                    .for_each(|characters| self.expressions(characters));
                "trim"
            }
            Expr::Overlay {
                expr,
                overlay_what,
                overlay_from,
                overlay_for,
            } => {
                [expr, overlay_what, overlay_from]
                    .into_iter()
                    .for_each(|part| self.expression(part));
                self.optional(overlay_for);
                "overlay"
            }
            other => return self.construct("This form of an expression", other),
        };
        self.functions.insert(name.to_owned());
    }

    fn optional(&mut self, expression: &mut Option<Box<Expr>>) {
        if let Some(expression) = expression {
            self.expression(expression);
        }
    }

    fn column(&mut self, name: &Ident) {
        self.name(name);
        let word = name.value.to_ascii_lowercase();
        let call = name.quote_style.is_none() && CALLS_WITHOUT_PARENTHESES.contains(&word.as_str());
        if call && functions::find(self.dialect(), &word).is_none() {
            self.unknown_function(&name.value, &word, Place::of(name.span.start));
        }
    }

    /// MariaDB reads `s.nextval` as a call when it plays Oracle.
    fn sequence(&mut self, names: &[Ident]) {
        let Some(last) = names.last() else { return };
        let word = last.value.to_ascii_lowercase();
        let call = last.quote_style.is_none() && matches!(word.as_str(), "nextval" | "currval");
        if call && self.dialect() == Dialect::MySql {
            self.unknown_function(&last.value, &word, Place::of(last.span.start));
        }
    }

    fn in_target(&mut self, target: &mut InTarget, global: bool) {
        match target {
            InTarget::List(items) => self.expressions(items),
            InTarget::Subquery(query) => self.query(query),
            InTarget::Unnest(array) => self.expression(array),
            _ => self.refuse(
                RefusalKind::Construct,
                None,
                "IN takes a list or a query in parentheses here, and no name of a table.",
            ),
        }
        if global {
            self.refuse(RefusalKind::Construct, None, "GLOBAL IN is not allowed. Write IN.");
        }
    }

    fn access(&mut self, access: &mut AccessExpr) {
        match access {
            AccessExpr::Dot(Expr::Identifier(name)) => self.name(name),
            AccessExpr::Dot(other) => self.construct("A dot before something that is no name", other),
            AccessExpr::Subscript(Subscript::Index { index }) => self.expression(index),
            AccessExpr::Subscript(Subscript::Slice {
                lower_bound,
                upper_bound,
                stride,
            }) => {
                let bounds = [lower_bound, upper_bound, stride].into_iter().flatten();
                bounds.for_each(|bound| self.expression(bound));
            }
        }
    }

    fn scale(&mut self, field: &mut CeilFloorKind) {
        match field {
            CeilFloorKind::DateTimeField(field) => self.field(field),
            CeilFloorKind::Scale(scale) => self.literal(scale),
        }
    }

    fn field(&mut self, field: &DateTimeField) {
        match field {
            DateTimeField::Custom(name) | DateTimeField::Week(Some(name)) => self.name(name),
            _ => {}
        }
    }
}
