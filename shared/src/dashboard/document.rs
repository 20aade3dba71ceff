//! The document. Unknown fields are refused on write; objects refer to each other by id.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{OrderKey, Rect};
use crate::{
    ids::{BookmarkId, FilterId, InteractionId, PageId, ParameterId, TileId},
    semantic::Condition,
    visual::Visual,
};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dashboard {
    /// 1.
    pub format: u32,
    pub title: String,
    pub model: ModelPin,
    /// IANA name; `None`: the model's.
    #[serde(default)]
    pub time_zone: Option<String>,
    #[serde(default = "default_theme")]
    pub theme: String,
    #[serde(default)]
    pub grid: Grid,
    #[serde(default)]
    pub pages: Vec<Page>,
    #[serde(default)]
    pub tiles: Vec<Tile>,
    #[serde(default)]
    pub filters: Vec<Filter>,
    #[serde(default)]
    pub interactions: Vec<Interaction>,
    #[serde(default)]
    pub parameters: Vec<Parameter>,
    #[serde(default)]
    pub bookmarks: Vec<Bookmark>,
}

fn default_theme() -> String {
    "default".to_owned()
}

/// Which model the tiles ask, and which version of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelPin {
    pub name: String,
    #[serde(default)]
    pub version: ModelVersion,
}

/// `"newest"` or a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Value", into = "Value")]
#[schemars(with = "Value")]
pub enum ModelVersion {
    #[default]
    Newest,
    Number(u32),
}

impl From<ModelVersion> for Value {
    fn from(version: ModelVersion) -> Self {
        match version {
            ModelVersion::Newest => Self::from("newest"),
            ModelVersion::Number(number) => Self::from(number),
        }
    }
}

impl TryFrom<Value> for ModelVersion {
    type Error = &'static str;

    fn try_from(value: Value) -> Result<Self, Self::Error> {
        match value.as_str() {
            Some("newest") => Ok(Self::Newest),
            _ => value
                .as_u64()
                .and_then(|number| u32::try_from(number).ok())
                .map(Self::Number)
                .ok_or("a model version is a number or \"newest\""),
        }
    }
}

/// The grid tiles stand on. `row_px` and `gutter_px` are px at 100 %.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Grid {
    pub cols: u32,
    pub row_px: u32,
    pub gutter_px: u32,
    pub version: u32,
}

impl Default for Grid {
    fn default() -> Self {
        Self {
            cols: 24,
            row_px: 8,
            gutter_px: 8,
            version: 1,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Page {
    pub id: PageId,
    pub order: OrderKey,
    pub title: String,
    #[serde(default)]
    pub size: PageSize,
    #[serde(default)]
    pub collision: Collision,
    /// A layout of its own for phones; `None`: stacked in reading order.
    #[serde(default)]
    pub phone: Option<Vec<PhoneSlot>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PhoneSlot {
    pub tile: TileId,
    /// Rows of the grid.
    pub h: u32,
}

/// `fluid` fills the window's width; `fixed` is a slide of the given px.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PageSize {
    #[default]
    Fluid,
    Fixed {
        width_px: u32,
        height_px: u32,
    },
}

/// What happens to tiles in the way of a dropped one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Collision {
    /// They move down.
    #[default]
    Push,
    /// They give up rows or columns, down to a minimum, else move.
    Shrink,
    Overlap,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tile {
    pub id: TileId,
    pub page: PageId,
    pub rect: Rect,
    #[serde(default)]
    pub z: i32,
    #[serde(default)]
    pub locked: bool,
    #[serde(default)]
    pub group: Option<String>,
    pub content: Content,
}

/// What a tile holds. Image, button, shape and control join when they are built.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(
    clippy::large_enum_variant,
    reason = "few of them exist at a time; a box would cost every reader a step"
)]
pub enum Content {
    Visual(Visual),
    Text(TextContent),
    Frame(Frame),
}

/// Markdown; raw HTML in it is shown as text, links are https or mailto only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TextContent {
    pub markdown: String,
}

