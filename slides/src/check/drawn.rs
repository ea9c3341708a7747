//! What presenterm draws of a deck: every row that was meant, at three sizes.
//!
//! presenterm cuts what has no room and says nothing. So each deck is drawn twice: with rows for
//! everything, and with those of the terminal but one, which is kept for the note that a tape plays.
//! Where both have the same text nothing was cut.

use crate::deck::{self, Deck};
use crate::export::{ExportError, Page, Size, Slide, Source};

use super::fault::Fault;

/// The terminals that a deck must fit.
pub const SIZES: [Size; 3] = [
    Size {
        columns: 80,
        rows: 24,
    },
    Size {
        columns: 120,
        rows: 35,
    },
    Size {
        columns: 160,
        rows: 45,
    },
];

/// Rows for everything.
const TALL: u16 = 200;
/// A footer has its place in the last of them.
const FOOTER: usize = 4;

/// What presenterm writes instead of a demo's output.
const BROKEN: [&str; 4] = [
    "[finished with error]",
    "[not started]",
    "[running]",
    "error spawning process",
];

/// A deck at a size.
#[derive(Debug)]
pub(super) struct Drawn {
    /// How many slides it has.
    pub(super) slides: usize,
    /// The tallest of them.
    pub(super) tallest: Tallest,
    /// What is wrong.
    pub(super) faults: Vec<Fault>,
}

/// The slide that needs most rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Tallest {
    /// Its rows, output included.
    pub(super) rows: usize,
    /// Rows that there are above the footer, without the one for a tape's note.
    pub(super) of: usize,
    /// What it is called.
    pub(super) title: String,
}

/// Lines of a slide that must stand whole in a row: code, and what a demo prints.
pub(super) type Whole = Vec<String>;

/// Draws a deck at a size and looks at each slide.
pub(super) fn check(
    source: &Source<'_>,
    deck: &Deck,
    whole: &[Whole],
    size: Size,
) -> Result<Drawn, ExportError> {
    let Size { columns, rows } = size;
    let draw = |rows| source.draw(Size { columns, rows });
    let (tall, low) = (draw(TALL)?, draw(rows - 1)?);
    let mut drawn = Drawn {
        slides: low.slides.len(),
        tallest: Tallest::default(),
        faults: count(deck, &tall, size),
    };
    let pairs = tall.slides.iter().zip(&low.slides);
    for ((slide, pair), whole) in deck.slides.iter().zip(pairs).zip(whole) {
        let look = Look::new(slide, pair, size);
        let wrong = look.wrong(whole);
        drawn.tallest.take(&look);
        let fault = |what| Fault::new(&deck.file, slide.line, what);
        drawn.faults.extend(wrong.into_iter().map(fault));
    }
    Ok(drawn)
}

/// presenterm has its own idea of where a slide ends.
fn count(deck: &Deck, page: &Page, size: Size) -> Vec<Fault> {
    let (meant, drawn) = (deck.slides.len(), page.slides.len());
    let what = format!("at {size} presenterm shows {drawn} slides of {meant}: look at end_slide");
    Vec::from_iter((meant != drawn).then(|| Fault::new(&deck.file, 1, what)))
}

impl Tallest {
    fn take(&mut self, look: &Look<'_>) {
        if look.rows >= self.rows {
            self.rows = look.rows;
            self.of = look.free;
            self.title.clone_from(&look.slide.title);
        }
    }
}

/// A slide, drawn with rows for everything and with those that there are.
struct Look<'a> {
    slide: &'a deck::Slide,
    size: Size,
    /// Its text with rows for everything, with the footer.
    tall: Vec<Numbered>,
    /// Whether all of it is there at this size.
    fits: bool,
    /// Rows that it needs above the footer.
    rows: usize,
    /// Rows that it has.
    free: usize,
}

/// A row's number, from 0, and its text.
type Numbered = (usize, String);

impl<'a> Look<'a> {
    fn new(slide: &'a deck::Slide, (tall, low): (&Slide, &Slide), size: Size) -> Self {
        let (tall, low) = (texts(tall), texts(low));
        let is_footer = |row: &&Numbered| row.0 >= usize::from(TALL) - FOOTER;
        let footer = tall.iter().filter(is_footer).count();
        let content = &tall[..tall.len() - footer];
        let fits = tall.iter().map(text).eq(low.iter().map(text));
        // A slide with its text in the middle has no first row of its own: only where it fits is
        // its last row known.
        let last = if fits { &low[..content.len()] } else { content }.last();
        let below = tall
            .get(content.len())
            .map_or(0, |row| usize::from(TALL) - row.0);
        Self {
            slide,
            size,
            fits,
            rows: last.map_or(0, |row| row.0 + 1),
            free: usize::from(size.rows - 1) - below,
            tall,
        }
    }

    fn wrong(&self, whole: &[String]) -> Vec<String> {
        let broken = self.broken().into_iter().chain(self.cut());
        broken.chain(self.wrapped(whole)).collect()
    }

    fn broken(&self) -> Option<String> {
        let is_broken = |row: &&Numbered| BROKEN.iter().any(|word| row.1.contains(word));
        let row = self.tall.iter().find(is_broken)?;
        Some(format!(
            "at {} presenterm says: {}",
            self.size,
            row.1.trim()
        ))
    }

    fn cut(&self) -> Option<String> {
        let Self {
            size, rows, free, ..
        } = self;
        let title = &self.slide.title;
        let needs = if *rows < usize::from(TALL) / 2 {
            format!("needs {rows} rows and has {free}")
        } else {
            format!("needs more than its {free} rows")
        };
        let what = format!(
            "at {size} {title:?} {needs} with its output, beside one for the note that a tape plays"
        );
        (!self.fits).then_some(what)
    }

    fn wrapped(&self, whole: &[String]) -> Option<String> {
        let stands = |line: &str| self.tall.iter().any(|row| row.1.contains(line));
        let line = whole.iter().find(|line| !stands(line))?;
        let (size, title) = (self.size, &self.slide.title);
        Some(format!(
            "at {size} this line of {title:?} does not stand whole in a row: {line:?}"
        ))
    }
}

/// Rows with text.
fn texts(slide: &Slide) -> Vec<Numbered> {
    let rows = slide.rows.iter().enumerate();
    rows.filter(|(_, row)| !row.is_blank())
        .map(|(at, row)| (at, row.text()))
        .collect()
}

fn text((_, text): &Numbered) -> &str {
    text
}
