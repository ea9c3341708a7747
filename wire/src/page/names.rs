//! Fields under one name in every protocol: what XML-RPC calls `params.0` is `a` in JSON and in
//! protobuf.

use std::collections::BTreeMap;

/// What the caller calls the parameters of the call, so that their bytes are found in protocols that
/// send them by position.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldNames {
    /// In the order of the call: `["a", "b"]`. Positions past the end keep the name `params.N`.
    pub parameters: Vec<String>,
}

/// The word for an answer that is one value, and so has no name of its own in some protocols.
const RESULT: &str = "result";
/// Beside what a notification of JSON-RPC tells; `unwrapped` leaves its last part.
const SUBSCRIPTION: &str = "params.subscription";

impl FieldNames {
    /// What a value of a request is called, by the path that its dissector found:
    /// `params.0` → `a`, `params.0.roles.1` → `a.roles.1`, `params.a` → `a`, `a` → `a`.
    #[must_use]
    pub fn parameter(&self, path: &str) -> String {
        let Some(rest) = path.strip_prefix("params.") else {
            return path.to_owned();
        };
        let (first, below) = split(rest);
        let Ok(position) = first.parse::<usize>() else {
            return rest.to_owned();
        };
        match (self.parameters.get(position), below) {
            (None, _) => path.to_owned(),
            (Some(name), "") => name.clone(),
            (Some(name), below) => format!("{name}.{below}"),
        }
    }

    /// What the values of answers are called: for each call, for each message of its answer, by
    /// their paths. The envelope's part is taken off (`params.0.X` and `result.X` → `X`), then one
    /// member that holds all the others (`user.name`, `user.id` → `name`, `id`), since protocols
    /// differ in whether they have one. Where the answer of one call is a value without a name, the
    /// lone values that answer the others are `result` as it is. Faults are `error.code` and
    /// `error.message` everywhere.
    #[must_use]
    pub fn answers<'a>(&self, calls: &[Vec<Vec<&'a str>>]) -> Vec<Vec<BTreeMap<&'a str, String>>> {
        let is_bare = |call: &Vec<Vec<&str>>| match &call[..] {
            [message] => matches!(message[..], [path] if unwrapped(path).is_empty()),
            _ => false,
        };
        let bare = calls.iter().any(is_bare).then_some(RESULT);
        let named = calls.iter().map(|messages| {
            let lone = bare.filter(|_| messages.len() == 1);
            let named = messages.iter().map(|paths| answer(paths, lone));
            named.collect()
        });
        named.collect()
    }
}

/// One message's names; a lone value without members below it is called `lone`, if that is given.
fn answer<'a>(paths: &[&'a str], lone: Option<&str>) -> BTreeMap<&'a str, String> {
    let whole = common_member(paths);
    let name = |path: &'a str| match (split(unwrapped(path)), lone) {
        ((first, ""), Some(lone)) if whole == Some(first) => lone.to_owned(),
        ((first, below), _) if whole == Some(first) && !below.is_empty() => named(below),
        _ => named(unwrapped(path)),
    };
    paths.iter().map(|path| (*path, name(path))).collect()
}

/// Without what only the envelope says.
fn unwrapped(path: &str) -> &str {
    let (first, below) = split(path);
    match first {
        RESULT => below,
        // XML-RPC's answer is its only parameter; a notification of JSON-RPC has named ones.
        "params" => match split(below) {
            ("0" | RESULT, below) => below,
            _ => below,
        },
        _ => path,
    }
}

/// The member below which all of these stand; a list's index is none, and a notification's number of
/// its subscription stands beside what it tells.
fn common_member<'a>(paths: &[&'a str]) -> Option<&'a str> {
    let told = paths.iter().filter(|path| **path != SUBSCRIPTION);
    let mut firsts = told.map(|path| split(unwrapped(path)).0);
    let first = firsts.next()?;
    let is_member = !first.is_empty() && first != "error" && first != "fault" && !is_index(first);
    let shared = is_member && firsts.all(|other| other == first);
    shared.then_some(first)
}

