//! The student's marks.

use super::key::{Kind, Source};
use crate::language::{Text, excerpt};

/// One line of `lies.txt`.
pub(super) struct Mark {
    file: String,
    pub(super) source: Source,
    pub(super) line: usize,
    pub(super) kind: &'static Kind,
}

impl Mark {
    /// File and line, as an editor is told them.
    pub(super) fn shown(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }

    fn read(words: &[&str]) -> Result<Self, Text> {
        let [file, line, kind] = words else {
            return Err(tell!(
                "a mark has three words: file, line number, kind.",
                "uma marca tem três palavras: arquivo, número da linha, tipo."
            ));
        };
        let source = Source::named(file).ok_or_else(|| {
            tell!(
                "the files are bench.rs and report.md (or relatorio.md).",
                "os arquivos são bench.rs e relatorio.md (ou report.md)."
            )
        })?;
        let last = source.text().lines().count();
        let number = line.parse().ok().filter(|line| (1..=last).contains(line));
        let line = number.ok_or_else(|| {
            tell!(
                "the second word is the number of a line, from 1 to {last}.",
                "a segunda palavra é o número de uma linha, de 1 a {last}."
            )
        })?;
        let kind = Kind::named(kind).ok_or_else(|| {
            tell!(
                "the third word is one of the kinds that the sheet lists.",
                "a terceira palavra é um dos tipos que o enunciado lista."
            )
        })?;
        let file = (*file).to_owned();
        Ok(Self {
            file,
            source,
            line,
            kind,
        })
    }
}

/// The marks, and what is wrong with the lines that are none.
pub(super) fn read(text: &str) -> (Vec<Mark>, Vec<Text>) {
    let (mut marks, mut broken) = (Vec::new(), Vec::new());
    for (number, line) in (1..).zip(text.lines()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        if words.first().is_none_or(|word| word.starts_with('#')) {
            continue;
        }
        match Mark::read(&words) {
            Ok(mark) => marks.push(mark),
            Err(Text { en, pt }) => {
                let shown = excerpt(line);
                broken.push(tell!(
                    "Line {number}, {shown}: {en}",
                    "Linha {number}, {shown}: {pt}"
                ));
            }
        }
    }
    (marks, broken)
}
