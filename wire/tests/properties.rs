//! What is true of a whole dissector over traffic that was made up: by the rules, torn anywhere, and
//! with bytes changed.

#[path = "../fuzz/checks.rs"]
#[allow(
    unreachable_pub,
    dead_code,
    reason = "the fuzz targets use it from a crate of its own, and other parts of it"
)]
mod checks;
#[path = "properties/traffic.rs"]
#[allow(
    unreachable_pub,
    reason = "a test's module has nobody else to reach it"
)]
mod traffic;

use checks::{Cuts, Turn, at_once, carries, holds, live, sound, wide};
use proptest::prelude::*;
use traffic::{Said, Traffic, http1, http2, websocket};
use wire::dissection::{Buffer, Payload};
use wire::{BufferId, Dissection, Knowledge};

const MAKERS: [fn(&mut fastrand::Rng) -> Traffic; 3] = [http1, http2, websocket];

fn some_traffic(maker: usize, seed: u64) -> Traffic {
    MAKERS[maker](&mut fastrand::Rng::with_seed(seed))
}

/// What was said, in the order of streams and, within them, of time.
fn said(dissection: &Dissection) -> Vec<(u32, usize, Said)> {
    let payloads = dissection.payloads.iter();
    let mut said: Vec<_> = payloads.map(payload).collect();
    said.sort_by_key(|(stream, direction, _)| (*stream, *direction));
    said
}

fn payload(payload: &Payload) -> (u32, usize, Said) {
    let place = payload.place;
    (
        place.stream,
        place.direction.index(),
        Said(payload.bytes.to_vec()),
    )
}

/// One buffer out of what several looks saw of it.
fn joined(seen: &[Dissection], id: BufferId) -> Buffer {
    let mut parts = seen.iter().filter_map(|part| part.buffer(id).cloned());
    let mut whole = parts.next().expect("what one look saw, others did");
    for part in parts {
        whole.bytes = [&whole.bytes[..], &part.bytes].concat().into();
        whole.spans.extend(part.spans);
    }
    whole
}

/// Changes, takes out or puts in some bytes.
fn damage(turns: &mut [Turn], random: &mut fastrand::Rng) {
    for _ in 0..random.usize(1..4) {
        let Some((_, bytes)) = random.choice(&mut *turns) else {
            return;
        };
        let place = random.usize(..=bytes.len());
        let end = random.usize(place..=bytes.len().min(place + 8));
        let new: Vec<u8> = (0..random.usize(..4)).map(|_| random.u8(..)).collect();
        bytes.splice(place..end, new);
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 96,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn what_was_said_is_found(maker in 0..MAKERS.len(), seed in any::<u64>(), cuts in any::<u64>()) {
        let traffic = some_traffic(maker, seed);
        let dissection = at_once(&traffic.turns, Cuts::new(cuts), wide(), &Knowledge::default());
        sound(&dissection, wide());
        carries(&[&dissection], &traffic.turns);
        prop_assert_eq!(said(&dissection), traffic.said);
        let mut heads = dissection.heads.iter().map(|head| {
            head.fields.iter().map(|field| (field.name.clone(), field.value.clone())).collect::<Vec<_>>()
        });
        for fields in &traffic.heads {
            prop_assert!(heads.any(|found| found == *fields), "{fields:?} is not found, or too early");
        }
    }

    #[test]
    fn cuts_and_looks_change_nothing(maker in 0..MAKERS.len(), seed in any::<u64>(), cuts in any::<u64>()) {
        holds(&some_traffic(maker, seed).turns, cuts, &Knowledge::default());
    }

    #[test]
    fn damaged_traffic_is_told_all_the_same(maker in 0..MAKERS.len(), seed in any::<u64>(), cuts in any::<u64>()) {
        let mut turns = some_traffic(maker, seed).turns;
        damage(&mut turns, &mut fastrand::Rng::with_seed(seed ^ cuts));
        holds(&turns, cuts, &Knowledge::default());
    }

    #[test]
    fn who_looks_all_the_time_sees_what_one_look_at_the_end_does(
        maker in 0..MAKERS.len(),
        seed in any::<u64>(),
        cuts in any::<u64>(),
    ) {
        let turns = some_traffic(maker, seed).turns;
        let once = at_once(&turns, Cuts::new(cuts), wide(), &Knowledge::default());
        let seen = live(&turns, Cuts::new(cuts), wide(), &Knowledge::default());
        for buffer in &once.recorded {
            prop_assert_eq!(buffer, &joined(&seen, buffer.id));
        }
        let derived: Vec<&Buffer> = seen.iter().flat_map(|part| &part.derived).collect();
        prop_assert_eq!(once.derived.iter().collect::<Vec<_>>(), derived);
        let heads: Vec<_> = seen.iter().flat_map(|part| &part.heads).collect();
        prop_assert_eq!(once.heads.iter().collect::<Vec<_>>(), heads);
        let payloads: Vec<_> = seen.iter().flat_map(|part| &part.payloads).collect();
        prop_assert_eq!(once.payloads.iter().collect::<Vec<_>>(), payloads);
    }

    #[test]
    fn any_bytes_both_ways_are_told(
        up in proptest::collection::vec(any::<u8>(), 0..300),
        down in proptest::collection::vec(any::<u8>(), 0..300),
        cuts in any::<u64>(),
    ) {
        use wire::Direction::{Down, Up};
        holds(&[(Up, up), (Down, down)], cuts, &Knowledge::default());
    }
}
