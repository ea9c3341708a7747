//! The hall that rooms are made of: who is too slow, who resumes, and what is said twice.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures::{FutureExt, StreamExt, TryStreamExt};
use services::chat::{Hall, HallLimits, Name, Seat};
use services::model::ChatMessage;
use services::{Code, Error};
use tokio::time::timeout;

/// Few enough to be counted by hand.
const LIMITS: HallLimits = HallLimits { kept: 20, queue: 5 };

fn name(name: &str) -> Name {
    Arc::new(OnceLock::from(name.to_owned()))
}

fn said(text: impl ToString, id: &str) -> ChatMessage {
    ChatMessage {
        user: "Ana".into(),
        text: text.to_string(),
        id: id.into(),
        ..ChatMessage::default()
    }
}

/// A hall in which so many messages were posted.
fn hall(messages: u64) -> Hall {
    let hall = Hall::new(LIMITS);
    post(&hall, messages);
    hall
}

fn post(hall: &Hall, messages: u64) {
    for _ in 0..messages {
        let _ = hall.post(said("hello", ""));
    }
}

/// The next thing heard, which is there already.
fn next(seat: &mut Seat) -> Option<Result<u64, Error>> {
    let next = seat.messages.next().now_or_never();
    let next = next.expect("a message waits or the stream has ended");
    next.map(|message| message.map(|message| message.sequence))
}

/// The sequence numbers that wait to be heard.
fn waiting(seat: &mut Seat) -> Vec<u64> {
    let next = || seat.messages.next().now_or_never();
    let waiting = std::iter::from_fn(next).map(|message| message.unwrap().unwrap().sequence);
    waiting.collect()
}

fn too_slow(read: u64) -> Option<Result<u64, Error>> {
    let text = format!(
        "more than 5 messages waited to be read: the last that you got is {read}, join again \
         after it and read faster"
    );
    Some(Err(Error::ResourceExhausted(text)))
}

#[test]
fn who_never_reads_is_dropped_by_the_message_that_is_one_too_many() {
    let hall = hall(0);
    let mut silent = hall.join(name("Silent"), None).unwrap();
    post(&hall, 5);
    assert_eq!(hall.names(), ["Silent"]);
    post(&hall, 1);
    assert!(hall.names().is_empty());
    assert_eq!(next(&mut silent), too_slow(0));
    assert_eq!(next(&mut silent), None);
}

#[test]
fn who_reads_too_slowly_is_told_the_last_message_that_it_got() {
    let hall = hall(0);
    let mut slow = hall.join(name("Slow"), None).unwrap();
    post(&hall, 3);
    assert_eq!(next(&mut slow), Some(Ok(1)));
    post(&hall, 4);
    assert!(hall.names().is_empty());
    // These were taken from the ring already.
    assert_eq!(next(&mut slow), Some(Ok(2)));
    assert_eq!(next(&mut slow), Some(Ok(3)));
    assert_eq!(next(&mut slow), too_slow(3));
    let mut back = hall.join(name("Slow"), Some(3)).unwrap();
    assert_eq!(waiting(&mut back), [4, 5, 6, 7]);
}

#[test]
fn one_who_never_reads_takes_nothing_from_the_others() {
    let hall = hall(0);
    let _silent = hall.join(name("Silent"), None).unwrap();
    let mut quick = hall.join(name("Quick"), None).unwrap();
    for sequence in 1..=100 {
        post(&hall, 1);
        assert_eq!(next(&mut quick), Some(Ok(sequence)));
    }
    assert_eq!(hall.names(), ["Quick"]);
}

#[test]
fn a_history_to_read_is_not_being_slow() {
    let hall = hall(20);
    let mut late = hall.join(name("Late"), Some(0)).unwrap();
    post(&hall, 5);
    // It reads two for each that comes, and so is behind by less and less.
    for round in 0..20 {
        assert_eq!(next(&mut late), Some(Ok(2 * round + 1)));
        assert_eq!(next(&mut late), Some(Ok(2 * round + 2)));
        post(&hall, 1);
    }
    assert_eq!(hall.names(), ["Late"]);
    assert_eq!(waiting(&mut late), (41..=45).collect::<Vec<_>>());
}

#[test]
fn who_joins_with_a_history_and_stops_is_dropped_like_anybody() {
    let hall = hall(20);
    let mut late = hall.join(name("Late"), Some(0)).unwrap();
    post(&hall, 5);
    assert_eq!(next(&mut late), Some(Ok(1)));
    assert_eq!(hall.names(), ["Late"]);
    post(&hall, 2);
    assert!(hall.names().is_empty());
}

#[test]
fn resuming_goes_back_to_what_is_kept_and_no_further() {
    let hall = hall(100);
    let refused = |after| hall.join(name("Ana"), Some(after)).unwrap_err();
    for after in [80, 81, 99, 100] {
        let mut seat = hall.join(name("Ana"), Some(after)).unwrap();
        assert_eq!(seat.after, after);
        assert_eq!(waiting(&mut seat), (after + 1..=100).collect::<Vec<_>>());
    }
    let mut all = hall.join(name("Ana"), Some(0)).unwrap();
    assert_eq!((all.after, waiting(&mut all)), (80, (81..=100).collect()));
    let mut from_now = hall.join(name("Ana"), None).unwrap();
    assert_eq!((from_now.after, waiting(&mut from_now)), (100, vec![]));

    for (after, wanted) in [
        (
            79,
            "after is \"79\": only messages after 80 are kept, join after 0 for all of them",
        ),
        (
            1,
            "after is \"1\": only messages after 80 are kept, join after 0 for all of them",
        ),
        (
            101,
            "after is \"101\": the newest message is 100, join without after",
        ),
    ] {
        assert_eq!(refused(after), Error::OutOfRange(wanted.into()));
    }
}

