//! What a student is told of methods, status codes and header fields.

/// Of a request's target.
pub(super) const TARGET: &str = "what the method is applied to: most RPC over HTTP/1.1 has one \
    path for all calls (RFC 9112, section 3.2)";

/// Of a status line's reason.
pub(super) const REASON: &str = "for people; clients ignore it, HTTP/2 has none";

/// Of a method.
pub(super) fn method(name: &str) -> &'static str {
    match name {
        "GET" => "asks for a resource, and changes nothing (RFC 9110, section 9.3.1)",
        "HEAD" => "asks for the head alone: no body answers it (RFC 9110, section 9.3.2)",
        "POST" => {
            "gives the resource a body to process: every RPC call of XML-RPC and JSON-RPC \
            (RFC 9110, section 9.3.3)"
        }
        "PUT" => "stores the body under the target (RFC 9110, section 9.3.4)",
        "DELETE" => "removes what the target names (RFC 9110, section 9.3.5)",
        "PATCH" => "changes a part of what the target names (RFC 5789)",
        "OPTIONS" => "asks what may be done; browsers ask so before cross-origin calls",
        "CONNECT" => "asks a proxy for a tunnel (RFC 9110, section 9.3.6)",
        _ => "the method: what the client wants done (RFC 9110, section 9)",
    }
}

/// Of a status code, RFC 9110, section 15.
pub(super) fn status(code: u16) -> &'static str {
    match code {
        101 => {
            "from the next byte on, the connection speaks another protocol (RFC 9110, \
            section 15.2.2)"
        }
        100..200 => "an interim answer; the final one follows (RFC 9110, section 15.2)",
        200..300 => "it worked (for HTTP: the body may still hold an RPC error)",
        300..400 => "the answer is elsewhere (RFC 9110, section 15.4)",
        400..500 => "the client's mistake (RFC 9110, section 15.5)",
        500..600 => "the server's mistake (RFC 9110, section 15.6)",
        _ => "not a status that HTTP knows (RFC 9110, section 15)",
    }
}

/// Of a header field, by its name in lower case; empty where there is nothing to tell.
pub(super) fn field(name: &str) -> &'static str {
    match name {
        "content-length" | "transfer-encoding" | "connection" | "upgrade" | "te" | "trailer"
        | "expect" | "keep-alive" => of_connection(name),
        "sec-websocket-key"
        | "sec-websocket-accept"
        | "sec-websocket-version"
        | "sec-websocket-protocol"
        | "sec-websocket-extensions"
        | "http2-settings" => of_upgrade(name),
        _ => of_message(name),
    }
}

fn of_connection(name: &str) -> &'static str {
    match name {
        "content-length" => "how many bytes the body has (RFC 9110, section 8.6)",
        "transfer-encoding" => {
            "how the body is wrapped for this hop; chunked, its end marks itself \
            (RFC 9112, section 6.1)"
        }
        "connection" => "fields and wishes for this connection alone (RFC 9110, section 7.6.1)",
        "upgrade" => "which other protocol the connection may go on in (RFC 9110, section 7.8)",
        "te" => "which codings the client takes; `trailers` is what gRPC needs",
        "trailer" => "which fields follow the body (RFC 9110, section 6.6.2)",
        "expect" => "the client waits for `100 Continue` before it sends the body",
        _ => "how long the connection stays open between calls",
    }
}

fn of_upgrade(name: &str) -> &'static str {
    match name {
        "sec-websocket-key" => {
            "16 random bytes; the answer proves that the server understood (RFC 6455, \
            section 4.1)"
        }
        "sec-websocket-accept" => {
            "SHA-1 of the client's key and a fixed text: a server that only echoes cannot give it \
            (RFC 6455, section 4.2.2)"
        }
        "sec-websocket-version" => "always 13 (RFC 6455, section 4.1)",
        "sec-websocket-protocol" => "what the messages will carry (RFC 6455, section 1.9)",
        "sec-websocket-extensions" => {
            "what may be done to frames: permessage-deflate compresses (RFC 7692)"
        }
        _ => "the client's HTTP/2 settings, since it has not sent its preface yet",
    }
}

fn of_message(name: &str) -> &'static str {
    match name {
        "host" => "which of the server's names is meant; the one field that a request must have",
        "content-type" => "what the body is (RFC 9110, section 8.3)",
        "content-encoding" => "how the body is compressed (RFC 9110, section 8.4)",
        "accept" => "which media types the client takes",
        "accept-encoding" => "which compressions the client takes",
        "accept-language" => "which languages the reader knows",
        "user-agent" => "which program asks",
        "server" => "which program answers",
        "date" => "when the answer was made: 37 bytes of every answer",
        "authorization" => "who asks; readable by everybody on the way without TLS",
        "cookie" | "set-cookie" => "what the client is to remember and send again",
        "cache-control" => "who may keep the answer, and for how long",
        "etag" => "a name of this version of the resource",
        "location" => "where to look instead, or where the new resource is",
        "origin" => "which page's script asks; browsers set it",
        "vary" => "which request fields the answer depends on",
        "www-authenticate" => "how the client is to say who it is",
        "retry-after" => "when the client may try again",
        "allow" => "which methods the target has",
        _ if name.starts_with("access-control-") => "what other pages' scripts may do here (CORS)",
        _ => "",
    }
}
