//! Which hosts and origins a server answers. A page in a browser can post to any address that the
//! browser reaches: a name of its own that points to 127.0.0.1 (DNS rebinding) shows in `Host`, a
//! request across sites in `Origin`.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use http::{HeaderMap, HeaderValue, Uri, header};
use services::ServeOptions;
use services::error::excerpt;

/// Why a request gets status 403.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Forbidden {
    /// The request names a host that this server is not.
    Host(String),
    /// The request comes from another site's page.
    Origin(String),
}

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host(host) => {
                let host = excerpt(host);
                write!(
                    f,
                    "host \"{host}\" is not served here: allow it (--allow-host)"
                )
            }
            Self::Origin(origin) => {
                let origin = excerpt(origin);
                write!(
                    f,
                    "origin \"{origin}\" may not call: allow it (--allow-origin)"
                )
            }
        }
    }
}

impl std::error::Error for Forbidden {}

/// Whether a server bound to `local` answers that request.
///
/// Hosts are checked where `local` is a loopback address: each that the request names (the
/// authority of its target, which is HTTP/2's `:authority`, and `Host`) is `localhost`, of
/// 127.0.0.0/8, `[::1]`, or among `options.allowed_hosts`; the port does not count. A request that
/// names none passes, as HTTP/1.0 allows: every browser names one.
/// An `Origin` passes where it is absent, of the request's own host, or among
/// `options.allowed_origins`.
///
/// # Errors
/// [`Forbidden`], which says what to allow.
pub fn allowed(
    headers: &HeaderMap,
    uri: &Uri,
    local: SocketAddr,
    options: &ServeOptions,
) -> Result<(), Forbidden> {
    if local.ip().to_canonical().is_loopback() {
        for host in hosts(headers, uri) {
            host_allowed(&host, options)?;
        }
    }
    match headers.get(header::ORIGIN) {
        None => Ok(()),
        Some(origin) => origin_allowed(&text(origin), headers, uri, options),
    }
}

type Text<'a> = std::borrow::Cow<'a, str>;

fn text(value: &HeaderValue) -> Text<'_> {
    String::from_utf8_lossy(value.as_bytes())
}

fn hosts<'a>(headers: &'a HeaderMap, uri: &'a Uri) -> impl Iterator<Item = Text<'a>> {
    let target = uri.authority().map(|authority| authority.as_str().into());
    let named = headers.get_all(header::HOST).iter().map(text);
    target.into_iter().chain(named)
}

fn host_allowed(host: &str, options: &ServeOptions) -> Result<(), Forbidden> {
    let asked = name(host);
    let listed = |host: &String| name(host).eq_ignore_ascii_case(asked);
    if is_loopback(asked) || options.allowed_hosts.iter().any(listed) {
        return Ok(());
    }
    Err(Forbidden::Host(host.to_owned()))
}

fn origin_allowed(
    origin: &str,
    headers: &HeaderMap,
    uri: &Uri,
    options: &ServeOptions,
) -> Result<(), Forbidden> {
    let listed = |allowed: &String| allowed.eq_ignore_ascii_case(origin);
    let site = origin
        .split_once("://")
        .map(|(_, authority)| name(authority));
    let own = |host: Text<'_>| site.is_some_and(|site| site.eq_ignore_ascii_case(name(&host)));
    if options.allowed_origins.iter().any(listed) || hosts(headers, uri).any(own) {
        return Ok(());
    }
    Err(Forbidden::Origin(origin.to_owned()))
}

/// The name of `name:port`, where a name may be an IPv6 address in brackets, which it keeps.
fn name(authority: &str) -> &str {
    let end = match authority.find(']') {
        Some(bracket) if authority.starts_with('[') => bracket + 1,
        _ => authority.find(':').unwrap_or(authority.len()),
    };
    &authority[..end]
}

fn is_loopback(name: &str) -> bool {
    let inner = name
        .strip_prefix('[')
        .and_then(|name| name.strip_suffix(']'));
    let address = inner.unwrap_or(name).parse::<IpAddr>();
    name.eq_ignore_ascii_case("localhost")
        || address.is_ok_and(|address| address.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOPBACK: ([u8; 4], u16) = ([127, 0, 0, 1], 8_000);

    fn asked(host: &str, origin: Option<&str>, local: SocketAddr) -> Result<(), Forbidden> {
        let options = ServeOptions {
            allowed_hosts: vec!["class.example:8000".into(), "[2001:db8::1]".into()],
            allowed_origins: vec!["https://Slides.example".into()],
            ..ServeOptions::default()
        };
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_str(host).unwrap());
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, HeaderValue::from_str(origin).unwrap());
        }
        allowed(&headers, &Uri::from_static("/"), local, &options)
    }

    #[test]
    fn a_loopback_server_answers_to_its_own_names_and_the_allowed() {
        for host in [
            "localhost",
            "LocalHost:9000",
            "127.0.0.1:1",
            "127.8.8.8",
            "[::1]:8000",
            "[0:0:0:0:0:0:0:1]",
            "[::ffff:127.0.0.1]",
            "CLASS.example",
            "class.example:1",
            "[2001:db8::1]:80",
        ] {
            assert_eq!(asked(host, None, LOOPBACK.into()), Ok(()), "{host}");
        }
    }

    #[test]
    fn a_loopback_server_refuses_other_names() {
        for host in [
            "",
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "[::2]",
            "[::1",
            "10.0.0.1",
            "localhost@evil",
        ] {
            let refused = Err(Forbidden::Host(host.into()));
            assert_eq!(asked(host, None, LOOPBACK.into()), refused, "{host}");
        }
    }

    #[test]
    fn a_public_server_answers_to_any_name() {
        let public = SocketAddr::from(([0, 0, 0, 0], 8_000));
        assert_eq!(asked("any.example", None, public), Ok(()));
    }

    #[test]
    fn every_host_of_a_request_is_checked() {
        let options = ServeOptions::default();
        let local = LOOPBACK.into();
        let mut headers = HeaderMap::new();
        let check = |headers: &HeaderMap, uri| {
            allowed(headers, &Uri::from_static(uri), local, &options).is_ok()
        };
        assert!(check(&headers, "/"), "HTTP/1.0 may name none");
        assert!(!check(&headers, "http://evil.example/"));
        headers.append(header::HOST, HeaderValue::from_static("localhost"));
        assert!(check(&headers, "http://127.0.0.1:8000/"));
        assert!(!check(&headers, "http://evil.example/"));
        headers.append(header::HOST, HeaderValue::from_static("evil.example"));
        assert!(!check(&headers, "/"));
    }

    #[test]
    fn origins_pass_when_they_are_the_own_host_or_allowed() {
        let public = SocketAddr::from(([0, 0, 0, 0], 8_000));
        let from = |origin| asked("class.example:8000", Some(origin), public).is_ok();
        assert!(from("http://class.example:3000"));
        assert!(from("http://CLASS.example"));
        assert!(from("https://slides.example"));
        for alien in [
            "null",
            "",
            "http://evil.example",
            "https://slides.example.evil",
            "class.example",
        ] {
            assert!(!from(alien), "{alien}");
        }
    }

    #[test]
    fn the_text_is_escaped_and_says_what_to_do() {
        let text = Forbidden::Host("a\u{1b}b".into()).to_string();
        assert_eq!(
            text,
            "host \"a\\u{1b}b\" is not served here: allow it (--allow-host)"
        );
    }
}
