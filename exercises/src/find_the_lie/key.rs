//! What is wrong with the benchmark, and where.

use std::ops::RangeInclusive;

use super::mark::Mark;
use crate::language::Text;

const PROGRAM: &str = include_str!("../../8-find-the-lie/bench.rs");
/// In both languages, line by line the same.
pub(super) const REPORTS: [&str; 2] = [
    include_str!("../../8-find-the-lie/report.md"),
    include_str!("../../8-find-the-lie/relatorio.md"),
];

/// A file that may lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Program,
    Report,
}

impl Source {
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "bench.rs" => Some(Self::Program),
            "report.md" | "relatorio.md" => Some(Self::Report),
            _ => None,
        }
    }

    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Program => PROGRAM,
            Self::Report => REPORTS[0],
        }
    }
}

/// A kind of lie, by the word that marks it.
pub(super) struct Kind {
    pub(super) word: &'static str,
    question: fn() -> Text,
}

impl Kind {
    pub(super) fn named(word: &str) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.word == word)
    }

    /// What finds it.
    pub(super) fn question(&self) -> Text {
        (self.question)()
    }
}

/// Those that the sheet lists; not all of them are in the files.
pub(super) const KINDS: [Kind; 11] = [
    Kind {
        word: "unequal-job",
        question: || {
            tell!(
                "do both sides do the same work?",
                "os dois lados fazem o mesmo trabalho?"
            )
        },
    },
    Kind {
        word: "unequal-build",
        question: || {
            tell!(
                "were both built the same way?",
                "os dois foram compilados do mesmo jeito?"
            )
        },
    },
    Kind {
        word: "cold-against-warm",
        question: || {
            tell!(
                "does one side pay inside the clock for what the other has paid before?",
                "um lado paga com o relógio ligado o que o outro já pagou antes?"
            )
        },
    },
    Kind {
        word: "one-against-many",
        question: || {
            tell!(
                "do both sides have as much in flight at the same time?",
                "os dois lados têm o mesmo tanto em voo ao mesmo tempo?"
            )
        },
    },
    Kind {
        word: "coordinated-omission",
        question: || {
            tell!(
                "from which moment does a latency count, and does whoever waits in line count?",
                "a partir de que momento conta uma latência, e quem espera na fila entra na conta?"
            )
        },
    },
    Kind {
        word: "no-spread",
        question: || {
            tell!(
                "would the next run print it again, and how would the reader know?",
                "a próxima execução daria o mesmo, e como o leitor saberia?"
            )
        },
    },
    Kind {
        word: "beyond-measured",
        question: || {
            tell!(
                "was it measured where the report says that it holds?",
                "isso foi medido onde o relatório diz que vale?"
            )
        },
    },
    Kind {
        word: "best-of",
        question: || {
            tell!(
                "which of several runs is shown?",
                "qual de várias execuções é mostrada?"
            )
        },
    },
    Kind {
        word: "failures-counted",
        question: || {
            tell!(
                "is a call that failed a fast call?",
                "uma chamada que falhou conta como rápida?"
            )
        },
    },
    Kind {
        word: "nothing-done",
        question: || {
            tell!(
                "could the compiler have left the work out?",
                "o compilador pode ter eliminado o trabalho?"
            )
        },
    },
    Kind {
        word: "delayed-packets",
        question: || {
            tell!(
                "does the kernel hold packets back?",
                "o kernel segura pacotes?"
            )
        },
    },
];

/// A lie, with all the places where it can be marked.
pub(super) struct Lie {
    pub(super) kind: &'static str,
    /// Each from the line that holds the first text to the next one that holds the second. The first
    /// place tells in which of the files the sheet counts it.
    places: &'static [(Source, &'static str, &'static str)],
}

/// What is wrong, in the order in which hints are given.
pub(super) const LIES: [Lie; 7] = [
    Lie {
        kind: "unequal-job",
        places: &[(Source::Program, "fn samples(", "(0..count)")],
    },
    Lie {
        kind: "unequal-build",
        places: &[(
            Source::Report,
            "rustc --edition 2024 bench.rs",
            "rustc --edition 2024 -O bench.rs",
        )],
    },
    Lie {
        kind: "one-against-many",
        places: &[(Source::Program, "let connections = match", "};")],
    },
    Lie {
        kind: "cold-against-warm",
        places: &[(
            Source::Program,
            "let clock = Instant::now();",
            "latencies.push(",
        )],
    },
    Lie {
        kind: "no-spread",
        places: &[
            (Source::Report, "in one run of", "in one run of"),
            (
                Source::Report,
                "| one at a time",
                "| calls a second, as many",
            ),
            (
                Source::Program,
                "let latencies = one_at_a_time",
                "throughput(server, protocol)",
            ),
        ],
    },
    Lie {
        kind: "coordinated-omission",
        places: &[(Source::Program, "let due = begun", "latencies.push(")],
    },
    Lie {
        kind: "beyond-measured",
        places: &[(Source::Report, "Between our offices", "Between our offices")],
    },
];

/// What is false because something else is.
const CONSEQUENCES: [(Source, &str); 5] = [
    (Source::Report, "# Swift is twenty"),
    (Source::Report, "| one at a time"),
    (Source::Report, "a second, p50 |"),
    (Source::Report, "a second, p99 |"),
    (Source::Report, "as many as it takes |"),
];

impl Lie {
    /// Whether it can be marked on that line.
    pub(super) fn covers(&self, source: Source, line: usize) -> bool {
        let mut places = self.places.iter().filter(|(it, ..)| *it == source);
        says_something(source, line)
            && places.any(|(source, first, last)| span(*source, first, last).contains(&line))
    }

    /// Whether the sheet counts it in that file: each is counted once.
    pub(super) fn is_of(&self, source: Source) -> bool {
        self.places.first().is_some_and(|(it, ..)| *it == source)
    }

    pub(super) fn is_told_by(&self, mark: &Mark) -> bool {
        mark.kind.word == self.kind && self.covers(mark.source, mark.line)
    }

    #[cfg(test)]
    pub(super) fn spans(&self) -> impl Iterator<Item = RangeInclusive<usize>> {
        self.places
            .iter()
            .map(|(source, first, last)| span(*source, first, last))
    }
}

/// Whether there is a word on that line: a bracket alone tells neither the truth nor a lie.
pub(super) fn says_something(source: Source, line: usize) -> bool {
    line_of(source, line).chars().any(char::is_alphanumeric)
}

fn line_of(source: Source, line: usize) -> &'static str {
    source.text().lines().nth(line - 1).unwrap_or_default()
}

/// Whether what stands on that line is false because of a lie elsewhere.
pub(super) fn follows(source: Source, line: usize) -> bool {
    let text = line_of(source, line);
    CONSEQUENCES
        .iter()
        .any(|(it, part)| *it == source && text.contains(part))
}

/// The numbers of those lines, from 1 on; none where the texts are gone.
fn span(source: Source, first: &str, last: &str) -> RangeInclusive<usize> {
    let lines = || (1..).zip(source.text().lines());
    let begin = lines()
        .find(|(_, line)| line.contains(first))
        .map(|(number, _)| number);
    let Some(begin) = begin else {
        return RangeInclusive::new(1, 0);
    };
    let end = lines().find(|(number, line)| *number >= begin && line.contains(last));
    begin..=end.map_or(0, |(number, _)| number)
}
