//! How meaning looks on the screen. Only the terminal's own sixteen colours are used, on its own
//! background, so that light and dark are what its owner chose; without colours, weight and
//! reversal carry everything.

use gmbot_engine::render::Role;
use ratatui::style::{Color, Modifier, Style};

/// How things look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Theme {
    colors: bool,
}

impl Theme {
    /// With the terminal's colours, or without any.
    pub(crate) fn new(colors: bool) -> Self {
        Self { colors }
    }

    /// Without colours.
    #[cfg(test)]
    pub(crate) fn plain() -> Self {
        Self::new(false)
    }

    fn colored(self, color: Color) -> Style {
        if self.colors { Style::new().fg(color) } else { Style::new() }
    }

    /// A piece of a reply.
    pub(crate) fn role(self, role: Role) -> Style {
        match role {
            Role::Plain | Role::User => Style::new(),
            Role::Title => self.strong(),
            Role::Label => self.quiet(),
            Role::Code => self.code(),
            Role::Person => self.person(),
            Role::War => self.war(),
            Role::Clan => self.clan(),
            Role::Time => self.colored(Color::Blue),
            Role::Hint => Style::new().add_modifier(Modifier::ITALIC),
            Role::Error => self.bad(),
            Role::Caret => self.bad().add_modifier(Modifier::BOLD),
            Role::Suggestion => self.good().add_modifier(Modifier::BOLD),
        }
    }

    /// What one reads first.
    pub(crate) fn strong(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// A row that is chosen among others: no part of it is quiet.
    pub(crate) fn raised(self) -> Style {
        self.strong().remove_modifier(Modifier::DIM)
    }

    /// What one reads last.
    pub(crate) fn quiet(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    /// What the keys go to.
    pub(crate) fn focus(self) -> Style {
        self.colored(Color::Cyan).add_modifier(Modifier::BOLD)
    }

    /// The row that is chosen.
    pub(crate) fn chosen(self, focused: bool) -> Style {
        if focused { Style::new().add_modifier(Modifier::REVERSED) } else { Style::new() }
    }

    /// Something to type.
    pub(crate) fn code(self) -> Style {
        self.colored(Color::Cyan)
    }

    /// A person.
    pub(crate) fn person(self) -> Style {
        self.colored(Color::Green)
    }

    /// A war's id.
    pub(crate) fn war(self) -> Style {
        self.colored(Color::Yellow).add_modifier(Modifier::BOLD)
    }

    /// A clan.
    pub(crate) fn clan(self) -> Style {
        self.colored(Color::Magenta)
    }

    /// What is well.
    pub(crate) fn good(self) -> Style {
        self.colored(Color::Green)
    }

    /// What will not wait.
    pub(crate) fn urgent(self) -> Style {
        self.colored(Color::Yellow).add_modifier(Modifier::BOLD)
    }

    /// What is wrong.
    pub(crate) fn bad(self) -> Style {
        self.colored(Color::Red)
    }

    /// A word that is wrong.
    pub(crate) fn wrong_word(self) -> Style {
        self.bad().add_modifier(Modifier::UNDERLINED)
    }
}
