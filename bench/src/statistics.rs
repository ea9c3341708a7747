//! Medians, and how far they can be trusted. Nothing here assumes a distribution: noise on a
//! shared machine comes in bursts, not in bells.

use crate::measurement::Estimate;

/// Chance that the interval misses the true median, on either side. Six rounds reach it with
/// their smallest and largest value.
const MISS_EACH_SIDE: f64 = 0.025;

/// Fewer rounds than these promise nothing: 2 × 0.5⁵ is more than the chance of a miss on both
/// sides.
pub const FEWEST_FOR_INTERVAL: usize = 6;

/// The median of those values, one a round, and its interval by order statistics (a sign test
/// turned round). Fewer than six rounds give their smallest and largest, which promises less.
///
/// `None` without values.
#[must_use]
pub fn estimate(rounds: Vec<f64>) -> Option<Estimate> {
    let mut sorted = rounds.clone();
    sorted.sort_by(f64::total_cmp);
    let skip = skipped_each_side(sorted.len());
    let (low, high) = (
        *sorted.get(skip)?,
        *sorted.get(sorted.len().checked_sub(skip + 1)?)?,
    );
    let median = f64::midpoint(sorted[(sorted.len() - 1) / 2], sorted[sorted.len() / 2]);
    Some(Estimate {
        median,
        low,
        high,
        rounds,
    })
}

/// The estimate of numerator : denominator, each pair of the same round, so that what slows a
/// round down slows both.
#[must_use]
pub fn ratio(numerators: &Estimate, denominators: &Estimate) -> Option<Estimate> {
    let pairs = numerators.rounds.iter().zip(&denominators.rounds);
    let ratios = pairs.filter(|(_, denominator)| **denominator > 0.0);
    estimate(ratios.map(|(above, below)| above / below).collect())
}

/// The estimate of the sum, round by round.
#[must_use]
pub fn sum(one: &Estimate, other: &Estimate) -> Option<Estimate> {
    let pairs = one.rounds.iter().zip(&other.rounds);
    estimate(pairs.map(|(one, other)| one + other).collect())
}

/// Whether a ratio tells the two apart: its interval lies wholly on one side of 1.
#[must_use]
pub fn differs(ratio: &Estimate) -> bool {
    ratio.low > 1.0 || ratio.high < 1.0
}

/// How many of the sorted values lie outside of the interval on each side: as many as leave the
/// chance of a miss, that of a fair coin falling so one-sidedly, at [`MISS_EACH_SIDE`].
fn skipped_each_side(count: usize) -> usize {
    let count_f = count as f64;
    let mut chance = 0.5_f64.powf(count_f);
    let mut cumulated = chance;
    let mut skip = 0;
    while cumulated <= MISS_EACH_SIDE && skip < count / 2 {
        skip += 1;
        chance *= (count_f - skip as f64 + 1.0) / skip as f64;
        cumulated += chance;
    }
    skip.saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(count: u32) -> Vec<f64> {
        (1..=count).map(f64::from).collect()
    }

    #[test]
    fn the_median_of_an_even_count_lies_between_the_middle_two() {
        assert_eq!(estimate(numbers(4)).map(|found| found.median), Some(2.5));
    }

    #[test]
    fn the_interval_follows_the_table_of_the_sign_test() {
        let ends = |count| estimate(numbers(count)).map(|found| (found.low, found.high));
        assert_eq!(ends(5), Some((1.0, 5.0)));
        assert_eq!(ends(6), Some((1.0, 6.0)));
        assert_eq!(ends(9), Some((2.0, 8.0)));
        assert_eq!(ends(12), Some((3.0, 10.0)));
        assert_eq!(ends(15), Some((4.0, 12.0)));
    }

    #[test]
    fn nothing_has_no_median() {
        assert_eq!(estimate(Vec::new()), None);
    }

    #[test]
    fn a_ratio_pairs_the_rounds() {
        let slow = estimate(vec![2.0, 20.0, 200.0]).expect("three values");
        let fast = estimate(vec![1.0, 10.0, 100.0]).expect("three values");
        let ratio = ratio(&slow, &fast).expect("three pairs");
        assert_eq!((ratio.median, ratio.low, ratio.high), (2.0, 2.0, 2.0));
        assert!(differs(&ratio));
    }

    #[test]
    fn an_interval_around_one_tells_no_difference() {
        let ratio = estimate(vec![0.9, 1.0, 1.2]).expect("three values");
        assert!(!differs(&ratio));
    }
}
