//! The sample dashboard as the actions that build it, one for each thing a person would do.

use shared::{
    AppError,
    dashboard::{
        Action, Collision, Content, Dashboard, Filter, FilterScope, FilterTarget, Object, ObjectKind, Operation,
        OrderKey, Page, PageSize, Rect, TextContent, Tile, order_between,
    },
    ids::{PageId, UserId},
    semantic::{
        Aggregation, Compare, CompareAlign, CompareOutput, Condition, DatePart, Grain, LastRange, Operator, RangeUnit,
        Sort, SortDirection, Span, TimeRange, TimeUnit, Top,
    },
    visual::{ReferenceAt, ReferenceLine, Tone, Visual, VisualKind, WellItem},
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
    builder.name_page(first.id, "Overview");
    let (products, order) = builder.page("Products", &first.order)?;
    let (customers, order) = builder.page("Channels and customers", &order)?;
    let (patterns, _) = builder.page("Patterns", &order)?;
    builder.filters()?;
    builder.overview(first.id)?;
    builder.products(products)?;
    builder.customers(customers)?;
    builder.patterns(patterns)?;
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

    fn page(&mut self, title: &str, after: &OrderKey) -> ServiceResult<(PageId, OrderKey)> {
        let (id, order) = (self.context.new_id(), order_between(Some(after), None));
        let page = Page {
            id,
            order: order.clone(),
            title: title.to_owned(),
            size: PageSize::Fluid,
            collision: Collision::Push,
            phone: None,
        };
        self.add(&format!("Add the page {title}"), &Object::Page(page))?;
        Ok((id, order))
    }

    fn tile(&mut self, page: PageId, rect: Rect, title: &str, visual: Visual) -> ServiceResult<()> {
        let visual = Visual {
            title: Some(title.to_owned()),
            ..visual
        };
        self.content(page, rect, &format!("Add {title}"), Content::Visual(visual))
    }

    fn text(&mut self, page: PageId, rect: Rect, markdown: &str) -> ServiceResult<()> {
        let text = TextContent {
            markdown: markdown.to_owned(),
        };
        self.content(page, rect, "Add a text", Content::Text(text))
    }

    fn content(&mut self, page: PageId, rect: Rect, name: &str, content: Content) -> ServiceResult<()> {
        let tile = Tile {
            id: self.context.new_id(),
            page,
            rect,
            z: 0,
            locked: false,
            group: None,
            content,
        };
        self.add(name, &Object::Tile(Box::new(tile)))
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
        // Full months: the first days of a month would look like a fall.
        let year = TimeRange::Last(LastRange {
            last: 12,
            unit: RangeUnit::Month,
            complete: true,
        });
        let mut condition = Condition::field(field("order_date"), Operator::InRange);
        condition.range = Some(year);
        self.filter("order_date", "Order date", Some(condition.into()))?;
        self.filter("region", "Region", None)?;
        self.filter("channel", "Channel", None)?;
        self.filter("customer_segment", "Segment", None)
    }

    fn overview(&mut self, page: PageId) -> ServiceResult<()> {
        self.text(
            page,
            Rect::new(0, 0, 24, 7),
            "Sales of an invented furniture shop, net of discounts. **Click a bar, a slice or a country** to look at it alone; \
             the filters above hold on all pages.",
        )?;
        self.numbers(
            page,
            7,
            [
                ("total_revenue", "Revenue"),
                ("orders", "Orders"),
                ("average_order", "Average order"),
                ("profit_margin", "Profit margin"),
            ],
        )?;
        let months = visual(
            VisualKind::AreaStacked,
            [time(Grain::Month)],
            ["total_revenue"],
            Some("region"),
        );
        self.tile(page, Rect::new(0, 22, 16, 40), "Revenue by month and region", months)?;
        let channels = visual(VisualKind::Donut, [], ["total_revenue"], Some("channel"));
        self.tile(page, Rect::new(16, 22, 8, 40), "Revenue by channel", channels)?;
        let mut countries = visual(VisualKind::Bar, [dimension("country")], ["total_revenue"], None);
        countries.query.top = Some(Top {
            n: 10,
            by: "total_revenue".to_owned(),
            per: Vec::new(),
            field: None,
            others: true,
            dir: SortDirection::Desc,
        });
        countries.format.data_labels = true;
        self.tile(page, Rect::new(0, 62, 12, 44), "Revenue by country", countries)?;
        let segments = visual(
            VisualKind::ColumnStacked,
            [dimension("category")],
            ["total_revenue"],
            Some("customer_segment"),
        );
        self.tile(
            page,
            Rect::new(12, 62, 12, 44),
            "Revenue by category and segment",
            segments,
        )
    }

    /// A row of figures across the page.
    fn numbers(&mut self, page: PageId, y: u32, figures: [(&str, &str); 4]) -> ServiceResult<()> {
        for ((metric, title), x) in figures.into_iter().zip([0, 6, 12, 18]) {
            self.tile(page, Rect::new(x, y, 6, 15), title, number(metric))?;
        }
        Ok(())
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
        let columns = [
            "total_revenue",
            "units",
            "average_order",
            "total_profit",
            "profit_margin",
        ];
        let table = totalled(["category", "product"], columns);
        self.tile(page, Rect::new(0, 42, 24, 64), "Products", table)
    }

    fn customers(&mut self, page: PageId) -> ServiceResult<()> {
        self.numbers(
            page,
            0,
            [
                ("total_profit", "Profit"),
                ("units", "Units"),
                ("units_per_order", "Units per order"),
                ("profit_per_order", "Profit per order"),
            ],
        )?;
        let channels = visual(
            VisualKind::Line,
            [time(Grain::Month)],
            ["total_revenue"],
            Some("channel"),
        );
        self.tile(page, Rect::new(0, 15, 14, 40), "Revenue by month and channel", channels)?;
        let segments = visual(
            VisualKind::BarStacked100,
            [dimension("region")],
            ["total_revenue"],
            Some("customer_segment"),
        );
        self.tile(page, Rect::new(14, 15, 10, 40), "Segments in each region", segments)?;
        let orders = visual(
            VisualKind::Column,
            [dimension("channel")],
            ["average_order"],
            Some("customer_segment"),
        );
        self.tile(
            page,
            Rect::new(0, 55, 10, 44),
            "Average order by channel and segment",
            orders,
        )?;
        let countries = totalled(
            ["region", "country"],
            ["orders", "total_revenue", "average_order", "profit_margin"],
        );
        self.tile(page, Rect::new(10, 55, 14, 44), "Countries", countries)
    }
}

