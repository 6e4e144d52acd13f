//! All keys, as a table: what is pressed, where it counts, what it does. The update, the screen of
//! keys and `docs/tui.md` read the same rows.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use tui_input::InputRequest;

/// Where the keys go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Whatever is on the screen.
    Anywhere,
    /// The panels, while nothing is written in the command line.
    Panels,
    /// The command line, while something is written in it.
    Line,
    /// A menu or a form.
    Dialog,
}

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    /// End the program.
    Quit,
    /// Clear the line; end the program if there is none.
    ClearOrQuit,
    /// Draw everything anew.
    Redraw,
    /// Show all keys.
    ShowKeys,
    /// Show how the clan's glory went.
    ShowGlory,
    /// Close what is in front: the dialog, the answer, the page.
    Close,
    /// Go to the next panel.
    NextPanel,
    /// Go to the panel before.
    PreviousPanel,
    /// Choose the row above, or scroll there.
    Up,
    /// Choose the row below, or scroll there.
    Down,
    /// Choose the first row.
    First,
    /// Choose the last row.
    Last,
    /// Say what can be done with the row.
    Open,
    /// Press an action of the answer, by its number.
    Press(u8),
    /// Scroll the answer or the page up.
    PageUp,
    /// Scroll the answer or the page down.
    PageDown,
    /// Run the line.
    Send,
    /// Put the next choice into the line.
    Complete,
    /// Put the choice before into the line.
    CompleteBack,
    /// Bring back an earlier line.
    Earlier,
    /// Bring back a later line.
    Later,
    /// Change the line.
    Edit(InputRequest),
    /// Pick the row, or put it back.
    Pick,
    /// Take what is chosen; what runs is what the line shows.
    Take,
    /// Write the line that is shown into the command line, to be changed there.
    ToLine,
}

/// A row of the table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Binding {
    /// Where it counts.
    pub(crate) place: Place,
    code: KeyCode,
    modifiers: KeyModifiers,
    pub(crate) deed: Deed,
    /// What it does, in a few words.
    pub(crate) help: &'static str,
}

const fn key(place: Place, code: KeyCode, deed: Deed, help: &'static str) -> Binding {
    Binding { place, code, modifiers: KeyModifiers::NONE, deed, help }
}

const fn ctrl(place: Place, letter: char, deed: Deed, help: &'static str) -> Binding {
    Binding { place, code: Char(letter), modifiers: KeyModifiers::CONTROL, deed, help }
}

use Deed::{
    ClearOrQuit, Close, Complete, CompleteBack, Earlier, Edit, First, Last, Later, NextPanel, Open,
    PageDown, PageUp, Pick, Press, PreviousPanel, Quit, Redraw, Send, ShowGlory, ShowKeys, Take,
    ToLine,
};
use InputRequest::{
    DeleteLine, DeleteNextChar, DeletePrevChar, DeletePrevWord, DeleteTillEnd, GoToEnd,
    GoToNextChar, GoToNextWord, GoToPrevChar, GoToPrevWord, GoToStart, Yank,
};
use KeyCode::{
    BackTab, Backspace, Char, Delete, Down, End, Enter, Esc, F, Home, Left, Right, Tab, Up,
};
use Place::{Anywhere, Dialog, Line, Panels};

const fn control(binding: Binding) -> Binding {
    Binding { modifiers: KeyModifiers::CONTROL, ..binding }
}

