//! What is shown of calls: one screen that tells where their bytes go, or all bytes in the view that
//! was asked for.

use std::fmt::Write as _;
use std::io::{BufWriter, Write};
use std::time::Duration;

use anyhow::Result;
use demo::print::{HEADING, QUIET, wrapped};
use wire::dissection::Excerpt;
use wire::ledger::Ledger;
use wire::seen::Sight;
use wire::tap::cost::Cost;
use wire::view::ledger::{Row, Ways};
use wire::view::{Colour, View, escape};

use super::arguments::{Show, WireArguments};
use super::bodies::Body;
use super::capture::{Capture, Observed, Part, Plan, State};
use super::why;
use crate::report::table::{figure, thousands};

/// Pairs of exchanges that are timed to tell what the tap costs: a few milliseconds in all.
const COST_EXCHANGES: usize = 100;

/// Prints what was asked for; plain where nobody looks, or `NO_COLOR` is set.
///
/// # Errors
/// Where stdout fails.
pub async fn print(plan: &Plan, captured: &Capture, arguments: &WireArguments) -> Result<()> {
    let view = View {
        columns: arguments.columns(),
        // What prints it strips the colours where they have no place.
        colour: Colour::Always,
    };
    let mut out = BufWriter::new(anstream::stdout());
    match arguments.view {
        None | Some(Show::Ledger) => {
            let cost = wire::tap::cost::cost(COST_EXCHANGES).await.ok();
            let text = match arguments.view {
                None => first_screen(plan, captured, cost, view),
                Some(_) => ledger(plan, captured, cost, view),
            };
            out.write_all(text.as_bytes())?;
        }
        Some(show) => all(show, captured, view, &mut out)?,
    }
    out.flush()?;
    Ok(())
}

/// Where the bytes go: of a short call on 80 columns in 23 lines, so that a prompt fits below it.
#[must_use]
pub fn first_screen(plan: &Plan, captured: &Capture, cost: Option<Cost>, view: View) -> String {
    let sight = Sight::of(&captured.dissection);
    let mut text = paragraph(&heading(plan, captured, cost), view, HEADING);
    let shown = captured.wires.iter().flat_map(|observed| {
        let states = [State::Cold, State::Warm].into_iter();
        states.filter_map(move |state| Some((observed, observed.part(state)?)))
    });
    let rows: Vec<_> = shown
        .map(|(observed, part)| row(&sight, observed, part))
        .collect();
    text.push_str(&view.ledger(&rows, Ways::Together));
    text.push_str(&bodies(&sight, captured, view));
    for sentence in why::sentences(captured) {
        text.push_str(&paragraph(&sentence, view, anstyle::Style::new()));
    }
    text.push_str(&paragraph(&times(plan, captured), view, QUIET));
    text.push_str(&paragraph(&accounts(&sight, captured), view, QUIET));
    text
}

/// `add(5, 3) = 8 over 5 wires, through a tap that adds 38 µs to an exchange`
fn heading(plan: &Plan, captured: &Capture, cost: Option<Cost>) -> String {
    let title = escape::text(&plan.call.title());
    let title = crate::prove::shortened(&title, 60);
    let wires = match captured.wires.as_slice() {
        [one] => one.wire.title.to_owned(),
        all => format!("{} wires", all.len()),
    };
    let tap = cost.map(|cost| {
        format!(
            ", through a tap that adds {} to an exchange",
            duration(cost.added)
        )
    });
    format!(
        "{title}{} over {wires}{}",
        answer(captured),
        tap.unwrap_or_default()
    )
}

/// ` = 8`, where one short value is the answer over every wire.
fn answer(captured: &Capture) -> String {
    let answers = captured.wires.iter().map(|observed| {
        let part = observed.settled()?;
        let values = part.answer.as_ref()?.result.as_ref().ok()?;
        match values.as_slice() {
            [value] => Some(value.to_string()),
            _ => None,
        }
    });
    let mut answers: Vec<_> = answers.collect();
    answers.dedup();
    match answers.as_slice() {
        [Some(answer)] if answer.chars().count() <= 20 => format!(" = {answer}"),
        _ => String::new(),
    }
}

fn row(sight: &Sight<'_>, observed: &Observed, part: &Part) -> Row {
    Row {
        title: short(observed),
        state: part.state.title().into(),
        ledger: Ledger::counted(sight, &part.excerpt),
    }
}

/// A title as short as can be: the bars need the room.
fn short(observed: &Observed) -> String {
    let title = observed.wire.title.replace(", HTTP", "");
    title.replace(", WebSocket", " WS")
}

