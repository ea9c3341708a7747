//! A small repository with a deck in two languages in which nothing is wrong, to break one thing of.

#![allow(dead_code, reason = "each file of tests uses a part")]

use std::fs;
use std::path::Path;

use slides::check::{self, Selection};
use slides::handout;
use tempfile::TempDir;

use crate::peers::Peer;

const DECK: &str = "---
title: Small
minutes: 2
---

Code
===

<!-- minutes: 1 -->
<!-- topics: code -->
<!--
speaker_note: |
  Say it.
-->

What the room reads.

```region
a.rs add
```

<!-- end_slide -->

Demo
===

<!-- minutes: 1 -->
<!-- topics: demo -->
<!--
speaker_note: |
  Run it.
-->

```demo
call
```
";

const DEMO: &str = "# It adds.\n# expect: 5 + 3 = 8\n# masks: durations\necho '5 + 3 = 8 in 2 ms'\necho '<b>&lt; 92 bytes'\n";
const TAPE: &str = "# A tape.\n# date: 2026-11-21\n# masks: durations\n---\n5 + 3 = 8 in 17 ms\n<b>&lt; 92 bytes\n";
const THEME: &str = "extends: dark\nfooter:\n  style: template\n  right: \"{current_slide}\"\n";

/// Where the class is in the repository.
pub(crate) const ENGLISH: &str = "slides/en/what-is-rpc.md";
pub(crate) const PORTUGUESE: &str = "slides/pt-BR/what-is-rpc.md";
pub(crate) const SCRIPT: &str = "slides/demos/call.sh";
pub(crate) const RECORDED: &str = "slides/demos/call.tape";

/// A repository that ends with the test.
pub(crate) struct House(TempDir);

impl House {
    /// One in which nothing is wrong.
    pub(crate) fn new() -> Self {
        let house = Self(tempfile::tempdir().expect("a temporary folder"));
        let run = Path::new(env!("CARGO_MANIFEST_DIR")).join("run");
        let run = fs::read_to_string(run).expect("the runner is there");
        for (file, text) in [
            (ENGLISH, DECK),
            (PORTUGUESE, DECK),
            (SCRIPT, DEMO),
            (RECORDED, TAPE),
            ("slides/run", &run),
            ("slides/theme.yaml", THEME),
            (
                "slides/topics.txt",
                "code what is shown\ndemo what is run\n",
            ),
            (
                "a.rs",
                "// region: add\nfn add(a: &i64) -> Option<&i64> {\n    Some(a)\n}\n// endregion: add\n",
            ),
        ] {
            house.write(file, text);
        }
        house
    }

    /// With presenterm in it; `None`, said aloud, where it is not installed.
    pub(crate) fn with_presenterm() -> Option<Self> {
        let presenterm = Peer::tool("presenterm")?;
        let house = Self::new();
        let folder = house.root().join("peers/.installed/bin");
        fs::create_dir_all(&folder).expect("a folder");
        std::os::unix::fs::symlink(presenterm.program(), folder.join("presenterm"))
            .expect("a link");
        house.hand_out();
        Some(house)
    }

    /// Writes the handouts anew.
    pub(crate) fn hand_out(&self) {
        handout::run(self.root(), Selection::default()).expect("it is drawn");
    }

    pub(crate) fn root(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        let file = self.root().join(file);
        fs::create_dir_all(file.parent().expect("it has a folder")).expect("a folder");
        fs::write(file, text).expect("a file");
    }

    /// Replaces a text that is there in a file.
    pub(crate) fn change(self, file: &str, from: &str, to: &str) -> Self {
        let text = fs::read_to_string(self.root().join(file)).expect("the file is there");
        assert!(text.contains(from), "{file} lacks {from:?}");
        self.write(file, &text.replace(from, to));
        self
    }

    /// The same in both languages.
    pub(crate) fn change_decks(self, from: &str, to: &str) -> Self {
        self.change(ENGLISH, from, to).change(PORTUGUESE, from, to)
    }

    pub(crate) fn remove(self, file: &str) -> Self {
        fs::remove_file(self.root().join(file)).expect("the file is there");
        self
    }

    /// What is told without running anything.
    pub(crate) fn statics(&self) -> Vec<String> {
        let faults = check::statics(self.root(), Selection::default()).expect("it is a house");
        faults.iter().map(ToString::to_string).collect()
    }

    /// What is told after all was run and, where there is presenterm, drawn.
    pub(crate) fn whole(&self) -> Vec<String> {
        let report = check::look(self.root(), Selection::default()).expect("it is a house");
        let faults = report.faults().iter().map(ToString::to_string);
        // A change of a deck or a tape changes its handout, of which only one test is.
        faults.filter(|it| !it.contains("handouts")).collect()
    }
}

/// Faults with all these words are told, one a language.
#[track_caller]
pub(crate) fn told(faults: &[String], words: &[&str]) {
    for word in words {
        assert!(
            faults.iter().any(|it| it.contains(word)),
            "{word} in {faults:#?}"
        );
    }
    assert!(faults.len() <= 2, "one a language: {faults:#?}");
}
