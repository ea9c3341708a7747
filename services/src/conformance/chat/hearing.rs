//! One order for everybody, from now on or from where one was.

use futures::future::{try_join, try_join_all};

use super::super::{Verdict, holds, same, unique};
use super::{Guest, line, post, refuses, texts};
use crate::backend::Backend;
use crate::error::Code;
use crate::model::{ChatMessage, Join};

/// Participants, and what each says, of the largest scenario.
const PARTICIPANTS: usize = 8;
const LINES: usize = 50;

pub(crate) async fn same_order(backend: &dyn Backend) -> Verdict {
    let (ana, bia) = (unique("Ana"), unique("Bia"));
    let mut first = Guest::join(backend, &ana).await?;
    let mut second = Guest::join(backend, &bia).await?;
    for n in 0..10 {
        first.say(line(&ana, &format!("{n} of Ana")));
        second.say(line(&bia, &format!("{n} of Bia")));
    }
    let people = [&*ana, &*bia];
    let heard = try_join(first.hear(&people, 20), second.hear(&people, 20));
    let (by_ana, by_bia) = heard.await?;
    same("what both heard", Ok(by_ana), Ok(by_bia))
}

pub(crate) async fn eight_participants(backend: &dyn Backend) -> Verdict {
    let names: Vec<_> = (0..PARTICIPANTS)
        .map(|n| unique(&format!("P{n}")))
        .collect();
    let people: Vec<_> = names.iter().map(String::as_str).collect();
    let mut guests = Vec::new();
    for name in &people {
        guests.push(Guest::join(backend, name).await?);
    }
    for (guest, name) in guests.iter().zip(&people) {
        for n in 0..LINES {
            guest.say(line(name, &n.to_string()));
        }
    }
    let all = PARTICIPANTS * LINES;
    let heard = try_join_all(guests.iter_mut().map(|guest| guest.hear(&people, all))).await?;
    for (name, lines) in people.iter().zip(&heard) {
        same(&format!("what {name} heard"), Ok(lines), Ok(&heard[0]))?;
    }
    each_once(&people, &heard[0])
}

/// Each of those people has said 0, 1, 2 and so on.
fn each_once(people: &[&str], lines: &[ChatMessage]) -> Verdict {
    let wanted: Vec<_> = (0..LINES).map(|n| n.to_string()).collect();
    for &name in people {
        let own = lines.iter().filter(|line| line.user == name);
        let own: Vec<_> = own.map(|line| line.text.clone()).collect();
        same(&format!("what {name} said"), Ok(&own), Ok(&wanted))?;
    }
    Ok(())
}

pub(crate) async fn resumed(backend: &dyn Backend) -> Verdict {
    let ana = unique("Ana");
    let mut said = Vec::new();
    for text in ["seen", "missed", "missed too"] {
        said.push(post(backend, &line(&ana, text)).await?);
    }
    let mut back = Guest::resume(backend, &unique("Bia"), Some(said[0].sequence)).await?;
    let heard = back.hear(&[&ana], 2).await?;
    same("what was missed", Ok(&heard[..]), Ok(&said[1..]))?;
    said.push(post(backend, &line(&ana, "new")).await?);
    let heard = back.hear(&[&ana], 1).await?;
    same("what came then", Ok(&heard[..]), Ok(&said[3..]))?;
    let mut newest = Guest::resume(backend, &unique("Caio"), Some(said[3].sequence)).await?;
    said.push(post(backend, &line(&ana, "newer")).await?);
    let heard = newest.hear(&[&ana], 1).await?;
    same("after the newest", Ok(&heard[..]), Ok(&said[4..]))
}

pub(crate) async fn everything_kept(backend: &dyn Backend) -> Verdict {
    let ana = unique("Ana");
    let (first, last) = (line(&ana, "first"), line(&ana, "last"));
    let first = post(backend, &first).await?;
    let last = post(backend, &last).await?;
    holds("places ascend", first.sequence < last.sequence)?;
    let mut guest = Guest::resume(backend, &unique("Bia"), Some(0)).await?;
    let heard = guest.hear(&[&ana], 2).await?;
    same(
        "what was kept",
        Ok(texts(&heard)),
        Ok(vec!["first", "last"]),
    )?;
    same("the last of it", Ok(&heard[1]), Ok(&last))
}

pub(crate) async fn ahead(backend: &dyn Backend) -> Verdict {
    let newest = post(backend, &line(&unique("Ana"), "newest")).await?;
    let join = Join {
        user: unique("Bia"),
        after: Some(newest.sequence + 1_000_000_000),
    };
    refuses(backend, &join, Code::OutOfRange).await
}