/// All keys; of two rows that fit, the first counts.
pub(crate) const TABLE: &[Binding] = &[
    key(Panels, Char('?'), ShowKeys, "show all keys"),
    key(Panels, Tab, NextPanel, "go to the next panel"),
    key(Panels, BackTab, PreviousPanel, "go to the panel before"),
    key(Panels, Right, NextPanel, "go to the next panel"),
    key(Panels, Left, PreviousPanel, "go to the panel before"),
    key(Panels, Up, Deed::Up, "choose the row above"),
    key(Panels, Down, Deed::Down, "choose the row below"),
    key(Panels, Home, First, "choose the first row"),
    key(Panels, End, Last, "choose the last row"),
    key(Panels, Enter, Open, "say what can be done with the row"),
    key(Panels, Char('1'), Press(1), "press the first action of the answer"),
    key(Panels, Char('2'), Press(2), "press the second action of the answer"),
    key(Panels, Char('3'), Press(3), "press the third action of the answer"),
    key(Panels, Char('4'), Press(4), "press the fourth action of the answer"),
    key(Panels, Char('5'), Press(5), "press the fifth action of the answer"),
    key(Panels, Char('6'), Press(6), "press the sixth action of the answer"),
    key(Panels, Char('7'), Press(7), "press the seventh action of the answer"),
    key(Panels, Char('8'), Press(8), "press the eighth action of the answer"),
    key(Panels, Char('9'), Press(9), "press the ninth action of the answer"),
    ctrl(Panels, 'p', Earlier, "bring back an earlier line"),
    key(Panels, Esc, Close, "close the answer, or the page"),
    key(Line, Enter, Send, "run the line"),
    key(Line, Tab, Complete, "put the next choice into the line"),
    key(Line, BackTab, CompleteBack, "put the choice before into the line"),
    key(Line, Up, Earlier, "bring back an earlier line that begins like this"),
    key(Line, Down, Later, "bring back a later line that begins like this"),
    ctrl(Line, 'p', Earlier, "bring back an earlier line"),
    ctrl(Line, 'n', Later, "bring back a later line"),
    key(Line, Esc, Edit(DeleteLine), "clear the line"),
    key(Line, Left, Edit(GoToPrevChar), "go a letter back"),
    key(Line, Right, Edit(GoToNextChar), "go a letter on"),
    control(key(Line, Left, Edit(GoToPrevWord), "go a word back")),
    control(key(Line, Right, Edit(GoToNextWord), "go a word on")),
    key(Line, Home, Edit(GoToStart), "go to the beginning"),
    key(Line, End, Edit(GoToEnd), "go to the end"),
    ctrl(Line, 'a', Edit(GoToStart), "go to the beginning"),
    ctrl(Line, 'e', Edit(GoToEnd), "go to the end"),
    key(Line, Backspace, Edit(DeletePrevChar), "delete the letter before"),
    key(Line, Delete, Edit(DeleteNextChar), "delete the letter after"),
    ctrl(Line, 'w', Edit(DeletePrevWord), "delete the word before"),
    ctrl(Line, 'k', Edit(DeleteTillEnd), "delete to the end"),
    ctrl(Line, 'u', Edit(DeleteLine), "clear the line"),
    ctrl(Line, 'y', Edit(Yank), "write again what was deleted"),
    key(Dialog, Up, Deed::Up, "go to the row above"),
    key(Dialog, Down, Deed::Down, "go to the row below"),
    key(Dialog, Home, First, "go to the first row"),
    key(Dialog, End, Last, "go to the last row"),
    key(Dialog, Char(' '), Pick, "pick the row, or put it back"),
    key(Dialog, Enter, Take, "take what is chosen; runs the line that is shown"),
    key(Dialog, Tab, ToLine, "write the line that is shown, to change it"),
    key(Dialog, Esc, Close, "go back"),
    key(Anywhere, KeyCode::PageUp, PageUp, "scroll the answer, or the page, up"),
    key(Anywhere, KeyCode::PageDown, PageDown, "scroll the answer, or the page, down"),
    key(Anywhere, F(1), ShowKeys, "show all keys"),
    key(Anywhere, F(2), ShowGlory, "show how the clan's glory went"),
    ctrl(Anywhere, 'l', Redraw, "draw everything anew"),
    ctrl(Anywhere, 'c', ClearOrQuit, "clear the line; leave if it is empty"),
    ctrl(Anywhere, 'q', Quit, "leave"),
];

/// What a key does at a place; none: it is written, or means nothing there.
pub(crate) fn deed(place: Place, pressed: KeyEvent) -> Option<Deed> {
    let fits =
        |row: &&Binding| (row.place == place || row.place == Anywhere) && row.is_pressed(pressed);
    TABLE.iter().find(fits).map(|row| row.deed)
}

/// The letter that a key writes; none if it writes nothing.
pub(crate) fn letter(pressed: KeyEvent) -> Option<char> {
    let plain = pressed.modifiers.difference(KeyModifiers::SHIFT).is_empty();
    // AltGr arrives as Ctrl and Alt at once.
    let alt_gr = pressed.modifiers.contains(KeyModifiers::CONTROL | KeyModifiers::ALT);
    let written = pressed.kind != KeyEventKind::Release && (plain || alt_gr);
    pressed.code.as_char().filter(|_| written)
}

