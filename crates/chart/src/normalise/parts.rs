//! What the composite marks have in common: the axis they measure along, the groups they summarise, and the parts they draw.

use super::composite::refuse;
use crate::error::ChartError;
use crate::model::{column_name, default_title};
use crate::spec::{
    Channel, ChannelDef, Config, Encoding, FieldKind, MarkDef, MarkKind, Orient, Overlay, Transform, View, ViewKind,
};
use std::sync::Arc;

/// A composite mark taken apart.
#[derive(Clone)]
pub struct Split {
    pub mark: MarkKind,
    pub def: Box<MarkDef>,
    pub orient: Orient,
    /// The axis that is measured along, and its definition.
    pub channel: Channel,
    pub measure: ChannelDef,
    pub field: Arc<str>,
    /// Ends or errors that the data has already.
    pub end: Option<Arc<str>>,
    pub error: Option<Arc<str>>,
    pub error2: Option<Arc<str>>,
    /// The other channels, with their time units taken out.
    pub encoding: Encoding,
    pub transforms: Vec<Transform>,
    pub groupby: Vec<Arc<str>>,
}

fn continuous(def: Option<&ChannelDef>) -> bool {
    def.is_some_and(|d| match d.kind {
        Some(FieldKind::Quantitative) => d.is_field() && !d.is_binning() && !d.is_binned(),
        Some(FieldKind::Temporal) => d.is_field(),
        Some(FieldKind::Nominal | FieldKind::Ordinal | FieldKind::GeoJson) | None => false,
    })
}

fn orient_of(def: &MarkDef, encoding: &Encoding) -> Result<Orient, ChartError> {
    let (x, y) = (encoding.get(Channel::X), encoding.get(Channel::Y));
    let has = |channels: [Channel; 2]| channels.into_iter().any(|c| encoding.get(c).is_some());
    if has([Channel::X2, Channel::XError]) {
        return Ok(Orient::Horizontal);
    }
    if has([Channel::Y2, Channel::YError]) {
        return Ok(Orient::Vertical);
    }
    if let Some(orient) = def.orient {
        return Ok(orient);
    }
    let temporal = |d: Option<&ChannelDef>| d.is_some_and(|d| d.kind == Some(FieldKind::Temporal));
    match (continuous(x), continuous(y)) {
        (true, true) if temporal(y) && !temporal(x) => Ok(Orient::Horizontal),
        (_, true) => Ok(Orient::Vertical),
        (true, false) => Ok(Orient::Horizontal),
        (false, false) => Err(refuse("$.encoding", "this mark needs a continuous axis")),
    }
}

impl Split {
    pub fn of(view: &mut View) -> Result<Split, ChartError> {
        let kind = std::mem::replace(&mut view.kind, ViewKind::Layer(Vec::new()));
        let ViewKind::Unit {
            mark,
            def,
            mut encoding,
        } = kind
        else {
            return Err(refuse("$.mark", "not supported"));
        };
        let orient = orient_of(&def, &encoding)?;
        let (channel, second, error, error2) = match orient {
            Orient::Vertical => (Channel::Y, Channel::Y2, Channel::YError, Channel::YError2),
            Orient::Horizontal => (Channel::X, Channel::X2, Channel::XError, Channel::XError2),
        };
        let measure = encoding.take(channel).unwrap_or_default();
        let Some(field) = measure.field.clone().filter(|_| continuous(Some(&measure))) else {
            return Err(refuse("$.encoding", "this mark needs a continuous axis"));
        };
        let mut named = |c: Channel| encoding.take(c).and_then(|d| d.field);
        let (end, error, error2) = (named(second), named(error), named(error2));
        let mut out = Split {
            mark,
            def,
            orient,
            channel,
            measure,
            field,
            end,
            error,
            error2,
            encoding,
            transforms: Vec::new(),
            groupby: Vec::new(),
        };
        out.take_groups()?;
        Ok(out)
    }

