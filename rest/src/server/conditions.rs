//! Entity tags and the conditions that name them (RFC 9110, sections 8.8.3 and 13).

use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use sha2::{Digest, Sha256};

/// Bytes of the hash in a tag: enough that no two representations share one.
const TAG_BYTES: usize = 16;

/// What the conditions of a request say of the representation that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Go on.
    Holds,
    /// The caller has it already: 304.
    NotModified,
    /// It is not what the caller means: 412.
    Fails,
}

/// The strong tag of a representation: a hash of its bytes.
pub(super) fn tag(representation: &[u8]) -> HeaderValue {
    let hash = Sha256::digest(representation);
    let digits: String = hash[..TAG_BYTES]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    HeaderValue::from_str(&format!("\"{digits}\"")).expect("digits in quotes are a header")
}

pub(super) fn has_conditions(headers: &HeaderMap) -> bool {
    headers.contains_key(header::IF_MATCH) || headers.contains_key(header::IF_NONE_MATCH)
}

/// What the conditions say of the representation of that tag, in the order of RFC 9110, section
/// 13.2.2. Times are no conditions here: users have none.
pub(super) fn verdict(method: &Method, headers: &HeaderMap, tag: &HeaderValue) -> Verdict {
    if headers.contains_key(header::IF_MATCH) && !names(headers, &header::IF_MATCH, tag, Weak::No) {
        return Verdict::Fails;
    }
    if !names(headers, &header::IF_NONE_MATCH, tag, Weak::Too) {
        return Verdict::Holds;
    }
    match *method {
        Method::GET | Method::HEAD => Verdict::NotModified,
        _ => Verdict::Fails,
    }
}

/// Whether a weak tag is compared by what follows its `W/` (RFC 9110, section 8.8.3.2).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Weak {
    No,
    Too,
}

/// Whether one of a header's tags, or its star, means that one.
fn names(headers: &HeaderMap, name: &HeaderName, tag: &HeaderValue, weak: Weak) -> bool {
    headers.get_all(name).iter().any(|list| {
        let list = list.as_bytes().trim_ascii();
        list == b"*"
            || tags(list).any(|(is_weak, listed)| {
                (weak == Weak::Too || !is_weak) && listed == tag.as_bytes()
            })
    })
}

/// The tags of a list with their quotes, and whether each is weak. What is no tag ends the list.
fn tags(list: &[u8]) -> impl Iterator<Item = (bool, &[u8])> {
    let mut rest = list;
    std::iter::from_fn(move || {
        while let [b',' | b' ' | b'\t', after @ ..] = rest {
            rest = after;
        }
        let strong = rest.strip_prefix(b"W/");
        let quoted = strong.unwrap_or(rest);
        let inside = quoted.strip_prefix(b"\"")?;
        let length = inside.iter().position(|byte| *byte == b'"')? + 2;
        let (tag, after) = quoted.split_at(length);
        rest = after;
        Some((strong.is_some(), tag))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(method: &Method, name: HeaderName, list: &'static str) -> Verdict {
        let headers = HeaderMap::from_iter([(name, HeaderValue::from_static(list))]);
        assert!(has_conditions(&headers));
        verdict(method, &headers, &HeaderValue::from_static("\"a,b\""))
    }

    #[test]
    fn if_none_match_spares_what_the_caller_has() {
        for list in [
            "\"a,b\"",
            "W/\"a,b\"",
            "*",
            " \"x\" ,, \"a,b\"",
            "\"x\",W/\"a,b\", \"y\"",
        ] {
            let verdict = judged(&Method::GET, header::IF_NONE_MATCH, list);
            assert_eq!(verdict, Verdict::NotModified, "{list}");
            let verdict = judged(&Method::PATCH, header::IF_NONE_MATCH, list);
            assert_eq!(verdict, Verdict::Fails, "{list}");
        }
        for list in ["", "\"a\"", "a,b", "\"a,b", "x, \"a,b\""] {
            let verdict = judged(&Method::GET, header::IF_NONE_MATCH, list);
            assert_eq!(verdict, Verdict::Holds, "{list}");
        }
    }

    #[test]
    fn if_match_wants_a_strong_tag_that_is_the_same() {
        for list in ["\"a,b\"", "*", "\"x\", \"a,b\""] {
            let verdict = judged(&Method::PATCH, header::IF_MATCH, list);
            assert_eq!(verdict, Verdict::Holds, "{list}");
        }
        for list in ["W/\"a,b\"", "\"x\"", "", "nonsense"] {
            let verdict = judged(&Method::PATCH, header::IF_MATCH, list);
            assert_eq!(verdict, Verdict::Fails, "{list}");
        }
    }

    #[test]
    fn without_conditions_everything_holds() {
        let tag = tag(b"{}");
        assert_eq!(tag, "\"44136fa355b3678a1146ad16f7e8649e\"");
        let verdict = verdict(&Method::GET, &HeaderMap::new(), &tag);
        assert_eq!(verdict, Verdict::Holds);
    }
}
