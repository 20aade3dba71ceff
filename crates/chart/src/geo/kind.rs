//! The projections by name, and what each assumes when nobody says.

/// A projection Vega-Lite names and that is drawn here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProjectionKind {
    Albers,
    AlbersUsa,
    AzimuthalEqualArea,
    AzimuthalEquidistant,
    ConicConformal,
    ConicEqualArea,
    ConicEquidistant,
    EqualEarth,
    Equirectangular,
    Gnomonic,
    Identity,
    Mercator,
    NaturalEarth1,
    Orthographic,
    Stereographic,
    TransverseMercator,
}

/// Angles in degrees, scale in px per radian.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Defaults {
    pub scale: f64,
    pub center: (f64, f64),
    pub rotate: [f64; 3],
    pub parallels: (f64, f64),
    /// Half the angle of what is shown; without it everything is, torn opposite of the centre.
    pub clip_angle: Option<f64>,
}

impl ProjectionKind {
    const NAMES: [(ProjectionKind, &'static str); 16] = [
        (ProjectionKind::Albers, "albers"),
        (ProjectionKind::AlbersUsa, "albersUsa"),
        (ProjectionKind::AzimuthalEqualArea, "azimuthalEqualArea"),
        (ProjectionKind::AzimuthalEquidistant, "azimuthalEquidistant"),
        (ProjectionKind::ConicConformal, "conicConformal"),
        (ProjectionKind::ConicEqualArea, "conicEqualArea"),
        (ProjectionKind::ConicEquidistant, "conicEquidistant"),
        (ProjectionKind::EqualEarth, "equalEarth"),
        (ProjectionKind::Equirectangular, "equirectangular"),
        (ProjectionKind::Gnomonic, "gnomonic"),
        (ProjectionKind::Identity, "identity"),
        (ProjectionKind::Mercator, "mercator"),
        (ProjectionKind::NaturalEarth1, "naturalEarth1"),
        (ProjectionKind::Orthographic, "orthographic"),
        (ProjectionKind::Stereographic, "stereographic"),
        (ProjectionKind::TransverseMercator, "transverseMercator"),
    ];

    /// By its name, in which Vega takes upper and lower case as one.
    pub fn parse(name: &str) -> Option<ProjectionKind> {
        let found = ProjectionKind::NAMES.iter().find(|(_, n)| n.eq_ignore_ascii_case(name));
        found.map(|(kind, _)| *kind)
    }

    /// Albers' projection of the United States is three of a kind, put together elsewhere; this is the one of the mainland.
    pub fn defaults(self) -> Defaults {
        use ProjectionKind as K;
        let plain = Defaults {
            scale: 150.0,
            center: (0.0, 0.0),
            rotate: [0.0; 3],
            parallels: (0.0, 60.0),
            clip_angle: None,
        };
        let flat = |scale: f64| Defaults { scale, ..plain };
        let round = |scale: f64, angle: f64| Defaults {
            scale,
            clip_angle: Some(angle),
            ..plain
        };
        match self {
            K::Albers | K::AlbersUsa => Defaults {
                scale: 1070.0,
                center: (-0.6, 38.7),
                rotate: [96.0, 0.0, 0.0],
                parallels: (29.5, 45.5),
                ..plain
            },
            K::AzimuthalEqualArea => round(124.75, 180.0 - 1e-3),
            K::AzimuthalEquidistant => round(79.4188, 180.0 - 1e-3),
            K::ConicConformal => Defaults {
                scale: 109.5,
                parallels: (30.0, 30.0),
                ..plain
            },
            K::ConicEqualArea => Defaults {
                scale: 155.424,
                center: (0.0, 33.6442),
                ..plain
            },
            K::ConicEquidistant => Defaults {
                scale: 131.154,
                center: (0.0, 13.9389),
                ..plain
            },
            K::EqualEarth => flat(177.158),
            K::Equirectangular => flat(152.63),
            K::Gnomonic => round(144.049, 60.0),
            K::Identity => flat(1.0),
            K::Mercator => flat(961.0 / crate::math::TAU),
            K::NaturalEarth1 => flat(175.295),
            K::Orthographic => round(249.5, 90.0 + 1e-6),
            K::Stereographic => round(250.0, 142.0),
            K::TransverseMercator => flat(159.155),
        }
    }
}
