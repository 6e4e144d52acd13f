//! How this program has to be called again: what an answer proposes is said by the same person, in the
//! same place and of the same database as what it answers.

use gmbot_engine::render::Role;

use crate::options::Options;

/// How a line of the language begins.
const NAME: &str = "gmbot ";

/// The options that a proposed line needs, written for a shell.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    options: Vec<(&'static str, Option<String>)>,
}

impl Call {
    /// As it was called this time.
    pub(crate) fn new(options: &Options) -> Self {
        let given = options.flags.given().into_iter();
        let settings =
            given.map(|given| (given.flag, Some(given.value.to_string_lossy().into_owned())));
        let operator = options.operator.then_some(("--operator", None));
        Self { options: settings.chain(operator).collect() }
    }

    /// Writes the options into what is shown as a line to type.
    pub(crate) fn complete(&self, pieces: &mut [(Role, String)]) {
        for (role, text) in pieces {
            if let Some(line) = text.strip_prefix(NAME).filter(|_| *role == Role::Code) {
                *text = format!("{NAME}{}{line}", self.before(line));
            }
        }
    }

    /// What stands before a line; one that has an option of its own keeps that.
    fn before(&self, line: &str) -> String {
        let has = |flag: &str| line.split(' ').any(|word| word == flag);
        let needed = self.options.iter().filter(|(flag, _)| !has(flag));
        needed
            .map(|(flag, value)| match value {
                Some(value) => format!("{flag} {} ", quoted(value)),
                None => format!("{flag} "),
            })
            .collect()
    }
}

/// A value as one word of a shell.
fn quoted(value: &str) -> String {
    shlex::try_quote(value).map_or_else(|_has_a_nul| value.to_owned(), Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proposed_line_is_said_in_the_same_place() {
        let options = vec![
            ("--as", Some("mara".to_owned())),
            ("--in", Some("Clan F".to_owned())),
            ("--operator", None),
        ];
        let call = Call { options };
        let check = |role: Role, line: &str, expected: &str| {
            let mut pieces = [(role, line.to_owned())];
            call.complete(&mut pieces);
            assert_eq!(pieces[0].1, expected);
        };
        let confirm = "gmbot concede k3xp2 -yes";
        let whole = "gmbot --as mara --in 'Clan F' --operator concede k3xp2 -yes";
        check(Role::Code, confirm, whole);
        check(Role::Plain, confirm, confirm);
        check(Role::Code, "-type", "-type");
        let named = "gmbot --as NAME available";
        check(Role::Code, named, "gmbot --in 'Clan F' --operator --as NAME available");
        let plain = Call { options: Vec::new() };
        let mut pieces = [(Role::Code, confirm.to_owned())];
        plain.complete(&mut pieces);
        assert_eq!(pieces[0].1, confirm);
    }
}
