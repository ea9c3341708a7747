//! Cross-origin resource sharing (WHATWG Fetch, section 3.2): what lets a page of another origin
//! read an answer. Who may call at all is decided before, by [`allowed`](crate::http::allowed):
//! what is said here is said to origins that passed. Answers carry no cookies, and none are asked
//! for.

use http::{HeaderMap, HeaderValue, Method, header};

/// How long a browser may remember a preflight, in seconds: what Chromium remembers at most.
const MAX_AGE: HeaderValue = HeaderValue::from_static("7200");

/// The headers of the answer to a preflight, which has status 204 and no body; `None` for any other
/// request. Every method and header that is asked for is allowed: the request that follows is
/// judged like one without a browser.
#[must_use]
pub fn preflight(method: &Method, headers: &HeaderMap) -> Option<HeaderMap> {
    let origin = headers.get(header::ORIGIN)?;
    let asked = headers.get(header::ACCESS_CONTROL_REQUEST_METHOD)?;
    if method != Method::OPTIONS {
        return None;
    }
    let mut answer = HeaderMap::new();
    answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    answer.insert(header::ACCESS_CONTROL_ALLOW_METHODS, asked.clone());
    if let Some(asked) = headers.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
        answer.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, asked.clone());
    }
    answer.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    answer.insert(header::VARY, varying());
    Some(answer)
}

/// Lets a page of that origin, where the request named one, read the answer and all its headers.
pub fn share(origin: Option<HeaderValue>, answer: &mut HeaderMap) {
    let Some(origin) = origin else { return };
    answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    let all = HeaderValue::from_static("*");
    answer.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, all);
    answer.append(header::VARY, varying());
}

/// What a cache has to tell answers apart by.
fn varying() -> HeaderValue {
    header::ORIGIN.into()
}

#[cfg(test)]
mod tests {
    use http::HeaderName;

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pairs = pairs.iter().map(|(name, value)| {
            let name = HeaderName::from_static(name);
            (name, HeaderValue::from_static(value))
        });
        pairs.collect()
    }

    #[test]
    fn a_preflight_is_allowed_what_it_asks_for() {
        let asked = headers(&[
            ("origin", "https://slides.example"),
            ("access-control-request-method", "PATCH"),
            ("access-control-request-headers", "content-type,if-match"),
        ]);
        let wanted = headers(&[
            ("access-control-allow-origin", "https://slides.example"),
            ("access-control-allow-methods", "PATCH"),
            ("access-control-allow-headers", "content-type,if-match"),
            ("access-control-max-age", "7200"),
            ("vary", "origin"),
        ]);
        assert_eq!(preflight(&Method::OPTIONS, &asked), Some(wanted));
        assert_eq!(preflight(&Method::POST, &asked), None);
    }

    #[test]
    fn other_requests_are_no_preflights() {
        for other in [
            headers(&[]),
            headers(&[("origin", "https://slides.example")]),
            headers(&[("access-control-request-method", "PATCH")]),
        ] {
            assert_eq!(preflight(&Method::OPTIONS, &other), None);
        }
    }

    #[test]
    fn an_answer_is_shared_with_the_origin_that_asked_and_nobody_else() {
        let mut answer = headers(&[("content-type", "application/json")]);
        share(None, &mut answer);
        assert_eq!(answer.len(), 1);
        share(Some(HeaderValue::from_static("null")), &mut answer);
        assert_eq!(answer["access-control-allow-origin"], "null");
        assert_eq!(answer["access-control-expose-headers"], "*");
        assert_eq!(answer["vary"], "origin");
    }
}
