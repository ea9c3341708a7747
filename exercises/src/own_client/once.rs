//! What holds for a call that fails, whatever makes it fail: it was made once, and within its time.

use std::time::Duration;

use super::cases::Seen;
use super::http::Request;
use super::real;
use crate::language::Text;

/// The sheet gives a call two seconds. A client that gives up before this has not waited for them,
/// however they are counted.
const EARLIEST: Duration = Duration::from_millis(1_500);
/// The end of a program on a busy machine is in this, and no limit that is twice too long.
const LATEST: Duration = Duration::from_millis(3_900);

/// What is wrong where the call failed: standard error should tell with these words why.
pub(super) fn failed(seen: &Seen, words: &[&str]) -> Vec<Text> {
    let mut findings = real::error(&seen.ran, words);
    findings.extend(finding(&seen.requests));
    findings
}

/// What is wrong where only the time that was up could end the call.
pub(super) fn gave_up(seen: &Seen) -> Vec<Text> {
    let mut findings = failed(seen, &[]);
    // Who was ended has been told so.
    if seen.ran.status.is_some() {
        findings.extend(seen.took.and_then(out_of_time));
    }
    findings
}

fn out_of_time(took: Duration) -> Option<Text> {
    let seconds = format!("{:.1}", took.as_secs_f64());
    let segundos = seconds.replace('.', ",");
    if took < EARLIEST {
        return Some(tell!(
            "The program gave up {seconds} s after its request: a call has 2 s.",
            "O programa desistiu {segundos} s depois da requisição: uma chamada tem 2 s."
        ));
    }
    (took > LATEST).then(|| {
        tell!(
            "The program ended {seconds} s after its request: a call has 2 s.",
            "O programa terminou {segundos} s depois da requisição: uma chamada tem 2 s."
        )
    })
}

/// What is wrong with the number of requests of one call.
pub(super) fn finding(requests: &[Request]) -> Option<Text> {
    let count = requests.len();
    (count != 1).then(|| {
        tell!(
            "One call made {count} requests, and should make one.",
            "Uma chamada fez {count} requisições, e deve fazer uma."
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_of_two_seconds_is_told_from_much_more_and_much_less() {
        let told = [800, 2_000, 2_900, 5_000]
            .map(|milliseconds| out_of_time(Duration::from_millis(milliseconds)).is_some());
        assert_eq!(told, [true, false, false, true]);
    }

    #[test]
    fn one_request_is_right_and_every_other_number_is_not() {
        let told = [0, 1, 2].map(|count| finding(&vec![Request::default(); count]).is_some());
        assert_eq!(told, [true, false, true]);
    }
}
