//! A participant at servers that fail. Time stands still but for the pauses of the participant.

mod joining;
mod server;
mod silent;

use std::sync::MutexGuard;

use services::local::Clock;
use tokio::time::timeout;

use super::setbacks::LONGEST_PAUSE;
use super::*;
use server::{Room, Server, gone};

/// Two URLs of one server, and a third where nobody is.
fn session(server: &Server, urls: &[&str], after: Option<u64>) -> Session {
    let server = server.clone();
    let urls = urls.iter().map(|&url| url.to_owned()).collect();
    Session::new("Ana", urls, after, move |url| {
        let server = server.clone();
        Box::pin(async move {
            if url == "nowhere" {
                return Err(gone());
            }
            Ok(Arc::new(server) as Arc<dyn Backend>)
        })
    })
}

fn room(server: &Server) -> MutexGuard<'_, Room> {
    server.0.lock().unwrap()
}

fn from_bob(text: &str) -> ChatMessage {
    ChatMessage {
        user: "Bob".into(),
        text: text.into(),
        ..ChatMessage::default()
    }
}

async fn next(session: &mut Session) -> Event {
    let event = timeout(Duration::from_secs(60), session.next()).await;
    event.expect("something happens").expect("it is not over")
}

async fn joined(session: &mut Session) {
    let event = next(session).await;
    assert!(matches!(event, Event::Joined { .. }), "{event:?}");
}

async fn heard(session: &mut Session) -> String {
    match next(session).await {
        Event::Said(message) => message.text,
        other => panic!("{other:?} is not a line"),
    }
}

/// Passes over the loss of the connection; gives the server that is tried next, and when.
async fn lost(session: &mut Session) -> (String, Duration) {
    match next(session).await {
        Event::Lost { next, pause, .. } => (next, pause),
        other => panic!("{other:?} is no loss"),
    }
}

async fn caught_up(session: &mut Session) -> usize {
    match next(session).await {
        Event::Resumed { caught_up, .. } => caught_up,
        other => panic!("{other:?} is not what follows on a connection"),
    }
}

#[tokio::test(start_paused = true)]
async fn who_reconnects_resumes_after_the_last_line_seen() {
    let server = Server::default();
    let mut ana = session(&server, &["a", "b"], None);
    joined(&mut ana).await;
    room(&server).say(from_bob("one"));
    assert_eq!(heard(&mut ana).await, "one");
    room(&server).cut(gone());
    room(&server).say(from_bob("two"));
    room(&server).say(from_bob("three"));
    assert_eq!(lost(&mut ana).await, ("b".into(), Duration::ZERO));
    assert_eq!(heard(&mut ana).await, "two");
    assert_eq!(heard(&mut ana).await, "three");
    assert_eq!(caught_up(&mut ana).await, 2);
    let afters: Vec<_> = room(&server).joins.iter().map(|join| join.after).collect();
    assert_eq!(afters, [None, Some(1)]);
}

