//! Notes as they are read: a source's line ends where its author's window did, a sentence may not.

/// The paragraphs of notes; an empty one is an empty line. A line that does not end a sentence goes on in
/// the next, unless that is an item of a list, or a part of its own such as `Ask: why?`.
pub(crate) fn paragraphs(notes: &str) -> Vec<String> {
    let mut paragraphs: Vec<String> = Vec::new();
    for line in notes.lines().map(str::trim) {
        let begins = line.is_empty() || is_item(line) || label(line).is_some();
        match paragraphs.last_mut() {
            Some(last) if !begins && goes_on(last) => {
                last.push(' ');
                last.push_str(line);
            }
            _ => paragraphs.push(line.to_owned()),
        }
    }
    paragraphs
}

/// The word that tells what to do: `Ask` in `Ask: why?`.
pub(crate) fn label(line: &str) -> Option<&str> {
    let (word, said) = line.split_once(':')?;
    let is_label = word.starts_with(char::is_uppercase) && !word.contains(' ');
    (is_label && (said.is_empty() || said.starts_with(' '))).then_some(word)
}

/// Whether it is an item of a list: `- a`, `* a`, `1. a`.
pub(crate) fn is_item(line: &str) -> bool {
    let Some((mark, _)) = line.split_once(' ') else {
        return false;
    };
    let number = mark.strip_suffix(['.', ')']).unwrap_or_default();
    // A year at the end of a sentence is none.
    let is_number = matches!(number.len(), 1 | 2) && number.bytes().all(|it| it.is_ascii_digit());
    matches!(mark, "-" | "*") || is_number
}

fn goes_on(paragraph: &str) -> bool {
    let end = paragraph.trim_end_matches(['"', ')', '*', '`']);
    !paragraph.is_empty() && !end.ends_with(['.', '?', '!', ':'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_that_goes_on_in_the_next_line_is_one_paragraph() {
        let notes = "Say: it polls, and\nit waits.\nAsk: \"why?\"\nSource: a;\nb (2015).\nNo.\n";
        let told = [
            "Say: it polls, and it waits.",
            "Ask: \"why?\"",
            "Source: a; b (2015).",
            "No.",
        ];
        assert_eq!(paragraphs(notes), told);
    }

    #[test]
    fn items_and_labelled_parts_begin_a_paragraph_whatever_stands_before() {
        let notes = "Say: three\n- a\n- b\n  goes on\n2. c\nDo: ctrl+e\nAsk: in\n1999. Or 2000";
        let told = [
            "Say: three",
            "- a",
            "- b goes on",
            "2. c",
            "Do: ctrl+e",
            "Ask: in 1999. Or 2000",
        ];
        assert_eq!(paragraphs(notes), told);
    }

    #[test]
    fn an_empty_line_stays_between_its_paragraphs() {
        assert_eq!(paragraphs("Say: a\n\nb,\nc\n"), ["Say: a", "", "b, c"]);
    }

    #[test]
    fn a_label_is_one_word_and_its_colon() {
        assert_eq!(label("Ask: why?"), Some("Ask"));
        assert_eq!(label("Do:"), Some("Do"));
        for none in ["medians: on", "And so: no", "::1", "Http://a", "-32601"] {
            assert_eq!(label(none), None, "{none}");
        }
    }
}
