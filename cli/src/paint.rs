//! How meaning looks: the only place that knows colours.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use gmbot_engine::render::Role;

/// How a piece of a reply looks.
fn style(role: Role) -> Style {
    match role {
        Role::Plain | Role::User => Style::new(),
        Role::Title => Style::new().bold(),
        Role::Label => Style::new().dimmed(),
        Role::Code => AnsiColor::Cyan.on_default(),
        Role::Person => AnsiColor::Green.on_default(),
        Role::War => AnsiColor::Yellow.on_default().bold(),
        Role::Clan => AnsiColor::Magenta.on_default(),
        Role::Time => AnsiColor::Blue.on_default(),
        Role::Hint => Style::new().italic(),
        Role::Error => AnsiColor::Red.on_default(),
        Role::Caret => AnsiColor::Red.on_default().bold(),
        Role::Suggestion => AnsiColor::Green.on_default().bold(),
    }
}

/// Writes pieces with their colours, and a line end.
pub(crate) fn write(to: &mut dyn Write, pieces: &[(Role, String)]) -> io::Result<()> {
    for (role, text) in pieces {
        let style = style(*role);
        write!(to, "{style}{text}{style:#}")?;
    }
    writeln!(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_take_nothing_from_the_text() {
        use Role::*;
        const ROLES: [Role; 13] = [
            Plain, Title, Label, Code, Person, War, Clan, Time, User, Hint, Error, Caret,
            Suggestion,
        ];
        let pieces = ROLES.map(|role| (role, format!("{role:?} 漢 \n  ^^ ")));
        let mut painted = Vec::new();
        write(&mut painted, &pieces).unwrap();
        let painted = String::from_utf8(painted).unwrap();
        let plain: String = pieces.into_iter().map(|(_, text)| text).collect();
        assert_ne!(painted, format!("{plain}\n"));
        assert_eq!(anstream::adapter::strip_str(&painted).to_string(), format!("{plain}\n"));
    }
}
