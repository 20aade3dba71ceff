//! The encoding channels.

/// A channel; row, column and facet are read like channels and become views later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    X,
    Y,
    X2,
    Y2,
    XOffset,
    YOffset,
    XError,
    XError2,
    YError,
    YError2,
    Longitude,
    Latitude,
    Longitude2,
    Latitude2,
    Theta,
    Theta2,
    Radius,
    Radius2,
    Color,
    Fill,
    Stroke,
    Opacity,
    FillOpacity,
    StrokeOpacity,
    StrokeWidth,
    StrokeDash,
    Size,
    Shape,
    Angle,
    Text,
    Tooltip,
    Href,
    Url,
    Description,
    Order,
    Detail,
    Key,
    Facet,
    Row,
    Column,
}

impl Channel {
    const NAMES: [(Channel, &'static str); 40] = [
        (Channel::X, "x"),
        (Channel::Y, "y"),
        (Channel::X2, "x2"),
        (Channel::Y2, "y2"),
        (Channel::XOffset, "xOffset"),
        (Channel::YOffset, "yOffset"),
        (Channel::XError, "xError"),
        (Channel::XError2, "xError2"),
        (Channel::YError, "yError"),
        (Channel::YError2, "yError2"),
        (Channel::Longitude, "longitude"),
        (Channel::Latitude, "latitude"),
        (Channel::Longitude2, "longitude2"),
        (Channel::Latitude2, "latitude2"),
        (Channel::Theta, "theta"),
        (Channel::Theta2, "theta2"),
        (Channel::Radius, "radius"),
        (Channel::Radius2, "radius2"),
        (Channel::Color, "color"),
        (Channel::Fill, "fill"),
        (Channel::Stroke, "stroke"),
        (Channel::Opacity, "opacity"),
        (Channel::FillOpacity, "fillOpacity"),
        (Channel::StrokeOpacity, "strokeOpacity"),
        (Channel::StrokeWidth, "strokeWidth"),
        (Channel::StrokeDash, "strokeDash"),
        (Channel::Size, "size"),
        (Channel::Shape, "shape"),
        (Channel::Angle, "angle"),
        (Channel::Text, "text"),
        (Channel::Tooltip, "tooltip"),
        (Channel::Href, "href"),
        (Channel::Url, "url"),
        (Channel::Description, "description"),
        (Channel::Order, "order"),
        (Channel::Detail, "detail"),
        (Channel::Key, "key"),
        (Channel::Facet, "facet"),
        (Channel::Row, "row"),
        (Channel::Column, "column"),
    ];

    pub fn parse(name: &str) -> Option<Channel> {
        Channel::NAMES.iter().find(|(_, n)| *n == name).map(|(c, _)| *c)
    }

    pub fn name(self) -> &'static str {
        Channel::NAMES.iter().find(|(c, _)| *c == self).map_or("", |(_, n)| n)
    }

    pub fn is_xy(self) -> bool {
        matches!(self, Channel::X | Channel::Y)
    }

    pub fn is_offset(self) -> bool {
        matches!(self, Channel::XOffset | Channel::YOffset)
    }

    pub fn is_polar(self) -> bool {
        matches!(
            self,
            Channel::Theta | Channel::Radius | Channel::Theta2 | Channel::Radius2
        )
    }

    /// Channels that place a mark on the sphere.
    pub fn is_geographic(self) -> bool {
        matches!(
            self,
            Channel::Longitude | Channel::Latitude | Channel::Longitude2 | Channel::Latitude2
        )
    }

    pub fn is_color(self) -> bool {
        matches!(self, Channel::Color | Channel::Fill | Channel::Stroke)
    }

    /// Channels that have a scale of their own.
    pub fn has_scale(self) -> bool {
        matches!(
            self,
            Channel::X
                | Channel::Y
                | Channel::XOffset
                | Channel::YOffset
                | Channel::Theta
                | Channel::Radius
                | Channel::Color
                | Channel::Fill
                | Channel::Stroke
                | Channel::Opacity
                | Channel::FillOpacity
                | Channel::StrokeOpacity
                | Channel::StrokeWidth
                | Channel::StrokeDash
                | Channel::Size
                | Channel::Shape
                | Channel::Angle
        )
    }

    /// Channels whose scale is explained by a legend.
    pub fn has_legend(self) -> bool {
        self.has_scale()
            && !self.is_xy()
            && !self.is_offset()
            && !self.is_polar()
            && !matches!(self, Channel::Angle | Channel::FillOpacity | Channel::StrokeOpacity)
    }

    /// The channel whose scale positions this one: `x2` uses the scale of `x`.
    pub fn main(self) -> Channel {
        match self {
            Channel::X2 => Channel::X,
            Channel::Y2 => Channel::Y,
            Channel::Theta2 => Channel::Theta,
            Channel::Radius2 => Channel::Radius,
            other => other,
        }
    }

    /// The end of a range that starts at this channel.
    pub fn secondary(self) -> Option<Channel> {
        match self {
            Channel::X => Some(Channel::X2),
            Channel::Y => Some(Channel::Y2),
            Channel::Theta => Some(Channel::Theta2),
            Channel::Radius => Some(Channel::Radius2),
            _ => None,
        }
    }

    /// The offset channel of a position.
    pub fn offset(self) -> Option<Channel> {
        match self {
            Channel::X => Some(Channel::XOffset),
            Channel::Y => Some(Channel::YOffset),
            _ => None,
        }
    }
}
