//! Which servers answered, of several behind one address.

use std::fmt;

use crate::print::printable;

/// How many calls each server answered, in the order in which they were first heard of.
#[derive(Debug, Default)]
pub(super) struct Answered(Vec<(Option<String>, u32)>);

impl Answered {
    /// One more call was answered by the server of that name, if it tells one.
    pub(super) fn by(&mut self, server: Option<String>) {
        match self.0.iter_mut().find(|(known, _)| *known == server) {
            Some((_, count)) => *count += 1,
            None => self.0.push((server, 1)),
        }
    }
}

impl fmt::Display for Answered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total: u32 = self.0.iter().map(|(_, count)| count).sum();
        let plural = if total == 1 { "" } else { "s" };
        write!(f, "{total} call{plural}, answered by")?;
        for (number, (server, count)) in self.0.iter().enumerate() {
            let comma = if number == 0 { "" } else { "," };
            let server = server
                .as_deref()
                .map_or("a server without a name".to_owned(), printable);
            write!(f, "{comma} {server}: {count}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_counted_by_their_names() {
        let mut answered = Answered::default();
        for server in [Some("a"), Some("b"), Some("a"), None] {
            answered.by(server.map(str::to_owned));
        }
        assert_eq!(
            answered.to_string(),
            "4 calls, answered by a: 2, b: 1, a server without a name: 1"
        );
    }
}
