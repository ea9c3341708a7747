//! Wrong answers that tell which rule was missed, computed from the same bytes.

use super::ABSENT;
use super::walk::Record;
use crate::language::Text;

/// Wrong answers, each with what is said of it.
type Mistakes = Vec<(String, Text)>;

/// The same remark to several wrong answers. The first remark to an answer is the one that counts.
fn all<Number: ToString>(answers: impl IntoIterator<Item = Number>, told: &Text) -> Mistakes {
    let answers = answers.into_iter();
    answers
        .map(|answer| (answer.to_string(), told.clone()))
        .collect()
}

/// The payloads' bytes.
fn bytes<'a>(records: &[&'a Record]) -> &'a [u8] {
    records.last().map_or(&[], |record| record.payload.bytes())
}

fn varint_of(records: &[&Record]) -> u64 {
    records.last().map_or(0, |record| record.payload.varint())
}

/// A text whose length counts bytes.
pub(super) fn text(records: &[&Record]) -> Mistakes {
    let bytes = bytes(records);
    let latin: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    let ascii: String = latin.chars().filter(char::is_ascii).collect();
    let encoding = tell!(
        "A text is UTF-8, in which a letter beyond ASCII takes two bytes or more.",
        "Um texto vai em UTF-8, em que uma letra fora do ASCII ocupa dois bytes ou mais."
    );
    let right = String::from_utf8_lossy(bytes).into_owned();
    let length = tell!(
        "You stopped too early: the length before a text counts bytes, not letters.",
        "Você parou cedo demais: o comprimento antes do texto conta bytes, não letras."
    );
    let cut = (1..right.chars().count()).map(|count| right.chars().take(count).collect::<String>());
    let mut mistakes = all([latin, ascii], &encoding);
    mistakes.extend(all(cut, &length));
    mistakes
}

/// A field of type sint32 that comes more than once.
pub(super) fn zigzag_repeated(records: &[&Record]) -> Mistakes {
    let unzigzag = |raw: u64| (raw >> 1) as i128 ^ -((raw & 1) as i128);
    let raw = i128::from(varint_of(records));
    let value = unzigzag(varint_of(records));
    let first = records.first().map_or(0, |record| record.payload.varint());
    let mut mistakes = all(
        [unzigzag(first), i128::from(first)],
        &tell!(
            "That is what one record says. Is there another of the same number, and which counts for a field that is not repeated?",
            "É o que diz um dos registros. Há outro com o mesmo número, e qual vale para um campo que não é repeated?"
        ),
    );
    mistakes.extend(all(
        [raw],
        &tell!(
            "That is the varint as it stands. In what does sint32 differ from int32?",
            "Esse é o varint do jeito que está. Em que o sint32 difere do int32?"
        ),
    ));
    mistakes.extend(all(
        [-value, raw / 2, -(raw / 2), raw / 2 + 1, value - 1, -raw],
        &tell!(
            "Near: sint32 lists numbers as 0, -1, 1, -2, 2. Where in that list is the varint's number?",
            "Quase: o sint32 enumera os números como 0, -1, 1, -2, 2. Onde nessa lista está o número do varint?"
        ),
    ));
    mistakes.extend(varint(records));
    mistakes
}

/// A negative number of type int32.
pub(super) fn negative(records: &[&Record]) -> Mistakes {
    let raw = varint_of(records);
    let mut mistakes = all(
        [i128::from(raw), i128::from(raw as u32)],
        &tell!(
            "The bits are right, the type is not: int32 has a sign. How does a computer write a negative number in 64 bits?",
            "Os bits estão certos, o tipo não: int32 tem sinal. Como um computador escreve um número negativo em 64 bits?"
        ),
    );
    let value = i128::from(raw as i64);
    mistakes.extend(all(
        [-value, value + 1, value - 1, -value - 1],
        &tell!(
            "Near. Two's complement: turn all bits over and add one, in that order.",
            "Quase. Complemento de dois: inverta todos os bits e some um, nessa ordem."
        ),
    ));
    mistakes.extend(all(
        [(raw >> 1) as i128 ^ -((raw & 1) as i128)],
        &tell!(
            "This reads the field as zigzag: which types are written so?",
            "Isso lê o campo como zigzag: quais tipos são escritos assim?"
        ),
    ));
    mistakes
}

/// A number of several groups of seven bits.
pub(super) fn varint(records: &[&Record]) -> Mistakes {
    let bytes = bytes(records);
    let grouped = |number: u128, byte: &u8| (number << 7) | u128::from(byte & 0x7f);
    let whole = |number: u128, byte: &u8| (number << 8) | u128::from(*byte);
    let mut mistakes = all(
        [bytes.iter().fold(0, grouped)],
        &tell!(
            "The groups of seven bits are put together in the wrong order: which comes first on the wire?",
            "Os grupos de sete bits foram juntados na ordem errada: qual vem primeiro na mensagem?"
        ),
    );
    mistakes.extend(all(
        [
            bytes.iter().fold(0, whole),
            bytes.iter().rev().fold(0, whole),
        ],
        &tell!(
            "The top bit of each byte is no part of the number: what does it say instead?",
            "O bit mais alto de cada byte não faz parte do número: o que ele diz, então?"
        ),
    ));
    mistakes
}

