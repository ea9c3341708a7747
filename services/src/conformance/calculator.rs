//! Arithmetic and text.

use super::{Verdict, reference, same};
use crate::backend::Backend;
use crate::backend::Calculator;
use crate::context::Context;
use crate::error::Error;

/// Pairs at and around the limits of 32 bits; one of each in range for both operations.
const PAIRS: [(i32, i32); 10] = [
    (5, 3),
    (4, 7),
    (0, 0),
    (-1, 1),
    (i32::MAX, 0),
    (i32::MIN, 0),
    (i32::MAX, i32::MIN),
    (i32::MAX, 1),
    (i32::MIN, -1),
    (46_341, 46_341),
];

pub(super) async fn exact(backend: &dyn Backend) -> Verdict {
    let context = Context::new();
    same("add(5, 3)", backend.add(&context, 5, 3).await, Ok(8))?;
    same(
        "multiply(4, 7)",
        backend.multiply(&context, 4, 7).await,
        Ok(28),
    )?;
    let reference = reference();
    for (a, b) in PAIRS {
        let (got, wanted) = (backend.add(&context, a, b), reference.add(&context, a, b));
        same(&format!("add({a}, {b})"), got.await, wanted.await)?;
        let (got, wanted) = (
            backend.multiply(&context, a, b),
            reference.multiply(&context, a, b),
        );
        same(&format!("multiply({a}, {b})"), got.await, wanted.await)?;
    }
    Ok(())
}

pub(super) async fn past_32_bits(backend: &dyn Backend) -> Verdict {
    let context = Context::new();
    let refused = |text: &str| Err(Error::OutOfRange(text.into()));
    let sum = backend.add(&context, i32::MAX, 1).await;
    let wanted = "add(2147483647, 1) is 2147483648, which does not fit in 32 bits: \
                  use smaller numbers";
    same("add(i32::MAX, 1)", sum, refused(wanted))?;
    let product = backend.multiply(&context, i32::MIN, -1).await;
    let wanted = "multiply(-2147483648, -1) is 2147483648, which does not fit in 32 bits: \
                  use smaller numbers";
    same("multiply(i32::MIN, -1)", product, refused(wanted))?;
    let cube = backend.cube(&context, 1_291).await;
    let wanted = "cube(1291) is 2151685171, which does not fit in 32 bits: use smaller numbers";
    same("cube(1291)", cube, refused(wanted))
}

pub(super) async fn cubes(backend: &dyn Backend) -> Verdict {
    let context = Context::new();
    same("cube(5)", backend.cube(&context, 5).await, Ok(125))?;
    let reference = reference();
    for number in [0, -1, 1_290, -1_290, 1_291, -1_291, i32::MAX, i32::MIN] {
        let got = backend.cube(&context, number).await;
        let wanted = reference.cube(&context, number).await;
        same(&format!("cube({number})"), got, wanted)?;
    }
    Ok(())
}

pub(super) async fn uppercase(backend: &dyn Backend) -> Verdict {
    let context = Context::new();
    for (text, wanted) in [
        ("hello", "HELLO"),
        ("straße", "STRASSE"),
        ("", ""),
        (" two  spaces ", " TWO  SPACES "),
        ("a\tb\nc\rd\r\ne", "A\tB\nC\rD\r\nE"),
        ("<a href=\"x\">&amp;'</a>]]>", "<A HREF=\"X\">&AMP;'</A>]]>"),
        ("{\"a\\u0062\": null}", "{\"A\\U0062\": NULL}"),
        ("ǆ ŉ \u{390} ﬁ", "Ǆ ʼN \u{399}\u{308}\u{301} FI"),
        ("日本語 👩‍👩‍👧 \u{10ffff}", "日本語 👩‍👩‍👧 \u{10ffff}"),
        (
            "\u{85}\u{2028}\u{a0}\u{feff}",
            "\u{85}\u{2028}\u{a0}\u{feff}",
        ),
    ] {
        let got = backend.uppercase(&context, text).await;
        same(&format!("uppercase({text:?})"), got, Ok(wanted.to_owned()))?;
    }
    Ok(())
}

pub(super) async fn long_text(backend: &dyn Backend) -> Verdict {
    let text = "é<&>\n".repeat(20_000);
    let got = backend.uppercase(&Context::new(), &text).await;
    if got.as_ref().is_ok_and(|got| *got == text.to_uppercase()) {
        return Ok(());
    }
    let got = got.map(|got| format!("{} bytes of something else", got.len()));
    Err(format!("{} bytes of text gave {got:?}", text.len()))
}
