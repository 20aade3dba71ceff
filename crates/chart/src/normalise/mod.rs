//! Stage 2: shorthand becomes plain views: channels of a layer move into its children, `row`, `column` and `facet` channels become
//! facet views, overlays and composite marks become layers.

#[cfg(feature = "composite")]
mod boxplot;
#[cfg(feature = "composite")]
mod composite;
mod overlay;
#[cfg(feature = "composite")]
mod parts;

/// Built without them, composite marks are refused like anything else that is not drawn.
#[cfg(not(feature = "composite"))]
mod composite {
    use crate::error::{ChartError, Problem};
    use crate::spec::{Config, MarkKind, View, ViewKind};

    pub fn expand(view: View, _: &Config) -> Result<View, ChartError> {
        match &view.kind {
            ViewKind::Unit {
                mark: MarkKind::Boxplot | MarkKind::Errorbar | MarkKind::Errorband,
                ..
            } => Err(ChartError::Unsupported(vec![Problem {
                path: "$.mark".to_owned(),
                reason: "composite marks are not part of this build".to_owned(),
            }])),
            ViewKind::Unit { .. } | ViewKind::Layer(_) | ViewKind::Concat { .. } | ViewKind::Facet { .. } => Ok(view),
        }
    }
}

use crate::error::ChartError;
use crate::spec::{Channel, ChannelDef, Config, Encoding, Facet, Layout, View, ViewKind, ViewStyle};

/// Rewrites a view and everything in it.
pub fn normalise(view: View, config: &Config) -> Result<View, ChartError> {
    walk(view, config, &Encoding::default())
}

fn walk(mut view: View, config: &Config, outer: &Encoding) -> Result<View, ChartError> {
    match view.kind {
        ViewKind::Unit {
            mark,
            def,
            mut encoding,
        } => {
            encoding = merged(outer, encoding);
            for (channel, def) in &mut encoding.channels {
                def.normalise(*channel);
            }
            let facets = [Channel::Row, Channel::Column, Channel::Facet];
            if facets.iter().all(|channel| encoding.get(*channel).is_none()) {
                view.kind = ViewKind::Unit { mark, def, encoding };
                return composite::expand(overlay::expand(view, config), config).map(settle);
            }
            let facet = Box::new(Facet {
                row: encoding.take(Channel::Row),
                column: encoding.take(Channel::Column),
                wrap: encoding.take(Channel::Facet),
            });
            view.kind = ViewKind::Unit { mark, def, encoding };
            let layout = layout_of(&facet);
            let child = View {
                kind: view.kind,
                name: None,
                description: None,
                data: None,
                transforms: Vec::new(),
                title: None,
                resolve: crate::spec::Resolve::default(),
                style: std::mem::take(&mut view.style),
                width: view.width.take(),
                height: view.height.take(),
                encoding: None,
                brushes: std::mem::take(&mut view.brushes),
                projection: None,
            };
            let child = walk(child, config, &Encoding::default())?;
            view.style = ViewStyle::default();
            view.kind = ViewKind::Facet {
                facet,
                child: Box::new(child),
                layout,
            };
            Ok(view)
        }
        ViewKind::Layer(children) => {
            let outer = match view.encoding.take() {
                Some(own) => merged(outer, own),
                None => outer.clone(),
            };
            let mut kept = Vec::with_capacity(children.len());
            for mut child in children {
                child.width = view.width.clone().or(child.width);
                child.height = view.height.clone().or(child.height);
                kept.push(walk(child, config, &outer)?);
            }
            view.kind = ViewKind::Layer(kept);
            Ok(view)
        }
        ViewKind::Concat {
            children,
            layout,
            prefix,
        } => {
            let children = children
                .into_iter()
                .map(|c| walk(c, config, &Encoding::default()))
                .collect::<Result<_, _>>()?;
            view.kind = ViewKind::Concat {
                children,
                layout,
                prefix,
            };
            Ok(view)
        }
        ViewKind::Facet {
            mut facet,
            child,
            layout,
        } => {
            for (channel, def) in [
                (Channel::Row, &mut facet.row),
                (Channel::Column, &mut facet.column),
                (Channel::Facet, &mut facet.wrap),
            ] {
                if let Some(def) = def {
                    def.normalise(channel);
                }
            }
            let mut child = walk(*child, config, &Encoding::default())?;
            child.width = child.width.or(view.width.take());
            child.height = child.height.or(view.height.take());
            view.kind = ViewKind::Facet {
                facet,
                child: Box::new(child),
                layout,
            };
            Ok(view)
        }
    }
}

/// Drops what a mark has no use for, as Vega-Lite does: channels it does not show, and sorts by channels it does not have.
fn settle(mut view: View) -> View {
    match &mut view.kind {
        ViewKind::Unit { mark, encoding, .. } => {
            let binned = |c: Channel| encoding.get(c).is_some_and(|d| d.is_field() && d.is_binned());
            let (x, y) = (binned(Channel::X), binned(Channel::Y));
            encoding.channels.retain(|(channel, def)| match channel {
                Channel::X2 | Channel::Y2 | Channel::Longitude2 | Channel::Latitude2 if mark.is_ranged() => true,
                Channel::Longitude2 | Channel::Latitude2 => false,
                Channel::X2 => x && def.is_field(),
                Channel::Y2 => y && def.is_field(),
                channel => mark.shows(*channel),
            });
            let present: Vec<Channel> = encoding
                .channels
                .iter()
                .filter(|(_, d)| d.is_data())
                .map(|(c, _)| *c)
                .collect();
            for (_, def) in &mut encoding.channels {
                if matches!(&def.sort, Some(crate::spec::Sort::Encoding { channel, .. }) if !present.contains(channel))
                {
                    def.sort = None;
                }
            }
        }
        ViewKind::Layer(children) => {
            *children = std::mem::take(children).into_iter().map(settle).collect();
        }
        ViewKind::Concat { .. } | ViewKind::Facet { .. } => {}
    }
    view
}

fn layout_of(facet: &Facet) -> Layout {
    let defs = [&facet.wrap, &facet.row, &facet.column];
    let mut layout = Layout::default();
    for def in defs.into_iter().flatten() {
        layout.columns = layout.columns.or(def.columns.map(|c| c.max(1.0) as usize));
        layout.align = layout.align.or(def.align.clone());
        layout.center |= def.center == Some(true);
    }
    let spacing = |def: &Option<ChannelDef>| def.as_ref().and_then(|d| d.spacing);
    let (row, column, wrap) = (spacing(&facet.row), spacing(&facet.column), spacing(&facet.wrap));
    if row.or(column).or(wrap).is_some() {
        layout.spacing = Some((row.or(wrap).unwrap_or(20.0), column.or(wrap).unwrap_or(20.0)));
    }
    layout
}

/// The channels of a layer under those of its child.
fn merged(outer: &Encoding, mut inner: Encoding) -> Encoding {
    for (channel, def) in &outer.channels {
        let own = inner.channels.iter_mut().find(|(c, _)| c == channel);
        match own {
            Some((_, own)) if own.is_data() => *own = own.or(def),
            Some(_) => {}
            None => inner.channels.push((*channel, def.clone())),
        }
    }
    inner
}
