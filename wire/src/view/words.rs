//! What a span is called.

use super::{escape, paint};
use crate::span::{Certainty, Layer, Span};

/// Rows that a name with its value takes at most.
const LABEL_ROWS: usize = 3;

/// The name of a top-level span, with its layer's before it unless it says so itself, and its value.
pub(super) fn unit_name(span: &Span) -> String {
    with_layer(span, words(span))
}

pub(super) fn with_layer(span: &Span, label: String) -> String {
    let layer = paint::layer_name(span.layer);
    match span.layer == Layer::Unknown || label.starts_with(layer) {
        true => label,
        false => format!("{layer} {label}"),
    }
}

/// Name and value, and whether they are sure.
pub(super) fn words(span: &Span) -> String {
    let doubt = match span.certainty {
        Certainty::Sure => "",
        Certainty::Guess => " (a guess)",
        Certainty::Broken => " (breaks the rules)",
    };
    match (span.value.is_empty(), span.children.is_empty()) {
        (true, _) => format!("{}{doubt}", span.name),
        (false, true) => format!("{}{doubt} = {}", span.name, span.value),
        (false, false) => format!("{}{doubt}: {}", span.name, span.value),
    }
}

/// Name and value in a few rows.
pub(super) fn label(span: &Span, columns: usize) -> Vec<String> {
    let mut rows = escape::wrap(&words(span), columns);
    if rows.len() > LABEL_ROWS {
        rows.truncate(LABEL_ROWS);
        if let Some(last) = rows.last_mut() {
            *last = escape::fit(&format!("{last} …"), columns);
            if !last.ends_with('…') {
                *last = escape::fit(&format!("{last}…"), columns);
            }
        }
    }
    rows
}
