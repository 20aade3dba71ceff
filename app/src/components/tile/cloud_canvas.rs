//! The points of a cloud on a canvas: WebGL draws each as a round point, all of them at once.

use std::collections::BTreeSet;

use chart::visual::{Cloud, CloudFrame, REST, Size, Span};
use wasm_bindgen::JsCast;
use web_sys::{
    HtmlCanvasElement, WebGlBuffer, WebGlContextAttributes, WebGlProgram, WebGlRenderingContext as Gl, WebGlShader,
    WebGlUniformLocation, WebglLoseContext,
};

/// Colours of members, and the one of the rest behind them.
pub const COLOURS: usize = 11;
/// How opaque few points are, and as many as will ever be.
const OPACITY: (f64, f64) = (0.75, 0.12);
/// As many points in view are drawn as opaque as few.
const FEW: f64 = 8_000.0;
/// How much of itself a point has that is not meant by a choice.
const DIMMED: f32 = 0.15;
/// How far beside the plane points at its edge reach, in px.
const EDGE_PX: f64 = 3.0;

const VERTEX: &str = "
    attribute vec2 place;
    attribute vec3 look;
    uniform vec2 origin;
    uniform vec2 scale;
    uniform vec2 base;
    uniform float ratio;
    uniform vec3 colours[11];
    varying vec3 colour;
    varying float radius;
    varying float strength;
    void main() {
        gl_Position = vec4((place - origin) * scale + base, 0.0, 1.0);
        radius = look.y * ratio;
        gl_PointSize = 2.0 * radius + 2.0;
        colour = colours[int(look.x)];
        strength = look.z;
    }
";

/// The rim of a point fades over one pixel.
const FRAGMENT: &str = "
    precision mediump float;
    uniform float opacity;
    varying vec3 colour;
    varying float radius;
    varying float strength;
    void main() {
        float away = length(gl_PointCoord - 0.5) * (2.0 * radius + 2.0);
        float alpha = opacity * strength * clamp(radius + 0.5 - away, 0.0, 1.0);
        gl_FragColor = vec4(colour * alpha, alpha);
    }
";

/// A canvas with the points of one cloud on it.
#[derive(Clone)]
pub struct CloudCanvas {
    canvas: HtmlCanvasElement,
    gl: Gl,
    looks: WebGlBuffer,
    places: Places,
    count: usize,
}

/// Where the numbers of a drawing go.
#[derive(Clone)]
struct Places {
    origin: Option<WebGlUniformLocation>,
    scale: Option<WebGlUniformLocation>,
    base: Option<WebGlUniformLocation>,
    ratio: Option<WebGlUniformLocation>,
    opacity: Option<WebGlUniformLocation>,
    colours: Option<WebGlUniformLocation>,
}

impl CloudCanvas {
    /// `None` where there is no WebGL.
    pub fn new(canvas: &HtmlCanvasElement, cloud: &Cloud) -> Option<Self> {
        let wanted = WebGlContextAttributes::new();
        // Points soften their own rims.
        wanted.set_antialias(false);
        wanted.set_depth(false);
        let context = canvas.get_context_with_context_options("webgl", &wanted).ok()??;
        let gl: Gl = context.dyn_into().ok()?;
        let program = program(&gl)?;
        gl.use_program(Some(&program));
        gl.enable(Gl::BLEND);
        // Colours come multiplied by their opacity.
        gl.blend_func(Gl::ONE, Gl::ONE_MINUS_SRC_ALPHA);
        let places = gl.create_buffer()?;
        fill(&gl, &places, cloud.places.as_flattened());
        attribute(&gl, &program, "place", 2)?;
        let looks = gl.create_buffer()?;
        let at = |name: &str| gl.get_uniform_location(&program, name);
        let made = Self {
            canvas: canvas.clone(),
            places: Places {
                origin: at("origin"),
                scale: at("scale"),
                base: at("base"),
                ratio: at("ratio"),
                opacity: at("opacity"),
                colours: at("colours"),
            },
            looks,
            count: cloud.len(),
            gl,
        };
        made.emphasise(cloud, None);
        attribute(&made.gl, &program, "look", 3)?;
        Some(made)
    }

