//! What a typed line means.

/// What `/help` tells.
pub(super) const HELP: &str = "\
/who   tells who takes part\n\
/quit  leaves; so do Ctrl-C and Ctrl-D\n\
//     in front of a line that is to begin with one slash";

/// A typed line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Typed {
    /// To be said.
    Line(String),
    Who,
    Quit,
    Help,
    /// A command that there is not.
    Unknown(String),
    /// What would have made the line too long; it is as it was.
    Overlong,
    Nothing,
}

impl Typed {
    pub(super) fn read(line: &str) -> Self {
        let line = line.trim_end();
        match line.strip_prefix('/') {
            None if line.trim_start().is_empty() => Self::Nothing,
            None => Self::Line(line.to_owned()),
            Some(text) if text.starts_with('/') => Self::Line(text.to_owned()),
            Some("who") => Self::Who,
            Some("quit" | "q" | "exit") => Self::Quit,
            Some("help" | "?") => Self::Help,
            Some(_) => Self::Unknown(line.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slash_begins_a_command_and_two_begin_a_line() {
        assert_eq!(Typed::read("hi \n"), Typed::Line("hi".into()));
        assert_eq!(Typed::read("/who"), Typed::Who);
        assert_eq!(Typed::read("/quit\r\n"), Typed::Quit);
        assert_eq!(Typed::read("/help"), Typed::Help);
        assert_eq!(Typed::read("/wo"), Typed::Unknown("/wo".into()));
        assert_eq!(Typed::read("//etc"), Typed::Line("/etc".into()));
        assert_eq!(Typed::read("  \t"), Typed::Nothing);
    }
}
