//! Traffic that breaks rules: each is told, and what follows is read.

use super::*;

/// The rules that this traffic of the client breaks; a head after it is read all the same.
fn broken(frames: &[Vec<u8>]) -> Vec<String> {
    let mut traffic: Traffic = frames.iter().map(|frame| (Up, frame.clone())).collect();
    traffic.push((Up, frame(HEADERS, END_HEADERS, 99, b"\x82\x84")));
    let dissection = dissect(&traffic);
    let last = dissection.heads.last().expect("a head");
    assert_eq!(last.place.stream, 99, "{frames:?}");
    assert_eq!(last.fields.len(), 2);
    rules(&dissection)
}

#[test]
fn each_broken_rule_is_told_where_it_is() {
    let long = frame(SETTINGS, 0, 0, &[0; 16_386]);
    for (broken_frame, rule) in [
        (
            frame(DATA, 0, 0, &[]),
            "stream identifier: stream 0 is the connection itself: such a frame belongs to a stream",
        ),
        (
            frame(HEADERS, END_HEADERS, 2, &[0x82]),
            "stream identifier: clients send on the odd streams, which they open (RFC 9113, section 5.1.1)",
        ),
        (
            frame(SETTINGS, 0, 3, &[]),
            "stream identifier: such a frame belongs to the connection, which is stream 0",
        ),
        (
            frame(SETTINGS, 0, 0, &[0; 5]),
            "not understood: settings take six bytes each (RFC 9113, section 6.5)",
        ),
        (
            frame(SETTINGS, 1, 0, &[0; 6]),
            "not understood: an acknowledgement carries no settings (RFC 9113, section 6.5)",
        ),
        (
            frame(SETTINGS, 0, 0, &[0, 2, 0, 0, 0, 2]),
            "value: only 0 and 1 are allowed",
        ),
        (
            frame(SETTINGS, 0, 0, &[0, 5, 0, 0, 0, 2]),
            "value: between 16384 and 16777215 (RFC 9113, section 6.5.2)",
        ),
        (
            long,
            "length: more than the 16384 bytes of SETTINGS_MAX_FRAME_SIZE (RFC 9113, section 4.2)",
        ),
        (
            frame(6, 0, 0, &[0; 7]),
            "not understood: a ping has eight bytes (RFC 9113, section 6.7)",
        ),
        (
            frame(RST_STREAM, 0, 1, &[0; 3]),
            "not understood: a reset has four bytes (RFC 9113, section 6.4)",
        ),
        (
            frame(2, 0, 1, &[0; 6]),
            "not understood: a priority has five bytes (RFC 9113, section 6.3)",
        ),
        (
            frame(7, 0, 0, &[0; 7]),
            "not understood: a GOAWAY has at least eight bytes (RFC 9113, section 6.8)",
        ),
        (
            frame(8, 0, 1, &[0; 4]),
            "window size increment: a window grows by at least one byte (RFC 9113, section 6.9)",
        ),
        (
            frame(8, 0, 1, &[0; 5]),
            "not understood: a window update has four bytes (RFC 9113, section 6.9)",
        ),
        (
            frame(CONTINUATION, 4, 1, OK),
            "not understood: no header block is open that this could go on with (RFC 9113, section 6.10)",
        ),
        (
            frame(PUSH_PROMISE, 4, 1, &[0, 0, 0, 2]),
            "type: clients do not push (RFC 9113, section 8.4)",
        ),
        (
            frame(HEADERS, 4 | 8, 1, &[1, 0x82, 7]),
            "padding: padding is zeros (RFC 9113, section 6.1)",
        ),
        (
            frame(HEADERS, 4 | 32, 1, &[1, 2]),
            "not understood: a priority has five bytes (RFC 9113, section 6.2)",
        ),
    ] {
        assert_eq!(broken(&[broken_frame]), [rule]);
    }
}

#[test]
fn more_padding_than_there_is_breaks_both_its_length_and_what_it_covers() {
    let rules = broken(&[frame(HEADERS, 4 | 8, 1, &[3, 0x82])]);
    let first = "pad length: more padding than the frame has bytes (RFC 9113, section 6.1)";
    assert_eq!(rules, [first, "not understood: padding"]);
}