/// What the request says, a line a wire.
fn bodies(sight: &Sight<'_>, captured: &Capture, view: View) -> String {
    let bodies = captured.wires.iter().filter_map(|observed| {
        let body = Body::of(sight, &observed.settled()?.excerpt);
        Some((short(observed), body))
    });
    let bodies: Vec<_> = bodies.collect();
    let width = bodies
        .iter()
        .map(|(title, _)| title.len())
        .max()
        .unwrap_or(0);
    let mut text = String::new();
    let heading = "What a request says, the values «marked», and its bytes:";
    text.push_str(&paragraph(heading, view, HEADING));
    for (title, body) in &bodies {
        let size = thousands(body.size_bytes as u64);
        let line = body.line(view.columns.saturating_sub(width + 8));
        let (strong, reset) = (HEADING.render(), HEADING.render_reset());
        let marked = line
            .replace('«', &format!("{strong}«"))
            .replace('»', &format!("»{reset}"));
        let _ = writeln!(text, "{title:width$} {size:>6} {marked}");
    }
    text
}

/// What calls took, where the link is not the machine's own: on loopback they say nothing.
fn times(plan: &Plan, captured: &Capture) -> String {
    if plan.link.is_clear() {
        return String::new();
    }
    let wires = captured.wires.iter().map(|observed| {
        let elapsed = |state| Some(observed.part(state)?.answer.as_ref()?.elapsed);
        let times: Vec<_> = [State::Cold, State::Warm]
            .into_iter()
            .filter_map(elapsed)
            .map(duration)
            .collect();
        format!("{} {}", short(observed), times.join(" / "))
    });
    let wires = wires.collect::<Vec<_>>().join(", ");
    format!("Time over this link, cold / warm: {wires}.")
}

fn duration(time: Duration) -> String {
    match time.as_secs_f64() {
        seconds @ 1.0.. => format!("{} s", figure(seconds)),
        seconds @ 1e-3.. => format!("{} ms", figure(seconds * 1e3)),
        seconds => format!("{} µs", figure(seconds * 1e6)),
    }
}

/// Whether all bytes are accounted for, and where to look next.
fn accounts(sight: &Sight<'_>, captured: &Capture) -> String {
    let parts = captured.wires.iter().flat_map(|observed| &observed.parts);
    let mut counted = Ledger::default();
    for part in parts {
        counted += Ledger::counted(sight, &part.excerpt);
    }
    let sockets = captured.wires.iter().flat_map(|it| it.socket_bytes);
    let (sockets, total) = (sockets.sum::<u64>(), counted.both().total() as u64);
    let unknown = counted.both().of(wire::Role::Unknown) as u64;
    let explained = match unknown {
        0 if sockets == total => format!("All {} bytes are explained", thousands(total)),
        _ => format!(
            "Of {} bytes {} are explained",
            thousands(sockets),
            thousands(total - unknown)
        ),
    };
    format!("{explained}: --view hex, tree, raw or ledger; --html FILE")
}

/// Every call of every wire, as far as that view shows it.
fn all(show: Show, captured: &Capture, view: View, out: &mut impl Write) -> std::io::Result<()> {
    let sight = Sight::of(&captured.dissection);
    for part in captured.wires.iter().flat_map(|observed| &observed.parts) {
        if matches!(part.state, State::Cold | State::Warm) {
            let head = paragraph(&head(&part.excerpt), view, HEADING);
            out.write_all(head.as_bytes())?;
            match show {
                Show::Hex => view.hex(&sight, &part.excerpt, out)?,
                Show::Tree => view.tree(&sight, &part.excerpt, out)?,
                Show::Raw | Show::Ledger => view.raw(&sight, &part.excerpt, out)?,
            }
            out.write_all(b"\n")?;
        }
    }
    Ok(())
}

/// All parts, directions apart.
fn ledger(plan: &Plan, captured: &Capture, cost: Option<Cost>, view: View) -> String {
    let sight = &Sight::of(&captured.dissection);
    let parts = captured.wires.iter().flat_map(|observed| {
        let parts = observed.parts.iter();
        let parts = parts.filter(|part| !part.excerpt.pieces.is_empty());
        parts.map(move |part| row(sight, observed, part))
    });
    let rows: Vec<_> = parts.collect();
    let mut text = paragraph(&heading(plan, captured, cost), view, HEADING);
    text.push_str(&view.ledger(&rows, Ways::Apart));
    for sentence in why::sentences(captured) {
        text.push_str(&paragraph(&sentence, view, anstyle::Style::new()));
    }
    text.push_str(&paragraph(&times(plan, captured), view, QUIET));
    text.push_str(&paragraph(&accounts(sight, captured), view, QUIET));
    text
}

fn head(excerpt: &Excerpt) -> String {
    let size: usize = excerpt.pieces.iter().map(|piece| piece.range.len()).sum();
    format!("{}: {} bytes", excerpt.title, thousands(size as u64))
}

/// Lines that fit; nothing where there is no text.
fn paragraph(text: &str, view: View, style: anstyle::Style) -> String {
    let lines = wrapped(text, view.columns).into_iter();
    let lines = lines.filter(|line| !line.is_empty());
    lines
        .map(|line| format!("{style}{line}{style:#}\n"))
        .collect()
}
