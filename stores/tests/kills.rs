//! Twenty kills of a writing process, and twenty of Redis: nothing acknowledged is lost, nothing
//! is there twice, users and lines of the chat alike.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::future::join_all;
use services::model::{ChatMessage, User};
use services::{ChatRoom, Error, UserStore};
use stores::Embedded;
use support::{
    Asking, Directory, Keeps, RedisServer, all_users, connect, hear, join, line, record, until,
};

const KILLS: usize = 20;
/// Users that are created at a time.
const WRITERS: usize = 32;
/// In the environment of the process that is killed: its directory, and the number of its life.
const DIRECTORY: &str = "STORES_KILLS_DIRECTORY";
const LIFE: &str = "STORES_KILLS_LIFE";

/// Every acknowledged user is there as it was acknowledged, and no address or external id twice.
fn assert_nothing_lost_or_doubled(acknowledged: &BTreeMap<i32, String>, users: &[User]) {
    let found: HashMap<i32, &User> = users.iter().map(|user| (user.id, user)).collect();
    let lost: Vec<_> = acknowledged
        .iter()
        .filter(|(id, name)| found.get(id).is_none_or(|user| user.name != **name))
        .collect();
    assert!(lost.is_empty(), "lost: {lost:?}");
    let addresses: HashSet<_> = users.iter().map(|user| &user.email).collect();
    let external_ids: HashSet<_> = users.iter().map(|user| &user.external_id).collect();
    assert_eq!(
        (addresses.len(), external_ids.len()),
        (users.len(), users.len()),
        "doubled"
    );
    assert_eq!(found.len(), users.len(), "doubled ids");
}

fn report(what: &str, figures: &str) {
    let text = format!("{KILLS} kills of {what}: {figures}, 0 lost, 0 doubled\n");
    // `eprintln!` would be captured with the output of a test that passes.
    std::io::stderr().write_all(text.as_bytes()).ok();
}

/// Not a test: what the next one starts as a process of its own, to be killed.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "is started by another test"]
async fn writes_until_it_is_killed() {
    let Some(directory) = std::env::var_os(DIRECTORY) else {
        return;
    };
    let life = std::env::var(LIFE).unwrap();
    let store = Arc::new(Embedded::open(Path::new(&directory)).unwrap());
    let writers = (0..WRITERS).map(|writer| {
        let (store, life) = (store.clone(), life.clone());
        tokio::spawn(async move {
            for number in 0.. {
                let name = format!("user-{life}-{writer}-{number}");
                let user = store.create(record(&name)).await.unwrap();
                // One write to the pipe: what is printed is acknowledged.
                println!("acknowledged {} {name}", user.id);
                // Every other writer wants the same address as well; one may have it.
                let contested = format!("contested-{life}-{number}");
                match store.create(record(&contested)).await {
                    Ok(user) => println!("acknowledged {} {contested}", user.id),
                    Err(Error::AlreadyExists(_)) => {}
                    Err(error) => panic!("{error}"),
                }
            }
        })
    });
    join_all(writers).await;
}

fn start(directory: &Path, life: usize) -> (Child, Lines<BufReader<ChildStdout>>) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([
        "--exact",
        "writes_until_it_is_killed",
        "--ignored",
        "--nocapture",
    ]);
    command
        .env(DIRECTORY, directory)
        .env(LIFE, life.to_string());
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    (child, lines)
}

