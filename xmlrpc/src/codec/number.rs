//! Doubles in decimal, without an exponent, as short as reads back the same.

use std::fmt::Write;

/// Numbers of at most four decimals are what people measure and send.
const SCALE: f64 = 10_000.0;

/// Below this a whole number of ten-thousandths has at most 15 digits.
const FEW_DIGITS: f64 = 1e15;

/// Appends a finite double.
///
/// Two decimals of at most 15 significant digits are never the same double (IEEE 754's
/// `DBL_DIG`), so where a double is such a decimal, that is its shortest form, and an integer is
/// written instead of a search made. Everything else is left to Rust's `Display`,
/// which is the shortest form by its contract.
pub(super) fn push_double(out: &mut String, number: f64) {
    let scaled = (number * SCALE).round();
    let is_short = scaled.abs() < FEW_DIGITS && scaled / SCALE == number;
    if !is_short || (number == 0.0 && number.is_sign_negative()) {
        write!(out, "{number}").expect("a String takes all text");
        return;
    }
    if number < 0.0 {
        out.push('-');
    }
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is whole, not negative, and below 10^15"
    )]
    let scaled = scaled.abs() as u64;
    push_integer(out, scaled / 10_000);
    push_decimals(out, scaled % 10_000);
}

fn push_decimals(out: &mut String, ten_thousandths: u64) {
    if ten_thousandths == 0 {
        return;
    }
    let digit = |place: u64| char::from(b'0' + (ten_thousandths / place % 10) as u8);
    out.push('.');
    for place in [1_000, 100, 10, 1] {
        out.push(digit(place));
        if ten_thousandths.is_multiple_of(place) {
            return;
        }
    }
}

fn push_integer(out: &mut String, number: u64) {
    let mut digits = [0; 20];
    let mut start = digits.len();
    let mut rest = number;
    loop {
        start -= 1;
        digits[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.push_str(std::str::from_utf8(&digits[start..]).expect("digits are ASCII"));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(number: f64) -> String {
        let mut out = String::new();
        push_double(&mut out, number);
        out
    }

    #[test]
    fn doubles_have_no_exponent() {
        assert_eq!(written(1e20), "100000000000000000000");
        assert_eq!(written(1.5e-7), "0.00000015");
        assert_eq!(written(-0.0), "-0");
        assert_eq!(written(45.67), "45.67");
        assert_eq!(written(-3.0), "-3");
        assert_eq!(written(0.0001), "0.0001");
        assert_eq!(written(99_999_999_999.999_9), "99999999999.9999");
    }

    proptest! {
        #[test]
        fn any_double_is_as_rust_writes_it(number in proptest::num::f64::NORMAL | proptest::num::f64::SUBNORMAL) {
            prop_assert_eq!(written(number), number.to_string());
        }

        #[test]
        fn short_decimals_are_as_rust_writes_them(units in -10_000_000_000_i64..10_000_000_000, scale in 0..6) {
            let number = units as f64 / 10_f64.powi(scale);
            prop_assert_eq!(written(number), number.to_string());
        }
    }
}
