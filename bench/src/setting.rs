//! The facts of a machine and a build that a reader needs to judge the numbers; never names or
//! paths.

use std::thread::available_parallelism;

use crate::measurement::Setting;
use crate::runtime::Flavor;

/// The lock file that this program was built from: what it says is what was linked.
const LOCK: &str = include_str!("../../Cargo.lock");

/// The crates that make the difference.
const CRATES: [&str; 8] = [
    "dxr",
    "quick-xml",
    "jsonrpsee",
    "tonic",
    "prost",
    "axum",
    "hyper",
    "tokio",
];

/// The setting of a run.
#[must_use]
pub fn setting(flavor: Flavor, rounds: usize, in_flight: Option<usize>) -> Setting {
    let profile = if cfg!(debug_assertions) {
        "debug"
    } else {
        "release"
    };
    Setting {
        version: env!("CARGO_PKG_VERSION").into(),
        system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        cores: available_parallelism().map_or(1, usize::from),
        runtime: flavor.title().into(),
        profile: profile.into(),
        rounds,
        in_flight,
        crates: crates(LOCK),
    }
}

/// Names and versions of the crates, as far as the lock file has them.
fn crates(lock: &str) -> Vec<(String, String)> {
    let version = |name: &str| {
        let (_, rest) = lock.split_once(&format!("name = \"{name}\"\nversion = \""))?;
        let (version, _) = rest.split_once('"')?;
        Some((name.to_owned(), version.to_owned()))
    };
    CRATES.into_iter().filter_map(version).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_crate_has_a_version() {
        let found = crates(LOCK);
        let names: Vec<_> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, CRATES);
        for (name, version) in found {
            assert!(
                version.starts_with(|first: char| first.is_ascii_digit()),
                "{name} {version}"
            );
        }
    }
}
