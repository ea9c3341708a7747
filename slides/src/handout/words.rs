//! What a handout says of itself, in the language of its deck.

/// Words of a language.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words {
    pub(super) minutes: &'static str,
    /// Half a minute, after a number.
    pub(super) half: &'static str,
    pub(super) slides: &'static str,
    pub(super) notes: &'static str,
    pub(super) run: &'static str,
    pub(super) code: &'static str,
}

/// The words of a language; those of English where nobody has written others.
pub(super) fn of(language: &str) -> Words {
    match language {
        "pt-BR" => Words {
            minutes: "min",
            half: ",5",
            slides: "slides",
            notes: "Notas de quem apresenta",
            run: "Rode você mesmo:",
            code: "O código está em",
        },
        _ => Words {
            minutes: "min",
            half: ".5",
            slides: "slides",
            notes: "What the presenter says and does",
            run: "Run it yourself:",
            code: "The code is in",
        },
    }
}
