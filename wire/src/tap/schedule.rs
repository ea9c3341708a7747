//! When bytes that enter a link come out of it. Plain arithmetic: nobody waits here.

use std::time::Duration;

use tokio::time::Instant;

use super::link::{Link, StallAt};
use crate::recording::Direction;

/// One packet of Ethernet, without its headers: the least that is read at once, in bytes.
const PACKET_BYTES: usize = 1_460;
/// The most that is read at once, in bytes.
pub(super) const READ_BYTES: usize = 64 * 1024;
/// So much time on the line does one read fill at most, so that a slow line trickles.
const READ_TIME: Duration = Duration::from_millis(5);
/// What a link without a rate holds in flight, in bytes: Linux' largest receive window by default.
const WINDOW_BYTES: u64 = 6 * 1024 * 1024;
/// What waits in front of a line, in bytes, beyond what is on it: a small router's buffer.
const QUEUE_BYTES: u64 = 64 * 1024;
/// What a queued read takes in memory besides its bytes, so that many small ones are bounded too.
const READ_COST_BYTES: usize = 256;

/// The link's state, shared by all connections, as a line is.
#[derive(Debug)]
pub(super) struct Schedule {
    link: Link,
    lines: [Line; 2],
    random: fastrand::Rng,
    /// Bytes that have entered, both ways together.
    passed: u64,
    /// When the stall is, once that is known.
    stalled: Option<(Instant, Instant)>,
}

/// One direction.
#[derive(Debug, Clone, Copy)]
struct Line {
    /// When the last bit that entered has left the sender.
    free: Instant,
    /// When the last byte that entered comes out.
    last: Instant,
}

impl Schedule {
    pub(super) fn new(link: Link, began: Instant) -> Self {
        let stall = link.stall;
        let stalled = stall.and_then(|stall| match stall.at {
            StallAt::Time(after) => Some((began + after, began + after + stall.lasts)),
            StallAt::Bytes(_) => None,
        });
        let line = Line {
            free: began,
            last: began,
        };
        Self {
            random: fastrand::Rng::with_seed(link.seed),
            link,
            lines: [line; 2],
            passed: 0,
            stalled,
        }
    }

    /// When `size` bytes that enter now come out, whole; with 0, when a FIN does.
    pub(super) fn leaves(&mut self, direction: Direction, now: Instant, size: usize) -> Instant {
        let late = self.late();
        let sending = sending(&self.link, size);
        let line = &mut self.lines[direction.index()];
        line.free = line.free.max(now) + sending;
        let due = (line.free + self.link.rtt / 2 + late).max(line.last);
        self.passed = self.passed.saturating_add(size as u64);
        let due = self.after_stall(due);
        self.lines[direction.index()].last = due;
        due
    }

    /// When a connection that is opened now may carry its first byte.
    pub(super) fn opens(&mut self, now: Instant) -> Instant {
        self.after_stall(now + self.link.rtt)
    }

    fn late(&mut self) -> Duration {
        self.link.jitter.mul_f64(self.random.f64())
    }

    /// That moment, or the end of the stall that it falls into.
    fn after_stall(&mut self, due: Instant) -> Instant {
        if let (None, Some(stall)) = (self.stalled, self.link.stall)
            && let StallAt::Bytes(count) = stall.at
            && self.passed > count
        {
            self.stalled = Some((due, due + stall.lasts));
        }
        match self.stalled {
            Some((from, to)) if (from..to).contains(&due) => to,
            _ => due,
        }
    }
}

