//! One mark with its data.

use super::projection::ProjectionId;
use super::stacking::StackInfo;
use super::style::Levels;
use super::tree::ScaleId;
use crate::data::Table;
use crate::spec::{Brush, Channel, ChannelDef, Encoding, FieldKind, InvalidMode, MarkKind, Orient, Size};
use crate::transform::BinSteps;
use std::sync::Arc;

#[derive(Clone, Debug)]
pub struct Unit {
    /// Name of its marks, such as `layer_0_marks`.
    pub name: String,
    pub mark: MarkKind,
    pub style: Levels,
    pub encoding: Encoding,
    pub orient: Option<Orient>,
    pub stack: Option<StackInfo>,
    /// Before the encoding's aggregation, where somebody asks for it: to sort by other fields, of facets and on maps.
    pub raw: Option<Arc<Table>>,
    /// With rows that cannot be drawn, until a frame leaves them out.
    pub table: Arc<Table>,
    pub bins: Vec<(Channel, BinSteps)>,
    pub scales: Vec<(Channel, ScaleId)>,
    /// Of the map it stands on.
    pub projection: Option<ProjectionId>,
    pub width: Option<Size>,
    pub height: Option<Size>,
    pub path: String,
    /// Of selections that start with an interval.
    pub brushes: Vec<Brush>,
}

impl Unit {
    pub fn scale(&self, channel: Channel) -> Option<ScaleId> {
        self.scales.iter().find(|(c, _)| *c == channel.main()).map(|(_, s)| *s)
    }

    pub fn bin(&self, channel: Channel) -> Option<&BinSteps> {
        self.bins.iter().find(|(c, _)| *c == channel).map(|(_, b)| b)
    }

    pub fn filled(&self) -> bool {
        let default = !matches!(self.mark, MarkKind::Point | MarkKind::Line | MarkKind::Rule);
        self.style.get(|m| m.filled).unwrap_or(default)
    }

    /// Where in its band or time unit a value stands: 0 at the start, 1 at the end.
    pub fn band_position(&self, def: &ChannelDef, has_end: bool) -> Option<f64> {
        if def.band_position.is_some() {
            return def.band_position;
        }
        if !def.is_field() {
            return None;
        }
        if def.time_unit.is_some() && !has_end {
            return self.style.get(|m| m.time_unit_band_position);
        }
        def.is_binning().then_some(0.5)
    }

    /// Whether the end of a range belongs to the scale's domain.
    pub fn has_band_end(&self, def: &ChannelDef, has_end: bool) -> bool {
        (def.is_binning() || (def.time_unit.is_some() && def.kind() == FieldKind::Temporal))
            && self.band_position(def, has_end).is_some()
    }

    /// How rows that cannot be drawn are treated: do marks get them, do scales.
    pub fn invalid(&self) -> (InvalidMode, bool, bool) {
        let path = self.mark.is_path();
        let mode = match self
            .style
            .get(|m| m.invalid)
            .unwrap_or(InvalidMode::BreakPathsShowPathDomains)
        {
            InvalidMode::BreakPathsShowPathDomains if path => InvalidMode::BreakPathsShowDomains,
            InvalidMode::BreakPathsShowPathDomains => InvalidMode::Filter,
            mode => mode,
        };
        match mode {
            InvalidMode::Filter | InvalidMode::BreakPathsShowPathDomains => (mode, false, false),
            InvalidMode::BreakPathsShowDomains => (mode, path, true),
            InvalidMode::BreakPathsFilterDomains => (mode, path, false),
            InvalidMode::Show => (mode, true, true),
        }
    }
}