impl Binding {
    fn is_pressed(&self, pressed: KeyEvent) -> bool {
        // With Shift a letter is another letter; of other keys it changes nothing here.
        let modifiers = pressed.modifiers.difference(KeyModifiers::SHIFT);
        pressed.kind != KeyEventKind::Release
            && self.code == pressed.code
            && self.modifiers == modifiers
    }

    /// How the key is called.
    pub(crate) fn name(&self) -> String {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "the others have good names of their own"
        )]
        let name = match self.code {
            Char(' ') => "Space".to_owned(),
            Char(letter) => letter.to_uppercase().to_string(),
            F(number) => format!("F{number}"),
            BackTab => "Shift-Tab".to_owned(),
            Up => "↑".to_owned(),
            Down => "↓".to_owned(),
            Left => "←".to_owned(),
            Right => "→".to_owned(),
            Delete => "Del".to_owned(),
            code => code.to_string(),
        };
        if self.modifiers.contains(KeyModifiers::CONTROL) { format!("Ctrl-{name}") } else { name }
    }
}

impl Place {
    /// All places, in the order in which they are explained.
    pub(crate) const ALL: [Self; 4] = [Self::Panels, Self::Line, Self::Dialog, Self::Anywhere];

    /// Where that is, in words.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Anywhere => "anywhere",
            Self::Panels => "while nothing is written",
            Self::Line => "while a line is written",
            Self::Dialog => "in a menu",
        }
    }

    /// Its rows for reading: keys that do the same stand together.
    pub(crate) fn rows(self) -> Vec<(String, String)> {
        let mut rows: Vec<(Deed, String, &str)> = Vec::new();
        for row in TABLE.iter().filter(|row| row.place == self) {
            match (row.deed, rows.iter_mut().find(|(deed, ..)| *deed == row.deed)) {
                (Press(number), _) if number > 1 => {}
                (_, Some((_, names, _))) => {
                    names.push_str(", ");
                    names.push_str(&row.name());
                }
                (Press(_), None) => {
                    rows.push((row.deed, "1 … 9".to_owned(), "press an action of the answer"));
                }
                (_, None) => rows.push((row.deed, row.name(), row.help)),
            }
        }
        rows.into_iter().map(|(_, names, help)| (names, help.to_owned())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_can_be_reached() {
        for row in TABLE {
            let pressed = KeyEvent::new(row.code, row.modifiers);
            assert_eq!(deed(row.place, pressed), Some(row.deed), "{}", row.name());
        }
    }

    const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/tui.md");
    const BEGIN: &str = "writes it anew -->\n";
    const END: &str = "<!-- end of the keys -->";

    /// The table as the page shows it.
    fn markdown() -> String {
        let mut text = String::new();
        for place in Place::ALL {
            text.push_str(&format!("\n| {} | |\n| --- | --- |\n", place.words()));
            for (names, help) in place.rows() {
                text.push_str(&format!("| {names} | {help} |\n"));
            }
        }
        text + "\n"
    }

    #[test]
    fn the_page_shows_these_keys() {
        let page = std::fs::read_to_string(PAGE).unwrap();
        let (head, rest) = page.split_once(BEGIN).expect("the beginning of the keys");
        let (shown, tail) = rest.split_once(END).expect("the end of the keys");
        let written = markdown();
        if std::env::var_os("GMBOT_BLESS").is_some() {
            std::fs::write(PAGE, format!("{head}{BEGIN}{written}{END}{tail}")).unwrap();
        } else {
            assert_eq!(shown, written);
        }
    }

    #[test]
    fn a_letter_is_written_unless_it_means_something() {
        let shifted = KeyEvent::new(Char('A'), KeyModifiers::SHIFT);
        assert_eq!((deed(Line, shifted), letter(shifted)), (None, Some('A')));
        let control = KeyEvent::new(Char('z'), KeyModifiers::CONTROL);
        assert_eq!((deed(Line, control), letter(control)), (None, None));
        let at = KeyEvent::new(Char('@'), KeyModifiers::CONTROL | KeyModifiers::ALT);
        assert_eq!(letter(at), Some('@'));
    }
}