#[test]
fn an_empty_hall_can_be_joined_and_has_nothing_to_resume() {
    for after in [None, Some(0)] {
        let hall = hall(0);
        let mut seat = hall.join(name("Ana"), after).unwrap();
        assert_eq!(seat.after, 0);
        post(&hall, 1);
        assert_eq!(waiting(&mut seat), [1]);
    }
    let error = hall(0).join(name("Ana"), Some(1)).unwrap_err();
    assert_eq!(error.code(), Code::OutOfRange);
}

#[test]
fn a_message_said_again_is_the_first_for_as_long_as_that_is_kept() {
    let hall = hall(0);
    let first = hall.post(said("first", "a"));
    assert_eq!(hall.post(said("again", "a")), first);
    let anothers = ChatMessage {
        user: "Bia".into(),
        ..said("another's", "a")
    };
    assert_eq!(hall.post(anothers).sequence, 2);
    post(&hall, 25);
    assert_eq!(hall.post(said("later", "a")).sequence, 28);
    assert_eq!(hall.post(said("later still", "a")).text, "later");
}

#[test]
fn what_is_delivered_keeps_its_place_and_is_delivered_once() {
    let hall = hall(0);
    let mut seat = hall.join(name("Ana"), None).unwrap();
    for sequence in [7, 8, 8, 3, 10] {
        hall.deliver(ChatMessage {
            sequence,
            ..said(sequence, "")
        });
    }
    assert_eq!(waiting(&mut seat), [7, 8, 10]);
    assert_eq!(hall.newest(), 10);
    assert!(hall.reached(10).now_or_never().is_some());
    assert!(hall.reached(11).now_or_never().is_none());
    assert_eq!(hall.join(name("Ana"), Some(0)).unwrap().after, 6);
}

#[test]
fn an_order_that_begins_in_its_middle_makes_nobody_slow() {
    let hall = hall(0);
    let mut seat = hall.join(name("Ana"), None).unwrap();
    for sequence in [5_000, 5_001, 9_000] {
        hall.deliver(ChatMessage {
            sequence,
            ..said(sequence, "")
        });
    }
    assert_eq!(hall.names(), ["Ana"]);
    assert_eq!(waiting(&mut seat), [5_000, 5_001, 9_000]);
}

#[test]
fn names_are_those_of_who_is_there_and_has_one() {
    let hall = hall(0);
    let unnamed = Name::default();
    let seats = [
        hall.join(name("Bia"), None).unwrap(),
        hall.join(name("Ana"), None).unwrap(),
        hall.join(name("Ana"), None).unwrap(),
        hall.join(Arc::clone(&unnamed), None).unwrap(),
    ];
    assert_eq!(hall.names(), ["Ana", "Bia"]);
    unnamed.set("Caio".into()).unwrap();
    assert_eq!(hall.names(), ["Ana", "Bia", "Caio"]);
    let [bia, ana, again, caio] = seats;
    drop((bia, ana));
    assert_eq!(hall.names(), ["Ana", "Caio"]);
    drop((again, caio));
    assert!(hall.names().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn all_hear_one_order_whoever_speaks_at_once() {
    const SPEAKERS: u64 = 4;
    const LINES: u64 = 500;
    let hall = Hall::default();
    let hearing: Vec<_> = (0..3)
        .map(|_| hall.join(name("Ana"), None).unwrap().messages)
        .map(|messages| {
            let all = messages.take((SPEAKERS * LINES) as usize);
            tokio::spawn(all.try_collect::<Vec<_>>())
        })
        .collect();
    for speaker in 0..SPEAKERS {
        let hall = hall.clone();
        tokio::spawn(async move {
            for line in 0..LINES {
                let _ = hall.post(said(line, &format!("{speaker}-{line}")));
                tokio::task::yield_now().await;
            }
        });
    }
    let patience = Duration::from_secs(20);
    for heard in hearing {
        let heard = timeout(patience, heard).await.unwrap().unwrap().unwrap();
        let order: Vec<_> = heard.iter().map(|message| message.sequence).collect();
        assert_eq!(order, (1..=SPEAKERS * LINES).collect::<Vec<_>>());
        for speaker in 0..SPEAKERS {
            let own = heard
                .iter()
                .filter(|line| line.id.starts_with(&format!("{speaker}-")));
            let own: Vec<_> = own.map(|line| line.text.parse::<u64>().unwrap()).collect();
            assert_eq!(own, (0..LINES).collect::<Vec<_>>());
        }
    }
}

#[test]
fn what_is_shown_of_a_hall_tells_nothing_that_was_said() {
    let hall = hall(0);
    let _ = hall.post(said("secret", "secret"));
    let seat = hall.join(name("secret"), Some(0)).unwrap();
    let shown = format!("{hall:?} {seat:?}");
    assert!(
        shown.contains("newest: 1") && !shown.contains("secret"),
        "{shown}"
    );
}
