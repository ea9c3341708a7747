//! What one connection carried, call by call, and what several of them have in common.

use std::cell::OnceCell;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::Range;

use wire::dissection::{BufferId, Dissection, Excerpt, HeadKind, Piece};
use wire::ledger::{Ledger, Tally};
use wire::recording::{Direction, Recording};
use wire::span::Role;
use wire::tap::{Tap, TapOptions};
use wire::{Dissector, Knowledge};

use crate::floor::Sizes;
use crate::host::Addresses;
use crate::measurement::{ByRole, Bytes, UpDown};
use crate::target::Target;
use crate::workload::Workload;

/// Calls after the second; an odd number has a middle.
const LATER_CALLS: usize = 3;

/// A row's calls through a tap of their own, one after the other.
pub(super) struct Recorded {
    recording: Recording,
    /// What the client told of its encoded messages.
    told: Option<UpDown>,
    /// What had passed after the second call, and after each later one.
    counts: Vec<UpDown>,
    /// Made when it is needed: of connections that carried the same, one is enough.
    dissection: OnceCell<Dissection>,
}

impl Recorded {
    /// A fresh client makes its calls through a fresh tap.
    pub(super) async fn of(
        target: &Target,
        workload: &Workload,
        addresses: &Addresses,
        sizes: &Sizes,
    ) -> anyhow::Result<Self> {
        let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let tap = Tap::start(anywhere, addresses.of(target)?, TapOptions::default())?;
        let through = addresses.with(target, tap.address());
        let caller = target.connect(&through, sizes).await?;
        let told = caller.body(workload).await?;
        caller.call(workload).await?;
        let mut counts = vec![passed(&tap)];
        for _ in 0..LATER_CALLS {
            caller.call(workload).await?;
            counts.push(passed(&tap));
        }
        Ok(Self {
            recording: tap.recording(),
            told,
            counts,
            dissection: OnceCell::new(),
        })
    }

    fn dissection(&self, knowledge: &Knowledge) -> &Dissection {
        self.dissection
            .get_or_init(|| Dissector::dissect(&self.recording, knowledge))
    }

    /// Sizes of the encoded messages: what the client told, or what the first request and its answer
    /// say in `Content-Length`; `None` where one of them says nothing.
    fn body(&self, knowledge: &Knowledge) -> Option<UpDown> {
        let length = |direction| content_length(self.dissection(knowledge), direction);
        self.told.or_else(|| {
            Some(UpDown {
                up: length(Direction::Up)?,
                down: length(Direction::Down)?,
            })
        })
    }

    /// Where each later call's bytes are, in that direction.
    fn later(&self, direction: Direction) -> Vec<Range<u64>> {
        let pairs = self.counts.windows(2);
        let ranges = pairs.map(|pair| side(&pair[0], direction)..side(&pair[1], direction));
        ranges.collect()
    }

    /// The middle one of them by its size.
    fn warm(&self, direction: Direction) -> Range<u64> {
        let mut later = self.later(direction);
        later.sort_by_key(|range| range.end - range.start);
        later.swap_remove(later.len() / 2)
    }

    /// Bytes that the first call took, with all that set the connection up.
    fn cold(&self, direction: Direction) -> u64 {
        let warm = self.warm(direction);
        side(&self.counts[0], direction).saturating_sub(warm.end - warm.start)
    }

    /// What that range of bytes is there for. Where a row has several connections, the bytes of one
    /// come before those of the next, as their calls did.
    fn tally(&self, direction: Direction, range: Range<u64>, knowledge: &Knowledge) -> Tally {
        let mut pieces = Vec::new();
        let mut before = 0;
        for (number, connection) in self.recording.connections.iter().enumerate() {
            let size = connection.size_bytes(direction) as u64;
            let from = range.start.clamp(before, before + size) - before;
            let to = range.end.clamp(before, before + size) - before;
            if from < to {
                pieces.push(Piece {
                    buffer: BufferId::Recorded(number, direction),
                    range: from as usize..to as usize,
                });
            }
            before += size;
        }
        let excerpt = Excerpt {
            title: String::new(),
            pieces,
        };
        let ledger = Ledger::of(self.dissection(knowledge), &excerpt);
        *ledger.way(direction)
    }
}

fn passed(tap: &Tap) -> UpDown {
    let [up, down] = tap.size_bytes();
    UpDown { up, down }
}

fn side(count: &UpDown, direction: Direction) -> u64 {
    match direction {
        Direction::Up => count.up,
        Direction::Down => count.down,
    }
}

fn content_length(dissection: &Dissection, direction: Direction) -> Option<u64> {
    let mut heads = dissection.heads.iter();
    let head = heads.find(|head| {
        head.place.direction == direction && !matches!(head.kind, HeadKind::Trailers)
    })?;
    let mut fields = head.fields.iter();
    let field = fields.find(|field| field.name.eq_ignore_ascii_case("content-length"))?;
    field.value.trim().parse().ok()
}

/// The middle of those connections, each direction by itself.
pub(super) fn bytes_of(connections: &[Recorded], knowledge: &Knowledge) -> Bytes {
    let mut bytes = Bytes {
        body: connections.first().and_then(|it| it.body(knowledge)),
        ..Bytes::default()
    };
    for direction in Direction::BOTH {
        let size = |range: Range<u64>| range.end - range.start;
        let warm = middle(connections, |it| size(it.warm(direction)));
        let cold = middle(connections, |it| it.cold(direction));
        let (Some(warm), Some(cold)) = (warm, cold) else {
            continue;
        };
        let of_warm = warm.tally(direction, warm.warm(direction), knowledge);
        let both = cold.tally(direction, 0..side(&cold.counts[0], direction), knowledge);
        let second = cold.tally(direction, cold.warm(direction), knowledge);
        bytes.warm_roles.add(&of_warm, &Tally::default());
        bytes.cold_roles.add(&both, &second);
        let (warm, cold) = (size(warm.warm(direction)), cold.cold(direction));
        match direction {
            Direction::Up => (bytes.warm.up, bytes.cold.up) = (warm, cold),
            Direction::Down => (bytes.warm.down, bytes.cold.down) = (warm, cold),
        }
    }
    bytes
}

/// The first connection of those whose size is in the middle.
fn middle(connections: &[Recorded], size: impl Fn(&Recorded) -> u64) -> Option<&Recorded> {
    let mut sizes: Vec<_> = connections.iter().map(&size).collect();
    sizes.sort_unstable();
    let median = *sizes.get(sizes.len() / 2)?;
    connections.iter().find(|it| size(it) == median)
}

impl ByRole {
    /// Counts what `tally` has more than `less`.
    fn add(&mut self, tally: &Tally, less: &Tally) {
        let more = |role| tally.of(role).saturating_sub(less.of(role)) as u64;
        self.value += more(Role::Value);
        self.encoding += more(Role::Encoding);
        self.compressed += more(Role::Compressed);
        self.headers += more(Role::Headers);
        self.framing += more(Role::Framing);
        self.setup += more(Role::Setup);
        self.unknown += more(Role::Unknown);
    }
}
