//! The page itself: one file, without a script, that fetches nothing.

use std::fmt::Write as _;
use std::time::Duration;

use super::words::{self, Words};
use crate::deck::notes::paragraphs;
use crate::deck::{Deck, Slide};
use crate::export::{self, Page, Row};

const STYLE: &str = include_str!("page.css");

/// A footer has its place in the last rows of a page that has rows for everything.
const FOOTER: usize = 4;

/// Writes a deck's page.
pub(super) fn write(deck: &Deck, language: &str, drawn: &Page) -> String {
    let words = words::of(language);
    let mut styles = Styles::default();
    let mut body = String::new();
    for (at, (slide, drawn)) in deck.slides.iter().zip(&drawn.slides).enumerate() {
        section(&mut body, at + 1, slide, drawn, &mut styles, words);
    }
    let (title, contents) = (escaped(&deck.title), contents(deck));
    let (minutes, count) = (minutes(deck.length, words), deck.slides.len());
    let Words {
        minutes: unit,
        slides,
        ..
    } = words;
    format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{STYLE}.slide {{ --back: {back}; }}\n{rules}</style>\n</head>\n<body>\n\
         <header>\n<h1>{title}</h1>\n<p>Trivium · {minutes} {unit} · {count} {slides}</p>\n</header>\n\
         {contents}<main>\n{body}</main>\n</body>\n</html>\n",
        back = drawn.background,
        rules = styles.rules(),
    )
}

fn contents(deck: &Deck) -> String {
    let titles = deck.slides.iter().enumerate();
    let items = titles.map(|(at, slide)| {
        let (number, title) = (at + 1, escaped(&slide.title));
        format!("<li><a href=\"#slide-{number}\">{title}</a></li>\n")
    });
    format!("<nav>\n<ol>\n{}</ol>\n</nav>\n", items.collect::<String>())
}

fn section(
    body: &mut String,
    number: usize,
    slide: &Slide,
    drawn: &export::Slide,
    styles: &mut Styles,
    words: Words,
) {
    let (title, minutes) = (escaped(&slide.title), minutes(slide.planned, words));
    let rows: Vec<String> = cropped(drawn, &slide.title)
        .iter()
        .map(|row| styled(row, styles))
        .collect();
    let (rows, unit) = (rows.join("\n"), words.minutes);
    *body += &format!(
        "<section id=\"slide-{number}\">\n<h2>{number}. {title} <small>{minutes} {unit}</small></h2>\n\
         <pre class=\"slide\" tabindex=\"0\">\n{rows}</pre>\n"
    );
    *body += &notes(slide, words);
    *body += &more(slide, words);
    *body += "</section>\n";
}

/// Without the title, which is the heading here, without the footer, and without the blank rows above
/// and below: a page has no height to fill.
fn cropped<'a>(slide: &'a export::Slide, title: &str) -> &'a [Row] {
    let mut content = &slide.rows[..slide.rows.len().saturating_sub(FOOTER)];
    let is_shown = |row: &Row| !row.is_blank();
    if let Some(first) = content.iter().position(is_shown)
        && content[first].text().trim() == title
    {
        content = &content[first + 1..];
    }
    let first = content.iter().position(is_shown);
    let last = content.iter().rposition(is_shown);
    match (first, last) {
        (Some(first), Some(last)) => &content[first..=last],
        _ => &[],
    }
}

fn styled(row: &Row, styles: &mut Styles) -> String {
    let mut text = String::new();
    for run in &row.runs {
        let escaped = escaped(&run.text);
        match styles.class(&run.style) {
            Some(class) => text += &format!("<span class=\"{class}\">{escaped}</span>"),
            None => text += &escaped,
        }
    }
    text.trim_end().to_owned()
}

fn notes(slide: &Slide, words: Words) -> String {
    let paragraphs = paragraphs(&slide.notes);
    let paragraphs: String = paragraphs
        .iter()
        .filter(|text| !text.is_empty())
        .map(|text| format!("<p>{}</p>\n", escaped(text)))
        .collect();
    format!(
        "<div class=\"notes\">\n<h3>{}</h3>\n{paragraphs}</div>\n",
        words.notes
    )
}

/// Where a reader goes on: the demos to run, the files to read.
fn more(slide: &Slide, Words { run, code, .. }: Words) -> String {
    let mut text = String::new();
    for demo in slide.demos() {
        let demo = escaped(demo);
        text += &format!("<p class=\"more\">{run} <code>slides/run {demo}</code></p>\n");
    }
    for (file, _) in slide.regions() {
        let file = escaped(&file.display().to_string());
        // From slides/handouts/LANGUAGE to the root.
        let link = format!("<a href=\"../../../{file}\">{file}</a>");
        text += &format!("<p class=\"more\">{code} {link}</p>\n");
    }
    text
}

/// The styles of a page, each once: they make a third of what presenterm writes.
#[derive(Debug, Default)]
struct Styles(Vec<String>);

impl Styles {
    fn class(&mut self, style: &str) -> Option<String> {
        if style.is_empty() {
            return None;
        }
        // A font of twice the size covers two columns; presenterm has it in pixels of its own page.
        let style = style.replace("font-size: 20px", "font-size: 2em");
        let known = self.0.iter().position(|known| *known == style);
        let at = known.unwrap_or_else(|| {
            self.0.push(style);
            self.0.len() - 1
        });
        Some(format!("s{at}"))
    }

    fn rules(&self) -> String {
        let mut rules = String::new();
        for (at, style) in self.0.iter().enumerate() {
            let _ = writeln!(rules, ".s{at} {{ {style} }}");
        }
        rules
    }
}

/// In minutes, of which a half is the smallest part.
fn minutes(time: Duration, Words { half, .. }: Words) -> String {
    let (minutes, rest) = (time.as_secs() / 60, time.as_secs() % 60);
    let half = if rest == 0 { "" } else { half };
    format!("{minutes}{half}")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_deck_is_no_markup() {
        assert_eq!(escaped("a<b> & \"c\""), "a&lt;b&gt; &amp; &quot;c&quot;");
    }

    #[test]
    fn half_minutes_are_written_as_the_language_does() {
        let time = Duration::from_secs(90);
        assert_eq!(minutes(time, words::of("en")), "1.5");
        assert_eq!(minutes(time, words::of("pt-BR")), "1,5");
    }
}