    /// Answer rows that stand out; without any all points are the same.
    pub fn emphasise(&self, cloud: &Cloud, rows: Option<&BTreeSet<usize>>) {
        let points = cloud.colours.iter().zip(&cloud.radii_px).zip(&cloud.rows);
        let looks: Vec<f32> = points
            .flat_map(|((colour, radius), row)| {
                let colour = if *colour == REST { (COLOURS - 1) as u8 } else { *colour };
                let stands_out = rows.is_none_or(|rows| rows.contains(&(*row as usize)));
                [f32::from(colour), *radius, if stands_out { 1.0 } else { DIMMED }]
            })
            .collect();
        fill(&self.gl, &self.looks, &looks);
    }

    /// Red, green and blue of each colour, from 0 to 1.
    pub fn colour(&self, colours: &[[f32; 3]; COLOURS]) {
        self.gl
            .uniform3fv_with_f32_array(self.places.colours.as_ref(), colours.as_flattened());
    }

    /// Draws the part of the cloud that `frame` shows.
    pub fn paint(&self, cloud: &Cloud, frame: &CloudFrame, size: Size, ratio: f64) {
        let gl = &self.gl;
        let (width, height) = ((size.width_px * ratio).round(), (size.height_px * ratio).round());
        if (f64::from(self.canvas.width()), f64::from(self.canvas.height())) != (width, height) {
            self.canvas.set_width(width as u32);
            self.canvas.set_height(height as u32);
        }
        gl.viewport(0, 0, width as i32, height as i32);
        gl.disable(Gl::SCISSOR_TEST);
        gl.clear_color(0.0, 0.0, 0.0, 0.0);
        gl.clear(Gl::COLOR_BUFFER_BIT);
        gl.enable(Gl::SCISSOR_TEST);
        let (left, right) = (frame.x.from_px - EDGE_PX, frame.x.to_px + EDGE_PX);
        let (top, bottom) = (frame.y.to_px - EDGE_PX, frame.y.from_px + EDGE_PX);
        // Counted from the bottom.
        gl.scissor(
            (left * ratio).round() as i32,
            ((size.height_px - bottom) * ratio).round() as i32,
            ((right - left) * ratio).round() as i32,
            ((bottom - top) * ratio).round() as i32,
        );
        let x = Along::of(frame.x, cloud.whole.x, size.width_px, 1.0);
        let y = Along::of(frame.y, cloud.whole.y, size.height_px, -1.0);
        let pair =
            |place: &Option<WebGlUniformLocation>, x: f64, y: f64| gl.uniform2f(place.as_ref(), x as f32, y as f32);
        pair(&self.places.origin, x.origin, y.origin);
        pair(&self.places.scale, x.scale, y.scale);
        pair(&self.places.base, x.base, y.base);
        gl.uniform1f(self.places.ratio.as_ref(), ratio as f32);
        let in_view = self.count as f64 * x.seen * y.seen;
        gl.uniform1f(self.places.opacity.as_ref(), opacity(in_view) as f32);
        gl.draw_arrays(Gl::POINTS, 0, self.count as i32);
    }

    /// Gives the context back: a page may have only so many.
    pub fn close(&self) {
        if let Ok(Some(extension)) = self.gl.get_extension("WEBGL_lose_context") {
            extension.unchecked_into::<WebglLoseContext>().lose_context();
        }
    }
}

/// How places along an axis become places of the canvas, which go from -1 to 1.
struct Along {
    /// The share of the whole at which the plane begins.
    origin: f64,
    scale: f64,
    /// Where the plane begins.
    base: f64,
    /// How much of the whole is seen.
    seen: f64,
}

