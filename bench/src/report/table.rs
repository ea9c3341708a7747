//! A table as data: a caption, heads, and rows of cells. The first column is text on the left, the
//! others are figures on the right.

use anstyle::Style;

/// What stands where there is no figure.
pub const NONE: &str = "–";

/// A table that can be written in several formats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// Words above groups of columns, with how many columns each spans; empty for none. They are
    /// for text only, where heads are short.
    pub groups: Vec<(&'static str, usize)>,
    /// A word a column.
    pub heads: Vec<&'static str>,
    /// As many cells a row as heads.
    pub rows: Vec<TableRow>,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRow {
    /// How much it matters.
    pub weight: Weight,
    /// The first is the row's name.
    pub cells: Vec<String>,
}

/// How much a row matters to a reader who skims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// One of those that are compared.
    Normal,
    /// There for reference.
    Quiet,
}

impl Table {
    /// As lines of text; styles are for a terminal and are stripped elsewhere.
    #[must_use]
    pub fn text(&self) -> String {
        let widths = self.widths();
        let mut text = format!("{}\n", styled(Style::new().bold(), &self.caption));
        if !self.groups.is_empty() {
            text.push_str(&format!("{}\n", styled(QUIET, &self.group_line(&widths))));
        }
        let heads: Vec<_> = self.heads.iter().map(|head| (*head).to_owned()).collect();
        text.push_str(&format!("{}\n", styled(QUIET, &line(&heads, &widths))));
        for row in &self.rows {
            let line = line(&row.cells, &widths);
            let style = match row.weight {
                Weight::Normal => Style::new(),
                Weight::Quiet => QUIET,
            };
            text.push_str(&format!("{}\n", styled(style, &line)));
        }
        text
    }

    /// As a Markdown table under its caption.
    #[must_use]
    pub fn markdown(&self) -> String {
        let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let rule = (0..self.heads.len()).map(|column| if column == 0 { "---" } else { "---:" });
        let mut text = format!("{}\n\n", self.caption);
        text.push_str(&row(self.full_heads()));
        text.push_str(&row(rule.map(str::to_owned).collect()));
        for line in &self.rows {
            let cells = line.cells.iter().map(|cell| cell.replace('*', "\\*"));
            text.push_str(&row(cells.collect()));
        }
        text
    }

    /// The heads with their group before them.
    fn full_heads(&self) -> Vec<String> {
        let groups = self
            .groups
            .iter()
            .flat_map(|(group, span)| vec![*group; *span]);
        let groups = groups.chain(std::iter::repeat(""));
        let heads = groups.zip(&self.heads);
        heads
            .map(|(group, head)| format!("{group} {head}").trim().to_owned())
            .collect()
    }

    fn widths(&self) -> Vec<usize> {
        let widest = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.cells.get(column));
            let cells = cells.map(|cell| cell.chars().count());
            cells
                .max()
                .unwrap_or(0)
                .max(self.heads[column].chars().count())
        };
        let mut widths: Vec<_> = (0..self.heads.len()).map(widest).collect();
        self.widen_for_groups(&mut widths);
        widths
    }

    /// Gives the last column of a group what its columns lack for its name and a gap before it.
    fn widen_for_groups(&self, widths: &mut [usize]) {
        let mut column = 0;
        for (group, span) in &self.groups {
            let spanned = &mut widths[column..column + span];
            let width = spanned.iter().sum::<usize>() + GAP.len() * (span - 1);
            let lacking = group.chars().count().saturating_sub(width);
            if let Some(last) = spanned.last_mut() {
                *last += lacking;
            }
            column += span;
        }
    }

    fn group_line(&self, widths: &[usize]) -> String {
        let mut column = 0;
        let mut text = String::new();
        for (group, span) in &self.groups {
            let spanned = &widths[column..column + span];
            let gaps = GAP.len() * if column == 0 { span - 1 } else { *span };
            let width = spanned.iter().sum::<usize>() + gaps;
            text.push_str(&format!("{group:>width$}"));
            column += span;
        }
        text
    }
}

const GAP: &str = "  ";
const QUIET: Style = Style::new().dimmed();

fn line(cells: &[String], widths: &[usize]) -> String {
    let cells = cells.iter().zip(widths).enumerate();
    let cells = cells.map(|(column, (cell, width))| match column {
        0 => format!("{cell:<width$}"),
        _ => format!("{GAP}{cell:>width$}"),
    });
    cells.collect::<String>().trim_end().to_owned()
}

fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// A figure with three significant digits, thousands apart.
///
/// ```
/// use trivium::report::table::figure;
/// assert_eq!(figure(0.2345), "0.23");
/// assert_eq!(figure(23.46), "23.5");
/// assert_eq!(figure(234.5), "235");
/// assert_eq!(figure(1_234_567.0), "1,234,567");
/// ```
#[must_use]
pub fn figure(value: f64) -> String {
    match value.abs() {
        ..10.0 => format!("{value:.2}"),
        ..100.0 => format!("{value:.1}"),
        _ => thousands(value.round() as u64),
    }
}

/// A count with its thousands apart.
#[must_use]
pub fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let row = |weight, cells: [&str; 3]| TableRow {
            weight,
            cells: cells.map(str::to_owned).to_vec(),
        };
        Table {
            caption: "Sizes".into(),
            groups: vec![("", 1), ("body", 2)],
            heads: vec!["row", "up", "down"],
            rows: vec![
                row(Weight::Normal, ["XML-RPC", "173", "90"]),
                row(Weight::Quiet, ["* echo", "1,173", NONE]),
            ],
        }
    }

    #[test]
    fn figures_stand_on_the_right() {
        let text = anstream::adapter::strip_str(&table().text()).to_string();
        insta::assert_snapshot!(text, @r"
        Sizes
                        body
        row         up  down
        XML-RPC    173    90
        * echo   1,173     –
        ");
    }

    #[test]
    fn groups_over_narrow_columns_stand_apart() {
        let narrow = Table {
            groups: vec![("", 1), ("first group", 1), ("second group", 1)],
            ..table()
        };
        let text = anstream::adapter::strip_str(&narrow.text()).to_string();
        assert!(text.contains("first group  second group"), "{text}");
    }

    #[test]
    fn markdown_names_the_group_in_each_head() {
        insta::assert_snapshot!(table().markdown(), @r"
        Sizes

        | row | body up | body down |
        | --- | ---: | ---: |
        | XML-RPC | 173 | 90 |
        | \* echo | 1,173 | – |
        ");
    }
}
