//! Stage 1: JSON → typed specification. Every property is known by name or refused with its path, in the order of the specification.

mod axis;
mod channel;
mod config;
mod encoding;
mod geography;
mod legend;
mod mark;
mod options;
mod predicate;
mod projection;
mod reader;
mod scale;
mod selection;
mod source;
mod title;
mod transform;
mod view;

pub use axis::{Axis, Overlap, TickBand, TickCount};
pub use channel::Channel;
pub use config::{Config, RangeChoice, ViewStyle};
#[cfg(feature = "composite")]
pub use encoding::Condition;
pub use encoding::{
    Aggregate, Bin, BinParams, ChannelDef, Encoding, FieldKind, Header, Impute, Sort, SortOrder, StackOffset,
};
pub use legend::Legend;
pub use mark::{BandSize, Interpolate, InvalidMode, MarkDef, MarkKind, Orient, Overlay, Place};
pub use predicate::{Comparison, Predicate};
pub use projection::ProjectionDef;
pub use reader::{Node, Reader};
pub use scale::{Domain, Nice, Range, Scale, ScaleKind, SchemeRef};
pub use selection::Brush;
pub use source::{DataFormat, Source};
pub use title::Title;
pub use transform::{AggregateItem, LookupFrom, RegressionMethod, SortField, Transform, WindowItem};
pub use view::{Facet, Layout, Resolve, Size, Spec, StepFor, View, ViewKind, parse};
