//! Which answer belongs to which request, and what the connection goes on in.

use super::*;
use crate::span::{Layer, Role};

const GET: &[u8] = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n";
const NOTHING: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
const UPGRADE: &[u8] = b"GET /ws HTTP/1.1\r\nhost: a\r\nUpgrade: websocket\r\n\
    Connection: keep-alive, Upgrade\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEC==\r\n\r\n";
const SWITCHED: &[u8] =
    b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n";

#[test]
fn pipelined_requests_are_answered_in_their_order() {
    let dissection = dissect(&[(Up, GET), (Up, GET), (Down, NOTHING), (Down, NOTHING)]);
    assert_eq!(answers(&dissection), [(0, 200), (1, 200)]);
}

#[test]
fn no_body_answers_head_whatever_length_is_told() {
    let dissection = dissect(&[
        (Up, b"HEAD / HTTP/1.1\r\nhost: a\r\n\r\n"),
        (Up, GET),
        (Down, b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n"),
        (Down, NOTHING),
    ]);
    assert_eq!(units(&dissection, Down), ["response head"; 2]);
}

#[test]
fn an_interim_answer_leaves_its_request_open() {
    let dissection = dissect(&[
        (Up, GET),
        (Down, b"HTTP/1.1 100 Continue\r\n\r\n"),
        (Down, b"HTTP/1.1 204 No Content\r\n\r\n"),
        (Up, GET),
        (Down, NOTHING),
    ]);
    assert_eq!(answers(&dissection), [(0, 100), (0, 204), (1, 200)]);
}

#[test]
fn an_answer_that_comes_before_its_request_waits_for_it() {
    let head = b"HEAD / HTTP/1.1\r\n\r\n";
    let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n";
    let early = dissect(&[(Up, &head[..4]), (Down, answer), (Up, &head[4..])]);
    assert_eq!(units(&early, Down), ["response head"]);
}

#[test]
fn an_answer_that_nobody_asked_for_is_read_when_the_client_has_gone() {
    let dissection = dissect(&[
        (Up, GET),
        (Down, NOTHING),
        (
            Down,
            b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n\r\n",
        ),
    ]);
    assert_eq!(answers(&dissection), [(0, 200), (1, 408)]);
}

#[test]
fn more_requests_than_are_followed_leave_the_first_ones_paired() {
    let limits = Limits {
        streams: 1,
        ..Limits::none()
    };
    let traffic: Traffic<'_> = &[(Up, GET), (Up, GET), (Down, NOTHING), (Down, NOTHING)];
    let dissection = dissect_within(limits, traffic);
    assert_eq!(answers(&dissection), [(0, 200), (1, 200)]);
}

#[test]
fn the_heads_of_a_handshake_count_as_set_up() {
    let frame = b"\x81\x81\0\0\0\x001";
    let dissection = dissect(&[(Up, UPGRADE), (Down, SWITCHED), (Up, frame)]);
    for direction in Direction::BOTH {
        let head = &recorded(&dissection, direction).spans[0];
        assert!(head.leaves().all(|leaf| leaf.role == Role::Setup));
    }
    assert_eq!(units(&dissection, Up), ["request head", "frame"]);
}

#[test]
fn what_a_client_sends_after_an_offer_waits_for_the_answer() {
    let frame = b"\x81\x81\0\0\0\x001";
    let dissection = dissect(&[(Up, UPGRADE), (Up, frame), (Down, SWITCHED)]);
    assert_eq!(units(&dissection, Up), ["request head", "frame"]);
}

#[test]
fn a_refused_upgrade_leaves_http() {
    let refused = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n";
    let dissection = dissect(&[(Up, UPGRADE), (Up, GET), (Down, refused), (Down, NOTHING)]);
    assert_eq!(units(&dissection, Up), ["request head"; 2]);
    assert_eq!(answers(&dissection), [(0, 400), (1, 200)]);
}

#[test]
fn h2c_goes_on_in_http2() {
    let dissection = dissect(&[
        (
            Up,
            b"GET / HTTP/1.1\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\
              HTTP2-Settings: AAMAAABk\r\n\r\n",
        ),
        (
            Down,
            b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
        ),
        (Up, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0"),
        (Down, b"\0\0\0\x04\0\0\0\0\0"),
    ]);
    let layers = |direction| recorded(&dissection, direction).spans[1].layer;
    assert_eq!(Direction::BOTH.map(layers), [Layer::Http2; 2]);
}

#[test]
fn a_tunnel_is_not_looked_into() {
    let dissection = dissect(&[
        (Up, b"CONNECT a:1 HTTP/1.1\r\nhost: a:1\r\n\r\n"),
        (Up, b"GET "),
        (Down, b"HTTP/1.1 200 OK\r\n\r\nanything"),
    ]);
    assert_eq!(units(&dissection, Up), ["request head", "bytes"]);
    assert_eq!(units(&dissection, Down), ["response head", "bytes"]);
}
