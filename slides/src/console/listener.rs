//! What presenterm publishes with `-P`: each change of slide, as a datagram to whoever listens.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use socket2::{Domain, Protocol, Socket, Type};

/// Where presenterm 0.16.1 publishes by default (`src/config.rs`, `default_speaker_notes_*`). Linux
/// delivers what is sent to a broadcast address to all who listen; others have one listener.
pub const ADDRESS: SocketAddr = SocketAddr::new(
    std::net::IpAddr::V4(if cfg!(target_os = "linux") {
        Ipv4Addr::new(127, 255, 255, 255)
    } else {
        Ipv4Addr::LOCALHOST
    }),
    59418,
);

/// A datagram holds the deck's path, which Linux keeps below 4096 bytes, and some numbers.
const DATAGRAM: usize = 8192;

/// What the deck has told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// The slide that is shown, from 0.
    Slide(usize),
    /// The presenter left the deck.
    Ended,
    /// Another deck is shown, or this one in another language.
    Another,
    /// That one was left.
    AnotherEnded,
}

/// Hears one deck, and that there are others, whoever else listens.
#[derive(Debug)]
pub struct Listener {
    socket: UdpSocket,
    deck: PathBuf,
}

impl Listener {
    /// Listens for the deck that presenterm was given; `patience` is how long [`Self::hear`] waits.
    ///
    /// # Errors
    /// A program that does not share has the port.
    pub fn bind(deck: &Path, patience: Duration) -> io::Result<Self> {
        Self::bind_to(ADDRESS, deck, patience)
    }

    fn bind_to(address: SocketAddr, deck: &Path, patience: Duration) -> io::Result<Self> {
        let socket = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP))?;
        // Two consoles, or a console and a rehearsal, hear the same talk. On macOS only the last would.
        if !cfg!(target_os = "macos") {
            socket.set_reuse_address(true)?;
        }
        socket.bind(&address.into())?;
        socket.set_read_timeout(Some(patience))?;
        let deck = deck.to_owned();
        let socket = socket.into();
        Ok(Self { socket, deck })
    }

    /// Waits for what the deck tells next; nothing if it tells nothing in that time.
    ///
    /// # Errors
    /// The socket broke.
    pub fn hear(&self) -> io::Result<Option<Told>> {
        let mut datagram = [0; DATAGRAM];
        match self.socket.recv(&mut datagram) {
            Ok(length) => Ok(understood(&datagram[..length], &self.deck)),
            Err(error) if is_nothing(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn is_nothing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
    )
}

/// What presenterm sends (`src/commands/speaker_notes.rs`).
#[derive(Deserialize)]
struct Envelope {
    presentation_path: PathBuf,
    event: Event,
}

#[derive(Deserialize)]
#[serde(tag = "command")]
enum Event {
    GoTo { slide: usize },
    Exit,
}

/// Anybody on this machine can send to the port: what is no news of a deck is passed over.
fn understood(datagram: &[u8], deck: &Path) -> Option<Told> {
    let envelope: Envelope = serde_json::from_slice(datagram).ok()?;
    let is_ours = envelope.presentation_path == deck;
    match envelope.event {
        Event::GoTo { .. } if !is_ours => Some(Told::Another),
        Event::Exit if !is_ours => Some(Told::AnotherEnded),
        Event::GoTo { slide } => slide.checked_sub(1).map(Told::Slide),
        Event::Exit => Some(Told::Ended),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DECK: &str = "/talk/en/deck.md";

    fn heard(datagram: &str) -> Option<Told> {
        understood(datagram.as_bytes(), Path::new(DECK))
    }

    #[test]
    fn a_change_of_slide_and_the_end_are_heard() {
        let slide = r#"{"presentation_path":"/talk/en/deck.md","event":{"command":"GoTo","slide":3,"chunk":1}}"#;
        assert_eq!(heard(slide), Some(Told::Slide(2)));
        let exit = r#"{"presentation_path":"/talk/en/deck.md","event":{"command":"Exit"}}"#;
        assert_eq!(heard(exit), Some(Told::Ended));
    }

    #[test]
    fn another_deck_is_told_from_this_one() {
        let slide = r#"{"presentation_path":"/talk/pt-BR/deck.md","event":{"command":"GoTo","slide":3,"chunk":1}}"#;
        assert_eq!(heard(slide), Some(Told::Another));
        let exit = r#"{"presentation_path":"/other.md","event":{"command":"Exit"}}"#;
        assert_eq!(heard(exit), Some(Told::AnotherEnded));
    }

    #[test]
    fn noise_is_passed_over() {
        for noise in [
            "",
            "{}",
            "\u{0}",
            r#"{"presentation_path":"/other.md","event":{"command":"Dance"}}"#,
            r#"{"presentation_path":"/talk/en/deck.md","event":{"command":"GoTo","slide":0,"chunk":0}}"#,
            r#"{"presentation_path":"/talk/en/deck.md","event":{"command":"GoTo","slide":-1,"chunk":0}}"#,
            r#"{"presentation_path":"/talk/en/deck.md","event":{"command":"Dance"}}"#,
        ] {
            assert_eq!(heard(noise), None, "{noise}");
        }
    }

    #[test]
    fn what_is_sent_is_heard_and_silence_is_no_failure() {
        let patience = Duration::from_secs(10);
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let listener = Listener::bind_to(address, Path::new(DECK), patience).unwrap();
        let to = listener.socket.local_addr().unwrap();
        let sender = UdpSocket::bind(address).unwrap();
        let exit = r#"{"presentation_path":"/talk/en/deck.md","event":{"command":"Exit"}}"#;
        sender.send_to(exit.as_bytes(), to).unwrap();
        assert_eq!(listener.hear().unwrap(), Some(Told::Ended));

        let impatient = Duration::from_millis(1);
        let listener = Listener::bind_to(address, Path::new(DECK), impatient).unwrap();
        assert_eq!(listener.hear().unwrap(), None);
    }
}