/// A list whose varints stand one behind the other.
pub(super) fn packed(records: &[&Record]) -> Mistakes {
    let bytes = bytes(records);
    let listed = |mask: u8| {
        let items = bytes.iter().map(|byte| (byte & mask).to_string());
        items.collect::<Vec<_>>().join(", ")
    };
    let whole = listed(0xff);
    let with_length = format!("{}, {whole}", bytes.len());
    let mut mistakes = all(
        [with_length],
        &tell!(
            "The first of them is how long the list is, in bytes.",
            "O primeiro deles é o comprimento da lista, em bytes."
        ),
    );
    mistakes.extend(all(
        [whole, listed(0x7f)],
        &tell!(
            "A byte whose top bit is set does not end its number.",
            "Um byte com o bit mais alto ligado não termina o seu número."
        ),
    ));
    mistakes
}

/// Four bytes of IEEE 754.
pub(super) fn float(records: &[&Record]) -> Mistakes {
    let Some(four) = bytes(records).first_chunk::<4>() else {
        return Vec::new();
    };
    let right = f32::from_le_bytes(*four);
    let mut mistakes = all([f32::from_be_bytes(*four)], &backwards());
    mistakes.extend(all(
        [u32::from_le_bytes(*four), u32::from_be_bytes(*four)],
        &tell!(
            "Four bytes can be more than a whole number: what does the schema say they are?",
            "Quatro bytes podem ser mais do que um inteiro: o que o esquema diz que são?"
        ),
    ));
    mistakes.extend(all(
        [-right],
        &tell!("Which bit is the sign?", "Qual bit é o sinal?"),
    ));
    mistakes.extend(all(
        [right / 2.0, right * 2.0],
        &tell!(
            "Near: by how much is the exponent of a float shifted?",
            "Quase: de quanto é deslocado o expoente de um float?"
        ),
    ));
    mistakes
}

/// Four bytes with a sign, the first field of a message inside.
pub(super) fn fixed_in_a_message(records: &[&Record]) -> Mistakes {
    let Some(four) = bytes(records)
        .get(1..5)
        .and_then(|four| four.first_chunk::<4>())
    else {
        return Vec::new();
    };
    let behind = bytes(records)
        .get(6..10)
        .and_then(|four| four.first_chunk::<4>());
    let second = behind.map(|four| i32::from_le_bytes(*four));
    let mut mistakes = all([i32::from_be_bytes(*four)], &backwards());
    mistakes.extend(all([u32::from_be_bytes(*four)], &backwards()));
    mistakes.extend(all(
        [u32::from_le_bytes(*four)],
        &tell!(
            "The bits are right; does this type have a sign?",
            "Os bits estão certos; esse tipo tem sinal?"
        ),
    ));
    mistakes.extend(all(
        second,
        &tell!(
            "That is the place's other field.",
            "Esse é o outro campo do lugar."
        ),
    ));
    mistakes.extend(all(
        [f64::from(i32::from_le_bytes(*four)) / 1e6],
        &tell!(
            "In degrees, yes: the sheet asks for what the field holds, and the schema says in which unit.",
            "Em graus, sim: o enunciado pede o que o campo guarda, e o esquema diz em que unidade."
        ),
    ));
    mistakes
}

fn backwards() -> Text {
    tell!(
        "Fixed widths are little-endian: which byte counts least?",
        "Tamanhos fixos são little-endian: qual byte vale menos?"
    )
}

/// A field that is not in the message.
pub(super) fn absent(_: &[&Record]) -> Mistakes {
    all(
        [ABSENT],
        &tell!(
            "Right, it is not there. But in proto3 a field of this kind cannot be missing for the program: what does it read?",
            "Certo, ele não está lá. Mas em proto3 um campo desse tipo não pode faltar para o programa: o que ele lê?"
        ),
    )
}

/// Yes or no: there is only one wrong answer.
pub(super) fn truth(_: &[&Record]) -> Mistakes {
    Vec::new()
}

/// The number in a tag of two bytes.
pub(super) fn number(record: &Record) -> Mistakes {
    let first = record.tag_bytes.first().copied().unwrap_or_default();
    let mut mistakes = all(
        [record.tag],
        &tell!(
            "That is the whole tag, and the wire type is in it: how many bits does it take?",
            "Essa é a tag inteira, com o wire type dentro: quantos bits ele ocupa?"
        ),
    );
    mistakes.extend(all(
        [first >> 3, (first & 0x7f) >> 3, first, first & 0x7f],
        &tell!(
            "A tag is a varint too: does this one end with its first byte?",
            "Uma tag também é um varint: esta acaba no primeiro byte?"
        ),
    ));
    mistakes
}

/// How many bytes a value of unknown meaning has.
pub(super) fn length(record: &Record) -> Mistakes {
    let value = record.payload.bytes().len();
    let tag = record.tag_bytes.len();
    all(
        [value + 1, value + tag, value + tag + 1],
        &tell!(
            "That counts more than the value: tag and length are no part of it.",
            "Isso conta mais do que o valor: a tag e o comprimento não fazem parte dele."
        ),
    )
}