    fn take_groups(&mut self) -> Result<(), ChartError> {
        let boxplot = self.mark == MarkKind::Boxplot;
        if boxplot {
            self.encoding.channels.retain(|(c, _)| *c != Channel::Tooltip);
        }
        for (channel, def) in &mut self.encoding.channels {
            if !def.is_field() {
                continue;
            }
            if def.aggregate.is_some() || def.is_binning() || def.condition.is_some() {
                let path = format!("$.encoding.{}", channel.name());
                return Err(refuse(&path, "not supported with this mark"));
            }
            let Some(field) = def.field.clone() else { continue };
            let Some(unit) = def.time_unit.clone().filter(|u| !u.binned) else {
                self.groupby.push(field);
                continue;
            };
            let name: Arc<str> = Arc::from(column_name(def));
            if def.title.is_none() {
                def.title = Some(vec![default_title(def, &Config::default())]);
            }
            (def.field, def.time_unit) = (Some(name.clone()), None);
            self.transforms.push(Transform::TimeUnit {
                field,
                unit,
                name: name.clone(),
            });
            self.groupby.push(name);
        }
        Ok(())
    }

    /// A column as the measured axis shows it.
    pub fn axis(&self, field: Arc<str>) -> ChannelDef {
        ChannelDef {
            field: Some(field),
            kind: self.measure.kind,
            title: self
                .measure
                .title
                .clone()
                .or_else(|| Some(vec![self.field.to_string()])),
            scale: self.measure.scale.clone(),
            axis: self.measure.axis.clone(),
            ..ChannelDef::default()
        }
    }
}

/// Makes the parts of a composite mark.
pub struct Parts<'a> {
    split: &'a Split,
    config: Option<&'a MarkDef>,
}

impl<'a> Parts<'a> {
    pub fn new(split: &'a Split, config: &'a Config) -> Parts<'a> {
        Parts {
            split,
            config: config.mark(split.mark).map(Arc::as_ref),
        }
    }

    /// One part between two columns, when the mark or its configuration wants it.
    #[expect(clippy::too_many_arguments, reason = "what makes a part")]
    pub fn part(
        &self,
        name: &str,
        read: impl Fn(&MarkDef) -> Option<Overlay>,
        default: Option<Overlay>,
        mark: MarkKind,
        base: &MarkDef,
        from: &str,
        to: Option<&str>,
    ) -> Option<View> {
        let def = self.look(name, read, default, base)?;
        let column = |prefix: &str| -> Arc<str> { Arc::from(format!("{prefix}_{}", self.split.field)) };
        let mut encoding = self.split.encoding.clone();
        let mut channels = vec![(self.split.channel, self.split.axis(column(from)))];
        if let (Some(to), Some(second)) = (to, self.split.channel.secondary()) {
            let end = ChannelDef {
                field: Some(column(to)),
                ..ChannelDef::default()
            };
            channels.push((second, end));
        }
        channels.append(&mut encoding.channels);
        encoding.channels = channels;
        Some(plain(ViewKind::Unit {
            mark,
            def: Box::new(def),
            encoding,
        }))
    }

    /// The look of a part: its own, then `base`, then that of the whole mark, then the configuration's.
    pub fn look(
        &self,
        name: &str,
        read: impl Fn(&MarkDef) -> Option<Overlay>,
        default: Option<Overlay>,
        base: &MarkDef,
    ) -> Option<MarkDef> {
        let configured = self.config.and_then(&read);
        let configured = match (configured, default) {
            (Some(Overlay::On(own)), Some(Overlay::On(base))) => Some(Overlay::On(Box::new(own.or(&base)))),
            (Some(own), _) => Some(own),
            (None, default) => default,
        };
        let own = match read(&self.split.def) {
            Some(Overlay::Off) => return None,
            Some(Overlay::On(def)) => *def,
            Some(Overlay::Transparent) => MarkDef::default(),
            None => {
                matches!(configured, Some(Overlay::On(_))).then_some(())?;
                MarkDef::default()
            }
        };
        let whole = MarkDef {
            clip: self.split.def.clip,
            color: self.split.def.color.clone(),
            opacity: self.split.def.opacity,
            ..MarkDef::default()
        };
        let configured = match configured {
            Some(Overlay::On(def)) => *def,
            Some(Overlay::Off | Overlay::Transparent) | None => MarkDef::default(),
        };
        let style = Some(vec![Arc::from(format!("{}-{name}", self.split.mark.name()))]);
        let named = MarkDef {
            style,
            ..MarkDef::default()
        };
        Some(own.or(&named).or(base).or(&whole).or(&configured))
    }
}

/// A view with nothing but its content.
pub fn plain(kind: ViewKind) -> View {
    View {
        kind,
        name: None,
        description: None,
        data: None,
        transforms: Vec::new(),
        width: None,
        height: None,
        title: None,
        style: Default::default(),
        encoding: None,
        resolve: Default::default(),
        brushes: Vec::new(),
        projection: None,
    }
}
