//! The page that presenterm 0.16.1 writes: slide by slide, row by row, runs of cells of one style.
//!
//! It escapes `<` and `>` and nothing else: `&lt;` in a file is told from `<` by nobody. What replays
//! a demo therefore writes [`AMPERSAND`] for `&`.

use std::sync::LazyLock;

use regex::Regex;

/// Stands for `&` in what is replayed: of the private use area, one cell wide, in no program's output.
pub const AMPERSAND: char = '\u{e026}';

/// All slides of a deck.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The colour behind everything, as CSS.
    pub background: String,
    /// In order.
    pub slides: Vec<Slide>,
}

/// A slide as it was drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slide {
    /// From the top, empty ones too.
    pub rows: Vec<Row>,
}

/// A row of a slide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// From the left.
    pub runs: Vec<Run>,
}

/// Cells of one style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// CSS as presenterm wrote it, or empty.
    pub style: String,
    /// What stands there, not escaped.
    pub text: String,
}

impl Row {
    /// What stands in it, without blanks at its end.
    pub fn text(&self) -> String {
        let text: String = self.runs.iter().map(|run| &*run.text).collect();
        text.trim_end().to_owned()
    }

    /// Whether nothing stands in it; a background may.
    pub fn is_blank(&self) -> bool {
        self.runs.iter().all(|run| run.text.trim().is_empty())
    }
}

/// Reads a whole page.
///
/// # Errors
/// It is not such a page.
pub(super) fn parse(page: &str) -> Result<Page, String> {
    static BACKGROUND: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new("background-color: (#[0-9a-f]{6})").expect("a constant that a test compiles")
    });
    let background = BACKGROUND
        .captures(page)
        .ok_or("it has no background: the theme lacks one")?;
    let slides = page.split("<div class=\"container\">\n").skip(1);
    let slides: Vec<Slide> = slides.map(slide).collect::<Result<_, _>>()?;
    if slides.is_empty() {
        return Err("there is no slide in it".to_owned());
    }
    Ok(Page {
        background: background[1].to_owned(),
        slides,
    })
}

fn slide(text: &str) -> Result<Slide, String> {
    let lines = text.lines().filter_map(|line| {
        let row = line.strip_prefix("<div class=\"content-line\"><pre>")?;
        row.strip_suffix("</pre></div>")
    });
    let rows: Result<Vec<Row>, String> = lines.map(row).collect();
    match rows? {
        rows if rows.is_empty() => Err("a slide has no row".to_owned()),
        rows => Ok(Slide { rows }),
    }
}

/// No cell holds `<` itself, so whatever looks like a tag is one.
fn row(text: &str) -> Result<Row, String> {
    static TAGS: LazyLock<Regex> =
        LazyLock::new(|| Regex::new("<([^>]*)>").expect("a constant that a test compiles"));
    let mut runs = Vec::new();
    let (mut style, mut from) = (String::new(), 0);
    for tag in TAGS.captures_iter(text) {
        let whole = tag.get_match();
        take(&mut runs, &style, &text[from..whole.start()]);
        from = whole.end();
        match &tag[1] {
            "/span" => style.clear(),
            "sup" | "/sup" => {}
            opened => style = style_of(opened)?.to_owned(),
        }
    }
    take(&mut runs, &style, &text[from..]);
    Ok(Row { runs })
}

/// The style of a span; only what presenterm makes of colours and fonts may be in it, for it goes into
/// a page of ours.
fn style_of(tag: &str) -> Result<&str, String> {
    let style = tag
        .strip_prefix("span style=\"")
        .and_then(|rest| rest.strip_suffix('"'));
    let is_plain = |style: &&str| {
        let known = |at: char| at.is_ascii_alphanumeric() || "#:;-. ".contains(at);
        style.chars().all(known)
    };
    style
        .filter(is_plain)
        .ok_or_else(|| format!("{:.40?} is no style; pictures are not read", tag))
}

fn take(runs: &mut Vec<Run>, style: &str, escaped: &str) {
    if !escaped.is_empty() {
        let text = escaped.replace("&lt;", "<").replace("&gt;", ">");
        runs.push(Run {
            style: style.to_owned(),
            text: text.replace(AMPERSAND, "&"),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(rows: &str) -> String {
        format!(
            "<html>\nhtml {{ background-color: #040312; }}\n<body>\n<div class=\"container\">\n{rows}</div>\n</body></html>"
        )
    }

    fn line(row: &str) -> String {
        format!("<div class=\"content-line\"><pre>{row}</pre></div>\n")
    }

    #[test]
    fn cells_come_back_as_they_were_drawn() {
        let row = "<span style=\"color: #ff0000\">Vec&lt;u8&gt;</span> &x \u{e026}lt;<span style=\"font-weight: bold\">!</span>   ";
        let page = parse(&page(&(line(row) + &line("   ")))).expect("it is a page");
        assert_eq!(page.background, "#040312");
        let [Slide { rows }] = &page.slides[..] else {
            panic!("one slide, not {page:?}");
        };
        assert_eq!(rows[0].text(), "Vec<u8> &x &lt;!");
        assert_eq!(rows[0].runs[0].style, "color: #ff0000");
        assert_eq!(rows[0].runs[1].style, "");
        assert!(rows[1].is_blank());
    }

    #[test]
    fn what_is_no_style_is_refused() {
        let error = parse(&page(&line("<img src=\"data:x\">"))).expect_err("it is a picture");
        assert!(error.contains("pictures"), "{error}");
        let hostile = line("<span style=\"x: url(http://a)\">a</span>");
        assert!(parse(&page(&hostile)).is_err());
    }

    #[test]
    fn an_empty_page_is_no_page() {
        assert!(parse("<html></html>").is_err());
        assert!(parse(&page("")).is_err());
    }
}
