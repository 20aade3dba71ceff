//! A scene in literal colours: what is exported stands in no page that could say what a variable is.

use std::{borrow::Cow, sync::Arc};

use chart::{
    Scene,
    scene::{Gradient, GradientStop, Group, Item, Mark, Paint, Style},
};

use crate::{ExportError, colour};

/// The scene itself when its colours are literal already, or a copy with what its variables fall back to.
///
/// # Errors
/// [`ExportError::Variable`] for a variable without a fall-back.
pub fn literal(scene: &Scene) -> Result<Cow<'_, Scene>, ExportError> {
    let on_page = scene.background.as_ref().is_some_and(is_variable);
    if !on_page && !group_has_variables(&scene.root) {
        return Ok(Cow::Borrowed(scene));
    }
    let mut scene = scene.clone();
    paint(&mut scene.background)?;
    group(&mut scene.root)?;
    Ok(Cow::Owned(scene))
}

fn is_variable(paint: &Paint) -> bool {
    match paint {
        Paint::None => false,
        Paint::Css(css) => colour::is_variable(css),
        Paint::Gradient(gradient) => gradient.stops.iter().any(|stop| colour::is_variable(&stop.color)),
    }
}

fn style_has_variables(style: &Style) -> bool {
    [&style.fill, &style.stroke].into_iter().flatten().any(is_variable)
}

fn group_has_variables(group: &Group) -> bool {
    style_has_variables(&group.style)
        || group.marks.iter().any(|mark| match mark {
            Mark::Items { items, .. } => items.iter().any(|item| style_has_variables(&item.style)),
            Mark::Groups { groups, .. } => groups.iter().any(group_has_variables),
        })
}

fn group(group: &mut Group) -> Result<(), ExportError> {
    style(&mut group.style)?;
    for mark in &mut group.marks {
        match mark {
            Mark::Items { items, .. } => items
                .iter_mut()
                .try_for_each(|Item { style: own, .. }| style(Arc::make_mut(own)))?,
            Mark::Groups { groups, .. } => groups.iter_mut().try_for_each(self::group)?,
        }
    }
    Ok(())
}

fn style(style: &mut Style) -> Result<(), ExportError> {
    paint(&mut style.fill)?;
    paint(&mut style.stroke)
}

fn paint(paint: &mut Option<Paint>) -> Result<(), ExportError> {
    let Some(paint) = paint.as_mut().filter(|paint| is_variable(paint)) else {
        return Ok(());
    };
    *paint = match &*paint {
        Paint::None => Paint::None,
        Paint::Css(css) => Paint::css(&colour::literal(css)?),
        Paint::Gradient(gradient) => {
            let stop = |stop: &GradientStop| -> Result<GradientStop, ExportError> {
                Ok(GradientStop {
                    offset: stop.offset,
                    color: Arc::from(&*colour::literal(&stop.color)?),
                })
            };
            Paint::Gradient(Arc::new(Gradient {
                stops: gradient.stops.iter().map(stop).collect::<Result<_, _>>()?,
                ..Gradient::clone(gradient)
            }))
        }
    };
    Ok(())
}
