//! Pixels of pictures: read, written small, compared.

use chart::scene::Rect;
use std::{cmp::Reverse, collections::BTreeMap, io::Cursor};

/// By how much a channel may differ and still be the same: other processors round otherwise, and few colours are kept.
const TOLERANCE: u8 = 24;
/// Which share of the pixels may differ by more.
const SHARE: f64 = 0.0005;

type Colour = [u8; 3];

/// An opaque picture.
pub struct Pixels {
    pub width: usize,
    pub height: usize,
    /// Row by row.
    colours: Vec<Colour>,
}

impl Pixels {
    pub fn read(file: &[u8]) -> Pixels {
        let mut decoder = png::Decoder::new(Cursor::new(file));
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
        let frame = reader.next_frame(&mut bytes).unwrap();
        assert_eq!(frame.color_type, png::ColorType::Rgb, "a sheet is opaque");
        let (colours, _) = bytes.as_chunks::<3>();
        Pixels {
            width: frame.width as usize,
            height: frame.height as usize,
            colours: colours.to_vec(),
        }
    }

    /// A small PNG file: of at most 256 colours, which are as near to all others as so few can be.
    pub fn packed(&self) -> Vec<u8> {
        let mut counts: BTreeMap<Colour, usize> = BTreeMap::new();
        for colour in &self.colours {
            *counts.entry(*colour).or_default() += 1;
        }
        let mut frequent: Vec<Colour> = counts.keys().copied().collect();
        frequent.sort_by_key(|colour| (Reverse(counts[colour]), *colour));
        let palette = (0..TOLERANCE / 2).find_map(|apart| palette(&frequent, apart)).unwrap();
        let place = |colour: Colour| {
            let kept = palette.iter().zip(0..=u8::MAX);
            let nearest = kept.min_by_key(|(kept, _)| distance(**kept, colour));
            nearest.unwrap().1
        };
        let places: BTreeMap<Colour, u8> = frequent.iter().map(|colour| (*colour, place(*colour))).collect();
        let data: Vec<u8> = self.colours.iter().map(|colour| places[colour]).collect();

        let mut file = Vec::new();
        let (width, height) = (self.width.try_into().unwrap(), self.height.try_into().unwrap());
        let mut encoder = png::Encoder::new(&mut file, width, height);
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_palette(palette.concat());
        encoder.set_compression(png::Compression::High);
        // Numbers of neighbouring colours say nothing about each other.
        encoder.set_filter(png::Filter::NoFilter);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&data).unwrap();
        writer.finish().unwrap();
        file
    }

    /// Columns and rows where another picture of the same size differs by more than another processor would.
    pub fn moved(&self, other: &Pixels) -> Vec<(usize, usize)> {
        let pairs = self.colours.iter().zip(&other.colours).enumerate();
        pairs
            .filter(|(_, (own, other))| distance(**own, **other) > TOLERANCE)
            .map(|(place, _)| (place % self.width, place / self.width))
            .collect()
    }

    /// This picture in pale, with these places in red.
    pub fn pointed(&self, places: &[(usize, usize)]) -> Pixels {
        let pale = self
            .colours
            .iter()
            .map(|colour| colour.map(|channel| 128 + channel / 2));
        let mut colours: Vec<Colour> = pale.collect();
        for (column, row) in places {
            colours[row * self.width + column] = [255, 0, 0];
        }
        Pixels {
            width: self.width,
            height: self.height,
            colours,
        }
    }
}

/// Are so many of the places in a frame (px) that it is not the same picture any more?
pub fn has_changed(frame: Rect, places: &[(usize, usize)]) -> bool {
    let within = places.iter().filter(|(column, row)| {
        let (x, y) = (*column as f64, *row as f64);
        frame.x1 <= x && x < frame.x2 && frame.y1 <= y && y < frame.y2
    });
    within.count() as f64 > SHARE * frame.width() * frame.height()
}

/// By how much the channel differs that differs most.
fn distance([red, green, blue]: Colour, other: Colour) -> u8 {
    let others = red.abs_diff(other[0]).max(green.abs_diff(other[1]));
    others.max(blue.abs_diff(other[2]))
}

/// The first of these colours, without those that are no further apart from one before; `None` if they are too many.
fn palette(colours: &[Colour], apart: u8) -> Option<Vec<Colour>> {
    let mut palette: Vec<Colour> = Vec::new();
    for colour in colours {
        if palette.iter().all(|kept| distance(*kept, *colour) > apart) {
            palette.push(*colour);
        }
        if palette.len() > 256 {
            return None;
        }
    }
    Some(palette)
}
