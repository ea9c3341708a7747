//! The questions of exercise 3, answered from what was measured.

use anyhow::{Context as _, Result, ensure};

use super::measured::{Bytes, Call, Measured, WIRES, Wires};
use crate::language::Text;

/// A question with its answer.
pub(super) struct Question {
    pub(super) name: &'static str,
    right: Value,
    /// Wrong answers that tell what was counted instead.
    mistakes: Vec<(u64, Text)>,
    /// What is said of any other.
    pub(super) hint: Text,
}

/// What is asked for.
enum Value {
    Number(u64),
    Wire(&'static str),
}

/// How an answer stands.
pub(super) enum Answer {
    Right,
    /// Wrong in a way that we know.
    Known(Text),
    Other,
    NoNumber,
    NoWire,
}

impl Question {
    fn number(name: &'static str, right: u64, mistakes: Vec<(u64, Text)>, hint: Text) -> Self {
        Self {
            name,
            right: Value::Number(right),
            mistakes,
            hint,
        }
    }

    fn wire(name: &'static str, right: &'static str, hint: Text) -> Self {
        Self {
            name,
            right: Value::Wire(right),
            mistakes: Vec::new(),
            hint,
        }
    }

    /// Judges an answer as it was written.
    pub(super) fn judge(&self, given: &str) -> Answer {
        match self.right {
            Value::Wire(right) => match wire(given) {
                Some(wire) if wire == right => Answer::Right,
                Some(_) => Answer::Other,
                None => Answer::NoWire,
            },
            Value::Number(right) => match given.parse::<u64>() {
                Err(_) => Answer::NoNumber,
                Ok(number) if number == right => Answer::Right,
                Ok(number) => {
                    let known = self.mistakes.iter().find(|(mistake, _)| *mistake == number);
                    known.map_or(Answer::Other, |(_, told)| Answer::Known(told.clone()))
                }
            },
        }
    }
}

/// The wire of that name, as the JSON of `trivium wire` or its table has it: JSON-RPC WS.
fn wire(given: &str) -> Option<&'static str> {
    let plain = |name: &str| name.replace(['-', ' ', '_'], "").to_lowercase();
    let given = match plain(given).as_str() {
        "jsonrpc" => "jsonrpchttp".to_owned(),
        "jsonrpcws" => "jsonrpcwebsocket".to_owned(),
        other => other.to_owned(),
    };
    WIRES.into_iter().find(|wire| plain(wire) == given)
}

/// All questions, in the sheet's order.
///
/// # Errors
/// Where a measurement lacks a call.
pub(super) fn all(calls: &Measured) -> Result<Vec<Question>> {
    Ok(vec![
        most_setup(calls)?,
        hpack_saves(calls)?,
        bytes_for_one(calls)?,
        websocket_pays(calls)?,
        grpc_nothing(calls)?,
        negative_costs(calls)?,
        most_for_negative(calls)?,
    ])
}

/// What counts one way only.
fn one_way() -> Text {
    tell!(
        "That is one way only: the question is for both.",
        "Isso é só um sentido: a pergunta é ida e volta."
    )
}

/// The wire with the most of something.
fn most(of: impl Fn(&str) -> Result<u64>) -> Result<&'static str> {
    let mut counted = Vec::new();
    for wire in WIRES {
        counted.push((of(wire)?, wire));
    }
    let most = counted.into_iter().max_by_key(|(bytes, _)| *bytes);
    most.map(|(_, wire)| wire).context("there are no wires")
}

fn most_setup(calls: &Measured) -> Result<Question> {
    let right = most(|wire| Ok(calls.plain.cold(wire)?.both(|bytes| bytes.setup)))?;
    let hint = tell!(
        "Look at the column set-up, in the rows of cold calls.",
        "Olhe a coluna set-up, nas linhas das chamadas frias (cold)."
    );
    Ok(Question::wire("most-setup", right, hint))
}

fn hpack_saves(calls: &Measured) -> Result<Question> {
    let (cold, warm) = (calls.plain.cold("grpc")?, calls.plain.warm("grpc")?);
    let less = |of: fn(&Bytes) -> u64| cold.both(of).saturating_sub(warm.both(of));
    let mistakes = vec![
        (
            less(|bytes| bytes.total),
            tell!(
                "That is what a warm call saves in all; the connection's set-up is in it.",
                "Isso é tudo o que a chamada quente economiza; a abertura da conexão está no meio."
            ),
        ),
        (cold.up.headers.saturating_sub(warm.up.headers), one_way()),
        (
            warm.both(|bytes| bytes.headers),
            tell!(
                "That is what is left, not what is saved.",
                "Isso é o que sobra, não o que se economiza."
            ),
        ),
    ];
    let hint = tell!(
        "Compare the column headers in gRPC's two rows.",
        "Compare a coluna headers nas duas linhas do gRPC."
    );
    Ok(Question::number(
        "hpack-saves",
        less(|bytes| bytes.headers),
        mistakes,
        hint,
    ))
}