impl Along {
    fn of(span: Span, whole: (f64, f64), length_px: f64, way: f64) -> Self {
        let share = |number: f64| (number / 2.0 - whole.0 / 2.0) / (whole.1 / 2.0 - whole.0 / 2.0);
        let clip = |px: f64| way * (2.0 * px / length_px - 1.0);
        let (origin, end) = (share(span.from), share(span.to));
        Self {
            origin,
            scale: (clip(span.to_px) - clip(span.from_px)) / (end - origin),
            base: clip(span.from_px),
            seen: (end - origin).clamp(0.0, 1.0),
        }
    }
}

/// Many points over each other stay a cloud and do not become a blot.
fn opacity(in_view: f64) -> f64 {
    let (few, most) = OPACITY;
    (few * (FEW / in_view.max(1.0)).sqrt()).clamp(most, few)
}

fn fill(gl: &Gl, buffer: &WebGlBuffer, numbers: &[f32]) {
    gl.bind_buffer(Gl::ARRAY_BUFFER, Some(buffer));
    let numbers = js_sys::Float32Array::from(numbers);
    gl.buffer_data_with_array_buffer_view(Gl::ARRAY_BUFFER, &numbers, Gl::STATIC_DRAW);
}

/// The attribute reads the buffer that was filled last.
fn attribute(gl: &Gl, program: &WebGlProgram, name: &str, numbers: i32) -> Option<()> {
    let place = u32::try_from(gl.get_attrib_location(program, name)).ok()?;
    gl.enable_vertex_attrib_array(place);
    gl.vertex_attrib_pointer_with_i32(place, numbers, Gl::FLOAT, false, 0, 0);
    Some(())
}

fn program(gl: &Gl) -> Option<WebGlProgram> {
    let program = gl.create_program()?;
    gl.attach_shader(&program, &shader(gl, Gl::VERTEX_SHADER, VERTEX)?);
    gl.attach_shader(&program, &shader(gl, Gl::FRAGMENT_SHADER, FRAGMENT)?);
    gl.link_program(&program);
    let linked = gl.get_program_parameter(&program, Gl::LINK_STATUS).as_bool();
    if linked != Some(true) {
        leptos::logging::warn!("points cannot be drawn: {:?}", gl.get_program_info_log(&program));
        return None;
    }
    Some(program)
}

fn shader(gl: &Gl, kind: u32, source: &str) -> Option<WebGlShader> {
    let shader = gl.create_shader(kind)?;
    gl.shader_source(&shader, source);
    gl.compile_shader(&shader);
    if gl.get_shader_parameter(&shader, Gl::COMPILE_STATUS).as_bool() != Some(true) {
        leptos::logging::warn!("points cannot be drawn: {:?}", gl.get_shader_info_log(&shader));
        return None;
    }
    Some(shader)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_the_plane_are_where_the_axes_have_them() {
        let span = |from: f64, to: f64, from_px: f64, to_px: f64| Span {
            from,
            to,
            from_px,
            to_px,
        };
        let clip = |along: &Along, share: f64| (share - along.origin) * along.scale + along.base;
        // Half of the whole is seen, between 50 and 350 of 400 px.
        let x = Along::of(span(25.0, 75.0, 50.0, 350.0), (0.0, 100.0), 400.0, 1.0);
        assert!((clip(&x, 0.25) + 0.75).abs() < 1e-12 && (clip(&x, 0.75) - 0.75).abs() < 1e-12);
        assert_eq!(x.seen, 0.5);
        // Upwards, and the canvas counts upwards as well.
        let y = Along::of(span(0.0, 10.0, 180.0, 20.0), (0.0, 10.0), 200.0, -1.0);
        assert!((clip(&y, 0.0) + 0.8).abs() < 1e-12 && (clip(&y, 1.0) - 0.8).abs() < 1e-12);
    }

    #[test]
    fn many_points_are_less_opaque_than_few() {
        assert_eq!(opacity(100.0), 0.75);
        assert!(opacity(100_000.0) < 0.25 && opacity(100_000.0) > 0.12);
        assert_eq!(opacity(1e9), 0.12);
    }
}
