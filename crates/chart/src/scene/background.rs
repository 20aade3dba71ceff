//! The outlines of groups, the same for every file format.

use super::Group;
use crate::marks::rounded;

impl Group {
    /// Path data of the background, in the coordinates of the group (px).
    pub fn background(&self) -> String {
        self.outline.clone().unwrap_or_else(|| {
            let stroked = self.style.stroke.as_ref().is_some_and(|s| !s.is_none());
            // An outline of odd width lies on whole pixels when it is half a pixel in.
            let half = if stroked && self.style.stroke_width.unwrap_or(1.0) % 2.0 == 1.0 {
                0.5
            } else {
                0.0
            };
            rounded(half, half, self.width, self.height, [self.corner_radius; 4])
        })
    }

    /// Path data of what cuts the marks that ask for it: the rectangle of the view around them, by its width and height in px.
    pub fn clip_of_view(view: (f64, f64)) -> String {
        rounded(0.0, 0.0, view.0, view.1, [0.0; 4])
    }
}
