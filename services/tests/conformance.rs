//! The oracle passes its own scenarios, guarded and not, and they catch what is wrong.

use std::sync::Arc;
use std::time::Duration;

use services::conformance::{self, Faulty, SCENARIOS, reference};
use services::{Backend, Code, Context, ServeOptions, guarded};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

fn guard(backend: Arc<dyn Backend>) -> Arc<dyn Backend> {
    guarded(backend, &ServeOptions::default(), CancellationToken::new())
}

#[tokio::test]
async fn local_passes_every_scenario() {
    assert_eq!(conformance::check(reference()).await, Ok(()));
}

#[tokio::test]
async fn a_guarded_local_passes_every_scenario() {
    assert_eq!(conformance::check(guard(reference())).await, Ok(()));
}

#[tokio::test]
async fn a_panicking_backend_passes_no_scenario_that_waits_for_an_answer() {
    let faulty = guard(Faulty::panicking());
    let failures = conformance::check(faulty).await.unwrap_err();
    let failed = |part: &str| {
        failures
            .iter()
            .any(|failure| failure.scenario.contains(part))
    };
    assert!(failed("sums") && failed("numbers come") && failed("32 calls"));
}

#[tokio::test]
async fn a_mean_that_is_not_finite_fails_the_report() {
    let failures = conformance::check(Faulty::not_finite()).await.unwrap_err();
    let failure = failures[0].to_string();
    assert!(failure.contains("the courses' report: calculate_metrics gave"));
    assert!(failure.contains("avg_cpu: inf"), "{failure}");
}

#[test]
fn scenarios_have_names_of_their_own() {
    let mut names: Vec<_> = SCENARIOS.iter().map(|scenario| scenario.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), SCENARIOS.len());
}

#[tokio::test]
async fn a_faulty_backend_tells_of_calls_that_begin_and_are_dropped() {
    let faulty = Faulty::never_answering();
    let call = {
        let faulty = guard(faulty.clone());
        tokio::spawn(async move { faulty.add(&Context::new(), 1, 2).await })
    };
    let patience = Duration::from_secs(10);
    timeout(patience, faulty.started()).await.unwrap();
    call.abort();
    timeout(patience, faulty.dropped()).await.unwrap();
}

#[tokio::test]
async fn a_backend_that_never_answers_meets_the_deadline() {
    let faulty = guard(Faulty::never_answering());
    let context = Context::with_timeout(Duration::from_millis(20));
    let error = faulty.say_hello(&context, 1).await.unwrap_err();
    assert_eq!(error.code(), Code::DeadlineExceeded);
}

#[cfg(feature = "properties")]
#[test]
fn a_guarded_local_has_every_property() {
    use services::conformance::properties::{Text, check};
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for text in [Text::Any, Text::Xml] {
        check(runtime.handle(), guard(reference()), text);
    }
}