/// How long the line is busy with so many bytes.
fn sending(link: &Link, size: usize) -> Duration {
    let Some(rate) = link.rate_bits_per_second else {
        return Duration::ZERO;
    };
    let nanos = size as u128 * 8 * 1_000_000_000 / u128::from(rate.max(1));
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

/// The most that is read at once from a connection over that link, in bytes.
pub(super) fn read_bytes(link: &Link) -> usize {
    let there = link.rate_bits_per_second.map_or(READ_BYTES, |rate| {
        let bits = u128::from(rate) * READ_TIME.as_millis() / 1_000;
        usize::try_from(bits / 8).unwrap_or(READ_BYTES)
    });
    there.clamp(PACKET_BYTES, READ_BYTES)
}

/// What one direction of a connection may hold in flight, in bytes: rate times round trip, and a
/// queue. A sender that is faster than the link is held up by it.
pub(super) fn in_flight_bytes(link: &Link) -> usize {
    let product = link.rate_bits_per_second.map(|rate| {
        let delay = link.rtt + link.jitter;
        u128::from(rate) * delay.as_micros() / 8_000_000
    });
    let product = product.and_then(|bytes| u64::try_from(bytes).ok());
    let bytes = product.map_or(WINDOW_BYTES, |bytes| bytes.min(WINDOW_BYTES)) + QUEUE_BYTES;
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

/// What a read of so many bytes takes of what may be in flight.
pub(super) fn cost_bytes(size: usize) -> u32 {
    u32::try_from(size.max(READ_COST_BYTES)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tap::link::Stall;

    const MS: Duration = Duration::from_millis(1);

    fn schedule(link: Link) -> (Schedule, Instant) {
        let began = Instant::now();
        (Schedule::new(link, began), began)
    }

    #[test]
    fn half_of_the_round_trip_is_spent_each_way_and_bytes_follow_each_other_in_flight() {
        let rtt = 100 * MS;
        let (mut schedule, began) = schedule(Link {
            rtt,
            ..Link::default()
        });
        assert_eq!(schedule.opens(began), began + 100 * MS);
        for direction in Direction::BOTH {
            let first = schedule.leaves(direction, began, 10);
            let second = schedule.leaves(direction, began + MS, 10);
            assert_eq!([first, second], [began + 50 * MS, began + 51 * MS]);
        }
    }

    #[test]
    fn a_rate_is_shared_by_what_goes_one_way_and_not_by_what_comes_back() {
        let (mut schedule, began) = schedule(Link {
            rate_bits_per_second: Some(8_000),
            ..Link::default()
        });
        let up = [10, 5].map(|size| schedule.leaves(Direction::Up, began, size));
        assert_eq!(up, [began + 10 * MS, began + 15 * MS]);
        let down = schedule.leaves(Direction::Down, began, 1);
        assert_eq!(down, began + MS);
    }

    #[test]
    fn jitter_is_the_same_for_the_same_seed_and_never_reorders() {
        let leave = |seed| {
            let link = Link {
                jitter: 50 * MS,
                seed,
                ..Link::default()
            };
            let (mut schedule, began) = schedule(link);
            let due = |n| schedule.leaves(Direction::Up, began + n * MS, 1) - began;
            (0..100).map(due).collect::<Vec<_>>()
        };
        let once = leave(7);
        assert_eq!(once, leave(7));
        assert_ne!(once, leave(8));
        assert!(once.is_sorted());
        let late = |(n, due): (u32, &Duration)| due.saturating_sub(n * MS);
        assert!((0..).zip(&once).map(late).max() < Some(50 * MS));
    }

    #[test]
    fn nothing_passes_during_a_stall_at_a_time() {
        let (mut schedule, began) = schedule(Link {
            stall: Some(Stall {
                at: StallAt::Time(10 * MS),
                lasts: 30 * MS,
            }),
            ..Link::default()
        });
        let mut leaves = |at| schedule.leaves(Direction::Down, began + at * MS, 1) - began;
        assert_eq!(
            [9, 10, 39, 40].map(&mut leaves),
            [9, 40, 40, 40].map(|n| n * MS)
        );
    }

    #[test]
    fn nothing_passes_during_a_stall_after_so_many_bytes() {
        let (mut schedule, began) = schedule(Link {
            stall: Some(Stall {
                at: StallAt::Bytes(10),
                lasts: 30 * MS,
            }),
            ..Link::default()
        });
        let up = [10, 1].map(|size| schedule.leaves(Direction::Up, began, size) - began);
        assert_eq!(up, [Duration::ZERO, 30 * MS]);
        let down = [5, 31].map(|at| schedule.leaves(Direction::Down, began + at * MS, 1) - began);
        assert_eq!(down, [30 * MS, 31 * MS]);
    }

    #[test]
    fn what_is_in_flight_follows_from_rate_and_round_trip_and_is_bounded() {
        let satellite = Link::named("satellite").expect("it is in the list");
        assert_eq!(in_flight_bytes(&satellite), 1_550_000 + 64 * 1024);
        assert_eq!(
            in_flight_bytes(&Link::default()),
            6 * 1024 * 1024 + 64 * 1024
        );
        let modem = Link {
            rate_bits_per_second: Some(56_000),
            ..Link::default()
        };
        assert_eq!([&modem, &satellite].map(read_bytes), [1_460, 12_500]);
    }
}
