//! Views: one mark, layers, facets, and several views side by side.

use super::channel::Channel;
use super::config::{Config, ViewStyle};
use super::encoding::{ChannelDef, Encoding};
use super::mark::{MarkDef, MarkKind};
use super::projection::ProjectionDef;
use super::reader::{MOST_LATE_PARTS, Node, Reader};
use super::selection::{Brush, Selection};
use super::source::Source;
use super::title::Title;
use super::transform::Transform;
use crate::budget;
use crate::data::{Table, Wanted};
use crate::expression::{self, Expression, Scope, evaluate};
use crate::scales::ScaleSet;
use crate::scene::Paint;
use crate::value::Value;
use serde_json::Value as Json;
use std::sync::Arc;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepFor {
    Default,
    Position,
    Offset,
}

/// A view's width or height.
#[derive(Clone, Debug, PartialEq)]
pub enum Size {
    Px(f64),
    /// Px per value of a discrete scale.
    Step(f64, StepFor),
    /// As wide or high as the place it is put in.
    Container,
}

impl Size {
    pub fn px(&self) -> Option<f64> {
        match self {
            Size::Px(n) => Some(*n),
            Size::Step(..) | Size::Container => None,
        }
    }
}

/// How the given size relates to axes, legends and titles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Autosize {
    pub fit_x: bool,
    pub fit_y: bool,
    /// Nothing is added for what stands outside the data rectangle.
    pub none: bool,
    pub contains_padding: bool,
}

impl Autosize {
    pub fn read(r: &mut Reader, node: Node) -> Autosize {
        let mut out = Autosize::default();
        let mut set = |r: &mut Reader, node: Node| match node.json.as_str() {
            Some("pad") => {}
            Some("fit") => (out.fit_x, out.fit_y) = (true, true),
            Some("fit-x") => out.fit_x = true,
            Some("fit-y") => out.fit_y = true,
            Some("none") => out.none = true,
            _ => r.wrong(node, "must be pad, fit, fit-x, fit-y or none"),
        };
        if node.json.is_object() {
            let mut contains = false;
            r.object(node, |r, key, node| match key {
                "type" => set(r, node),
                "contains" => contains = node.json.as_str() == Some("padding"),
                "resize" => r.skip(node),
                _ => r.refuse(node),
            });
            out.contains_padding = contains;
        } else {
            set(r, node);
        }
        out
    }
}

/// Which scales and guides child views have in common; `true` is shared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resolve {
    pub scale: Vec<(Channel, bool)>,
    pub axis: Vec<(Channel, bool)>,
    pub legend: Vec<(Channel, bool)>,
}

impl Resolve {
    fn read(r: &mut Reader, node: Node) -> Resolve {
        let mut out = Resolve::default();
        r.object(node, |r, key, node| {
            let mut list = Vec::new();
            r.object(node, |r, key, node| match (Channel::parse(key), node.json.as_str()) {
                (Some(channel), Some("shared")) => list.push((channel, true)),
                (Some(channel), Some("independent")) => list.push((channel, false)),
                // Vega-Lite ignores names it does not know; its own gallery has some.
                (None, _) => {}
                _ => r.wrong(node, "must be shared or independent"),
            });
            match key {
                "scale" => out.scale = list,
                "axis" => out.axis = list,
                "legend" => out.legend = list,
                _ => r.refuse(node),
            }
        });
        out
    }

    pub fn find(list: &[(Channel, bool)], channel: Channel) -> Option<bool> {
        list.iter().find(|(c, _)| *c == channel).map(|(_, shared)| *shared)
    }
}

/// How child views are placed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// Views per row; `None` is one row.
    pub columns: Option<usize>,
    /// Between rows and between columns, in px.
    pub spacing: Option<(f64, f64)>,
    /// `all`, `each` or `none`.
    pub align: Option<Arc<str>>,
    pub center: bool,
    pub bounds_flush: bool,
}

