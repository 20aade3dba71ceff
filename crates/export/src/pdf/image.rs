//! Pictures within a drawing.

use chart::scene::Rect;
use krilla::{
    geom::{Size, Transform},
    image::Image,
};

use super::canvas::Canvas;
use crate::picture::{self, Format};

impl Canvas<'_, '_> {
    /// A picture as large as its box allows, in the middle of it. Addresses that lead elsewhere draw nothing.
    pub fn picture(&mut self, href: &str, place: Rect) {
        let Some(picture) = Some(href).filter(|_| self.pictures).and_then(picture::read) else {
            return;
        };
        let (width, height) = (picture.width as f64, picture.height as f64);
        let scale = (place.width() / width).min(place.height() / height);
        let Some(size) = Size::from_wh((width * scale) as f32, (height * scale) as f32) else {
            return;
        };
        let image = match picture.format {
            Format::Png => Image::from_png(picture.bytes.into(), true),
            Format::Jpeg => Image::from_jpeg(picture.bytes.into(), true),
        };
        let Ok(image) = image else {
            return;
        };
        let (x, y) = (
            place.x1 + (place.width() - width * scale) / 2.0,
            place.y1 + (place.height() - height * scale) / 2.0,
        );
        self.surface
            .push_transform(&Transform::from_translate(x as f32, y as f32));
        self.surface.draw_image(image, size);
        self.surface.pop();
    }
}