fn bytes_for_one(calls: &Measured) -> Result<Question> {
    let warm = calls.plain.warm("xmlrpc")?;
    let value = warm.both(|bytes| bytes.value).max(1);
    let encoded = value + warm.both(|bytes| bytes.encoding);
    let mistakes = vec![
        (warm.up.total / warm.up.value.max(1), one_way()),
        (
            encoded / value,
            tell!(
                "That counts the bodies only: header fields travel too.",
                "Isso conta só os corpos: os cabeçalhos também viajam."
            ),
        ),
        (
            warm.total().div_ceil(value),
            tell!(
                "Cut the fraction off, do not round.",
                "Corte a fração, não arredonde."
            ),
        ),
        (
            warm.total() - value,
            tell!(
                "A ratio is asked for, not a difference.",
                "A pergunta é uma razão, não uma diferença."
            ),
        ),
    ];
    let hint = tell!(
        "Of XML-RPC's warm row, the total against the column value.",
        "Na linha quente do XML-RPC, o total contra a coluna value."
    );
    Ok(Question::number(
        "bytes-for-one",
        warm.total() / value,
        mistakes,
        hint,
    ))
}

fn websocket_pays(calls: &Measured) -> Result<Question> {
    let websocket = &calls.plain;
    let right = first_cheaper(websocket, "jsonrpc-websocket", "jsonrpc-http")?;
    let hint = tell!(
        "Add up call by call: the first is cold, all others are warm, on both wires.",
        "Some chamada a chamada: a primeira é fria, todas as outras são quentes, nos dois protocolos."
    );
    Ok(Question::number("websocket-pays", right, Vec::new(), hint))
}

/// The first call after which one wire has taken fewer bytes in all than another.
fn first_cheaper(wires: &Wires, one: &str, other: &str) -> Result<u64> {
    let gain = |call: fn(&Wires, &str) -> Result<Call>| -> Result<i64> {
        let (one, other) = (call(wires, one)?.total(), call(wires, other)?.total());
        Ok(other.cast_signed() - one.cast_signed())
    };
    let (mut gained, later) = (gain(Wires::cold)?, gain(Wires::warm)?);
    ensure!(
        gained.max(later) > 0,
        "{one} never takes fewer bytes than {other}"
    );
    let mut call = 1;
    while gained <= 0 {
        gained += later;
        call += 1;
    }
    Ok(call)
}

fn grpc_nothing(calls: &Measured) -> Result<Question> {
    let warm = calls.nothing.warm("grpc")?;
    let usual = calls.plain.warm("grpc")?;
    let message = |bytes: &Bytes| bytes.value + bytes.encoding;
    let mistakes = vec![
        (
            message(&warm.up) + 5,
            tell!(
                "Five of these are gRPC's own, in front of each message.",
                "Cinco desses são do próprio gRPC, na frente de cada mensagem."
            ),
        ),
        (
            message(&usual.up),
            tell!(
                "That is the message of add(5, 3).",
                "Essa é a mensagem de add(5, 3)."
            ),
        ),
    ];
    let hint = tell!(
        "trivium wire add 0 0 --timeout none, the line that shows what gRPC's request says.",
        "trivium wire add 0 0 --timeout none, na linha que mostra o que diz a requisição do gRPC."
    );
    Ok(Question::number(
        "grpc-nothing",
        message(&warm.up),
        mistakes,
        hint,
    ))
}

fn negative_costs(calls: &Measured) -> Result<Question> {
    let (negative, plain) = (calls.negative.warm("grpc")?, calls.plain.warm("grpc")?);
    // Of the message alone: all else is the same, but for the header date when its second changes.
    let message = |call: &Call| call.both(|bytes| bytes.value + bytes.encoding);
    let right = message(&negative).saturating_sub(message(&plain));
    let mistakes = vec![(
        right + 1,
        tell!(
            "That is what the negative number takes; the positive one took something too.",
            "Isso é o que o número negativo ocupa; o positivo também ocupava algo."
        ),
    )];
    let hint = tell!(
        "gRPC's warm rows of add 5 3 and of add 5 -3.",
        "As linhas quentes do gRPC em add 5 3 e em add 5 -3."
    );
    Ok(Question::number("negative-costs", right, mistakes, hint))
}

fn most_for_negative(calls: &Measured) -> Result<Question> {
    let right = most(|wire| Ok(calls.negative.warm(wire)?.both(|bytes| bytes.value)))?;
    let hint = tell!(
        "Look at the column value of trivium wire add 5 -3 --timeout none. Text is not always the longer one.",
        "Olhe a coluna value de trivium wire add 5 -3 --timeout none. Nem sempre o texto é o mais comprido."
    );
    Ok(Question::wire("most-for-negative", right, hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wire_may_be_named_as_the_table_has_it() {
        let named = ["XML-RPC", "JSON-RPC", "JSON-RPC WS", "gRPC", "REST"].map(wire);
        assert_eq!(named, WIRES.map(Some));
        assert_eq!(WIRES.map(wire), WIRES.map(Some));
        assert_eq!(wire("soap"), None);
    }
}