/// A titled box behind other tiles.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Frame {
    #[serde(default)]
    pub title: Option<String>,
}

/// `"dashboard"`, `{"page":id}` or `{"tile":id}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FilterScope {
    Dashboard,
    Page(PageId),
    Tile(TileId),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FilterTarget {
    /// `table.dimension`.
    pub field: String,
}

/// A filter readers see. `condition` is the builder's own (always on when `locked`), `default` what a reader starts with.
/// Both speak of `target.field` only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    pub id: FilterId,
    pub order: OrderKey,
    pub scope: FilterScope,
    pub target: FilterTarget,
    /// `None`: the dimension's label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    #[serde(default)]
    pub condition: Option<Condition>,
    #[serde(default)]
    pub locked: bool,
    #[serde(default)]
    pub hidden: bool,
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub default: Option<Condition>,
}

/// What a selection in `from` does to `to`; a pair that is not listed filters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Interaction {
    pub id: InteractionId,
    pub from: TileId,
    pub to: TileId,
    pub kind: InteractionKind,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InteractionKind {
    #[default]
    Filter,
    Highlight,
    None,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    pub id: ParameterId,
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bookmark {
    pub id: BookmarkId,
    pub title: String,
    /// The filter state's canonical query string.
    pub state: String,
}

impl Dashboard {
    /// One page, no tiles.
    pub fn new(title: impl Into<String>, model: impl Into<String>, first_page: PageId) -> Self {
        Self {
            format: 1,
            title: title.into(),
            model: ModelPin {
                name: model.into(),
                version: ModelVersion::Newest,
            },
            time_zone: None,
            theme: default_theme(),
            grid: Grid::default(),
            pages: vec![Page {
                id: first_page,
                order: OrderKey::first(),
                title: "Page 1".to_owned(),
                size: PageSize::Fluid,
                collision: Collision::Push,
                phone: None,
            }],
            tiles: Vec::new(),
            filters: Vec::new(),
            interactions: Vec::new(),
            parameters: Vec::new(),
            bookmarks: Vec::new(),
        }
    }

    /// Pages in reading order.
    pub fn ordered_pages(&self) -> Vec<&Page> {
        let mut pages: Vec<&Page> = self.pages.iter().collect();
        crate::sort::sort_by(&mut pages, |a, b| (&a.order, a.id).cmp(&(&b.order, b.id)));
        pages
    }

    /// Tiles of a page, top to bottom, then left to right.
    pub fn tiles_of(&self, page: PageId) -> Vec<&Tile> {
        let mut tiles: Vec<&Tile> = self.tiles.iter().filter(|tile| tile.page == page).collect();
        crate::sort::sort_by_key(&mut tiles, |tile| (tile.rect.y, tile.rect.x, tile.id));
        tiles
    }

    /// Filters in the order readers see them.
    pub fn ordered_filters(&self) -> Vec<&Filter> {
        let mut filters: Vec<&Filter> = self.filters.iter().collect();
        crate::sort::sort_by(&mut filters, |a, b| (&a.order, a.id).cmp(&(&b.order, b.id)));
        filters
    }

    pub fn page(&self, id: PageId) -> Option<&Page> {
        self.pages.iter().find(|page| page.id == id)
    }

    pub fn tile(&self, id: TileId) -> Option<&Tile> {
        self.tiles.iter().find(|tile| tile.id == id)
    }

    pub fn filter(&self, id: FilterId) -> Option<&Filter> {
        self.filters.iter().find(|filter| filter.id == id)
    }

    pub fn interaction(&self, from: TileId, to: TileId) -> InteractionKind {
        self.interactions
            .iter()
            .find(|pair| pair.from == from && pair.to == to)
            .map(|pair| pair.kind)
            .unwrap_or_default()
    }
}

impl Tile {
    pub const fn visual(&self) -> Option<&Visual> {
        match &self.content {
            Content::Visual(visual) => Some(visual),
            Content::Text(_) | Content::Frame(_) => None,
        }
    }
}
