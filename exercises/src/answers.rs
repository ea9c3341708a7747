//! Small files in which a student answers: `name = answer` lines, and remarks that begin with `#`.

use crate::exercise::Place;
use crate::language::{Text, excerpt};
use crate::report::Part;

/// What a file answers.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    given: Vec<(String, String)>,
    /// Lines that are no answers, with their numbers.
    broken: Vec<(usize, String)>,
    /// Why there are none, where the file cannot be read.
    unreadable: Option<Text>,
}

impl Answers {
    /// The answers of a file.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut answers = Self::default();
        for (at, line) in text.lines().enumerate() {
            let line = line.trim().trim_start_matches('\u{feff}');
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match line.split_once('=') {
                Some((name, answer)) => {
                    let pair = (name.trim().to_owned(), answer.trim().to_owned());
                    answers.given.push(pair);
                }
                None => answers.broken.push((at + 1, line.to_owned())),
            }
        }
        answers
    }

    /// What is answered to that question; `None` where it is still open.
    #[must_use]
    pub fn to(&self, question: &str) -> Option<&str> {
        let (_, answer) = self.given.iter().find(|(name, _)| name == question)?;
        (!answer.is_empty() && answer != "?").then_some(answer)
    }

    /// The answers in a student's file; none where it cannot be read.
    #[must_use]
    pub fn read(place: &Place, file: &str) -> Self {
        match place.text(file) {
            Ok(text) => Self::parse(&text),
            Err(unreadable) => Self {
                unreadable: Some(unreadable.told),
                ..Self::default()
            },
        }
    }

    /// Whether the file could be read.
    #[must_use]
    pub fn are_there(&self) -> bool {
        self.unreadable.is_none()
    }

    /// The file itself, which is a part of every report, so that their number does not change.
    #[must_use]
    pub fn file(&self, file: &str, questions: &[&str]) -> Part {
        let name = tell!("{file} can be read", "{file} pode ser lido");
        let mut findings = self.disorder(questions);
        findings.extend(self.unreadable.clone());
        Part::judged(name, findings)
    }

    /// Lines that are no answers, answers to no question, two to one.
    fn disorder(&self, questions: &[&str]) -> Vec<Text> {
        let mut findings: Vec<Text> = Vec::new();
        for (number, line) in &self.broken {
            findings.push(tell!(
                "Line {number} is no answer: {line}. One is `name = answer`.",
                "A linha {number} não é uma resposta: {line}. Uma resposta é `nome = resposta`.",
                line = excerpt(line),
            ));
        }
        for (at, (name, _)) in self.given.iter().enumerate() {
            let shown = excerpt(name);
            if !questions.contains(&name.as_str()) {
                findings.push(tell!(
                    "{shown} is no question of the sheet.",
                    "{shown} não é uma pergunta do enunciado."
                ));
            } else if self.given[..at].iter().any(|(before, _)| before == name) {
                findings.push(tell!(
                    "{shown} is answered twice.",
                    "{shown} tem duas respostas."
                ));
            }
        }
        findings
    }
}

/// What is said of a question that is still open.
#[must_use]
pub fn open() -> Text {
    tell!("There is no answer yet.", "Ainda não há resposta.")
}

/// A question whose file cannot be read.
#[must_use]
pub fn unread(name: Text) -> Part {
    let told = tell!(
        "Looked at once the file can be read.",
        "Vem quando o arquivo puder ser lido."
    );
    Part::waits(name, told)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;
    use crate::report::Verdict;

    #[test]
    fn answers_are_read_and_gaps_are_none() {
        let answers = Answers::parse("# b = 1\na = 5 \n c=?\nd =\n");
        assert_eq!(answers.to("a"), Some("5"));
        for open in ["b", "c", "d"] {
            assert_eq!(answers.to(open), None);
        }
        let file = answers.file("f", &["a", "c", "d"]);
        assert_eq!(file.verdict, Verdict::Right);
    }

    #[test]
    fn disorder_is_told_line_by_line() {
        let answers = Answers::parse("a = 1\nb\na = 2\nz = 3\n");
        let part = answers.file("f", &["a"]);
        assert_eq!(part.verdict, Verdict::Wrong);
        let told: Vec<_> = part
            .findings
            .iter()
            .map(|it| it.said(Language::English))
            .collect();
        assert!(told[0].starts_with("Line 2 is no answer: b."), "{told:?}");
        assert_eq!(
            told[1..],
            ["a is answered twice.", "z is no question of the sheet."]
        );
    }
}
