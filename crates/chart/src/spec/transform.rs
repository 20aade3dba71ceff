//! The steps data goes through before it is drawn.

use super::encoding::{Aggregate, Bin, BinParams, Impute, SortOrder, StackOffset};
use super::predicate::Predicate;
use super::reader::{Node, Reader};
use super::source::Source;
use crate::expression::Expression;
use crate::time::TimeUnit;
use crate::value::Value;
use std::sync::Arc;

type Name = Arc<str>;

#[derive(Clone, Debug, PartialEq)]
pub struct AggregateItem {
    pub op: Aggregate,
    pub field: Option<Name>,
    pub name: Name,
}

#[derive(Clone, Debug, PartialEq)]
pub struct WindowItem {
    pub op: Name,
    pub field: Option<Name>,
    pub param: Option<f64>,
    pub name: Name,
}

#[derive(Clone, Debug, PartialEq)]
pub struct SortField {
    pub field: Name,
    pub order: SortOrder,
}

/// The formula of a fitted curve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RegressionMethod {
    /// `y = a + b x`
    #[default]
    Linear,
    /// `y = a + b ln x`
    Logarithmic,
    /// `y = a e^(b x)`
    Exponential,
    /// `y = a x^b`
    Power,
    /// `y = a + b x + c x²`
    Quadratic,
    /// As many powers of x as the order says.
    Polynomial,
}

impl Reader {
    fn regression_method(&mut self, node: Node) -> Option<RegressionMethod> {
        Some(match &*self.text(node)? {
            "linear" => RegressionMethod::Linear,
            "log" => RegressionMethod::Logarithmic,
            "exp" => RegressionMethod::Exponential,
            "pow" => RegressionMethod::Power,
            "quad" => RegressionMethod::Quadratic,
            "poly" => RegressionMethod::Polynomial,
            _ => {
                self.wrong(node, "must be linear, log, exp, pow, quad or poly");
                return None;
            }
        })
    }
}

/// Where a lookup finds its rows.
#[derive(Clone, Debug, PartialEq)]
pub enum LookupFrom {
    Source(Source),
    /// Among its own, those that a selection starts with.
    Selected(Predicate),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Transform {
    Filter(Predicate),
    /// At most so many rows, picked at random.
    Sample(usize),
    Calculate {
        expression: Expression,
        name: Name,
    },
    Aggregate {
        items: Vec<AggregateItem>,
        groupby: Vec<Name>,
    },
    JoinAggregate {
        items: Vec<AggregateItem>,
        groupby: Vec<Name>,
    },
    Bin {
        field: Name,
        params: BinParams,
        names: (Name, Name),
    },
    /// The least and the greatest number of a field, as a parameter.
    Extent {
        field: Name,
        name: Name,
    },
    TimeUnit {
        field: Name,
        unit: TimeUnit,
        name: Name,
    },
    Stack {
        field: Name,
        groupby: Vec<Name>,
        sort: Vec<SortField>,
        offset: StackOffset,
        names: (Name, Name),
    },
    Window {
        items: Vec<WindowItem>,
        groupby: Vec<Name>,
        sort: Vec<SortField>,
        frame: (Option<f64>, Option<f64>),
        ignore_peers: bool,
    },
    Fold {
        fields: Vec<Name>,
        names: (Name, Name),
    },
    Flatten {
        fields: Vec<Name>,
        names: Vec<Name>,
    },
    Pivot {
        field: Name,
        value: Name,
        groupby: Vec<Name>,
        op: Name,
        limit: usize,
    },
    Impute {
        field: Name,
        key: Name,
        groupby: Vec<Name>,
        impute: Impute,
    },
    Lookup {
        field: Name,
        from: LookupFrom,
        key: Name,
        fields: Vec<Name>,
        names: Vec<Name>,
        default: Value,
    },
    Density {
        field: Name,
        groupby: Vec<Name>,
        bandwidth: f64,
        extent: Option<(f64, f64)>,
        counts: bool,
        cumulative: bool,
        steps: (f64, f64),
        names: (Name, Name),
        shared: bool,
    },
    Quantile {
        field: Name,
        groupby: Vec<Name>,
        probs: Vec<f64>,
        step: f64,
        names: (Name, Name),
    },
    Regression {
        on: Name,
        field: Name,
        groupby: Vec<Name>,
        method: RegressionMethod,
        order: f64,
        extent: Option<(f64, f64)>,
        params: bool,
        names: (Name, Name),
    },
    Loess {
        on: Name,
        field: Name,
        groupby: Vec<Name>,
        bandwidth: f64,
        names: (Name, Name),
    },
}

impl Transform {
    /// Does it look among its own rows, which must then be all that a selection chooses from?
    pub fn looks_among_its_own(&self) -> bool {
        matches!(
            self,
            Transform::Lookup {
                from: LookupFrom::Selected(_),
                ..
            }
        )
    }

