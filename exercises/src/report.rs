//! What a check found, as plain records.

use crate::language::Text;

/// What a check found, part by part, in the order in which the sheet asks for them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The parts; an exercise is solved when all are right.
    pub parts: Vec<Part>,
}

/// One part of an exercise: a file, a question, a behaviour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What was looked at, in a few words.
    pub name: Text,
    /// How it stands.
    pub verdict: Verdict,
    /// What there is to say: what is wrong and where to look, or a remark to what is right. Never
    /// what the student is to find out.
    pub findings: Vec<Text>,
}

/// How a part stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// As it should be.
    Right,
    /// Wrong, or not begun.
    Wrong,
    /// Not looked at, because something before it is wrong.
    Waits,
}

impl Part {
    /// A part that is right where nothing was found, and wrong otherwise.
    #[must_use]
    pub fn judged(name: Text, findings: Vec<Text>) -> Self {
        let verdict = match findings.is_empty() {
            true => Verdict::Right,
            false => Verdict::Wrong,
        };
        Self {
            name,
            verdict,
            findings,
        }
    }

    /// A part that is right, with something worth saying.
    #[must_use]
    pub fn right(name: Text, remark: Text) -> Self {
        Self {
            name,
            verdict: Verdict::Right,
            findings: vec![remark],
        }
    }

    /// A part that is wrong.
    #[must_use]
    pub fn wrong(name: Text, finding: Text) -> Self {
        Self::judged(name, vec![finding])
    }

    /// A part that could not be looked at yet.
    #[must_use]
    pub fn waits(name: Text, reason: Text) -> Self {
        Self {
            name,
            verdict: Verdict::Waits,
            findings: vec![reason],
        }
    }
}

impl Report {
    /// How many parts are right.
    #[must_use]
    pub fn right(&self) -> usize {
        let right = |part: &&Part| part.verdict == Verdict::Right;
        self.parts.iter().filter(right).count()
    }

    /// Whether the exercise is solved: a report without parts has shown nothing.
    #[must_use]
    pub fn is_solved(&self) -> bool {
        !self.parts.is_empty() && self.right() == self.parts.len()
    }
}

impl FromIterator<Part> for Report {
    fn from_iter<Parts: IntoIterator<Item = Part>>(parts: Parts) -> Self {
        Self {
            parts: parts.into_iter().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_right_parts_solve_an_exercise() {
        let name = || tell!("a", "a");
        assert!(!Report::default().is_solved());
        let right = Part::judged(name(), Vec::new());
        assert!(Report::from_iter([right.clone()]).is_solved());
        for other in [Part::wrong(name(), name()), Part::waits(name(), name())] {
            let report = Report::from_iter([right.clone(), other]);
            assert!(!report.is_solved());
            assert_eq!(report.right(), 1);
        }
    }
}
