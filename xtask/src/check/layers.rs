//! The arrows of the architecture, read from the manifests.

use std::collections::BTreeMap;

use toml::{Table, Value};

use crate::{
    failure::{Failure, Outcome},
    files,
    workspace::Workspace,
};

/// Which crates of ours a crate may use, and which libraries it may never use (a trailing `*` stands for any ending).
struct Layer {
    name: &'static str,
    may: &'static [&'static str],
    never: &'static [&'static str],
}

const PURE: &[&str] = &["tokio", "sea-orm*", "polars*", "axum*", "leptos*"];
const LAYERS: &[Layer] = &[
    Layer {
        name: "shared",
        may: &[],
        never: PURE,
    },
    Layer {
        name: "guard",
        may: &["shared"],
        never: PURE,
    },
    Layer {
        name: "chart",
        may: &["shared"],
        never: PURE,
    },
    Layer {
        name: "export",
        may: &["chart", "shared"],
        never: PURE,
    },
    Layer {
        name: "plan",
        may: &["guard", "shared"],
        never: PURE,
    },
    Layer {
        name: "entity",
        may: &["shared"],
        never: &["axum*", "leptos*", "polars*"],
    },
    Layer {
        name: "engine",
        may: &["plan", "guard", "shared"],
        never: &["axum*", "leptos*", "sea-orm*"],
    },
    Layer {
        name: "services",
        may: &["engine", "plan", "guard", "chart", "entity", "shared"],
        never: &["axum*", "leptos*", "polars*"],
    },
    Layer {
        name: "testkit",
        may: &["entity", "migrations", "shared"],
        never: &["axum*", "leptos*"],
    },
    Layer {
        name: "app",
        may: &["chart", "plan", "shared", "services"],
        never: &["sea-orm*", "polars*"],
    },
    Layer {
        name: "frontend-app",
        may: &["app", "chart", "plan", "shared"],
        never: &["tokio", "axum*"],
    },
    Layer {
        name: "frontend-reader",
        may: &["app", "chart", "plan", "shared"],
        never: &["tokio", "axum*"],
    },
    Layer {
        name: "server",
        may: &[
            "app",
            "services",
            "engine",
            "chart",
            "export",
            "guard",
            "migrations",
            "shared",
        ],
        never: &["polars*"],
    },
    Layer {
        name: "migrations",
        may: &[],
        never: &["axum*", "leptos*", "polars*"],
    },
    Layer {
        name: "xtask",
        may: &[],
        never: &["leptos*", "polars*", "sea-orm*"],
    },
];
/// Tests of any crate may use it; nothing else may.
const TEST_KIT: &str = "testkit";
/// What a test database is made and looked at with; for the tests of crates that may know a database at all.
const TEST_DATABASE: [&str; 2] = ["entity", "migrations"];
/// The browser's builds must not reach it: behind the feature `ssr`.
const ONLY_ON_SERVER: (&str, &str) = ("app", "services");

/// Reads all manifests and returns what is wrong.
pub fn run(workspace: &Workspace) -> Outcome<Vec<String>> {
    let root = read(workspace, "Cargo.toml")?;
    let members = root
        .get("workspace")
        .and_then(|table| table.get("members"))
        .and_then(Value::as_array);
    let members = members.ok_or_else(|| Failure::new("Cargo.toml: no [workspace] members"))?;
    let mut manifests = BTreeMap::new();
    for member in members.iter().filter_map(Value::as_str) {
        let path = format!("{member}/Cargo.toml");
        manifests.insert(path.clone(), read(workspace, &path)?);
    }
    Ok(problems(&root, &manifests))
}

fn read(workspace: &Workspace, path: &str) -> Outcome<Table> {
    let text = files::read_text(&workspace.root.join(path))?;
    text.parse().map_err(|error| Failure::new(format!("{path}: {error}")))
}

/// What is wrong with these manifests (path → content).
fn problems(root: &Table, manifests: &BTreeMap<String, Table>) -> Vec<String> {
    let shared_versions = root
        .get("workspace")
        .and_then(|table| table.get("dependencies"))
        .and_then(Value::as_table);
    let ours: Vec<&str> = manifests.values().filter_map(package_name).collect();
    let mut found = Vec::new();
    for (path, manifest) in manifests {
        let Some(name) = package_name(manifest) else {
            found.push(format!("{path}: no [package] name"));
            continue;
        };
        if !has_workspace_lints(manifest) {
            found.push(format!("{path}: [lints] workspace = true is missing"));
        }
        let Some(layer) = LAYERS.iter().find(|layer| layer.name == name) else {
            found.push(format!(
                "{path}: `{name}` has no place in the architecture yet; give it one in xtask/src/check/layers.rs"
            ));
            continue;
        };
        for dependency in dependencies(manifest, shared_versions) {
            found.extend(
                dependency
                    .problem(layer, &ours)
                    .map(|problem| format!("{path}: {problem}")),
            );
        }
    }
    found
}

fn package_name(manifest: &Table) -> Option<&str> {
    manifest.get("package")?.get("name")?.as_str()
}

fn has_workspace_lints(manifest: &Table) -> bool {
    manifest
        .get("lints")
        .and_then(|lints| lints.get("workspace"))
        .and_then(Value::as_bool)
        == Some(true)
}

/// One line below `[dependencies]` or its relatives.
struct Dependency {
    /// The package, also where it is renamed.
    package: String,
    for_tests: bool,
    optional: bool,
    from_workspace: bool,
}