    pub fn read(r: &mut Reader, node: Node) -> Option<Transform> {
        let has = |key: &str| node.get(key).is_some();
        let mut p = Parts::default();
        let kind = [
            "filter",
            "sample",
            "calculate",
            "joinaggregate",
            "aggregate",
            "window",
            "bin",
            "timeUnit",
            "stack",
            "fold",
            "flatten",
            "pivot",
            "impute",
            "lookup",
            "density",
            "quantile",
            "regression",
            "loess",
            // Others have an extent too.
            "extent",
        ]
        .into_iter()
        .find(|k| has(k));
        let Some(kind) = kind else {
            match node.json.as_object().and_then(|o| o.keys().next().cloned()) {
                Some(_) => r.refuse(node),
                None => r.wrong(node, "is not a transform"),
            }
            return None;
        };
        p.read(r, node, kind);
        let name = |o: Option<Name>| o.unwrap_or_else(|| Arc::from(""));
        let pair = |names: &[Name], a: &str, b: &str| {
            (
                names.first().cloned().unwrap_or_else(|| Arc::from(a)),
                names.get(1).cloned().unwrap_or_else(|| Arc::from(b)),
            )
        };
        Some(match kind {
            "filter" => Transform::Filter(p.predicate?),
            "sample" => Transform::Sample(p.limit),
            "calculate" => Transform::Calculate {
                expression: p.expression?,
                name: p.names.first()?.clone(),
            },
            "aggregate" => Transform::Aggregate {
                items: p.aggregates,
                groupby: p.groupby,
            },
            "joinaggregate" => Transform::JoinAggregate {
                items: p.aggregates,
                groupby: p.groupby,
            },
            "window" => Transform::Window {
                items: p.windows,
                groupby: p.groupby,
                sort: p.sort,
                frame: p.frame.unwrap_or((None, Some(0.0))),
                ignore_peers: p.ignore_peers,
            },
            "bin" => {
                let start = p.names.first()?.clone();
                let end = p
                    .names
                    .get(1)
                    .cloned()
                    .unwrap_or_else(|| Arc::from(format!("{start}_end")));
                Transform::Bin {
                    field: name(p.field),
                    params: p.bin?,
                    names: (start, end),
                }
            }
            "extent" => Transform::Extent {
                field: name(p.field),
                name: p.names.first()?.clone(),
            },
            "timeUnit" => Transform::TimeUnit {
                field: name(p.field),
                unit: p.unit?,
                name: p.names.first()?.clone(),
            },
            "stack" => {
                let field = name(p.field);
                let start = p
                    .names
                    .first()
                    .cloned()
                    .unwrap_or_else(|| Arc::from(format!("{field}_start")));
                let end = match p.names.get(1) {
                    Some(end) => end.clone(),
                    None if p.names.is_empty() => Arc::from(format!("{field}_end")),
                    None => Arc::from(format!("{start}_end")),
                };
                Transform::Stack {
                    field,
                    groupby: p.groupby,
                    sort: p.sort,
                    offset: p.offset,
                    names: (start, end),
                }
            }
            "fold" => Transform::Fold {
                names: pair(&p.names, "key", "value"),
                fields: p.fields,
            },
            "flatten" => Transform::Flatten {
                names: p.names,
                fields: p.fields,
            },
            "pivot" => Transform::Pivot {
                field: name(p.field),
                value: name(p.value_field),
                groupby: p.groupby,
                op: p.op.unwrap_or_else(|| Arc::from("sum")),
                limit: p.limit,
            },
            "impute" => Transform::Impute {
                field: name(p.field),
                key: name(p.key),
                groupby: p.groupby,
                impute: p.impute?,
            },
            "lookup" => {
                let names = if p.names.is_empty() { p.fields.clone() } else { p.names };
                // The whole row of a selection has its name.
                let names = match p.selection {
                    Some(selection) if names.is_empty() => vec![selection],
                    _ => names,
                };
                Transform::Lookup {
                    field: name(p.field),
                    from: p.from?,
                    key: name(p.key),
                    fields: p.fields,
                    names,
                    default: p.value,
                }
            }
            "density" => Transform::Density {
                field: name(p.field),
                groupby: p.groupby,
                bandwidth: p.bandwidth.unwrap_or(0.0),
                extent: p.extent,
                counts: p.counts,
                cumulative: p.cumulative,
                steps: p.steps,
                names: pair(&p.names, "value", "density"),
                shared: p.shared,
            },
            "quantile" => Transform::Quantile {
                field: name(p.field),
                groupby: p.groupby,
                probs: p.probs,
                step: p.step,
                names: pair(&p.names, "prob", "value"),
            },
            "regression" => {
                let (on, field) = (name(p.on), name(p.field));
                let names = pair(&p.names, &on, &field);
                Transform::Regression {
                    names,
                    on,
                    field,
                    groupby: p.groupby,
                    method: p.method,
                    order: p.order,
                    extent: p.extent,
                    params: p.params,
                }
            }
            _ => {
                let (on, field) = (name(p.on), name(p.field));
                let names = pair(&p.names, &on, &field);
                Transform::Loess {
                    names,
                    on,
                    field,
                    groupby: p.groupby,
                    bandwidth: p.bandwidth.unwrap_or(0.3),
                }
            }
        })
    }
}

/// Everything a transform may say; which of it counts depends on its kind.
struct Parts {
    method: RegressionMethod,
    predicate: Option<Predicate>,
    expression: Option<Expression>,
    names: Vec<Name>,
    field: Option<Name>,
    value_field: Option<Name>,
    on: Option<Name>,
    key: Option<Name>,
    fields: Vec<Name>,
    groupby: Vec<Name>,
    aggregates: Vec<AggregateItem>,
    windows: Vec<WindowItem>,
    sort: Vec<SortField>,
    frame: Option<(Option<f64>, Option<f64>)>,
    ignore_peers: bool,
    bin: Option<BinParams>,
    unit: Option<TimeUnit>,
    offset: StackOffset,
    op: Option<Name>,
    limit: usize,
    impute: Option<Impute>,
    from: Option<LookupFrom>,
    /// The selection of a lookup.
    selection: Option<Name>,
    value: Value,
    bandwidth: Option<f64>,
    extent: Option<(f64, f64)>,
    counts: bool,
    cumulative: bool,
    shared: bool,
    params: bool,
    steps: (f64, f64),
    probs: Vec<f64>,
    step: f64,
    order: f64,
}

impl Default for Parts {
    fn default() -> Parts {
        Parts {
            method: RegressionMethod::default(),
            predicate: None,
            expression: None,
            names: Vec::new(),
            field: None,
            value_field: None,
            on: None,
            key: None,
            fields: Vec::new(),
            groupby: Vec::new(),
            aggregates: Vec::new(),
            windows: Vec::new(),
            sort: Vec::new(),
            frame: None,
            ignore_peers: false,
            bin: None,
            unit: None,
            offset: StackOffset::Zero,
            op: None,
            limit: 0,
            impute: None,
            from: None,
            selection: None,
            value: Value::Null,
            bandwidth: None,
            extent: None,
            counts: false,
            cumulative: false,
            shared: true,
            params: false,
            steps: (25.0, 200.0),
            probs: Vec::new(),
            step: 0.01,
            order: 3.0,
        }
    }
}

impl Parts {
    fn read(&mut self, r: &mut Reader, node: Node, kind: &str) {
        let mut imputed = Impute {
            method: Arc::from("value"),
            value: Value::Null,
            keyvals: Vec::new(),
            frame: None,
        };
        let outer = node;
        r.object(node, |r, key, node| match (kind, key) {
            ("filter", "filter") => self.predicate = Predicate::read(r, node),
            ("calculate", "calculate") => self.expression = r.expression(node),
            ("aggregate", "aggregate") | ("joinaggregate", "joinaggregate") => {
                self.aggregates = r.list(node, AggregateItem::read)
            }
            ("window", "window") => self.windows = r.list(node, WindowItem::read),
            (_, "groupby") => self.groupby = r.list(node, Reader::field),
            ("window" | "stack", "sort") => self.sort = r.list(node, SortField::read),
            ("window" | "impute", "frame") => self.frame = r.frame(node),
            ("window", "ignorePeers") => self.ignore_peers = r.boolean(node).unwrap_or(false),
            ("bin", "bin") => {
                let mut params = match r.bin(node) {
                    Some(Bin::On(params)) => params,
                    _ => BinParams::default(),
                };
                if params.maxbins.is_none() && params.step.is_none() {
                    params.maxbins = Some(10.0);
                }
                self.bin = Some(params);
            }
            ("timeUnit", "timeUnit") => self.unit = r.time_unit(node),
            ("bin" | "timeUnit", "field") => self.field = r.field(node),
            ("stack", "stack") | ("impute", "impute") | ("density", "density") | ("quantile", "quantile") => {
                self.field = r.field(node)
            }
            ("regression", "regression") | ("loess", "loess") => self.field = r.field(node),
            ("regression" | "loess", "on") => self.on = r.field(node),
            ("stack", "offset") => {
                self.offset = match node.json.as_str() {
                    Some("normalize") => StackOffset::Normalize,
                    Some("center") => StackOffset::Center,
                    _ => StackOffset::Zero,
                }
            }
            ("fold", "fold") | ("flatten", "flatten") => self.fields = r.list(node, Reader::field),
            ("pivot", "pivot") => self.field = r.field(node),
            ("pivot", "value") => self.value_field = r.field(node),
            ("pivot", "op") => self.op = r.text(node),
            ("regression", "method") => self.method = r.regression_method(node).unwrap_or_default(),
            ("sample", "sample") => self.limit = r.number(node).unwrap_or(1000.0).max(0.0) as usize,
            ("pivot", "limit") => self.limit = r.number(node).unwrap_or(0.0).max(0.0) as usize,
            ("impute", "key") => self.key = r.field(node),
            ("impute", "value") => imputed.value = r.value(node).unwrap_or_default(),
            ("impute", "method") => imputed.method = r.text(node).unwrap_or_else(|| Arc::from("value")),
            ("impute", "keyvals") => imputed.keyvals = r.keyvals(node),
            ("lookup", "lookup") => self.field = r.field(node),
            ("lookup", "default") => self.value = r.value(node).unwrap_or_default(),
            ("lookup", "from") => self.read_from(r, node),
            ("density" | "loess", "bandwidth") => self.bandwidth = r.number(node),
            ("extent", "extent") => self.field = r.field(node),
            ("extent", "param") => self.names = r.text(node).into_iter().collect(),
            ("density" | "regression", "extent") => {
                self.extent = r.numbers(node).and_then(|n| Some((*n.first()?, *n.get(1)?)));
            }
            ("density", "counts") => self.counts = r.boolean(node).unwrap_or(false),
            ("density", "cumulative") => self.cumulative = r.boolean(node).unwrap_or(false),
            ("density", "resolve") => self.shared = node.json.as_str() != Some("independent"),
            ("density", "steps") => self.steps = r.number(node).map_or(self.steps, |n| (n, n)),
            ("density", "minsteps") => self.steps.0 = r.number(node).unwrap_or(25.0),
            ("density", "maxsteps") => self.steps.1 = r.number(node).unwrap_or(200.0),
            ("quantile", "probs") => self.probs = r.numbers(node).unwrap_or_default(),
            ("quantile", "step") => self.step = r.number(node).unwrap_or(0.01),
            ("regression", "order") => self.order = r.number(node).unwrap_or(3.0),
            ("regression", "params") => self.params = r.boolean(node).unwrap_or(false),
            (_, "as") => self.names = r.one_or_more(node, Reader::text),
            _ => r.refuse(node),
        });
        if kind == "impute" {
            imputed.frame = self.frame;
            self.impute = Some(imputed);
        }
        if kind == "calculate" && self.names.is_empty() {
            r.wrong(outer, "has no `as`");
        }
    }

