//! What lies between a client and a server: how long it takes, how much goes through.

use std::io;
use std::time::Duration;

/// A link. The tap delays what passes as this link would, without any privilege.
///
/// What it does not do: lose, cut into packets, or start slowly as TCP does on a new connection. So a
/// large transfer over it is as fast as a warmed-up one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Link {
    /// Round-trip time; half of it each way. A new connection costs one, for TCP's handshake.
    pub rtt: Duration,
    /// Bits that go through in a second, each way, over all connections together; `None` is without
    /// limit. Counts what TCP carries, not the headers of its packets.
    pub rate_bits_per_second: Option<u64>,
    /// At most so much more, at random, each way. Bytes are never reordered, so one that is late
    /// holds up those after it, as TCP does.
    pub jitter: Duration,
    /// Where the random numbers begin: the same seed, the same delays in the same order.
    pub seed: u64,
    /// A time in which nothing passes.
    pub stall: Option<Stall>,
}

/// A time in which nothing passes, either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stall {
    /// When it begins.
    pub at: StallAt,
    /// How long it lasts.
    pub lasts: Duration,
}

/// When a stall begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StallAt {
    /// With the read that carries the byte after so many, both ways together.
    Bytes(u64),
    /// So long after the tap has begun.
    Time(Duration),
}

const MBIT: u64 = 1_000_000;
/// Longer times are a slip of the pen, and would overflow clocks.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl Link {
    /// The names that [`Link::named`] knows, the fastest first.
    pub const NAMES: [&'static str; 5] = ["loopback", "lan", "wifi", "4g", "satellite"];

    /// A link of which everybody has an idea:
    ///
    /// | Name | Round trip | Rate | Jitter | Why |
    /// |---|---|---|---|---|
    /// | `loopback` | 0 | no limit | 0 | nothing is delayed |
    /// | `lan` | 0.5 ms | 1 Gbit/s | 0 | gigabit Ethernet (IEEE 802.3ab); Dean's round trip inside of a data centre |
    /// | `wifi` | 5 ms | 100 Mbit/s | 4 ms | what remains of IEEE 802.11n and its waiting for a free channel; an assumption |
    /// | `4g` | 70 ms | 12 Mbit/s | 20 ms | WebPageTest's profile `LTE`; the jitter is an assumption |
    /// | `satellite` | 600 ms | 20 Mbit/s | 20 ms | four times 35,786 km at the speed of light are 477 ms, the rest is the ground's; rate and jitter are assumptions |
    ///
    /// `None` for any other name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let (rtt_micros, rate, jitter_millis) = match name {
            "loopback" => (0, None, 0),
            "lan" => (500, Some(1_000 * MBIT), 0),
            "wifi" => (5_000, Some(100 * MBIT), 4),
            "4g" => (70_000, Some(12 * MBIT), 20),
            "satellite" => (600_000, Some(20 * MBIT), 20),
            _ => return None,
        };
        Some(Self {
            rtt: Duration::from_micros(rtt_micros),
            rate_bits_per_second: rate,
            jitter: Duration::from_millis(jitter_millis),
            ..Self::default()
        })
    }

    /// Whether a tap can follow it.
    ///
    /// # Errors
    /// A rate of 0, and any time past a day.
    pub(super) fn check(&self) -> io::Result<()> {
        let stall = self.stall.map(|stall| match stall.at {
            StallAt::Bytes(_) => stall.lasts,
            StallAt::Time(at) => stall.lasts.max(at),
        });
        let longest = self.rtt.max(self.jitter).max(stall.unwrap_or_default());
        let text = match self.rate_bits_per_second {
            Some(0) => "a link of 0 bit/s carries nothing: give it a rate, or a stall",
            _ if longest > DAY => "a link's times are a day at most",
            _ => return Ok(()),
        };
        Err(io::Error::new(io::ErrorKind::InvalidInput, text))
    }

    /// Whether it does nothing at all.
    #[must_use]
    pub fn is_clear(&self) -> bool {
        let Self {
            rtt,
            rate_bits_per_second: rate,
            jitter,
            seed: _,
            stall,
        } = self;
        rtt.is_zero() && rate.is_none() && jitter.is_zero() && stall.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_a_link_and_only_loopback_does_nothing() {
        let links = Link::NAMES.map(|name| Link::named(name).expect("it is in the list"));
        assert_eq!(
            links.each_ref().map(Link::is_clear),
            [true, false, false, false, false]
        );
        assert_eq!(Link::named("carrier pigeon"), None);
    }

    #[test]
    fn a_link_that_no_tap_can_follow_is_refused() {
        let nothing = Link {
            rate_bits_per_second: Some(0),
            ..Link::default()
        };
        let endless = Link {
            rtt: Duration::MAX,
            ..Link::default()
        };
        for link in [nothing, endless] {
            assert!(link.check().is_err(), "{link:?}");
        }
        let all = Link::NAMES.map(|name| Link::named(name).expect("it is in the list"));
        assert!(all.iter().all(|link| link.check().is_ok()));
    }
}
