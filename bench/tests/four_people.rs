//! Four people on four protocols chat through two servers over one Redis. Servers are killed with
//! `kill -9`, and nobody loses a line. `docs/recording/record` shows the same at four terminals.

#[path = "../../peers/support.rs"]
mod peers;
#[path = "four_people/person.rs"]
mod person;
#[path = "four_people/place.rs"]
mod place;

use std::collections::BTreeSet;
use std::time::Duration;

use futures::future::join_all;
use tokio::time::timeout;

use person::Person;
use place::Place;

/// No test takes longer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Lines that each person says while servers are killed.
const LINES: usize = 60;

/// Own lines that a person lets wait to come back, while saying many.
const WINDOW: usize = 4;

async fn within(test: impl Future<Output = ()>) {
    timeout(PATIENCE, test).await.expect("the test ends");
}

/// Each says a line when all have heard the one before.
async fn talk(people: &[Person], about: &str) {
    for speaker in people {
        let line = format!("{} {about}", speaker.name);
        speaker.say(&line);
        join_all(people.iter().map(|person| person.hears(&line))).await;
    }
}

/// A person says so many lines, a few at a time.
async fn talk_on(person: &Person) {
    for number in 0..LINES {
        person.has_waiting_at_most(number, WINDOW).await;
        person.say(&format!("{} {number}", person.name));
    }
}

/// Everybody leaves with each line once, in the order of all the others; in that order, the lines
/// of each person stand as they were said.
async fn nobody_lost_a_line(people: Vec<Person>) {
    let said: Vec<_> = people.iter().map(Person::said).collect();
    let heard = join_all(people.into_iter().map(Person::leave)).await;
    let (one_order, others) = heard.split_first().expect("there are four");
    for other in others {
        assert_eq!(other, one_order);
    }
    let once: BTreeSet<_> = one_order.iter().collect();
    assert_eq!(once.len(), one_order.len(), "{one_order:#?}");
    for own in said {
        let in_order = one_order.iter().filter(|line| own.contains(line));
        assert_eq!(in_order.cloned().collect::<Vec<_>>(), own);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_killed_between_lines_costs_no_line() {
    within(async {
        let Some(mut place) = Place::open().await else {
            return;
        };
        let people = place.people().await;
        talk(&people, "at the beginning").await;
        place.kill(0).await;
        talk(&people, "with one server").await;
        place.start_again(0).await;
        place.kill(1).await;
        talk(&people, "with the other one").await;
        // Who begins at the first server moves twice.
        let losses: Vec<_> = people.iter().map(Person::losses).collect();
        assert_eq!(losses, [2, 1, 2, 1]);
        nobody_lost_a_line(people).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_killed_while_all_talk_costs_no_line() {
    within(async {
        let Some(mut place) = Place::open().await else {
            return;
        };
        let people = place.people().await;
        let all = people.len() * LINES;
        let kills = async {
            people[1].has_heard(all / 6).await;
            place.kill(0).await;
            people[1].has_heard(all / 3).await;
            place.start_again(0).await;
            people[0].has_heard(all / 2).await;
            place.kill(1).await;
        };
        tokio::join!(join_all(people.iter().map(talk_on)), kills);
        join_all(people.iter().map(|person| person.has_heard(all))).await;
        nobody_lost_a_line(people).await;
    })
    .await;
}