    fn read_from(&mut self, r: &mut Reader, node: Node) {
        r.object(node, |r, key, node| match key {
            "data" => self.from = Source::read(r, node).map(LookupFrom::Source),
            "param" => match r
                .text(node)
                .and_then(|name| r.selections.iter().find(|s| s.name == name))
            {
                Some(selection) if selection.of_all_rows => {
                    let start = selection.start.clone().unwrap_or(Predicate::Always(true));
                    self.from = Some(LookupFrom::Selected(start));
                    self.selection = Some(selection.name.clone());
                }
                Some(_) | None => r.refuse(node),
            },
            "key" => self.key = r.field(node),
            "fields" => self.fields = r.list(node, Reader::field),
            _ => r.refuse(node),
        });
    }
}

impl AggregateItem {
    fn read(r: &mut Reader, node: Node) -> Option<AggregateItem> {
        let (mut op, mut field, mut name) = (None, None, None);
        r.object(node, |r, key, node| match key {
            "op" if matches!(node.json.as_str(), Some("argmin")) => op = Some(Aggregate::ArgMin(Arc::from(""))),
            "op" if matches!(node.json.as_str(), Some("argmax")) => op = Some(Aggregate::ArgMax(Arc::from(""))),
            "op" => op = r.aggregate(node),
            "field" => field = r.field(node),
            "as" => name = r.text(node),
            _ => r.refuse(node),
        });
        let op = match op? {
            Aggregate::ArgMin(_) => Aggregate::ArgMin(field.clone()?),
            Aggregate::ArgMax(_) => Aggregate::ArgMax(field.clone()?),
            op => op,
        };
        let name = name.unwrap_or_else(|| {
            let op = match &op {
                Aggregate::Op(op) => op.clone(),
                Aggregate::ArgMin(_) => Arc::from("argmin"),
                Aggregate::ArgMax(_) => Arc::from("argmax"),
            };
            Arc::from(field.as_ref().map_or_else(|| op.to_string(), |f| format!("{op}_{f}")))
        });
        Some(AggregateItem { op, field, name })
    }
}

impl WindowItem {
    fn read(r: &mut Reader, node: Node) -> Option<WindowItem> {
        let (mut op, mut field, mut param, mut name) = (None, None, None, None);
        let outer = node;
        r.object(node, |r, key, node| match key {
            "op" => op = r.text(node),
            "field" => field = r.field(node),
            "param" => param = r.number(node),
            "as" => name = r.text(node),
            _ => r.refuse(node),
        });
        let (Some(op), Some(name)) = (op, name) else {
            r.wrong(outer, "needs `op` and `as`");
            return None;
        };
        Some(WindowItem { op, field, param, name })
    }
}

impl SortField {
    pub fn read(r: &mut Reader, node: Node) -> Option<SortField> {
        let (mut field, mut order) = (None, SortOrder::Ascending);
        r.object(node, |r, key, node| match key {
            "field" => field = r.field(node),
            "order" => order = r.sort_order(node).unwrap_or_default(),
            _ => r.refuse(node),
        });
        Some(SortField { field: field?, order })
    }
}
