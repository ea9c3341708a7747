//! permessage-deflate, RFC 7692: messages are compressed, each going on with the window of the one
//! before it, unless the handshake says otherwise.

use flate2::{Decompress, FlushDecompress, Status};

use crate::recording::Direction;

/// What the sender takes off the end of each message, RFC 7692, section 7.2.1.
const TAIL: [u8; 4] = [0, 0, 0xff, 0xff];

/// Bytes that are made room for at a time.
const STEP_BYTES: usize = 16 * 1024;

/// Inflates the messages of one direction.
#[derive(Debug)]
pub(super) struct Inflater {
    /// `None` once a message is missing that later ones refer to.
    stream: Option<Decompress>,
    /// Each message stands for itself.
    no_takeover: bool,
}

/// An inflater for that direction, where permessage-deflate was agreed to. The elements are in lower
/// case: `permessage-deflate; client_max_window_bits=15`.
pub(super) fn agreed(extensions: &[String], direction: Direction) -> Option<Inflater> {
    let agreed = extensions
        .iter()
        .map(|extension| extension.split(';').map(str::trim))
        .find_map(|mut parts| (parts.next() == Some("permessage-deflate")).then_some(parts));
    let ours = match direction {
        Direction::Up => "client_no_context_takeover",
        Direction::Down => "server_no_context_takeover",
    };
    agreed.map(|mut parameters| Inflater {
        stream: Some(Decompress::new(false)),
        no_takeover: parameters.any(|parameter| parameter == ours),
    })
}

impl Inflater {
    /// What those bytes of a message hold, up to `most` bytes.
    ///
    /// # Errors
    /// Why not, in words.
    pub(super) fn inflate(&mut self, bytes: &[u8], most: usize) -> Result<Vec<u8>, &'static str> {
        if self.no_takeover {
            self.stream = Some(Decompress::new(false));
        }
        let lost = "an earlier message is missing to which this one refers";
        let stream = self.stream.as_mut().ok_or(lost)?;
        let mut out = Vec::new();
        let done =
            run(stream, bytes, &mut out, most).and_then(|()| run(stream, &TAIL, &mut out, most));
        if let Err(problem) = done {
            self.lose();
            return Err(problem);
        }
        Ok(out)
    }

    /// A message has not been inflated: what later ones refer to is missing.
    pub(super) fn lose(&mut self) {
        self.stream = None;
    }
}

fn run(
    stream: &mut Decompress,
    mut bytes: &[u8],
    out: &mut Vec<u8>,
    most: usize,
) -> Result<(), &'static str> {
    loop {
        if out.len() > most {
            return Err("it inflates to more than what is kept");
        }
        out.reserve(STEP_BYTES);
        let (read, written) = (stream.total_in(), stream.total_out());
        let status = stream
            .decompress_vec(bytes, out, FlushDecompress::Sync)
            .map_err(|_| "these bytes are no deflate data (RFC 1951)")?;
        let read = (stream.total_in() - read) as usize;
        let idle = read == 0 && stream.total_out() == written;
        bytes = &bytes[read..];
        // A block that says that it is the last one ends the stream; the next begins anew.
        if status == Status::StreamEnd {
            stream.reset(false);
        }
        let room_left = out.len() < out.capacity();
        if room_left && (idle || bytes.is_empty()) {
            return match bytes.is_empty() {
                true => Ok(()),
                false => Err("these bytes are no deflate data (RFC 1951)"),
            };
        }
    }
}
