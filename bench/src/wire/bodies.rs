//! What a request says, in one line a wire: its body with the caller's values marked, so that a
//! reader sees how much is written around them.

use unicode_width::UnicodeWidthChar;
use wire::dissection::{BufferId, Excerpt};
use wire::recording::Direction;
use wire::seen::{Seen, Sight};
use wire::span::{Layer, Role};

/// What stands around a value. Not by colour alone, since a pipe has none.
const MARKS: [char; 2] = ['«', '»'];

/// What stands where something was left out.
const GAP: char = '…';

/// A character of the line, and whether it belongs to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Letter {
    character: char,
    is_value: bool,
}

/// The body of the request in an excerpt, or its first line where it has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    letters: Vec<Letter>,
    /// Bytes of the body; of a request without one 0.
    pub size_bytes: usize,
}

impl Body {
    /// Of what went up in that excerpt.
    #[must_use]
    pub fn of(sight: &Sight<'_>, excerpt: &Excerpt) -> Self {
        let up = excerpt.pieces.iter();
        let up = up.filter(|piece| piece.buffer.direction() == Some(Direction::Up));
        let mut body = Self {
            letters: Vec::new(),
            size_bytes: 0,
        };
        let mut head = Vec::new();
        let mut last = None;
        for piece in up {
            for seen in sight.seen(piece.buffer, piece.range.clone()) {
                let place = (seen.derived, seen.span.range.clone());
                // A leaf of a message whose parts came apart is seen once for each of them.
                if seen.derived.is_some() && last.as_ref() == Some(&place) {
                    continue;
                }
                last = Some(place);
                let bytes = bytes(sight, piece.buffer, &seen);
                match is_of_body(&seen) {
                    true => body.add(&seen, bytes),
                    false => head.extend_from_slice(bytes),
                }
            }
        }
        if body.size_bytes == 0 {
            body.letters = first_line(&head);
        }
        body
    }

    fn add(&mut self, seen: &Seen<'_>, bytes: &[u8]) {
        self.size_bytes += bytes.len();
        let is_binary = matches!(seen.span.layer, Layer::Grpc | Layer::Protobuf | Layer::Gzip)
            || seen.span.role == Role::Unknown;
        let text = if is_binary {
            hex(seen, bytes)
        } else {
            printable(bytes)
        };
        if is_binary && !self.letters.is_empty() {
            self.push(' ', false);
        }
        let is_value = seen.span.role == Role::Value;
        for character in text.chars() {
            self.push(character, is_value);
        }
    }

    fn push(&mut self, character: char, is_value: bool) {
        self.letters.push(Letter {
            character,
            is_value,
        });
    }

    /// At most that many columns of it: the values, and as much around each of them as there is
    /// room for.
    #[must_use]
    pub fn line(&self, columns: usize) -> String {
        let kept = self.nearest_to_values(columns);
        let mut line = String::new();
        let (mut was_kept, mut was_value) = (true, false);
        for (letter, kept) in self.letters.iter().zip(kept) {
            let is_value = kept && letter.is_value;
            if was_value && !is_value {
                line.push(MARKS[1]);
            }
            if was_kept && !kept {
                line.push(GAP);
            }
            if !was_value && is_value {
                line.push(MARKS[0]);
            }
            if kept {
                line.push(letter.character);
            }
            (was_kept, was_value) = (kept, is_value);
        }
        if was_value {
            line.push(MARKS[1]);
        }
        line
    }

