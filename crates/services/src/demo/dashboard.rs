//! The sample dashboard as the actions that build it, one for each thing a person would do.

use shared::{
    AppError,
    dashboard::{
        Action, Collision, Content, Dashboard, Filter, FilterScope, FilterTarget, Object, ObjectKind, Operation,
        OrderKey, Page, PageSize, Rect, Tile, order_between,
    },
    ids::{PageId, UserId},
    semantic::{
        Compare, CompareAlign, CompareOutput, Condition, Grain, Operator, Sort, SortDirection, Span, TimeRange,
        TimeUnit, Top,
    },
    visual::{Visual, VisualKind, WellItem},
};

use crate::{Context, ServiceResult};

const TABLE: &str = "sample_orders";

fn field(name: &str) -> String {
    format!("{TABLE}.{name}")
}

/// Actions on a new dashboard over the sample model.
pub(super) fn actions(context: &Context, document: &Dashboard, actor: UserId) -> ServiceResult<Vec<Action>> {
    let mut builder = Builder {
        context,
        actor,
        actions: Vec::new(),
        order: None,
    };
    let first = document.pages.first().ok_or_else(AppError::internal)?;
    let second: PageId = context.new_id();
    builder.name_page(first.id, "Overview");
    builder.add(
        "Add the page Products",
        &Object::Page(Page {
            id: second,
            order: order_between(Some(&first.order), None),
            title: "Products".to_owned(),
            size: PageSize::Fluid,
            collision: Collision::Push,
            phone: None,
        }),
    )?;
    builder.filters()?;
    builder.overview(first.id)?;
    builder.products(second)?;
    Ok(builder.actions)
}

struct Builder<'a> {
    context: &'a Context,
    actor: UserId,
    actions: Vec<Action>,
    /// Of the last filter.
    order: Option<OrderKey>,
}