impl Builder<'_> {
    /// What other kinds of visuals show of the same orders.
    fn patterns(&mut self, page: PageId) -> ServiceResult<()> {
        let map = visual(VisualKind::Choropleth, [dimension("country")], ["total_revenue"], None);
        self.tile(page, Rect::new(0, 0, 13, 42), "Revenue on the map", map)?;
        let flows = visual(
            VisualKind::Sankey,
            [dimension("region"), dimension("channel"), dimension("customer_segment")],
            ["total_revenue"],
            None,
        );
        self.tile(
            page,
            Rect::new(13, 0, 11, 42),
            "From region by channel to segment",
            flows,
        )?;
        let days = visual(VisualKind::Calendar, [time(Grain::Day)], ["total_revenue"], None);
        self.tile(page, Rect::new(0, 42, 24, 28), "Revenue of each day", days)?;
        let blocks = visual(
            VisualKind::Treemap,
            [dimension("category"), dimension("product")],
            ["total_revenue"],
            None,
        );
        self.tile(page, Rect::new(0, 70, 12, 42), "Products by revenue", blocks)?;
        let mut weekdays = visual(VisualKind::Heatmap, [part(DatePart::DayOfWeek)], ["orders"], None);
        weekdays.wells.columns = vec![part(DatePart::Month)];
        self.tile(page, Rect::new(12, 70, 12, 42), "Orders by weekday and month", weekdays)?;
        let sizes = visual(VisualKind::Histogram, [dimension("revenue")], [], None);
        self.tile(page, Rect::new(0, 112, 8, 36), "How large order lines are", sizes)?;
        let mut spread = visual(VisualKind::BoxPlot, [dimension("category")], [], None);
        spread.wells.values = vec![WellItem::aggregate(field("revenue"), Aggregation::Sum)];
        self.tile(page, Rect::new(8, 112, 8, 36), "Order lines by category", spread)?;
        let steps = visual(VisualKind::Waterfall, [dimension("region")], ["total_profit"], None);
        self.tile(page, Rect::new(16, 112, 8, 36), "Profit, region by region", steps)?;
        let mut pivot = visual(
            VisualKind::Pivot,
            [dimension("region"), dimension("country")],
            ["total_revenue"],
            None,
        );
        pivot.wells.columns = vec![dimension("channel")];
        self.tile(page, Rect::new(0, 148, 16, 52), "Revenue by country and channel", pivot)?;
        let mut panels = visual(VisualKind::Line, [time(Grain::Month)], ["total_revenue"], None);
        panels.wells.small_multiples = vec![dimension("category")];
        panels.format.reference_lines = vec![ReferenceLine {
            at: ReferenceAt::Average,
            to: None,
            label: None,
            tone: Tone::Muted,
        }];
        self.tile(page, Rect::new(16, 148, 8, 52), "Each category by itself", panels)
    }
}

/// A table by some columns, the greatest revenue first, with a total.
fn totalled<const D: usize, const V: usize>(by: [&str; D], metrics: [&str; V]) -> Visual {
    let mut table = Visual::new(VisualKind::Table);
    table.wells.axis = by.map(dimension).into();
    table.wells.values = metrics.map(WellItem::metric).into();
    table.query.sort = vec![Sort {
        by: "total_revenue".to_owned(),
        dir: SortDirection::Desc,
    }];
    table.query.totals = vec![Vec::new()];
    table
}

fn dimension(name: &str) -> WellItem {
    WellItem::dimension(field(name))
}

fn part(part: DatePart) -> WellItem {
    WellItem {
        part: Some(part),
        ..dimension("order_date")
    }
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