    /// Which letters have room. Those nearest to a value come first, and the first values before the
    /// last ones.
    fn nearest_to_values(&self, columns: usize) -> Vec<bool> {
        let distances = self.distances();
        let mut order: Vec<_> = (0..self.letters.len()).collect();
        order.sort_by_key(|&place| distances[place]);
        let mut kept = vec![false; self.letters.len()];
        // What is dear is to measure a line; so the number of letters that fit is searched for.
        let fits = |count: usize, kept: &mut Vec<bool>| {
            kept.fill(false);
            for &place in &order[..count] {
                kept[place] = true;
            }
            self.width(kept) <= columns
        };
        let (mut low, mut high) = (0, self.letters.len().min(columns));
        while low < high {
            let middle = (low + high).div_ceil(2);
            if fits(middle, &mut kept) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        fits(low, &mut kept);
        kept
    }

    /// How far each letter is from the next value; from the line's beginning where there is none.
    fn distances(&self) -> Vec<usize> {
        let count = self.letters.len();
        if !self.letters.iter().any(|letter| letter.is_value) {
            return (0..count).collect();
        }
        let mut distances = vec![usize::MAX; count];
        let mut walk = |places: &mut dyn Iterator<Item = usize>| {
            let mut distance = usize::MAX;
            for place in places {
                let is_value = self.letters[place].is_value;
                distance = if is_value {
                    0
                } else {
                    distance.saturating_add(1)
                };
                distances[place] = distances[place].min(distance);
            }
        };
        walk(&mut (0..count));
        walk(&mut (0..count).rev());
        distances
    }

    /// Columns of the line with those letters, its marks and gaps.
    fn width(&self, kept: &[bool]) -> usize {
        let mut width = 0;
        let (mut was_kept, mut was_value) = (true, false);
        for (letter, &kept) in self.letters.iter().zip(kept) {
            let is_value = kept && letter.is_value;
            width += usize::from(was_value != is_value) + usize::from(was_kept && !kept);
            if kept {
                width += letter.character.width().unwrap_or(1);
            }
            (was_kept, was_value) = (kept, is_value);
        }
        width + usize::from(was_value)
    }
}

fn bytes<'a>(sight: &Sight<'a>, asked: BufferId, seen: &Seen<'a>) -> &'a [u8] {
    let (id, range) = match seen.derived {
        Some(derived) => (derived, &seen.span.range),
        None => (asked, &seen.range),
    };
    let buffer = sight.dissection().buffer(id);
    buffer.map_or(&[], |buffer| buffer.slice(range.clone()))
}

fn is_of_body(seen: &Seen<'_>) -> bool {
    match seen.span.layer {
        Layer::Grpc | Layer::Protobuf | Layer::Xml | Layer::Json | Layer::Text | Layer::Gzip => {
            true
        }
        Layer::Http1
        | Layer::WebSocket
        | Layer::Http2
        | Layer::Hpack
        | Layer::Sse
        | Layer::Unknown => {
            matches!(
                seen.span.role,
                Role::Value | Role::Encoding | Role::Compressed
            )
        }
    }
}

/// As `08`, `05`; gRPC's length is four bytes in one.
fn hex(seen: &Seen<'_>, bytes: &[u8]) -> String {
    let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
    let between = if seen.span.layer == Layer::Grpc {
        ""
    } else {
        " "
    };
    digits.collect::<Vec<_>>().join(between)
}

/// What a terminal would act upon is escaped.
fn printable(bytes: &[u8]) -> String {
    demo::print::printable(&String::from_utf8_lossy(bytes))
}

fn first_line(head: &[u8]) -> Vec<Letter> {
    let end = head.windows(2).position(|pair| pair == b"\r\n");
    let line = printable(&head[..end.unwrap_or(head.len())]);
    let letter = |character| Letter {
        character,
        is_value: false,
    };
    line.chars().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(parts: &[(&str, bool)]) -> Body {
        let letters = parts.iter().flat_map(|(text, is_value)| {
            text.chars().map(|character| Letter {
                character,
                is_value: *is_value,
            })
        });
        Body {
            letters: letters.collect(),
            size_bytes: 1,
        }
    }

    #[test]
    fn values_are_marked() {
        let body = body(&[
            ("[", false),
            ("5", true),
            (",", false),
            ("3", true),
            ("]", false),
        ]);
        assert_eq!(body.line(80), "[«5»,«3»]");
    }

    #[test]
    fn what_is_far_from_a_value_is_left_out_first() {
        let xml = body(&[
            ("<params><value><int>", false),
            ("5", true),
            ("</int></value><value><int>", false),
            ("3", true),
            ("</int></value></params>", false),
        ]);
        assert_eq!(xml.line(200).chars().count(), 20 + 1 + 26 + 1 + 23 + 4);
        for columns in 12..75 {
            let line = xml.line(columns);
            assert!(line.chars().count() <= columns, "{columns}: {line}");
            assert!(line.contains("«5»") && line.contains("«3»"), "{line}");
        }
        assert_eq!(xml.line(30), "…><int>«5»</int…<int>«3»</int…");
    }

    #[test]
    fn many_values_are_shown_from_the_first_on() {
        let parts: Vec<_> = (0..100).flat_map(|_| [("7", true), (",", false)]).collect();
        let line = body(&parts).line(20);
        assert!(line.starts_with("«7»"), "{line}");
        assert!(line.ends_with('…') && line.chars().count() <= 20, "{line}");
    }

    #[test]
    fn a_line_without_values_is_cut_at_its_end() {
        let line = body(&[("GET /usuarios HTTP/1.1", false)]).line(10);
        assert_eq!(line, "GET /usua…");
    }
}