#[tokio::test(start_paused = true)]
async fn an_own_line_that_was_kept_but_not_seen_is_said_once() {
    let server = Server::default();
    let mut ana = session(&server, &["a"], None);
    joined(&mut ana).await;
    ana.say("first").unwrap();
    assert_eq!(heard(&mut ana).await, "first");
    room(&server).swallows = true;
    ana.say("second").unwrap();
    lost(&mut ana).await;
    assert_eq!(ana.waiting(), 1);
    assert_eq!(heard(&mut ana).await, "second");
    assert_eq!(ana.waiting(), 0);
    assert_eq!(caught_up(&mut ana).await, 1);
    assert_eq!(room(&server).said.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn who_had_seen_nothing_resumes_by_the_moment_of_joining() {
    let server = Server::default();
    let long_ago = ChatMessage {
        timestamp: Clock::System.now() - 3_600,
        ..from_bob("old")
    };
    room(&server).say(long_ago);
    let mut ana = session(&server, &["a"], None);
    joined(&mut ana).await;
    room(&server).swallows = true;
    ana.say("mine").unwrap();
    lost(&mut ana).await;
    room(&server).say(from_bob("news"));
    assert_eq!(heard(&mut ana).await, "mine");
    assert_eq!(heard(&mut ana).await, "news");
    assert_eq!(caught_up(&mut ana).await, 2);
}

#[tokio::test(start_paused = true)]
async fn lines_said_while_no_server_is_there_are_said_when_one_is() {
    let server = Server::default();
    room(&server).refusals = vec![gone(), gone()];
    let mut ana = session(&server, &["a"], None);
    ana.say("one").unwrap();
    lost(&mut ana).await;
    ana.say("two").unwrap();
    lost(&mut ana).await;
    joined(&mut ana).await;
    assert_eq!(heard(&mut ana).await, "one");
    assert_eq!(heard(&mut ana).await, "two");
}

#[tokio::test(start_paused = true)]
async fn the_next_server_is_tried_at_once_and_then_with_growing_pauses() {
    let server = Server::default();
    let mut ana = session(&server, &["nowhere", "nowhere"], None);
    let mut pauses = Vec::new();
    for _ in 0..8 {
        pauses.push(lost(&mut ana).await.1.as_millis());
    }
    assert_eq!(pauses, [0, 250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]);
    assert_eq!(pause(1_000, 1), LONGEST_PAUSE);
}

#[tokio::test(start_paused = true)]
async fn who_missed_too_much_is_told_and_goes_on_from_now() {
    let server = Server::default();
    let old = ChatMessage {
        timestamp: Clock::System.now() - 60,
        ..from_bob("old")
    };
    room(&server).say(old);
    let too_old = Error::OutOfRange("after is \"9\": no such line".into());
    room(&server).refusals = vec![too_old.clone()];
    let mut ana = session(&server, &["a"], Some(9));
    let missed = Event::Missed {
        url: "a".into(),
        error: too_old,
    };
    assert_eq!(next(&mut ana).await, missed);
    joined(&mut ana).await;
    room(&server).say(from_bob("new"));
    assert_eq!(heard(&mut ana).await, "new");
}

#[tokio::test(start_paused = true)]
async fn an_error_that_cannot_get_better_is_the_end() {
    for error in [
        Error::unknown_operation("chat"),
        Error::InvalidArgument("user is too long".into()),
    ] {
        let server = Server::default();
        room(&server).refusals = vec![error.clone()];
        let mut ana = session(&server, &["a", "b"], None);
        assert_eq!(next(&mut ana).await, Event::Failed(error));
        assert_eq!(ana.next().await, None);
    }
}

#[tokio::test(start_paused = true)]
async fn a_course_server_without_numbers_and_ids_will_do() {
    let server = Server::default();
    room(&server).course = true;
    let mut ana = session(&server, &["a"], None);
    joined(&mut ana).await;
    ana.say("hi").unwrap();
    ana.say("hi").unwrap();
    assert_eq!(heard(&mut ana).await, "hi");
    assert_eq!(ana.waiting(), 1);
    room(&server).say(from_bob("hi"));
    let texts = [heard(&mut ana).await, heard(&mut ana).await];
    assert_eq!(texts, ["hi", "hi"]);
    assert_eq!(ana.waiting(), 0);
}

#[tokio::test(start_paused = true)]
async fn who_leaves_waits_for_the_own_lines_but_not_for_ever() {
    let server = Server::default();
    let mut ana = session(&server, &["a"], None);
    ana.say("last").unwrap();
    ana.leave(Duration::from_secs(5));
    joined(&mut ana).await;
    assert_eq!(heard(&mut ana).await, "last");
    assert_eq!(next(&mut ana).await, Event::Left { unseen: 0 });
    assert_eq!(ana.next().await, None);

    let mut ana = session(&server, &["nowhere"], None);
    ana.say("never").unwrap();
    ana.leave(Duration::from_secs(5));
    let mut last = next(&mut ana).await;
    while let Event::Lost { .. } = last {
        last = next(&mut ana).await;
    }
    assert_eq!(last, Event::Left { unseen: 1 });
}

#[tokio::test(start_paused = true)]
async fn more_own_lines_than_may_wait_are_refused() {
    let server = Server::default();
    let mut ana = session(&server, &["nowhere"], None);
    for _ in 0..LARGEST_WAITING {
        ana.say("wait").unwrap();
    }
    assert_eq!(ana.say("too much"), Err(Refused::Full));
}

#[tokio::test(start_paused = true)]
async fn a_line_longer_than_servers_take_is_refused_and_never_sent() {
    let server = Server::default();
    let mut ana = session(&server, &["a"], None);
    let longest = "a".repeat(LARGEST_TEXT);
    let bytes = LARGEST_TEXT + 1;
    let refused = ana.say(longest.clone() + "a");
    assert_eq!(refused, Err(Refused::TooLong { bytes }));
    assert_eq!(ana.waiting(), 0);
    ana.say(longest.clone()).unwrap();
    joined(&mut ana).await;
    assert_eq!(heard(&mut ana).await, longest);
    assert_eq!(room(&server).said.len(), 1);
}

fn too_large() -> Error {
    Error::ResourceExhausted("the message is too large".into())
}

#[tokio::test(start_paused = true)]
async fn a_line_that_servers_refuse_time_and_again_ends_it_with_their_error() {
    let server = Server::default();
    room(&server).refuses_lines = Some(too_large());
    let mut ana = session(&server, &["a", "b"], None);
    ana.say("much").unwrap();
    joined(&mut ana).await;
    lost(&mut ana).await;
    lost(&mut ana).await;
    assert_eq!(next(&mut ana).await, Event::Failed(too_large()));
    assert_eq!(ana.next().await, None);
}

#[tokio::test(start_paused = true)]
async fn who_is_dropped_time_and_again_with_no_line_waiting_goes_on() {
    let server = Server::default();
    let mut ana = session(&server, &["a"], Some(0));
    joined(&mut ana).await;
    for _ in 0..5 {
        room(&server).cut(too_large());
        lost(&mut ana).await;
        caught_up(&mut ana).await;
    }
    ana.say("here").unwrap();
    assert_eq!(heard(&mut ana).await, "here");
}
