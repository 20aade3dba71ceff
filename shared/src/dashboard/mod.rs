//! The dashboard: one document, changed only by operations, read through a filter state.

mod action;
mod apply;
mod document;
mod filter_state;
mod layout;
mod object;
mod order;
mod reading;
mod summary;

pub use action::{Action, ObjectKind, Operation};
pub use apply::{ApplyError, Missing, apply_action, apply_operations, validate};
pub use document::{
    Bookmark, Collision, Content, Dashboard, Filter, FilterScope, FilterTarget, Frame, Grid, Interaction,
    InteractionKind, ModelPin, ModelVersion, Page, PageSize, Parameter, PhoneSlot, TextContent, Tile,
};
pub use filter_state::{
    FilterState, Selection, SelectionRow, SelectionValue, decode, encode, filter_key, read_range, write_member,
    write_range,
};
pub use layout::{Rect, place_tile, resolve_collisions};
pub use object::Object;
pub use order::{OrderKey, order_between};
pub use reading::{FieldLabel, MemberCount, MetricLabel, ReadableDashboard};
pub use summary::{
    DashboardDetail, DashboardSummary, DashboardVersion, Folder, HistoryEntry, OpsAccepted, OpsRejected, OpsRequest,
    PageData, RecordedAction, TableWindow, TileData, TileRequest,
};
