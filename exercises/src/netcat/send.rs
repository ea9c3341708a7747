//! Bytes sent as they are, and what comes back.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::language::{Text, excerpt, printable};

/// How long a server that has something to say may take: far more than it needs for one call.
const PATIENCE: Duration = Duration::from_secs(2);

/// As much of an answer as is shown, in characters: a whole fault.
const SHOWN: usize = 420;

/// A report's columns without those before a finding.
const COLUMNS: usize = 72;

/// One answer over HTTP.
pub(super) struct Answer {
    /// Such as `HTTP/1.1 200 OK`.
    pub(super) first_line: String,
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// Whether its status is 200.
    pub(super) fn is_ok(&self) -> bool {
        self.first_line.split(' ').nth(1) == Some("200")
    }
}

/// All that a server said on one connection.
pub(super) struct Heard {
    pub(super) answers: Vec<Answer>,
    /// Whether it closed the connection before it had said all.
    closed: bool,
}

/// Sends the bytes, then listens until there are so many answers, the server closes, or nothing
/// comes any more. Our side stays open, as `nc`'s does at a terminal.
///
/// # Errors
/// Where the server cannot be reached.
pub(super) fn exchange(address: &str, bytes: &[u8], answers: usize) -> Result<Heard> {
    let address: SocketAddr = address.parse().context("a server's address is none")?;
    let socket = TcpStream::connect_timeout(&address, PATIENCE);
    let mut socket = socket.with_context(|| format!("cannot reach {address}"))?;
    socket.set_read_timeout(Some(PATIENCE))?;
    socket.set_write_timeout(Some(PATIENCE))?;
    // A server may refuse before it has read all: what it says counts.
    let _ = socket.write_all(bytes);
    let (mut said, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        let heard = read(&said);
        if heard.len() >= answers {
            return Ok(Heard {
                answers: heard,
                closed: false,
            });
        }
        match socket.read(&mut piece) {
            Ok(0) => {
                return Ok(Heard {
                    answers: heard,
                    closed: true,
                });
            }
            Ok(length) => said.extend_from_slice(&piece[..length]),
            Err(error) => {
                let waiting = [ErrorKind::WouldBlock, ErrorKind::TimedOut];
                let closed = !waiting.contains(&error.kind());
                return Ok(Heard {
                    answers: heard,
                    closed,
                });
            }
        }
    }
}

/// The answers that are whole. Each tells its length: no server of ours sends so short a body in
/// chunks.
fn read(mut bytes: &[u8]) -> Vec<Answer> {
    let mut answers = Vec::new();
    while let Some((answer, behind)) = answer(bytes) {
        answers.push(answer);
        bytes = behind;
    }
    answers
}

fn answer(bytes: &[u8]) -> Option<(Answer, &[u8])> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.lines();
    let first_line = lines.next()?.to_owned();
    let length = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then_some(value)?
            .trim()
            .parse()
            .ok()
    });
    let behind = &bytes[end + 4..];
    let body = behind.get(..length.unwrap_or(0))?;
    let answer = Answer {
        first_line,
        body: body.to_vec(),
    };
    Some((answer, &behind[body.len()..]))
}

impl Heard {
    /// What the server said, as a finding.
    pub(super) fn told(&self) -> Text {
        let mut told = match (self.answers.is_empty(), self.closed) {
            (false, _) => tell!("The server answered:", "O servidor respondeu:"),
            (true, true) => tell!(
                "The server closed the connection without a word.",
                "O servidor fechou a conexão sem dizer nada."
            ),
            (true, false) => tell!(
                "The server says nothing: it waits for more bytes.",
                "O servidor não diz nada: está esperando mais bytes."
            ),
        };
        for answer in &self.answers {
            let mut lines = vec![excerpt(&answer.first_line)];
            lines.extend(shown(&answer.body));
            for line in lines {
                told.en += &format!("\n{line}");
                told.pt += &format!("\n{line}");
            }
        }
        told
    }
}

/// The beginning of a document in lines that fit a finding, broken behind a tag, a comma or a space
/// where there is one.
fn shown(body: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(body);
    let text: String = text.trim_end().chars().take(SHOWN).collect();
    let characters: Vec<String> = text.chars().map(printable).collect();
    let (mut lines, mut rest) = (Vec::new(), &characters[..]);
    while !rest.is_empty() {
        let (line, behind) = rest.split_at(first_line(rest));
        lines.push(line.concat());
        rest = behind;
    }
    lines
}

/// How many of these characters make a line.
fn first_line(characters: &[String]) -> usize {
    let mut columns = characters.iter().scan(0, |sum, character| {
        *sum += character.chars().count();
        Some(*sum)
    });
    let fitting = columns.position(|columns| columns > COLUMNS);
    let Some(fitting) = fitting else {
        return characters.len();
    };
    let breaks = |character: &String| matches!(character.as_str(), ">" | "," | " ");
    let last = characters[..fitting].iter().rposition(breaks);
    last.map_or(fitting, |at| at + 1).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_one_behind_the_other() {
        let answers = read(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabHTTP/1.1 400 B\r\n\r\n");
        let told: Vec<_> = answers
            .iter()
            .map(|it| (it.is_ok(), it.body.as_slice()))
            .collect();
        assert_eq!(told, [(true, &b"ab"[..]), (false, &b""[..])]);
    }

    #[test]
    fn a_reply_is_shown_in_lines_that_fit_and_nothing_of_it_is_lost() {
        let fault = "<member><name>faultCode</name></member>".repeat(9);
        for body in [
            fault,
            "{\"a\":1,".repeat(40),
            "x".repeat(200),
            "\u{1b}".repeat(99),
        ] {
            let lines = shown(body.as_bytes());
            assert!(lines.len() > 1, "{lines:?}");
            assert!(lines.iter().all(|line| line.len() <= COLUMNS), "{lines:?}");
            let whole: String = body.chars().map(printable).collect();
            assert_eq!(lines.concat(), whole);
        }
        let told = Heard {
            answers: read(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab"),
            closed: false,
        };
        assert!(told.told().en.ends_with("\nHTTP/1.1 200 OK\nab"));
    }

    #[test]
    fn a_part_of_an_answer_is_none() {
        assert!(read(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab").is_empty());
        assert!(read(b"HTTP/1.1 200 OK\r\n").is_empty());
    }
}