impl Builder<'_> {
    fn push(&mut self, name: &str, operation: Operation) {
        self.actions.push(Action {
            id: self.context.new_id(),
            actor: self.actor,
            at: self.context.now(),
            name: name.to_owned(),
            ops: vec![operation],
        });
    }

    fn add(&mut self, name: &str, object: &Object) -> ServiceResult<()> {
        self.push(name, object.insert()?);
        Ok(())
    }

    fn name_page(&mut self, page: PageId, title: &str) {
        let rename = Operation::Set {
            kind: ObjectKind::Page,
            id: page.as_uuid(),
            path: vec!["title".to_owned()],
            value: title.into(),
        };
        self.push(&format!("Rename the page to {title}"), rename);
    }

    fn tile(&mut self, page: PageId, rect: Rect, title: &str, visual: Visual) -> ServiceResult<()> {
        let visual = Visual {
            title: Some(title.to_owned()),
            ..visual
        };
        let tile = Tile {
            id: self.context.new_id(),
            page,
            rect,
            z: 0,
            locked: false,
            group: None,
            content: Content::Visual(visual),
        };
        self.add(&format!("Add {title}"), &Object::Tile(Box::new(tile)))
    }

    fn filter(&mut self, name: &str, label: &str, default: Option<Condition>) -> ServiceResult<()> {
        let order = order_between(self.order.as_ref(), None);
        self.order = Some(order.clone());
        let filter = Filter {
            id: self.context.new_id(),
            order,
            scope: FilterScope::Dashboard,
            target: FilterTarget { field: field(name) },
            label: Some(label.to_owned()),
            condition: None,
            locked: false,
            hidden: false,
            required: false,
            default,
        };
        self.add(&format!("Filter by {label}"), &Object::Filter(filter))
    }

    fn filters(&mut self) -> ServiceResult<()> {
        let mut year = Condition::field(field("order_date"), Operator::InRange);
        year.range = Some(TimeRange::last(12, TimeUnit::Month));
        self.filter("order_date", "Order date", Some(year.into()))?;
        self.filter("region", "Region", None)?;
        self.filter("channel", "Channel", None)?;
        self.filter("customer_segment", "Customer segment", None)
    }

    fn overview(&mut self, page: PageId) -> ServiceResult<()> {
        for (metric, title, x) in [
            ("total_revenue", "Revenue", 0),
            ("orders", "Orders", 6),
            ("average_order", "Average order", 12),
            ("profit_margin", "Profit margin", 18),
        ] {
            self.tile(page, Rect::new(x, 0, 6, 15), title, number(metric))?;
        }
        let months = visual(
            VisualKind::AreaStacked,
            [time(Grain::Month)],
            ["total_revenue"],
            Some("region"),
        );
        self.tile(page, Rect::new(0, 15, 16, 42), "Revenue by month and region", months)?;
        let channels = visual(VisualKind::Donut, [], ["total_revenue"], Some("channel"));
        self.tile(page, Rect::new(16, 15, 8, 42), "Revenue by channel", channels)?;
        let mut countries = visual(VisualKind::Bar, [dimension("country")], ["total_revenue"], None);
        countries.query.top = Some(Top {
            n: 10,
            by: "total_revenue".to_owned(),
            per: Vec::new(),
            field: None,
            others: true,
            dir: SortDirection::Desc,
        });
        self.tile(page, Rect::new(0, 57, 12, 44), "Revenue by country", countries)?;
        let segments = visual(
            VisualKind::ColumnStacked,
            [dimension("category")],
            ["total_revenue"],
            Some("customer_segment"),
        );
        self.tile(
            page,
            Rect::new(12, 57, 12, 44),
            "Revenue by category and segment",
            segments,
        )
    }

    fn products(&mut self, page: PageId) -> ServiceResult<()> {
        let mut margin = visual(VisualKind::Combo, [time(Grain::Month)], ["total_revenue"], None);
        margin.wells.line_values = vec![WellItem::metric("profit_margin")];
        self.tile(page, Rect::new(0, 0, 14, 42), "Revenue and margin by month", margin)?;
        let mut points = Visual::new(VisualKind::Scatter);
        points.wells.x = vec![WellItem::metric("units")];
        points.wells.y = vec![WellItem::metric("total_profit")];
        points.wells.detail = vec![dimension("product")];
        points.wells.legend = vec![dimension("category")];
        self.tile(page, Rect::new(14, 0, 10, 42), "Units and profit by product", points)?;
        let mut table = Visual::new(VisualKind::Table);
        table.wells.axis = vec![dimension("category"), dimension("product")];
        table.wells.values = [
            "total_revenue",
            "units",
            "average_order",
            "total_profit",
            "profit_margin",
        ]
        .map(WellItem::metric)
        .into();
        table.query.sort = vec![Sort {
            by: "total_revenue".to_owned(),
            dir: SortDirection::Desc,
        }];
        table.query.totals = vec![Vec::new()];
        self.tile(page, Rect::new(0, 42, 24, 64), "Products", table)
    }
}

fn dimension(name: &str) -> WellItem {
    WellItem::dimension(field(name))
}

fn time(grain: Grain) -> WellItem {
    WellItem::time(field("order_date"), grain)
}

fn visual<const A: usize, const V: usize>(
    kind: VisualKind,
    axis: [WellItem; A],
    metrics: [&str; V],
    legend: Option<&str>,
) -> Visual {
    let mut visual = Visual::new(kind);
    visual.wells.axis = axis.into();
    visual.wells.values = metrics.map(WellItem::metric).into();
    visual.wells.legend = legend.map(dimension).into_iter().collect();
    visual
}

/// A figure with its change against the year before.
fn number(metric: &str) -> Visual {
    let mut visual = visual(VisualKind::Kpi, [], [metric], None);
    visual.query.compare = vec![Compare {
        alias: "last_year".to_owned(),
        shift: Span {
            count: 1,
            unit: TimeUnit::Year,
        },
        align: CompareAlign::Calendar,
        partial: None,
        outputs: vec![CompareOutput::Value, CompareOutput::Pct],
    }];
    visual
}
