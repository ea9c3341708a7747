//! Names that protobuf allows, made of names that JSON allows.

use std::collections::HashSet;

/// Names that are taken in one scope. Two that differ only in what [`same`] leaves aside are one:
/// compilers refuse them both.
#[derive(Debug, Default)]
pub struct Scope {
    taken: HashSet<String>,
}

impl Scope {
    /// The name, or the name with letters behind it that nobody has yet.
    pub fn unique(&mut self, name: String) -> String {
        let numbered = (2..).map(|number| format!("{name}_n{number}"));
        let free = std::iter::once(name.clone())
            .chain(numbered)
            .find(|name| !self.taken.contains(&folded(name)));
        let free = free.unwrap_or(name);
        self.take(&free);
        free
    }

    /// Keeps a name from being given.
    pub fn take(&mut self, name: &str) {
        self.taken.insert(folded(name));
    }
}

/// Whether a compiler takes two names for one: protobuf's JSON names ignoring case.
#[must_use]
pub fn same(one: &str, other: &str) -> bool {
    folded(one) == folded(other)
}

fn folded(name: &str) -> String {
    name.chars()
        .filter(|character| *character != '_')
        .flat_map(char::to_lowercase)
        .collect()
}

/// The name that protobuf's JSON gives a field that tells none.
#[must_use]
pub fn json(field: &str) -> String {
    let mut name = String::new();
    let mut after_underscore = false;
    for character in field.chars() {
        match character {
            '_' => after_underscore = true,
            letter if after_underscore => {
                name.push(letter.to_ascii_uppercase());
                after_underscore = false;
            }
            letter => name.push(letter),
        }
    }
    name
}

/// `lower_snake_case` of ASCII letters, digits and underscores, which begins with a letter.
#[must_use]
pub fn field(name: &str) -> String {
    let mut field = String::new();
    let mut after_small = false;
    for character in name.chars() {
        if character.is_ascii_uppercase() && after_small {
            field.push('_');
        }
        after_small = character.is_ascii_lowercase() || character.is_ascii_digit();
        match character {
            'a'..='z' | '0'..='9' | 'A'..='Z' => field.push(character.to_ascii_lowercase()),
            _ if field.ends_with('_') || field.is_empty() => {}
            _ => field.push('_'),
        }
    }
    let field = field.trim_end_matches('_');
    match field.chars().next() {
        None => "field".into(),
        Some('0'..='9') => format!("field_{field}"),
        Some(_) => field.to_owned(),
    }
}

/// `UpperCamelCase` of a field's name.
#[must_use]
pub fn message(field: &str) -> String {
    let words = field.split('_').filter(|word| !word.is_empty());
    let capital = |word: &str| {
        let (first, rest) = word.split_at(1);
        first.to_ascii_uppercase() + rest
    };
    words.map(capital).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_legal() {
        let names = [
            "userName",
            "e-mail",
            "HTTPServer",
            "2fa",
            "",
            "größe",
            "_x_",
            "日本",
            "a b",
        ];
        let fields: Vec<_> = names.into_iter().map(field).collect();
        assert_eq!(
            fields,
            [
                "user_name",
                "e_mail",
                "httpserver",
                "field_2fa",
                "field",
                "gr_e",
                "x",
                "field",
                "a_b"
            ]
        );
        assert_eq!(message("user_name"), "UserName");
    }

    #[test]
    fn a_name_that_a_compiler_takes_for_another_gets_a_number() {
        let mut scope = Scope::default();
        scope.take("b");
        assert_eq!(scope.unique("a".into()), "a");
        assert_eq!(scope.unique("a".into()), "a_n2");
        assert_eq!(scope.unique("b".into()), "b_n2");
        assert_eq!(scope.unique("line_1".into()), "line_1");
        assert_eq!(scope.unique("line1".into()), "line1_n2");
    }
}
