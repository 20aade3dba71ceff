//! A document of one page, drawn from the scene itself: shapes stay shapes and text stays text.

mod canvas;
mod image;
mod items;
mod outline;
mod paint;
mod text;

use chart::Scene;
use krilla::{
    Document, SerializeSettings,
    annotation::Annotation,
    error::KrillaError,
    metadata::Metadata,
    page::PageSettings,
    tagging::{ContentTag, Tag, TagGroup, TagTree},
};

use crate::{ExportError, literal::literal, picture};
use canvas::Canvas;

/// Points per px: a px is 1/96 inch, a point 1/72.
const POINTS_PER_PX: f64 = 0.75;
/// The longest side a page can have, in points; what is larger is drawn smaller, since nothing is lost by that.
const LONGEST_SIDE: f64 = 14_400.0;

/// What a document says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PdfOptions {
    /// Shown by readers in place of the file's name.
    pub title: Option<String>,
    /// What the drawing shows, for people who do not see it; the scene's own description when there is none.
    pub description: Option<String>,
    /// Of the words in the drawing, as in `en` or `de-CH`.
    pub language: Option<String>,
}

/// Draws a scene as a PDF file: one page of its size, with the fonts it uses.
///
/// # Errors
/// A size out of bounds, a colour that only a page knows, or a drawing that krilla does not take.
pub fn pdf(scene: &Scene, options: &PdfOptions) -> Result<Vec<u8>, ExportError> {
    picture::check(scene)?;
    let scene = literal(scene)?;
    let mut without = Without::default();
    loop {
        match document(&scene, options, without) {
            Err(Failure::Pdf(KrillaError::Font(..))) if !without.fonts_of_machine => without.fonts_of_machine = true,
            Err(Failure::Pdf(KrillaError::Image(..))) if !without.pictures => without.pictures = true,
            Err(Failure::Pdf(error)) => return Err(ExportError::Document(Box::new(error))),
            Err(Failure::Size(error)) => return Err(error),
            Ok(bytes) => return Ok(bytes),
        }
    }
}

/// What is left out after it turned out, at the very end, that it cannot be embedded: a chart without it is better than none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Without {
    fonts_of_machine: bool,
    pictures: bool,
}

enum Failure {
    Size(ExportError),
    Pdf(KrillaError),
}

fn document(scene: &Scene, options: &PdfOptions, without: Without) -> Result<Vec<u8>, Failure> {
    let no_size = || {
        Failure::Size(ExportError::NoSize {
            width_px: scene.width_px,
            height_px: scene.height_px,
        })
    };
    let points_per_px = POINTS_PER_PX.min(LONGEST_SIDE / scene.width_px.max(scene.height_px));
    let (width, height) = (scene.width_px * points_per_px, scene.height_px * points_per_px);
    let settings = PageSettings::from_wh(width as f32, height as f32).ok_or_else(no_size)?;
    let description = options.description.as_ref().or(scene.description.as_ref());

    let mut document = Document::new_with(SerializeSettings::default());
    document.set_metadata(metadata(options, description));
    let mut page = document.start_page_with(settings);
    let mut surface = page.surface();
    // For assistive tools the drawing is one figure with a description, as it is one graphic in SVG.
    let content = surface.start_tagged(ContentTag::Other);
    let mut canvas = Canvas::new(&mut surface, points_per_px, without);
    canvas.scene(scene);
    let links = canvas.finish();
    surface.end_tagged();
    surface.finish();

    let mut figure = TagGroup::new(Tag::Figure(description.cloned()));
    figure.push(content);
    for link in links {
        let mut group = TagGroup::new(Tag::Link);
        group.push(page.add_tagged_annotation(Annotation::new_link(link.annotation, link.label)));
        figure.push(group);
    }
    page.finish();
    let mut tags = TagTree::new();
    tags.push(figure);
    document.set_tag_tree(tags);
    document.finish().map_err(Failure::Pdf)
}

/// Without a date: the same drawing is the same file tomorrow.
fn metadata(options: &PdfOptions, description: Option<&String>) -> Metadata {
    let mut metadata = Metadata::new().creator("Sightline".to_owned());
    if let Some(title) = &options.title {
        metadata = metadata.title(title.clone());
    }
    if let Some(description) = description {
        metadata = metadata.description(description.clone());
    }
    if let Some(language) = &options.language {
        metadata = metadata.language(language.clone());
    }
    metadata
}
