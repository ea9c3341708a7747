//! What is said, and by whom.

/// The place of the speaker among the four, and the line. What a line says of a protocol is true of
/// the room that speaks it.
pub(super) const LINES: [(usize, &str); 8] = [
    (
        0,
        "Hello! My program polls: it posts XML and asks for more.",
    ),
    (1, "Mine has a WebSocket: your line was pushed to me."),
    (2, "Mine is one call: an HTTP/2 stream, open both ways."),
    (
        3,
        "Server-sent events come down, and each of my lines is a POST.",
    ),
    (0, "Four roads. In which order do you read this?"),
    (2, "In the order that the server gave: a number a line."),
    (
        1,
        "So whoever is cut off goes on after the last number seen.",
    ),
    (
        3,
        "And says again what did not come back. Count your lines!",
    ),
];