/// The id and the name of an acknowledged user; `None` for what the test harness prints, and for
/// a line that was cut off.
fn acknowledged(line: &str) -> Option<(i32, String)> {
    let (id, name) = line.strip_prefix("acknowledged ")?.split_once(' ')?;
    Some((id.parse().ok()?, name.to_owned()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_process_has_lost_no_acknowledged_user() {
    let directory = Directory::new();
    let mut all = BTreeMap::new();
    let mut kept = 0;
    for life in 0..KILLS {
        let (mut child, lines) = start(directory.path(), life);
        let mut of_this_life = 0;
        // After the kill the pipe still holds what was printed before.
        for (id, name) in lines
            .map_while(Result::ok)
            .filter_map(|line| acknowledged(&line))
        {
            let other = all.insert(id, name);
            assert_eq!(other, None, "id {id} was given twice");
            of_this_life += 1;
            // At another moment of the writing each time.
            if of_this_life == 40 + life * 13 {
                child.kill().unwrap();
            }
        }
        child.wait().unwrap();
        assert!(of_this_life > 0, "the process has written nothing");
        let store = Embedded::open(directory.path()).unwrap();
        let users = all_users(&store).await;
        assert_nothing_lost_or_doubled(&all, &users);
        kept = users.len();
    }
    let more = kept - all.len();
    let figures = format!("{} users acknowledged and {more} more kept", all.len());
    report("a process that writes a file", &figures);
}

/// Creates users through all outages; gives those that were acknowledged, and how many were not.
async fn write_through_outages(
    users: Arc<dyn UserStore>,
    writer: usize,
    done: Arc<AtomicUsize>,
    goal: usize,
) -> (Vec<(i32, String)>, usize) {
    let (mut acknowledged, mut unknown) = (Vec::new(), 0);
    for number in 0.. {
        if done.load(Ordering::Relaxed) >= goal {
            break;
        }
        // Two writers want each address.
        let name = format!("user-{}-{number}", writer / 2);
        let mut asking = Asking::whether("it is decided");
        let mut was_unavailable = false;
        loop {
            match users.create(record(&name)).await {
                Ok(user) => acknowledged.push((user.id, name.clone())),
                Err(Error::AlreadyExists(_)) => unknown += usize::from(was_unavailable),
                Err(Error::Unavailable { .. }) => {
                    was_unavailable = true;
                    asking.again().await;
                    continue;
                }
                Err(error) => panic!("{error}"),
            }
            break;
        }
        done.fetch_add(1, Ordering::Relaxed);
    }
    (acknowledged, unknown)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_redis_has_lost_no_acknowledged_user() {
    let Some(mut server) = RedisServer::start(Keeps::Everything) else {
        return;
    };
    let users = connect(&server.url()).await.users;
    let done = Arc::new(AtomicUsize::new(0));
    let between = 150;
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let goal = between * (KILLS + 1);
            tokio::spawn(write_through_outages(
                users.clone(),
                writer,
                done.clone(),
                goal,
            ))
        })
        .collect();
    for kill in 1..=KILLS {
        let reached = async || done.load(Ordering::Relaxed) >= kill * between;
        until("the writers have gone on", reached).await;
        server.kill();
        server.restart();
    }
    let (mut all, mut unknown) = (BTreeMap::new(), 0);
    for writer in writers {
        let (acknowledged, of_unknown) = writer.await.unwrap();
        unknown += of_unknown;
        for (id, name) in acknowledged {
            assert_eq!(all.insert(id, name), None, "id {id} was given twice");
        }
    }
    let kept = all_users(&*users).await;
    assert_nothing_lost_or_doubled(&all, &kept);
    // What was kept without being acknowledged is what was on its way at a kill.
    let more = kept.len() - all.len();
    assert!(more <= unknown, "more users than were wanted");
    let figures = format!("{} users acknowledged and {more} more kept", all.len());
    report("Redis", &figures);
}

/// Says lines through all outages, each until it is known to have been said.
async fn speak_through_outages(
    room: Arc<dyn ChatRoom>,
    speaker: usize,
    done: Arc<AtomicUsize>,
    goal: usize,
) -> Vec<ChatMessage> {
    let mut said = Vec::new();
    while done.load(Ordering::Relaxed) < goal {
        let message = line(&format!("speaker-{speaker}"), "", &said.len().to_string());
        let mut asking = Asking::whether("it was said");
        let first = loop {
            match room.post(message.clone()).await {
                Ok(first) => break first,
                Err(Error::Unavailable { .. }) => asking.again().await,
                Err(error) => panic!("{error}"),
            }
        };
        said.push(first);
        done.fetch_add(1, Ordering::Relaxed);
    }
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_redis_has_lost_no_line_at_two_servers() {
    let Some(mut server) = RedisServer::start(Keeps::Everything) else {
        return;
    };
    let rooms = [
        connect(&server.url()).await.chat,
        connect(&server.url()).await.chat,
    ];
    let mut seats = [
        join(&*rooms[0], "Ana", None).await,
        join(&*rooms[1], "Ben", None).await,
    ];
    let done = Arc::new(AtomicUsize::new(0));
    let between = 100;
    let speakers: Vec<_> = (0..8)
        .map(|speaker| {
            let (room, goal) = (rooms[speaker % 2].clone(), between * (KILLS + 1));
            tokio::spawn(speak_through_outages(room, speaker, done.clone(), goal))
        })
        .collect();
    // They hear while Redis comes and goes, in streams that stay open.
    let mut heard = [Vec::new(), Vec::new()];
    for kill in 1..=KILLS {
        for (heard, seat) in heard.iter_mut().zip(&mut seats) {
            heard.extend(hear(seat, kill * between - heard.len()).await);
        }
        server.kill();
        server.restart();
    }
    let mut said = BTreeMap::new();
    for speaker in speakers {
        for message in speaker.await.unwrap() {
            let other = said.insert(message.sequence, message);
            assert_eq!(other, None, "one place was given twice");
        }
    }
    for (heard, seat) in heard.iter_mut().zip(&mut seats) {
        heard.extend(hear(seat, said.len() - heard.len()).await);
        assert!(heard.iter().eq(said.values()));
    }
    report(
        "Redis",
        &format!("{} lines said and heard at two servers", said.len()),
    );
}
