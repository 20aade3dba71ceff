//! WITH, SELECT, VALUES, set operations, ORDER BY and LIMIT.

use sqlparser::ast::{
    Cte, Distinct, ExcludeSelectItem, Expr, GroupByExpr, GroupByWithModifier, LimitClause, NamedWindowExpr, OrderBy,
    OrderByExpr, OrderByKind, OrderByOptions, OrderBySort, Query, Select, SelectFlavor, SelectItem,
    SelectItemQualifiedWildcardKind, SetExpr, TableAlias, Values, WildcardAdditionalOptions, WindowFrame,
    WindowFrameBound, WindowSpec, With,
};

use super::walk::{Walk, place};
use crate::{Place, RefusalKind};

impl Walk<'_> {
    pub fn query(&mut self, query: &mut Query) {
        let outside = self.scope.len();
        self.query_in_scope(query);
        self.scope.truncate(outside);
    }

    fn query_in_scope(&mut self, query: &mut Query) {
        if !query.locks.is_empty() {
            self.refuse(
                RefusalKind::Lock,
                place(query),
                "FOR UPDATE and FOR SHARE lock rows of others and are not allowed. Leave them out.",
            );
        }
        let extra = query.for_clause.is_some()
            || query.settings.is_some()
            || query.format_clause.is_some()
            || !query.pipe_operators.is_empty();
        if extra {
            self.construct("FOR, SETTINGS, FORMAT or |>", query);
        }
        let Query {
            with,
            body,
            order_by,
            limit_clause,
            fetch,
            locks: _,
            for_clause: _,
            settings: _,
            format_clause: _,
            pipe_operators: _,
        } = query;
        if let Some(with) = with {
            self.with(with);
        }
        self.set_expression(body);
        if let Some(order_by) = order_by {
            self.order_by(order_by);
        }
        if let Some(limit) = limit_clause {
            self.limit(limit);
        }
        if let Some(quantity) = fetch.as_mut().and_then(|fetch| fetch.quantity.as_mut()) {
            self.expression(quantity);
        }
    }

    /// Each is in scope for those after it, and for itself when it is recursive. So a name always means one thing: a table of
    /// the same name is still read by the queries before, and then stands there with its schema.
    fn with(&mut self, with: &mut With) {
        let With {
            with_token: _,
            recursive,
            cte_tables,
        } = with;
        for table in cte_tables {
            let Cte {
                alias,
                query,
                from,
                materialized: _,
                closing_paren_token: _,
            } = table;
            if let Some(from) = from {
                self.construct_at("FROM after a common table expression", Place::of(from.span.start));
            }
            self.table_alias(alias);
            alias.name = self.quoted(&alias.name);
            alias.explicit = false;
            if *recursive {
                self.recursive_query(&alias.name, &alias.columns, query);
            } else {
                self.query(query);
            }
            self.scope.push(alias.name.clone());
        }
    }

    /// Unions lean to the left and may be long, so that they are walked in a loop.
    fn set_expression(&mut self, mut set: &mut SetExpr) {
        loop {
            match set {
                SetExpr::SetOperation {
                    left,
                    op: _,
                    set_quantifier: _,
                    right,
                } => {
                    self.set_expression(right);
                    set = left;
                }
                other => return self.one_set(other),
            }
        }
    }

    fn one_set(&mut self, set: &mut SetExpr) {
        match set {
            SetExpr::Select(select) => self.select(select),
            SetExpr::Query(query) => self.query(query),
            SetExpr::SetOperation { .. } => {}
            SetExpr::Values(values) => {
                let Values {
                    explicit_row: _,
                    value_keyword: _,
                    rows,
                } = values;
                rows.iter_mut()
                    .flat_map(|row| row.content.iter_mut())
                    .for_each(|value| self.expression(value));
            }
            SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_) => {
                self.refuse(
                    RefusalKind::Write,
                    place(set),
                    "INSERT, UPDATE, DELETE and MERGE change data and are not allowed, neither in WITH. Only read.",
                );
            }
            SetExpr::Table(_) => self.construct("TABLE", set),
        }
    }

    fn select(&mut self, select: &mut Select) {
        self.unusual(select);
        let Select {
            select_token: _,
            optimizer_hints: _,
            distinct,
            select_modifiers: _,
            top: _,
            top_before_distinct: _,
            projection,
            exclude: _,
            into: _,
            from,
            lateral_views: _,
            prewhere: _,
            selection,
            connect_by: _,
            group_by,
            cluster_by: _,
            distribute_by: _,
            sort_by: _,
            having,
            named_window,
            qualify,
            window_before_qualify: _,
            value_table_mode: _,
            flavor: _,
        } = select;
        self.count_joins(from, selection.as_ref());
        from.iter_mut().for_each(|table| self.table_with_joins(table));
        match distinct {
            Some(Distinct::On(expressions)) => self.expressions(expressions),
            Some(Distinct::All | Distinct::Distinct) | None => {}
        }
        projection.iter_mut().for_each(|item| self.select_item(item));
        for condition in [selection, having, qualify].into_iter().flatten() {
            self.expression(condition);
        }
        self.group_by(group_by);
        for window in named_window {
            self.alias(&mut window.0);
            match &mut window.1 {
                NamedWindowExpr::NamedWindow(name) => self.name(name),
                NamedWindowExpr::WindowSpec(window) => self.window(window),
            }
        }
    }

    /// What no list names, or names as refused.
    fn unusual(&mut self, select: &Select) {
        if select.into.is_some() {
            self.refuse(
                RefusalKind::Into,
                place(select),
                "SELECT … INTO writes a table, a file or a variable and is not allowed. Leave INTO out.",
            );
        }
        if !select.optimizer_hints.is_empty() {
            self.refuse(
                RefusalKind::Hint,
                place(select),
                "Hints in comments (/*+ … */) are not allowed. Leave them out, or give them to a view in the database.",
            );
        }
        let modified = select.select_modifiers.is_some() || select.value_table_mode.is_some();
        let clauses = select.top.is_some()
            || select.exclude.is_some()
            || select.prewhere.is_some()
            || !select.lateral_views.is_empty()
            || !select.connect_by.is_empty()
            || !select.cluster_by.is_empty()
            || !select.distribute_by.is_empty()
            || !select.sort_by.is_empty();
        if modified || clauses || select.flavor != SelectFlavor::Standard {
            self.construct(
                "A word or clause after SELECT (TOP, STRAIGHT_JOIN, PREWHERE, CONNECT BY …)",
                select,
            );
        }
    }

    fn select_item(&mut self, item: &mut SelectItem) {
        match item {
            SelectItem::UnnamedExpr(expression) => self.expression(expression),
            SelectItem::ExprWithAlias { expr, alias } => {
                self.expression(expr);
                self.alias(alias);
            }
            SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(name), options) => {
                self.parts(name);
                self.wildcard(options);
            }
            SelectItem::Wildcard(options) => self.wildcard(options),
            SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::Expr(_), _)
            | SelectItem::ExprWithAliases { .. } => self.construct("This form of a column", item),
        }
    }

    pub fn wildcard(&mut self, options: &mut WildcardAdditionalOptions) {
        let WildcardAdditionalOptions {
            wildcard_token,
            opt_ilike,
            opt_exclude,
            opt_except,
            opt_replace,
            opt_rename,
            opt_alias,
        } = options;
        match opt_exclude {
            Some(ExcludeSelectItem::Single(name)) => {
                self.parts(name);
            }
            Some(ExcludeSelectItem::Multiple(names)) => names.iter().for_each(|name| {
                self.parts(name);
            }),
            None => {}
        }
        let other = opt_ilike.is_some()
            || opt_except.is_some()
            || opt_replace.is_some()
            || opt_rename.is_some()
            || opt_alias.is_some();
        if other {
            let at = Place::of(wildcard_token.0.span.start);
            self.refuse(
                RefusalKind::Construct,
                at,
                "Only EXCLUDE may follow *. Name the columns instead.",
            );
        }
    }

    fn group_by(&mut self, group_by: &mut GroupByExpr) {
        let modifiers = match group_by {
            GroupByExpr::All(modifiers) => modifiers,
            GroupByExpr::Expressions(expressions, modifiers) => {
                self.expressions(expressions);
                modifiers
            }
        };
        for modifier in modifiers {
            match modifier {
                GroupByWithModifier::Rollup | GroupByWithModifier::Cube | GroupByWithModifier::Totals => {}
                GroupByWithModifier::GroupingSets(sets) => self.expression(sets),
            }
        }
    }

    fn order_by(&mut self, order_by: &mut OrderBy) {
        let OrderBy { kind, interpolate } = order_by;
        match kind {
            OrderByKind::All(options) => self.order_options(options),
            OrderByKind::Expressions(expressions) => expressions.iter_mut().for_each(|by| self.order(by)),
        }
        if interpolate.is_some() {
            self.construct("INTERPOLATE", order_by);
        }
    }

    pub fn order(&mut self, order: &mut OrderByExpr) {
        let OrderByExpr {
            expr,
            options,
            with_fill,
        } = order;
        self.expression(expr);
        self.order_options(options);
        if with_fill.is_some() {
            self.construct("WITH FILL", order);
        }
    }

    fn order_options(&mut self, options: &OrderByOptions) {
        let OrderByOptions { sort, nulls_first: _ } = options;
        match sort {
            Some(OrderBySort::Asc | OrderBySort::Desc) | None => {}
            Some(OrderBySort::Using(operator)) => self.construct("ORDER BY … USING", operator),
        }
    }

    fn limit(&mut self, limit: &mut LimitClause) {
        match limit {
            LimitClause::LimitOffset {
                limit,
                offset,
                limit_by,
            } => {
                let offset = offset.as_mut().map(|offset| &mut offset.value);
                limit
                    .iter_mut()
                    .chain(offset)
                    .chain(limit_by)
                    .for_each(|value| self.expression(value));
            }
            LimitClause::OffsetCommaLimit { offset, limit } => {
                self.expression(offset);
                self.expression(limit);
            }
        }
    }

    pub fn window(&mut self, window: &mut WindowSpec) {
        let WindowSpec {
            window_name,
            partition_by,
            order_by,
            window_frame,
        } = window;
        if let Some(name) = window_name {
            self.name(name);
        }
        self.expressions(partition_by);
        order_by.iter_mut().for_each(|by| self.order(by));
        let Some(WindowFrame {
            units: _,
            start_bound,
            end_bound,
        }) = window_frame
        else {
            return;
        };
        for bound in [Some(start_bound), end_bound.as_mut()].into_iter().flatten() {
            match bound {
                WindowFrameBound::CurrentRow
                | WindowFrameBound::Preceding(None)
                | WindowFrameBound::Following(None) => {}
                WindowFrameBound::Preceding(Some(by)) | WindowFrameBound::Following(Some(by)) => self.expression(by),
            }
        }
    }

    pub fn table_alias(&mut self, alias: &mut TableAlias) {
        let TableAlias {
            explicit,
            name,
            columns,
            at,
        } = alias;
        *explicit = true;
        self.alias(name);
        for column in columns {
            self.alias(&mut column.name);
            if let Some(kind) = &mut column.data_type {
                self.cast_type(kind, Place::of(column.name.span.start));
            }
        }
        if let Some(at) = at {
            self.construct_at("AT after the name of a table", Place::of(at.span.start));
        }
    }

    pub fn expressions(&mut self, expressions: &mut [Expr]) {
        expressions
            .iter_mut()
            .for_each(|expression| self.expression(expression));
    }
}
