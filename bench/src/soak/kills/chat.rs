//! Four people on four protocols talk through two servers while somebody is killed.

use std::collections::HashSet;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use demo::chat::session::{Event, Session};
use services::ClientOptions;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::PATIENCE;
use crate::endpoint::Endpoint;
use crate::report::table::{TableRow, Weight};

/// Between two lines of one participant.
const PACE: Duration = Duration::from_millis(20);

/// Lines that are heard by somebody between two kills.
const BETWEEN_KILLS: u64 = 60;

/// People who talk until they are told to stop.
pub(super) struct Talk {
    people: JoinSet<Result<Vec<String>>>,
    heard: watch::Receiver<u64>,
    said: watch::Sender<u64>,
    stop: watch::Sender<bool>,
}

/// What the people of a talk share.
#[derive(Clone)]
struct Room {
    said: watch::Sender<u64>,
    heard: watch::Sender<u64>,
    stop: watch::Receiver<bool>,
    joined: watch::Sender<usize>,
    /// Who says nothing more: once that is everybody, all lines are said.
    silent: watch::Sender<usize>,
    people: usize,
}

impl Talk {
    /// Everybody joins, each at another server first; then everybody talks. `servers` has for each
    /// person the same protocol at all servers.
    pub(super) fn start(servers: Vec<Vec<Endpoint>>) -> Self {
        let (stop, stopped) = watch::channel(false);
        let (heard, hearing) = watch::channel(0);
        let room = Room {
            said: watch::channel(0).0,
            heard,
            stop: stopped,
            joined: watch::channel(0).0,
            silent: watch::channel(0).0,
            people: servers.len(),
        };
        let mut people = JoinSet::new();
        for (number, mut at) in servers.into_iter().enumerate() {
            let first = number % at.len();
            at.rotate_left(first);
            people.spawn(person(format!("p{number}"), at, room.clone()));
        }
        Self {
            people,
            heard: hearing,
            said: room.said,
            stop,
        }
    }

    /// Waits until further lines were heard.
    pub(super) async fn goes_on(&mut self) -> Result<()> {
        let wanted = *self.heard.borrow() + BETWEEN_KILLS;
        let ended = tokio::select! {
            reached = timeout(PATIENCE, self.heard.wait_for(|count| *count >= wanted)) => {
                reached.context("nobody hears anything any more")?.context("everybody left")?;
                return Ok(());
            }
            Some(ended) = self.people.join_next() => ended,
        };
        bail!(
            "somebody left: {:?}",
            ended.context("a participant panicked")?.err()
        )
    }

    /// Stops the talk, waits until everybody has heard everything, and compares.
    pub(super) async fn row(mut self, killed: &str, kills: usize) -> Result<TableRow> {
        self.goes_on().await?;
        self.stop.send_replace(true);
        let mut all = Vec::new();
        while let Some(person) = timeout(PATIENCE, self.people.join_next()).await? {
            all.push(person.context("a participant panicked")??);
        }
        let said = *self.said.borrow();
        let (mut lost, mut doubled) = (0, 0);
        for heard in &all {
            let once: HashSet<_> = heard.iter().collect();
            lost += said as usize - once.len();
            doubled += heard.len() - once.len();
        }
        let one_order = all.windows(2).all(|pair| pair[0] == pair[1]);
        ensure!(
            lost == 0 && doubled == 0,
            "{killed}: {lost} lost, {doubled} doubled"
        );
        ensure!(one_order, "{killed}: not everybody heard the same order");
        let cells = [kills, said as usize, lost, doubled];
        let cells = cells.iter().map(ToString::to_string);
        Ok(TableRow {
            weight: Weight::Normal,
            cells: std::iter::once(killed.to_owned()).chain(cells).collect(),
        })
    }
}

/// One participant: what it heard, in order.
async fn person(name: String, at: Vec<Endpoint>, room: Room) -> Result<Vec<String>> {
    let endpoints = at.clone();
    let urls = at.iter().map(ToString::to_string).collect();
    let mut session = Session::new(name.clone(), urls, None, move |url| {
        let endpoint = endpoints.iter().find(|at| at.to_string() == url);
        let endpoint = endpoint.expect("a session dials its own URLs").clone();
        Box::pin(async move { endpoint.connect(ClientOptions::default()).await })
    });
    let mut heard = Vec::new();
    let mut number = 0_u64;
    let mut pace = interval(PACE);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut stopped = false;
    loop {
        if !stopped && *room.stop.borrow() {
            stopped = true;
            room.silent.send_modify(|count| *count += 1);
        }
        let all_said = *room.silent.borrow() == room.people;
        if all_said && heard.len() as u64 >= *room.said.borrow() {
            return Ok(heard);
        }
        let everybody = *room.joined.borrow() == room.people;
        tokio::select! {
            event = session.next() => match event {
                Some(Event::Joined { .. }) => room.joined.send_modify(|count| *count += 1),
                Some(Event::Said(message)) => {
                    heard.push(message.text);
                    room.heard.send_modify(|count| *count += 1);
                }
                Some(Event::Lost { .. } | Event::Resumed { .. }) => {}
                other => bail!("{name}: {other:?}"),
            },
            _ = pace.tick() => {
                if everybody && !stopped && session.has_room() {
                    room.said.send_modify(|count| *count += 1);
                    // There is room.
                    let _ = session.say(format!("{name} {number}"));
                    number += 1;
                }
            }
        }
    }
}