fn dependencies(manifest: &Table, shared_versions: Option<&Table>) -> Vec<Dependency> {
    let mut found = Vec::new();
    let targets = manifest
        .get("target")
        .and_then(Value::as_table)
        .into_iter()
        .flat_map(Table::values)
        .filter_map(Value::as_table);
    for table in std::iter::once(manifest).chain(targets) {
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let lines = table.get(kind).and_then(Value::as_table).into_iter().flatten();
            found.extend(
                lines.map(|(name, value)| dependency(name, value, kind == "dev-dependencies", shared_versions)),
            );
        }
    }
    found
}

fn dependency(name: &str, value: &Value, for_tests: bool, shared_versions: Option<&Table>) -> Dependency {
    let flag = |key: &str| value.get(key).and_then(Value::as_bool) == Some(true);
    let renamed = |value: &Value| value.get("package").and_then(Value::as_str).map(str::to_owned);
    let in_root = shared_versions.and_then(|table| table.get(name)).and_then(renamed);
    Dependency {
        package: renamed(value).or(in_root).unwrap_or_else(|| name.to_owned()),
        for_tests,
        optional: flag("optional"),
        from_workspace: flag("workspace"),
    }
}

impl Dependency {
    fn problem(&self, layer: &Layer, ours: &[&str]) -> Option<String> {
        let package = self.package.as_str();
        if !self.from_workspace {
            return Some(format!(
                "`{package}`: versions stand in [workspace.dependencies] only; write `{package}.workspace = true`"
            ));
        }
        if package == TEST_KIT {
            return (!self.for_tests).then(|| format!("`{TEST_KIT}` is for [dev-dependencies] only"));
        }
        if ours.contains(&package) {
            let in_tests = self.for_tests && TEST_DATABASE.contains(&package) && !layer.never.contains(&"sea-orm*");
            if !layer.may.contains(&package) && !in_tests {
                return Some(format!("`{}` must not use `{package}`", layer.name));
            }
            let exposed = (layer.name, package) == ONLY_ON_SERVER && !self.optional;
            return exposed.then(|| format!("`{package}` must be optional, behind the feature `ssr`"));
        }
        let banned = !self.for_tests && layer.never.iter().any(|pattern| matches(pattern, package));
        // The pages' server half speaks to axum; the browser's must not.
        let server_half = layer.name == "app" && self.optional;
        (banned && !server_half).then(|| format!("`{}` must not use the library `{package}`", layer.name))
    }
}

fn matches(pattern: &str, package: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => package.starts_with(start),
        None => package == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "[lints]\nworkspace = true\n";

    fn check(name: &str, rest: &str) -> Vec<String> {
        let root: Table = "[workspace.dependencies]\nbears = { package = \"polars\", version = \"1\" }"
            .parse()
            .unwrap();
        let mut manifests = BTreeMap::new();
        for other in [
            "shared",
            "plan",
            "engine",
            "entity",
            "services",
            "testkit",
            "migrations",
        ] {
            manifests.insert(
                format!("{other}.toml"),
                format!("[package]\nname = \"{other}\"\n{HEAD}").parse().unwrap(),
            );
        }
        manifests.insert(
            format!("{name}.toml"),
            format!("[package]\nname = \"{name}\"\n{rest}").parse().unwrap(),
        );
        problems(&root, &manifests)
    }

    fn one(name: &str, rest: &str) -> String {
        let found = check(name, &format!("{HEAD}{rest}"));
        assert_eq!(found.len(), 1, "{found:?}");
        found.into_iter().next().unwrap()
    }

    #[test]
    fn drawn_arrows_pass() {
        let rest = format!(
            "{HEAD}[dependencies]\nplan.workspace = true\nshared.workspace = true\n[dev-dependencies]\ntestkit.workspace = true"
        );
        assert_eq!(check("engine", &rest), Vec::<String>::new());
    }

    #[test]
    fn other_arrows_are_named() {
        assert_eq!(
            one("plan", "[dependencies]\nentity.workspace = true"),
            "plan.toml: `plan` must not use `entity`"
        );
        assert_eq!(
            one("shared", "[build-dependencies]\nmigrations.workspace = true"),
            "shared.toml: `shared` must not use `migrations`"
        );
    }

    #[test]
    fn banned_libraries_are_found_under_another_name_and_for_one_target() {
        assert!(one("plan", "[dependencies]\nbears.workspace = true").contains("library `polars`"));
        assert!(
            one(
                "chart",
                "[target.'cfg(unix)'.dependencies]\nsea-orm-migration.workspace = true"
            )
            .contains("sea-orm-migration")
        );
        assert!(one("services", "[dependencies]\naxum-extra.workspace = true").contains("axum-extra"));
    }

    #[test]
    fn the_test_kit_is_for_tests() {
        assert!(one("server", "[dependencies]\ntestkit.workspace = true").contains("dev-dependencies"));
    }

    #[test]
    fn tests_may_look_at_the_database_where_the_code_may() {
        let rest = |name: &str| check(name, &format!("{HEAD}[dev-dependencies]\nentity.workspace = true"));
        assert_eq!(rest("migrations"), Vec::<String>::new());
        assert_eq!(rest("plan"), ["plan.toml: `plan` must not use `entity`"]);
    }

    #[test]
    fn the_browser_never_sees_the_services() {
        assert!(one("app", "[dependencies]\nservices.workspace = true").contains("ssr"));
        let rest = format!("{HEAD}[dependencies]\nservices = {{ workspace = true, optional = true }}");
        assert_eq!(check("app", &rest), Vec::<String>::new());
    }

    #[test]
    fn versions_lints_and_unknown_crates() {
        assert!(one("guard", "[dependencies]\nserde = \"1\"").contains("serde.workspace = true"));
        assert!(check("guard", "").iter().any(|problem| problem.contains("[lints]")));
        assert!(one("surprise", "").contains("no place in the architecture"));
    }
}
