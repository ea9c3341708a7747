//! Rust as text, without its comments: what only stands in a comment does nothing.

/// The text without what comments hold. A `//` within a string ends its line here too; no check looks
/// behind one.
pub(super) fn without_comments(text: &str) -> String {
    let lines = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default());
    let lines = lines.collect::<Vec<_>>().join("\n");
    let mut parts = lines.split("/*");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |before, part| {
        let after = part.split_once("*/").map_or("", |(_, after)| after);
        before + after
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_of_both_kinds_are_left_out() {
        let text = "a /* b\n c */ d // e\n/// f\ng";
        assert_eq!(without_comments(text), "a  d \n\ng");
    }
}
