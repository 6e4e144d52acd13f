//! A bug to be planted: a patch, and in words what it breaks.
//!
//! The first line says what goes wrong, the second where the rule stands (a page, a colon, and words
//! of that page); a unified diff of one file follows.

use std::fs;
use std::path::{Path, PathBuf};

use crate::trouble::Trouble;

/// Where the patches lie in the project.
const FOLDER: &str = "snapshots/mutants/patches";

/// A patch that breaks one rule.
#[derive(Debug)]
pub(crate) struct Mutant {
    /// The patch's file name without its ending.
    pub(crate) name: String,
    /// What goes wrong with it.
    pub(crate) breaks: String,
    /// The page where the rule stands, and words of the rule.
    #[cfg_attr(not(test), expect(dead_code, reason = "for readers, and the test that checks it"))]
    pub(crate) rule: (PathBuf, String),
    /// The file that it changes.
    pub(crate) file: PathBuf,
    diff: String,
}

impl Mutant {
    /// All patches of the project, in order of name.
    ///
    /// # Errors
    /// When one of them can't be read.
    pub(crate) fn all(project: &Path) -> Result<Vec<Self>, Trouble> {
        let folder = project.join(FOLDER);
        let mut all = Vec::new();
        for entry in fs::read_dir(&folder).map_err(Trouble::with(&folder))? {
            let path = entry.map_err(Trouble::with(&folder))?.path();
            let text = fs::read_to_string(&path).map_err(Trouble::with(&path))?;
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            all.push(Self::parse(name, text)?);
        }
        all.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(all)
    }

    fn parse(name: String, text: String) -> Result<Self, Trouble> {
        let bad = |why: String| Trouble::BadPatch { name: name.clone(), why };
        let mut lines = text.lines();
        let breaks = lines.next().unwrap_or_default().to_owned();
        let rule = lines.next().and_then(|line| line.split_once(": "));
        let (page, words) =
            rule.ok_or_else(|| bad("its second line does not say `PAGE: WORDS`".to_owned()))?;
        let rule = (PathBuf::from(page), words.to_owned());
        let diff = diffy::Patch::from_str(&text).map_err(|error| bad(error.to_string()))?;
        let file = diff.original().and_then(|file| file.strip_prefix("a/"));
        let file = file.ok_or_else(|| bad("it names no file as `--- a/FILE`".to_owned()))?;
        Ok(Self { file: PathBuf::from(file), breaks, rule, name, diff: text })
    }

    /// The file that it changes, as it is with the bug.
    ///
    /// # Errors
    /// When the file is not what the patch expects.
    pub(crate) fn applied(&self, project: &Path) -> Result<String, Trouble> {
        let path = project.join(&self.file);
        let before = fs::read_to_string(&path).map_err(Trouble::with(&path))?;
        let rotten = |why: String| {
            let (name, file) = (self.name.clone(), self.file.clone());
            Trouble::Rotten { name, file, why }
        };
        let diff = diffy::Patch::from_str(&self.diff).map_err(|error| rotten(error.to_string()))?;
        diffy::apply(&before, &diff).map_err(|error| rotten(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Mutant> {
        Mutant::all(crate::project()).unwrap_or_else(|trouble| panic!("{trouble}"))
    }

    /// A page without its line breaks and emphasis.
    fn plain(text: &str) -> String {
        text.replace("**", "").split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn every_patch_applies() {
        for mutant in all() {
            match mutant.applied(crate::project()) {
                Ok(broken) => {
                    let file = crate::project().join(&mutant.file);
                    let before = fs::read_to_string(file).expect("it was read a moment ago");
                    assert_ne!(broken, before, "`{}` changes nothing", mutant.name);
                }
                Err(trouble) => panic!("{trouble}"),
            }
        }
    }

    #[test]
    fn every_patch_breaks_the_product_and_not_its_tests() {
        for Mutant { name, file, .. } in all() {
            assert!(file.starts_with("engine") && file.iter().any(|part| part == "src"), "{name}");
        }
    }

    #[test]
    fn every_patch_names_a_rule_that_stands_where_it_says() {
        for Mutant { name, rule: (page, words), .. } in all() {
            let text = fs::read_to_string(crate::project().join(&page));
            let text = text.unwrap_or_else(|error| panic!("`{name}`: {}: {error}", page.display()));
            let stands = plain(&text).contains(&plain(&words));
            assert!(stands, "`{name}`: `{}` does not say \"{words}\"", page.display());
        }
    }

    #[test]
    fn a_patch_that_does_not_fit_is_named() {
        let text = "It says hello.\ndocs/rules.md: a rule\n--- a/Cargo.toml\n+++ b/Cargo.toml\n\
                    @@ -1,1 +1,1 @@\n-no such line\n+hello\n";
        let mutant = Mutant::parse("hello".to_owned(), text.to_owned()).expect("it can be read");
        let trouble = mutant.applied(crate::project()).expect_err("the file has no such line");
        let start = "the patch `hello` no longer applies to `Cargo.toml`: ";
        assert!(trouble.to_string().starts_with(start), "{trouble}");
    }
}