fn named(path: &str) -> String {
    match path {
        "" => RESULT.to_owned(),
        "fault.faultCode" => "error.code".to_owned(),
        "fault.faultString" => "error.message".to_owned(),
        path => path.to_owned(),
    }
}

fn is_index(segment: &str) -> bool {
    segment.bytes().all(|byte| byte.is_ascii_digit())
}

/// The first member or index, and what stands below it.
fn split(path: &str) -> (&str, &str) {
    path.split_once('.').unwrap_or((path, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> FieldNames {
        FieldNames {
            parameters: vec!["a".to_owned(), "user".to_owned()],
        }
    }

    /// Names of one answer, beside others that are one value without a name, and alone.
    fn answer(paths: &[&str], beside: &[&str]) -> Vec<String> {
        let answers = [vec![paths.to_vec()], vec![beside.to_vec()]];
        let named = names().answers(&answers);
        paths.iter().map(|path| named[0][0][path].clone()).collect()
    }

    #[test]
    fn a_parameter_has_one_name_by_position_by_name_and_bare() {
        for path in ["params.0", "params.a", "a"] {
            assert_eq!(names().parameter(path), "a", "{path}");
        }
    }

    #[test]
    fn what_stands_in_a_parameter_keeps_its_place() {
        assert_eq!(names().parameter("params.1.roles.0"), "user.roles.0");
        assert_eq!(names().parameter("params.user.roles.0"), "user.roles.0");
        assert_eq!(names().parameter("params.0.2"), "a.2");
    }

    #[test]
    fn a_position_without_a_name_stays_a_position() {
        assert_eq!(names().parameter("params.2"), "params.2");
        assert_eq!(names().parameter("params"), "params");
    }

    #[test]
    fn a_lone_answer_is_the_result_where_another_protocol_gives_it_no_name() {
        for path in [
            "params.0",
            "result",
            "retval",
            "result.message",
            "params.result",
        ] {
            assert_eq!(answer(&[path], &["params.0"]), ["result"], "{path}");
        }
    }

    #[test]
    fn a_lone_member_keeps_its_name_beside_answers_with_more() {
        let beside = ["result.healthy", "result.message"];
        assert_eq!(answer(&["healthy"], &beside), ["healthy"]);
        assert_eq!(answer(&["params.0.healthy"], &beside), ["healthy"]);
    }

    #[test]
    fn members_of_an_answer_lose_the_envelope_and_the_one_member_around_them() {
        let wanted = ["id", "roles.0"];
        for paths in [
            ["params.0.id", "params.0.roles.0"],
            ["result.id", "result.roles.0"],
            ["usuario.id", "usuario.roles.0"],
            ["result.usuario.id", "result.usuario.roles.0"],
            ["id", "roles.0"],
        ] {
            assert_eq!(answer(&paths, &[]), wanted, "{paths:?}");
        }
    }

    #[test]
    fn what_a_notification_tells_is_named_without_its_envelope() {
        let item = [
            "params.subscription",
            "params.result.item.n",
            "params.result.item.text",
        ];
        assert_eq!(answer(&item, &["result"]), ["subscription", "n", "text"]);
    }

    #[test]
    fn the_items_of_a_stream_keep_their_names_beside_a_bare_first_answer() {
        let streams = [
            vec![vec!["n"], vec!["n"]],
            vec![vec!["result"], vec!["params.result.n"]],
        ];
        let named = names().answers(&streams);
        assert_eq!(named[0][1]["n"], "n");
        assert_eq!(named[1][1]["params.result.n"], "n");
    }

    #[test]
    fn lists_keep_their_index() {
        for paths in [
            ["params.0.0.id", "params.0.1.id"],
            ["result.0.id", "result.1.id"],
            ["usuarios.0.id", "usuarios.1.id"],
        ] {
            assert_eq!(answer(&paths, &[]), ["0.id", "1.id"], "{paths:?}");
        }
    }

    #[test]
    fn faults_and_errors_have_the_same_names() {
        let wanted = ["error.code", "error.message"];
        assert_eq!(
            answer(&["fault.faultCode", "fault.faultString"], &[]),
            wanted
        );
        assert_eq!(answer(&["error.code", "error.message"], &[]), wanted);
    }
}
