//! Which bytes belong to which call. A client has its answer when the tap has recorded it, so what
//! had passed by then tells the calls apart; two corrections make the cut fall where a reader would
//! put it:
//!
//! - What a server still sends before the client's next word ends the call before it.
//! - Units that only set the connection up belong to the first call, though they may come late; after
//!   the last call they are a farewell and belong to none.

use wire::dissection::{Buffer, BufferId, Dissection, Excerpt, Piece};
use wire::recording::{Direction, RecordedConnection, Recording};
use wire::span::{Role, Span};

/// What each connection had carried at a moment, up and down.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mark(Vec<[usize; 2]>);

impl Mark {
    /// What has been recorded by now.
    #[must_use]
    pub fn of(recording: &Recording) -> Self {
        let connections = recording.connections.iter();
        let sizes = connections.map(|it| Direction::BOTH.map(|way| it.size_bytes(way)));
        Self(sizes.collect())
    }

    /// A connection that came later had carried nothing.
    fn at(&self, connection: usize) -> [usize; 2] {
        self.0.get(connection).copied().unwrap_or_default()
    }

    /// What a server sent afterwards, and before its client's next word, is before it too.
    fn with_last_words(&self, recording: &Recording) -> Self {
        let connections = recording.connections.iter().enumerate();
        let sizes = connections.map(|(number, connection)| last_words(connection, self.at(number)));
        Self(sizes.collect())
    }
}

fn last_words(connection: &RecordedConnection, mark: [usize; 2]) -> [usize; 2] {
    let [up, mut down] = mark;
    let mut seen = [0; 2];
    for chunk in &connection.chunks {
        seen[chunk.direction.index()] += chunk.bytes.len();
        if seen[Direction::Up.index()] > up {
            break;
        }
        down = down.max(seen[Direction::Down.index()]);
    }
    // Where nothing was sent up there is no next word, and so no call before it.
    if up == 0 { mark } else { [up, down] }
}

/// A unit of a recorded buffer: a frame, a head, a chunk.
struct Unit {
    at: Piece,
    connection: usize,
    direction: Direction,
    /// The chunk that brought its first byte.
    chunk: usize,
    is_setup: bool,
}

/// The excerpts of calls at whose ends those marks were made, and at last of what came after them
/// all. Every byte of the connections from `first` on is in just one of them.
#[must_use]
pub fn cut(
    recording: &Recording,
    dissection: &Dissection,
    connections: std::ops::Range<usize>,
    marks: &[Mark],
) -> Vec<Vec<Piece>> {
    let own = of(recording, &connections);
    let answered = marks.last().cloned().unwrap_or_default();
    let marks: Vec<_> = marks
        .iter()
        .map(|mark| mark.with_last_words(&own))
        .collect();
    let mut calls: Vec<Vec<Unit>> = (0..=marks.len()).map(|_| Vec::new()).collect();
    for unit in units(recording, dissection, connections.clone()) {
        let place = unit.connection - connections.start;
        let before = |mark: &Mark| unit.at.range.start < mark.at(place)[unit.direction.index()];
        let is_farewell = unit.is_setup && !before(&answered);
        let call = marks.iter().position(|mark| before(mark) && !is_farewell);
        let call = call.unwrap_or(marks.len());
        // A warm connection is set up: what is late in the second call was on its way in the first.
        let is_late = unit.is_setup && call == 1 && marks.len() > 1;
        calls[if is_late { 0 } else { call }].push(unit);
    }
    calls.into_iter().map(pieces).collect()
}

/// Those connections alone.
fn of(recording: &Recording, connections: &std::ops::Range<usize>) -> Recording {
    Recording {
        began: recording.began,
        connections: recording.connections[connections.clone()].to_vec(),
    }
}

fn units(
    recording: &Recording,
    dissection: &Dissection,
    connections: std::ops::Range<usize>,
) -> Vec<Unit> {
    let recorded = dissection.recorded.iter();
    let of_buffer = |buffer: &Buffer| {
        let BufferId::Recorded(connection, direction) = buffer.id else {
            return Vec::new();
        };
        if !connections.contains(&connection) {
            return Vec::new();
        }
        let arrivals = arrivals(&recording.connections[connection], direction);
        let unit = |span: &Span| Unit {
            at: Piece {
                buffer: buffer.id,
                range: span.range.clone(),
            },
            connection,
            direction,
            chunk: arrival(&arrivals, span.range.start),
            is_setup: span.leaves().all(|leaf| leaf.role == Role::Setup),
        };
        buffer.spans.iter().map(unit).collect()
    };
    recorded.flat_map(of_buffer).collect()
}

/// Where each chunk of a direction ends, with its place among all chunks.
fn arrivals(connection: &RecordedConnection, direction: Direction) -> Vec<(usize, usize)> {
    let chunks = connection.chunks.iter().enumerate();
    let there = chunks.filter(|(_, chunk)| chunk.direction == direction);
    let mut end = 0;
    there
        .map(|(place, chunk)| {
            end += chunk.bytes.len();
            (end, place)
        })
        .collect()
}