#[test]
fn a_block_that_another_frame_cuts_off_is_told_and_read_as_far_as_it_goes() {
    let rules = broken(&[
        frame(HEADERS, 0, 1, &REQUEST[..4]),
        frame(6, 0, 0, &[0; 8]),
        frame(HEADERS, END_HEADERS, 3, b"\xbe"),
    ]);
    assert_eq!(
        rules,
        [
            "type: a header block is open: only its CONTINUATION frames may come (RFC 9113, section 6.10)",
            "not understood: the block ends in the middle of a string (RFC 7541, section 5.2)",
        ]
    );
}

#[test]
fn data_that_belongs_to_no_stream_is_not_guessed_at() {
    let dissection = dissect(&[(Up, frame(DATA, 0, 7, b"{\"a\":1}"))]);
    let leaf = dissection.recorded[0].leaves().last().expect("a leaf");
    assert_eq!(leaf.name, "data");
    assert_eq!(
        leaf.note,
        "the stream is over, or was never opened (RFC 9113, section 5.1)"
    );
}

#[test]
fn a_stream_that_was_reset_is_over_in_both_directions() {
    let dissection = dissect(&[
        (Up, frame(HEADERS, END_HEADERS, 1, REQUEST)),
        (Up, frame(RST_STREAM, 0, 1, &[0, 0, 0, 8])),
        (Down, frame(DATA, 0, 1, b"late")),
    ]);
    let code = dissection.recorded[0].leaves().last().expect("a leaf");
    assert_eq!((&code.name[..], &code.value[..]), ("error code", "CANCEL"));
    let late = dissection.recorded[1].leaves().last().expect("a leaf");
    assert_eq!(late.name, "data");
}

#[test]
fn a_connection_that_ends_within_a_frame_says_so() {
    let whole = frame(HEADERS, END_HEADERS, 1, OK);
    let dissection = dissect(&[(Up, whole[..9].to_vec())]);
    let rule = "length: the connection ended before this frame was whole";
    assert_eq!(rules(&dissection), [rule]);
    let dissection = dissect(&[(Up, frame(DATA, 0, 1, b"abc")[..11].to_vec())]);
    assert_eq!(
        rules(&dissection),
        ["not understood: the connection ended before this frame was whole"]
    );
    let dissection = dissect(&[(Up, whole[..5].to_vec())]);
    let rule =
        "not understood: the connection ended within the head of a frame (RFC 9113, section 4.1)";
    assert_eq!(rules(&dissection), [rule]);
}

#[test]
fn frames_of_unknown_types_are_passed_over() {
    let dissection = dissect(&[
        (Up, frame(0xbb, 0xff, 1, b"?")),
        (Up, frame(0x10, 0, 0, b"\0\0\0\x01u=1")),
    ]);
    assert_eq!(rules(&dissection), Vec::<String>::new());
    let names: Vec<_> = dissection.recorded[0]
        .spans
        .iter()
        .map(|span| &span.name[..])
        .collect();
    assert_eq!(
        names,
        ["connection preface", "unknown frame", "PRIORITY_UPDATE"]
    );
    let flags = &dissection.recorded[0].spans[1].children[2];
    assert_eq!(flags.value, "0xff without a meaning");
}

#[test]
fn a_promise_of_a_stream_that_is_not_the_servers_is_told() {
    let promise = frame(PUSH_PROMISE, END_HEADERS, 1, &[0, 0, 0, 3, 0x82]);
    let rule = "promised stream: servers open the even streams (RFC 9113, section 5.1.1)";
    assert_eq!(rules(&dissect(&[(Down, promise)])), [rule]);
}

#[test]
fn what_a_connection_cuts_off_is_explained_as_far_as_it_goes() {
    let dissection = dissect(&[
        (Up, frame(HEADERS, END_HEADERS, 1, REQUEST)),
        (Up, frame(DATA, 0, 1, b"{\"a\":")),
        (Up, frame(DATA, 0, 1, b"[1,2")),
        (Up, frame(HEADERS, 0, 3, &REQUEST[..12])),
    ]);
    let derived: Vec<_> = dissection
        .derived
        .iter()
        .map(|buffer| &buffer.bytes[..])
        .collect();
    assert_eq!(derived, [&REQUEST[..12], b"{\"a\":[1,2"]);
}
