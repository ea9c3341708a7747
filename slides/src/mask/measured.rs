//! What `trivium compare` measured, as it prints it: columns of times, and sentences on them.

/// Replaces the numbers of tables whose head names a unit of time, up to the empty line behind them.
pub(super) fn columns(text: &str, name: &str) -> String {
    let mut is_table = false;
    let lines = text.split_inclusive('\n').map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        if is_head(&words) {
            is_table = true;
            return line.to_owned();
        }
        is_table &= !words.is_empty();
        if !is_table {
            return line.to_owned();
        }
        let covered = words
            .iter()
            .map(|word| if is_figure(word) { name } else { word });
        covered.collect::<Vec<_>>().join(" ") + "\n"
    });
    lines.collect()
}

/// `p50 µs`, as a head has it.
fn is_head(words: &[&str]) -> bool {
    let is_statistic = |word: &str| matches!(word, "p50" | "p99" | "max");
    words
        .windows(2)
        .any(|pair| is_statistic(pair[0]) && matches!(pair[1], "ns" | "µs" | "ms" | "s"))
}

/// `1,234.5`, or the dash for what was not measured.
fn is_figure(word: &str) -> bool {
    let is_number = |it: char| it.is_ascii_digit() || it == ',' || it == '.';
    word == "–" || (word.starts_with(|it: char| it.is_ascii_digit()) && word.chars().all(is_number))
}

/// Replaces sentences that compare times. How many lines they take depends on what was measured;
/// they end at an empty line, or where a sentence on bytes begins.
pub(super) fn sentences(text: &str, name: &str) -> String {
    let mut is_verdict = false;
    let mut covered = String::new();
    for line in text.split_inclusive('\n') {
        if line.starts_with("One call at a time,") {
            is_verdict = true;
            covered.push_str(name);
            covered.push('\n');
        }
        is_verdict &= !line.trim().is_empty() && !line.starts_with("Bytes ");
        if !is_verdict {
            covered.push_str(line);
        }
    }
    covered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_times_is_covered_and_one_of_bytes_is_not() {
        let text =
            "  p50 µs  × best\ngRPC  182  1.00\n* HTTP/2 echo  –  0.67\n\n  up down\ngRPC 54 38\n";
        assert_eq!(
            columns(text, "<it>"),
            "  p50 µs  × best\ngRPC <it> <it>\n* HTTP/2 echo <it> <it>\n\n  up down\ngRPC 54 38\n"
        );
    }

    #[test]
    fn a_verdict_is_one_line_however_long_it_was() {
        let short = "One call at a time, REST answers fastest.\nBytes up + down: 6\n";
        let long = "One call at a time, no difference seen between\nREST and XML-RPC.\nBytes up + down: 6\n";
        assert_eq!(sentences(short, "<it>"), "<it>\nBytes up + down: 6\n");
        assert_eq!(sentences(long, "<it>"), sentences(short, "<it>"));
        assert_eq!(
            sentences(&format!("{short}\nend\n"), ""),
            "\nBytes up + down: 6\n\nend\n"
        );
    }
}
