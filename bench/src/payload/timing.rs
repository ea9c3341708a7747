//! Times of encoding and decoding, in rounds in which every protocol has its turn.

use std::time::{Duration, Instant};

use super::lane::Lane;
use crate::measurement::Estimate;
use crate::statistics::estimate;

/// An odd number of rounds has its median among them.
pub const ROUNDS: usize = 15;

/// A turn is long enough for the clock, and short enough for many.
const TURN: Duration = Duration::from_millis(2);

/// Wall time of all rounds; large messages have fewer of them.
const BUDGET: Duration = Duration::from_secs(6);

/// Nanoseconds a message.
#[derive(Debug, Clone, PartialEq)]
pub struct Times {
    /// From a value in memory to a body.
    pub encode: Estimate,
    /// From a body to a value in memory.
    pub decode: Estimate,
}

/// Times each lane, and tells `progress` after each round.
pub fn times(lanes: &[Lane], mut progress: impl FnMut()) -> Vec<Times> {
    let works = lanes.iter().flat_map(|lane| {
        let encode: Box<dyn Fn() + '_> = Box::new(|| lane.encode());
        let decode: Box<dyn Fn() + '_> = Box::new(|| lane.decode());
        [encode, decode]
    });
    let works: Vec<_> = works.collect();
    let repeats: Vec<_> = works.iter().map(|work| repeats(work)).collect();
    let messages = lanes.first().map_or(1, |lane| lane.bodies.len());
    let mut seen = vec![Vec::new(); works.len()];
    let start = Instant::now();
    for round in 0..ROUNDS {
        if round > 0 && start.elapsed() > BUDGET {
            break;
        }
        for ((work, repeats), seen) in works.iter().zip(&repeats).zip(&mut seen) {
            seen.push(nanoseconds(work, *repeats) / messages as f64);
        }
        progress();
    }
    let estimates = seen.into_iter().filter_map(estimate).collect::<Vec<_>>();
    let pairs = estimates.chunks_exact(2);
    let times = |pair: &[Estimate]| Times {
        encode: pair[0].clone(),
        decode: pair[1].clone(),
    };
    pairs.map(times).collect()
}

/// How often that work fits in a turn; the first runs warm it up.
fn repeats(work: &dyn Fn()) -> usize {
    let mut repeats = 1;
    loop {
        let start = Instant::now();
        (0..repeats).for_each(|_| work());
        if start.elapsed() >= TURN / 2 {
            return repeats;
        }
        repeats *= 2;
    }
}

/// Of one run of the work, on average over a turn.
fn nanoseconds(work: &dyn Fn(), repeats: usize) -> f64 {
    let start = Instant::now();
    (0..repeats).for_each(|_| work());
    start.elapsed().as_nanos() as f64 / repeats as f64
}
