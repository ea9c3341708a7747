//! Who joins from now on gets nothing that is older, whatever becomes of the connections.

use super::*;

/// Lines from an hour ago.
fn old_lines(server: &Server, count: usize) {
    for _ in 0..count {
        let old = ChatMessage {
            timestamp: Clock::System.now() - 3_600,
            ..from_bob("old")
        };
        room(server).say(old);
    }
}

/// Ana, who has joined among old lines and lost the connection before she saw a line.
async fn cut_off(server: &Server, old: usize) -> Session {
    old_lines(server, old);
    let mut ana = session(server, &["a"], None);
    joined(&mut ana).await;
    room(server).cut(gone());
    ana
}

/// The next line, past whatever else happens.
async fn next_line(session: &mut Session) -> String {
    loop {
        if let Event::Said(message) = next(session).await {
            return message.text;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn old_lines_stay_hidden_when_reading_them_is_interrupted() {
    let server = Server::default();
    let mut ana = cut_off(&server, 10).await;
    room(&server).say(from_bob("news"));
    room(&server).breaks_after = Some(4);
    assert_eq!(next_line(&mut ana).await, "news");
    let afters: Vec<_> = room(&server).joins.iter().map(|join| join.after).collect();
    assert_eq!(afters, [None, Some(0), Some(4)]);
}

#[tokio::test(start_paused = true)]
async fn old_lines_stay_hidden_however_long_reading_them_takes() {
    let server = Server::default();
    let mut ana = cut_off(&server, 10).await;
    room(&server).say(from_bob("news"));
    room(&server).lag = Duration::from_millis(300);
    assert_eq!(next_line(&mut ana).await, "news");
}

#[tokio::test(start_paused = true)]
async fn old_lines_stay_hidden_where_no_news_ended_them() {
    let server = Server::default();
    let mut ana = cut_off(&server, 10).await;
    lost(&mut ana).await;
    assert_eq!(caught_up(&mut ana).await, 0);
    old_lines(&server, 2);
    room(&server).cut(gone());
    lost(&mut ana).await;
    assert_eq!(caught_up(&mut ana).await, 0);
    ana.say("mine").unwrap();
    assert_eq!(heard(&mut ana).await, "mine");
}

#[tokio::test(start_paused = true)]
async fn after_news_a_line_is_shown_whatever_its_time() {
    let server = Server::default();
    let mut ana = cut_off(&server, 10).await;
    room(&server).say(from_bob("news"));
    assert_eq!(next_line(&mut ana).await, "news");
    old_lines(&server, 1);
    assert_eq!(next_line(&mut ana).await, "old");
}

#[tokio::test(start_paused = true)]
async fn a_line_after_a_long_silence_is_news_though_the_servers_clock_is_behind() {
    let server = Server::default();
    let mut ana = cut_off(&server, 10).await;
    lost(&mut ana).await;
    assert_eq!(caught_up(&mut ana).await, 0);
    let silence = timeout(Duration::from_secs(11), ana.next()).await;
    assert!(silence.is_err(), "{silence:?}");
    old_lines(&server, 1);
    assert_eq!(heard(&mut ana).await, "old");
}