/// The chunk that brought that byte.
fn arrival(arrivals: &[(usize, usize)], byte: usize) -> usize {
    let after = arrivals.partition_point(|(end, _)| *end <= byte);
    arrivals.get(after).map_or(usize::MAX, |(_, place)| *place)
}

/// In the order in which they came, neighbours in one piece.
fn pieces(mut units: Vec<Unit>) -> Vec<Piece> {
    units.sort_by_key(|unit| (unit.connection, unit.chunk, unit.at.range.start));
    let mut pieces: Vec<Piece> = Vec::new();
    for unit in units {
        match pieces.last_mut() {
            Some(last)
                if last.buffer == unit.at.buffer && last.range.end == unit.at.range.start =>
            {
                last.range.end = unit.at.range.end;
            }
            _ => pieces.push(unit.at),
        }
    }
    pieces
}

/// Those pieces under a title.
#[must_use]
pub fn excerpt(title: impl Into<String>, pieces: Vec<Piece>) -> Excerpt {
    Excerpt {
        title: title.into(),
        pieces,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::SocketAddr;
    use std::time::Duration;

    use bytes::Bytes;
    use wire::dissection::Origin;
    use wire::recording::Chunk;
    use wire::span::Layer;

    const UP: Direction = Direction::Up;
    const DOWN: Direction = Direction::Down;

    /// A connection on which those units passed, each in a chunk of its own.
    fn passed(units: &[(Direction, usize, Role)]) -> (Recording, Dissection) {
        let anywhere = SocketAddr::from(([127, 0, 0, 1], 1));
        let mut connection = RecordedConnection::new(anywhere, anywhere, Duration::ZERO);
        let mut dissection = Dissection::default();
        for direction in Direction::BOTH {
            let mut spans: Vec<Span> = Vec::new();
            for (_, size, role) in units.iter().filter(|unit| unit.0 == direction) {
                let start = spans.last().map_or(0, |span| span.range.end);
                spans.push(Span::new(
                    start..start + size,
                    Layer::Unknown,
                    *role,
                    "unit",
                ));
            }
            let size = spans.last().map_or(0, |span| span.range.end);
            dissection.recorded.push(Buffer {
                id: BufferId::Recorded(0, direction),
                title: String::new(),
                origin: Origin::Recorded,
                start: 0,
                bytes: vec![0; size].into(),
                spans,
            });
        }
        let chunk = |(direction, size, _): &(Direction, usize, Role)| Chunk {
            direction: *direction,
            at: Duration::ZERO,
            bytes: Bytes::from(vec![0; *size]),
        };
        connection.chunks = units.iter().map(chunk).collect();
        let mut recording = Recording::begin();
        recording.connections.push(connection);
        (recording, dissection)
    }

    fn sizes(units: &[(Direction, usize, Role)], marks: &[[usize; 2]]) -> Vec<usize> {
        let (recording, dissection) = passed(units);
        let marks: Vec<_> = marks.iter().map(|mark| Mark(vec![*mark])).collect();
        let calls = cut(&recording, &dissection, 0..1, &marks);
        let size = |pieces: &Vec<Piece>| pieces.iter().map(|piece| piece.range.len()).sum();
        calls.iter().map(size).collect()
    }

    #[test]
    fn calls_are_cut_where_their_answers_ended() {
        let units = [
            (UP, 10, Role::Headers),
            (DOWN, 5, Role::Headers),
            (UP, 3, Role::Headers),
            (DOWN, 2, Role::Headers),
        ];
        assert_eq!(sizes(&units, &[[10, 5], [13, 7]]), [15, 5, 0]);
    }

    #[test]
    fn what_a_server_adds_before_the_next_call_belongs_to_the_last() {
        let units = [
            (UP, 10, Role::Headers),
            (DOWN, 5, Role::Headers),
            (DOWN, 1, Role::Framing),
            (UP, 3, Role::Headers),
            (DOWN, 2, Role::Headers),
        ];
        assert_eq!(sizes(&units, &[[10, 5], [13, 8]]), [16, 5, 0]);
    }

    #[test]
    fn late_setup_belongs_to_the_first_call_and_a_farewell_to_none() {
        let units = [
            (UP, 10, Role::Headers),
            (DOWN, 5, Role::Headers),
            (UP, 9, Role::Setup),
            (UP, 3, Role::Headers),
            (DOWN, 2, Role::Headers),
            (UP, 7, Role::Setup),
        ];
        assert_eq!(sizes(&units, &[[10, 5], [22, 7]]), [24, 5, 7]);
    }

    #[test]
    fn pieces_stand_in_the_order_in_which_they_came() {
        let units = [
            (UP, 10, Role::Headers),
            (UP, 4, Role::Value),
            (DOWN, 5, Role::Headers),
            (UP, 3, Role::Headers),
            (DOWN, 2, Role::Headers),
        ];
        let (recording, dissection) = passed(&units);
        let marks = [Mark(vec![[17, 7]])];
        let calls = cut(&recording, &dissection, 0..1, &marks);
        let ranges: Vec<_> = calls[0].iter().map(|piece| piece.range.clone()).collect();
        assert_eq!(ranges, [0..14, 0..5, 14..17, 5..7]);
    }
}