/// One view per value of a field.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facet {
    pub row: Option<ChannelDef>,
    pub column: Option<ChannelDef>,
    pub wrap: Option<ChannelDef>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ViewKind {
    Unit {
        mark: MarkKind,
        def: Box<MarkDef>,
        encoding: Encoding,
    },
    Layer(Vec<View>),
    Concat {
        children: Vec<View>,
        layout: Layout,
        prefix: &'static str,
    },
    Facet {
        facet: Box<Facet>,
        child: Box<View>,
        layout: Layout,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub struct View {
    pub kind: ViewKind,
    pub name: Option<Arc<str>>,
    pub description: Option<Arc<str>>,
    pub data: Option<Source>,
    pub transforms: Vec<Transform>,
    pub width: Option<Size>,
    pub height: Option<Size>,
    pub title: Option<Title>,
    pub style: ViewStyle,
    /// Channels a layer gives to its children.
    pub encoding: Option<Encoding>,
    pub resolve: Resolve,
    pub brushes: Vec<Brush>,
    /// What it and the views inside say of maps.
    pub projection: Option<Arc<ProjectionDef>>,
}

/// A whole specification.
#[derive(Clone, Debug, PartialEq)]
pub struct Spec {
    pub view: View,
    pub config: Box<Config>,
    pub background: Option<Paint>,
    pub padding: Option<[f64; 4]>,
    pub autosize: Option<Autosize>,
    pub datasets: Vec<(Arc<str>, Arc<Table>)>,
    pub signals: Vec<(String, Value)>,
    pub description: Option<Arc<str>>,
}

/// Reads a specification over a base configuration. What is wrong stays in the reader.
pub fn parse(r: &mut Reader, json: &Json, base: Box<Config>) -> Option<Spec> {
    let node = Node::root(json);
    if !json.is_object() {
        r.wrong(node, "must be an object");
        return None;
    }
    for key in ["width", "height"] {
        if let Some(n) = json.get(key).and_then(Json::as_f64) {
            r.signals.push((key.to_owned(), Value::Number(n)));
        }
    }
    r.wanted = Wanted::of(json);
    find_extents(r, json, 0);
    read_params(r, node, &[]);
    let mut config = base;
    let mut top = Top::default();
    let view = View::read(r, node, Some((&mut top, &mut config)))?;
    Some(Spec {
        description: view.description.clone(),
        view,
        config,
        background: top.background,
        padding: top.padding,
        autosize: top.autosize,
        datasets: top.datasets,
        signals: r.signals.clone(),
    })
}

#[derive(Default)]
struct Top {
    background: Option<Paint>,
    padding: Option<[f64; 4]>,
    autosize: Option<Autosize>,
    datasets: Vec<(Arc<str>, Arc<Table>)>,
}

/// Parameters anywhere in the specification; their names are unique. `encodings`: those of the views around, the innermost
/// last.
fn read_params(r: &mut Reader, node: Node, encodings: &[&Json]) {
    if encodings.len() > 12 || !node.json.is_object() {
        return;
    }
    let mut encodings = encodings.to_vec();
    encodings.push(node.get("encoding").unwrap_or(&Json::Null));
    let own_data = node.get("data").is_some() && encodings.len() > 1;
    let of_all_rows = !own_data && node.get("transform").is_none();
    r.object(node, |r, key, node| match key {
        "params" if node.json.is_array() => {
            r.list(node, |r, node| {
                read_param(r, node, &encodings, of_all_rows);
                Some(())
            });
        }
        "layer" | "concat" | "hconcat" | "vconcat" if node.json.is_array() => {
            r.list(node, |r, node| {
                read_params(r, node, &encodings);
                Some(())
            });
        }
        "spec" => read_params(r, node, &encodings),
        _ => {}
    });
}

/// Parameters that the data gives.
fn find_extents(r: &mut Reader, json: &Json, depth: usize) {
    if depth > 12 {
        return;
    }
    for (key, member) in json.as_object().into_iter().flatten() {
        let items = member.as_array().into_iter().flatten();
        match key.as_str() {
            "transform" => {
                for step in items {
                    if let (Some(_), Some(name)) = (step.get("extent"), step.get("param").and_then(Json::as_str)) {
                        r.late.push((name.to_owned(), None));
                    }
                }
            }
            "layer" | "concat" | "hconcat" | "vconcat" => items.for_each(|view| find_extents(r, view, depth + 1)),
            "spec" => find_extents(r, member, depth + 1),
            _ => {}
        }
    }
}

/// A parameter whose value only scales or data tell; `None` for others. One that does not react is computed once, before
/// there are any scales.
fn late_param(r: &Reader, node: Node) -> Option<Expression> {
    let tree = expression::parse(node.get("expr")?.as_str()?).ok()?;
    r.waits(&tree).then(|| r.expanded(&tree))
}

fn read_param(r: &mut Reader, node: Node, encodings: &[&Json], of_all_rows: bool) {
    let Some(name) = node.get("name").and_then(Json::as_str).map(str::to_owned) else {
        r.wrong(node, "has no name");
        return;
    };
    if node.get("select").is_some() {
        let mut selection = Selection::read(r, node, Arc::from(name), encodings);
        selection.of_all_rows = of_all_rows;
        r.selections.push(selection);
        return;
    }
    if let Some(tree) = late_param(r, node) {
        let scope = Scope {
            datum: None,
            names: &r.signals,
            scales: Some(&ScaleSet::default()),
        };
        let once = node.get("react").and_then(Json::as_bool) == Some(false);
        match once.then(|| evaluate(&tree, &scope)) {
            Some(Ok(value)) => r.signals.push((name, value)),
            Some(Err(_)) | None if tree.parts() > MOST_LATE_PARTS => {
                r.refuse_because(node, "a parameter of scales or data that is so long is not supported");
            }
            Some(Err(_)) | None => r.late.push((name, Some(tree))),
        }
        return;
    }
    let mut value = Value::Null;
    r.object(node, |r, key, node| match key {
        "value" => value = Value::from_json(node.json),
        "expr" => {
            let expression = serde_json::json!({ "expr": node.json });
            value = r.value(node.with(&expression)).unwrap_or_default();
        }
        "name" | "bind" | "description" | "react" => {}
        _ => r.refuse(node),
    });
    r.signals.push((name, value));
}

impl View {
    fn read(r: &mut Reader, node: Node, mut top: Option<(&mut Top, &mut Config)>) -> Option<View> {
        if r.depth > 6 {
            r.wrong(node, "views are nested too deeply");
            return None;
        }
        if !budget::take(budget::VIEW) {
            return None;
        }
        r.depth += 1;
        let mut p = Pieces::default();
        let holds = |key: &str| node.get(key).is_some();
        let arranges = || {
            ["concat", "hconcat", "vconcat", "repeat", "facet"]
                .into_iter()
                .any(holds)
        };
        r.object(node, |r, key, node| match key {
            "$schema" | "usermeta" => r.skip(node),
            "params" => p.brushes = read_brushes(r, node),
            "config" | "datasets" | "background" | "padding" | "autosize" => match &mut top {
                Some((top, config)) => match key {
                    "config" => config.read_over(r, node),
                    "datasets" => r.object(node, |r, key, node| {
                        let _ = &r;
                        top.datasets.push((
                            Arc::from(key),
                            Arc::new(crate::data::read_rows(node.json, &Wanted::default())),
                        ));
                    }),
                    "background" => top.background = r.paint(node),
                    "padding" => top.padding = r.padding(node),
                    _ => top.autosize = Some(Autosize::read(r, node)),
                },
                None => r.refuse(node),
            },
            "name" => p.name = r.text(node),
            "description" => p.description = r.text(node),
            "data" if node.is_null() => {}
            "data" => p.data = Source::read(r, node),
            "transform" => {
                p.transforms = r.list(node, Transform::read);
                // What a selection chooses from is known only before the first step.
                let later = p.transforms.iter().skip(1).any(Transform::looks_among_its_own);
                let own_data =
                    top.is_none() && holds("data") && p.transforms.iter().any(Transform::looks_among_its_own);
                if later || own_data {
                    r.refuse_because(
                        node,
                        "a selection's rows are looked up in the first step over the same data only",
                    );
                }
            }
            "width" => p.width = r.size(node),
            "height" => p.height = r.size(node),
            "title" if node.is_null() => {}
            "title" => p.title = Some(Title::read(r, node)),
            "view" => p.style = ViewStyle::read(r, node),
            "resolve" => p.resolve = Resolve::read(r, node),
            "mark" if node.json.is_string() => {
                let name = node.json.as_str().unwrap_or("");
                p.mark = MarkKind::parse(name);
                if p.mark.is_none() {
                    r.refuse_because(node, &format!("the mark `{name}` is not supported"));
                }
                p.has_mark = true;
            }
            "mark" => {
                *p.def = MarkDef::read(r, node, &mut p.mark);
                p.has_mark = true;
            }
            "encoding" => p.encoding = Some(Encoding::read(r, node)),
            "layer" => p.layer = Some(r.list(node, |r, node| View::read(r, node, None))),
            "concat" => p.concat = Some((r.list(node, |r, node| View::read(r, node, None)), Some(0))),
            "hconcat" => p.concat = Some((r.list(node, |r, node| View::read(r, node, None)), None)),
            "vconcat" => p.concat = Some((r.list(node, |r, node| View::read(r, node, None)), Some(1))),
            "facet" => p.facet = Some(Box::new(read_facet(r, node))),
            "repeat" | "spec" => {}
            "columns" => p.layout.columns = r.number(node).map(|n| n.max(1.0) as usize),
            "spacing" => p.layout.spacing = read_spacing(r, node),
            "align" => p.layout.align = r.text(node),
            "center" => p.layout.center = node.json.as_bool() == Some(true),
            "bounds" => p.layout.bounds_flush = node.json.as_str() == Some("flush"),
            "projection" if arranges() => r.refuse(node),
            "projection" => p.projection = ProjectionDef::read(r, node),
            "selection" => r.refuse(node),
            _ => r.refuse(node),
        });
        if node.get("repeat").is_some() {
            p.read_repeat(r, node);
        } else if p.facet.is_some() {
            p.child = read_spec(r, node).map(Box::new);
        }
        r.depth -= 1;
        p.view(r, node)
    }
}

/// Of selections that start with an interval.
fn read_brushes(r: &mut Reader, node: Node) -> Vec<Brush> {
    let names = node
        .json
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|param| param.get("name")?.as_str());
    let brush = |name: &str| r.selections.iter().find(|s| *s.name == *name)?.brush.clone();
    names.filter_map(brush).collect()
}

fn read_spec(r: &mut Reader, node: Node) -> Option<View> {
    let mut view = None;
    r.object(node, |r, key, node| {
        if key == "spec" {
            view = View::read(r, node, None);
        }
    });
    view
}

fn read_spacing(r: &mut Reader, node: Node) -> Option<(f64, f64)> {
    if node.json.is_object() {
        let part = |key: &str| node.get(key).and_then(Json::as_f64).unwrap_or(20.0);
        return Some((part("row"), part("column")));
    }
    r.number(node).map(|n| (n, n))
}

fn read_facet(r: &mut Reader, node: Node) -> Facet {
    let mut facet = Facet::default();
    if node.get("row").is_some() || node.get("column").is_some() {
        r.object(node, |r, key, node| match key {
            "row" => facet.row = Some(ChannelDef::read(r, node, Channel::Row)),
            "column" => facet.column = Some(ChannelDef::read(r, node, Channel::Column)),
            _ => r.refuse(node),
        });
    } else {
        facet.wrap = Some(ChannelDef::read(r, node, Channel::Facet));
    }
    facet
}

/// What was read of a view before its kind is known.
#[derive(Default)]
struct Pieces {
    name: Option<Arc<str>>,
    description: Option<Arc<str>>,
    data: Option<Source>,
    transforms: Vec<Transform>,
    width: Option<Size>,
    height: Option<Size>,
    title: Option<Title>,
    style: ViewStyle,
    resolve: Resolve,
    projection: Option<Arc<ProjectionDef>>,
    has_mark: bool,
    mark: Option<MarkKind>,
    def: Box<MarkDef>,
    encoding: Option<Encoding>,
    layer: Option<Vec<View>>,
    concat: Option<(Vec<View>, Option<usize>)>,
    facet: Option<Box<Facet>>,
    child: Option<Box<View>>,
    layout: Layout,
    repeated: Option<ViewKind>,
    brushes: Vec<Brush>,
}

impl Pieces {
    /// `repeat` draws its child once per field: as layers, in a grid, or wrapped.
    fn read_repeat(&mut self, r: &mut Reader, node: Node) {
        let mut lists: [Option<Vec<String>>; 4] = [None, None, None, None];
        const NAMES: [&str; 4] = ["row", "column", "layer", "repeat"];
        r.object(node, |r, key, node| {
            if key != "repeat" {
                return;
            }
            let fields = |r: &mut Reader, node: Node| r.list(node, |r, node| r.text(node).map(|t| t.to_string()));
            if node.json.is_array() {
                lists[3] = Some(fields(r, node));
                return;
            }
            r.object(node, |r, key, node| match NAMES.iter().position(|n| *n == key) {
                Some(at) if at < 3 => {
                    if let Some(slot) = lists.get_mut(at) {
                        *slot = Some(fields(r, node));
                    }
                }
                _ => r.refuse(node),
            });
        });
        let [rows, columns, layers, wrapped] = lists;
        if let Some(layers) = layers {
            if rows.is_some() || columns.is_some() {
                r.refuse(node);
            }
            let mut children = Vec::new();
            for field in layers {
                r.repeaters.push(("layer", field));
                children.extend(read_spec(r, node));
                r.repeaters.pop();
            }
            self.repeated = Some(ViewKind::Layer(children));
            return;
        }
        let mut children = Vec::new();
        let mut layout = self.layout.clone();
        if let Some(fields) = wrapped {
            for field in fields {
                r.repeaters.push(("repeat", field));
                children.extend(read_spec(r, node));
                r.repeaters.pop();
            }
        } else {
            layout.columns = Some(columns.as_ref().map_or(1, Vec::len));
            for row in rows.clone().unwrap_or_else(|| vec![String::new()]) {
                if !budget::take(columns.as_ref().map_or(1, Vec::len)) {
                    break;
                }
                r.repeaters.push(("row", row));
                for column in columns.clone().unwrap_or_else(|| vec![String::new()]) {
                    r.repeaters.push(("column", column));
                    children.extend(read_spec(r, node));
                    r.repeaters.pop();
                }
                r.repeaters.pop();
            }
        }
        if layout.columns.is_none() {
            layout.columns = None;
        }
        self.repeated = Some(ViewKind::Concat {
            children,
            layout,
            prefix: "child",
        });
    }

    fn view(self, r: &mut Reader, node: Node) -> Option<View> {
        let mut encoding = self.encoding;
        let kind = if let Some(kind) = self.repeated {
            kind
        } else if let Some(children) = self.layer {
            ViewKind::Layer(children)
        } else if let Some((children, columns)) = self.concat {
            let columns = if columns == Some(0) {
                self.layout.columns
            } else {
                columns
            };
            ViewKind::Concat {
                children,
                layout: Layout { columns, ..self.layout },
                prefix: "concat",
            }
        } else if let Some(facet) = self.facet {
            ViewKind::Facet {
                facet,
                child: self.child?,
                layout: self.layout,
            }
        } else if self.has_mark {
            ViewKind::Unit {
                mark: self.mark?,
                def: self.def,
                encoding: encoding.take().unwrap_or_default(),
            }
        } else {
            r.wrong(node, "is not a view: it has no mark, layer, facet, concat or repeat");
            return None;
        };
        Some(View {
            kind,
            name: self.name,
            description: self.description,
            data: self.data,
            transforms: self.transforms,
            width: self.width,
            height: self.height,
            title: self.title,
            style: self.style,
            encoding,
            resolve: self.resolve,
            brushes: self.brushes,
            projection: self.projection,
        })
    }
}
