//! The fuzz targets for a moment: seeds from real traffic, changed here and there. `fuzz/run` gives
//! each of them millions.

#[path = "../fuzz/targets.rs"]
#[allow(
    unreachable_pub,
    dead_code,
    reason = "the programs that fuzz see it as a crate of its own, and other tests use other parts"
)]
mod targets;

use std::path::Path;

use targets::TARGETS;

/// Inputs a target: as many as fit into a few seconds without optimisation.
const INPUTS: usize = 400;

/// The longest input, in bytes.
const LENGTH: usize = 600;

#[test]
fn no_input_breaks_a_dissector() {
    for (name, target) in TARGETS {
        let seeds = seeds(name);
        // The same inputs every time: a failure can be repeated.
        let mut random = fastrand::Rng::with_seed(7);
        for seed in &seeds {
            target(seed);
        }
        for number in 0..INPUTS {
            let input = changed(&seeds, &mut random);
            let outcome = std::panic::catch_unwind(|| target(&input));
            assert!(
                outcome.is_ok(),
                "{name}, input {number}: {}",
                input.escape_ascii()
            );
        }
    }
}

#[test]
fn every_target_has_a_program_and_seeds() {
    let manifest = include_str!("../fuzz/Cargo.toml");
    for (name, _) in TARGETS {
        assert!(
            manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")),
            "{name}"
        );
        assert!(!seeds(name).is_empty(), "{name} has no seeds");
    }
}

/// The seeds of a target, in the order of their names.
fn seeds(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/seeds")
        .join(name);
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|file| file.expect("the folder can be listed").path())
        .collect();
    files.sort();
    files
        .iter()
        .map(|file| std::fs::read(file).expect("seeds can be read"))
        .collect()
}

/// A seed, or nothing, of which some bytes are changed, taken out, doubled or put in.
fn changed(seeds: &[Vec<u8>], random: &mut fastrand::Rng) -> Vec<u8> {
    let mut input = match random.u8(..8) {
        0 => Vec::new(),
        _ => random.choice(seeds).cloned().unwrap_or_default(),
    };
    input.truncate(LENGTH);
    for _ in 0..random.usize(..6) {
        let place = random.usize(..=input.len());
        let end = random.usize(place..=input.len().min(place + 16));
        match random.u8(..4) {
            0 => drop(input.drain(place..end)),
            1 => input.extend_from_within(place..end),
            2 => input.truncate(place),
            _ => {
                let new: Vec<u8> = (0..random.usize(1..6)).map(|_| random.u8(..)).collect();
                input.splice(place..end, new);
            }
        }
    }
    input
}
