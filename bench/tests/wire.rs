//! `trivium wire`: every operation over every wire, every byte accounted for.

use std::time::Duration;

use demo::value::Sender;
use services::operation::ALL;
use trivium::wire::call::Call;
use trivium::wire::capture::{Capture, Lane, Plan, State, capture};
use trivium::wire::wires;
use wire::ledger::{Ledger, Tally};
use wire::seen::Sight;
use wire::tap::Link;
use wire::{Direction, Knowledge, Role};

fn sender() -> Sender {
    Sender {
        hostname: "web-1".into(),
        metric_type: "cpu".into(),
        timestamp: 7,
    }
}

/// A call over every wire, in this process.
async fn captured(words: &[String]) -> Capture {
    let lanes = wires::of(&[]).into_iter();
    let knowledge = Knowledge::default();
    let plan = Plan {
        call: Call::read(&words[0], &words[1..], &sender()).expect("it is a call"),
        lanes: lanes.map(|wire| Lane { wire, server: None }).collect(),
        link: Link::default(),
        timeout: Some(Duration::from_secs(10)),
        knowledge: knowledge
            .with_descriptors(grpc::contract::FILE_DESCRIPTOR_SET)
            .expect("our contract is one"),
    };
    let captured = tokio::time::timeout(Duration::from_secs(60), capture(&plan)).await;
    captured.expect("it ends").expect("the servers start")
}

/// Arguments that suit each operation.
fn words(operation: &str) -> Vec<String> {
    let words: &[&str] = match operation {
        "add" | "multiply" => &["5", "3"],
        "uppercase" => &["straße"],
        "cube" | "say_hello" | "say_hello_again" => &["7"],
        "calculate_metrics" => &["45,67.5,89", "2.1,2.3"],
        "get_metric" | "stream_metrics" => &["web-1", "cpu"],
        "record_metrics" => &["1.5", "4", "2.25"],
        "check_health" => &["users"],
        "stream_numbers" => &["1", "5"],
        "create_user" => &["Bia", "bia@example.org", "admin,reader", "external_id=u-2"],
        "get_user" | "delete_user" => &["1"],
        "list_users" => &["limit=1"],
        "update_user" => &["1", "name=Ana Lima", "roles=reader"],
        "criar_usuario" => &["Duda", "duda@example.org", "secret", "u-2"],
        "upload_file" => &[concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")],
        "chat" => &["Ana", "bom dia", "tchau"],
        "post_message" => &["Ana", "olá", "id=m-1"],
        _ => &[],
    };
    let words = std::iter::once(operation).chain(words.iter().copied());
    words.map(str::to_owned).collect()
}

/// The sum over all parts of one wire.
fn sum(sight: &Sight<'_>, captured: &Capture, wire: usize) -> Tally {
    let mut sum = Ledger::default();
    for part in &captured.wires[wire].parts {
        sum += Ledger::counted(sight, &part.excerpt);
    }
    sum.both()
}

async fn every_byte_is_accounted_for(operation: &str) {
    let captured = captured(&words(operation)).await;
    assert_eq!(captured.dissection.check(), Ok(()), "{operation}");
    let sight = Sight::of(&captured.dissection);
    let mut recorded = 0;
    for (place, observed) in captured.wires.iter().enumerate() {
        let name = format!("{operation} over {}", observed.wire.name);
        if let Some(error) = observed.failure() {
            panic!("{name}: {error}");
        }
        let tally = sum(&sight, &captured, place);
        let [up, down] = observed.socket_bytes;
        assert_eq!(tally.total() as u64, up + down, "{name}");
        // Nobody read what the server said when the client had gone.
        assert_eq!(observed.client.up, up, "{name}");
        assert!(observed.client.down <= down, "{name}");
        assert_eq!(tally.of(Role::Unknown), 0, "{name}");
        assert!(
            tally.of(Role::Value) > 0 || operation == "list_participants",
            "{name}"
        );
        let warm = observed.part(State::Warm).expect("it is made three times");
        assert!(!warm.excerpt.pieces.is_empty(), "{name}");
        recorded += tally.total();
    }
    let sizes = Direction::BOTH.map(|way| captured.recording.size_bytes(way));
    assert_eq!(recorded, sizes.iter().sum::<usize>(), "{operation}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_byte_of_every_operation_over_every_wire_is_accounted_for() {
    for operation in ALL {
        every_byte_is_accounted_for(operation.name).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hpack_makes_a_warm_call_smaller_and_http_1_does_not() {
    let captured = captured(&words("add")).await;
    let sight = Sight::of(&captured.dissection);
    let total = |name: &str, state| {
        let observed = captured.wires.iter().find(|it| it.wire.name == name);
        let part = observed.and_then(|observed| observed.part(state));
        let part = part.expect("each wire has both");
        Ledger::counted(&sight, &part.excerpt).both()
    };
    let (cold, warm) = (total("grpc", State::Cold), total("grpc", State::Warm));
    assert!(
        warm.of(Role::Headers) * 2 < cold.of(Role::Headers),
        "{cold:?} {warm:?}"
    );
    assert!(cold.of(Role::Setup) > 0, "{cold:?}");
    assert_eq!(warm.of(Role::Setup), 0, "{warm:?}");
    let (cold, warm) = (total("xmlrpc", State::Cold), total("xmlrpc", State::Warm));
    // A deadline of 10 s has a digit less a millisecond later.
    assert!(
        cold.total().abs_diff(warm.total()) <= 1,
        "{cold:?} {warm:?}"
    );
    let grpc = total("grpc", State::Warm);
    assert!(warm.total() > 4 * grpc.total(), "{warm:?} {grpc:?}");
    assert_eq!((warm.of(Role::Value), grpc.of(Role::Value)), (3, 3));
}
