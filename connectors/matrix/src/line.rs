//! The line that a message says. Where its HTML names people by links, their ids stand in the place of
//! the names that the plain text has: anybody may take a name.

use matrix_sdk::ruma::OwnedEventId;
use matrix_sdk::ruma::events::Mentions;
use matrix_sdk::ruma::events::room::MediaSource;
use matrix_sdk::ruma::events::room::message::sanitize::remove_plain_reply_fallback;
use matrix_sdk::ruma::events::room::message::{
    FormattedBody, MessageType, Relation, RoomMessageEventContent,
};
use matrix_sdk::ruma::{OwnedUserId, UserId};
use ruma_html::{Html, NodeRef};

use crate::people::user_of_link;

/// What a message says.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    /// The line; empty where there is a file alone.
    pub(crate) line: String,
    /// Whom the message mentions, as it says itself.
    pub(crate) mentions: Option<Mentions>,
    /// The message that it answers, where somebody chose one.
    pub(crate) answers: Option<OwnedEventId>,
    /// The first message of its thread.
    pub(crate) thread: Option<OwnedEventId>,
    /// The file that comes with it.
    pub(crate) file: Option<File>,
}

/// A file that comes with a message.
#[derive(Debug, Clone)]
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) source: MediaSource,
}

impl Said {
    /// What a message says to whoever reads it as it came: nothing, if it changes another, or is no
    /// text and no file.
    pub(crate) fn in_message(content: RoomMessageEventContent, me: &UserId) -> Option<Self> {
        let RoomMessageEventContent { msgtype, relates_to, mentions, .. } = content;
        let (answers, thread) = match relates_to {
            // What was said is not said again by mending it.
            Some(Relation::Replacement(_)) => return None,
            Some(Relation::Reply(reply)) => (Some(reply.in_reply_to.event_id), None),
            Some(Relation::Thread(thread)) => {
                let answers = thread.in_reply_to.filter(|_| !thread.is_falling_back);
                (answers.map(|answers| answers.event_id), Some(thread.event_id))
            }
            Some(_) | None => (None, None),
        };
        let (line, file) = if let MessageType::Text(text) = msgtype {
            let body = if answers.is_some() {
                remove_plain_reply_fallback(&text.body)
            } else {
                &text.body
            };
            (line(body, text.formatted.as_ref(), me), None)
        } else if let MessageType::Image(image) = msgtype {
            let line = line(image.caption().unwrap_or_default(), image.formatted_caption(), me);
            (line, Some(File { name: image.filename().to_owned(), source: image.source }))
        } else if let MessageType::File(file) = msgtype {
            let line = line(file.caption().unwrap_or_default(), file.formatted_caption(), me);
            (line, Some(File { name: file.filename().to_owned(), source: file.source }))
        } else {
            return None;
        };
        Some(Self { line, mentions, answers, thread, file })
    }
}

/// How many tags HTML may have that is read: more than any line-up has, and few enough to be read in
/// whatever way they stand inside each other.
const MOST_TAGS: usize = 500;

/// The line that a text says, by its HTML where that names people.
fn line(body: &str, formatted: Option<&FormattedBody>, me: &UserId) -> String {
    let short = |formatted: &&FormattedBody| formatted.body.matches('<').count() <= MOST_TAGS;
    let named = formatted.filter(short).and_then(|formatted| {
        let mut reading = Reading::default();
        Html::parse(&formatted.body).children().for_each(|node| reading.read(&node));
        reading.names.then_some(reading.line)
    });
    let line = named.unwrap_or_else(|| body.to_owned());
    without_colon(line.trim(), me)
}

/// A line without the colon that clients put behind the one whom they mention first.
fn without_colon(line: &str, me: &UserId) -> String {
    let behind = line.strip_prefix(me.as_str());
    match behind.and_then(|behind| behind.strip_prefix([':', ','])) {
        Some(rest) if rest.is_empty() || rest.starts_with(char::is_whitespace) => {
            format!("{me}{rest}")
        }
        Some(_) | None => line.to_owned(),
    }
}

/// HTML, as it is read.
#[derive(Default)]
struct Reading {
    line: String,
    /// Whether it names anybody.
    names: bool,
}

impl Reading {
    fn read(&mut self, node: &NodeRef) {
        if let Some(text) = node.as_text() {
            return self.text(&text.borrow());
        }
        let Some(element) = node.as_element() else { return };
        match &*element.name.local {
            // What is answered stands there once more.
            "mx-reply" => {}
            "br" => self.line.push('\n'),
            "a" => match user_of(node) {
                Some(user) => self.name(&user),
                None => self.inside(node),
            },
            "p" | "div" | "li" | "pre" | "blockquote" | "tr" | "h1" | "h2" | "h3" | "h4" | "h5"
            | "h6" => {
                self.next_line();
                self.inside(node);
                self.next_line();
            }
            _ => self.inside(node),
        }
    }

    fn inside(&mut self, node: &NodeRef) {
        node.children().for_each(|child| self.read(&child));
    }

    fn next_line(&mut self) {
        if !self.line.is_empty() && !self.line.ends_with('\n') {
            self.line.push('\n');
        }
    }

    fn text(&mut self, text: &str) {
        self.line.push_str(text);
    }

    /// Somebody's id, apart from what stands beside it.
    fn name(&mut self, user: &UserId) {
        let tied = |c: char| !c.is_whitespace() && !matches!(c, ',' | '=');
        if self.line.ends_with(tied) {
            self.line.push(' ');
        }
        self.line.push_str(user.as_str());
        self.names = true;
    }
}

/// The user that a link leads to.
fn user_of(node: &NodeRef) -> Option<OwnedUserId> {
    let element = node.as_element()?;
    let attributes = element.attrs.borrow();
    let link = attributes.iter().find(|attribute| &*attribute.name.local == "href")?;
    user_of_link(&link.value)
}

#[cfg(test)]
mod tests {
    use matrix_sdk::ruma::user_id;
    use serde_json::{Value, json};

    use super::*;

    fn said(content: Value) -> Option<Said> {
        let content = serde_json::from_value(content).expect("a message");
        Said::in_message(content, user_id!("@gmbot:a.org"))
    }

    fn line_of(body: &str, html: &str) -> String {
        let content = json!({
            "msgtype": "m.text", "body": body,
            "format": "org.matrix.custom.html", "formatted_body": html,
        });
        said(content).expect("a line").line
    }

    #[test]
    fn people_are_who_the_links_say_and_not_who_the_text_says() {
        let link =
            |user: &str, name: &str| format!("<a href=\"https://matrix.to/#/{user}\">{name}</a>");
        let (ann, bot) = (link("@ann:a.org", "Ben"), link("@gmbot:a.org", "War Bot"));
        let check = |body: &str, html: &str, expect: &str| assert_eq!(line_of(body, html), expect);
        check(
            "gmbot createwar Ben -game 4",
            &format!("gmbot createwar {ann} -game 4"),
            "gmbot createwar @ann:a.org -game 4",
        );
        check("War Bot: status", &format!("{bot}: status"), "@gmbot:a.org status");
        check("War Bot status", &format!("<p>{bot} status</p>"), "@gmbot:a.org status");
        check("a BenBen", &format!("a {ann}{ann}"), "a @ann:a.org @ann:a.org");
        check("x Ben, y", &format!("x {ann}, y<br>z"), "x @ann:a.org, y\nz");
    }

    #[test]
    fn a_text_that_names_nobody_stays_as_it_was_typed() {
        let html = "gmbot setup -name <em>x</em> <a href=\"https://a.org\">y</a>";
        assert_eq!(line_of("gmbot setup -name *x* y", html), "gmbot setup -name *x* y");
        assert_eq!(line_of("@gmbot:a.org: status", ""), "@gmbot:a.org status");
    }

    #[test]
    fn html_that_is_too_deep_is_not_read() {
        let link = "<a href=\"https://matrix.to/#/@ann:a.org\">Ben</a>";
        let deep = |depth: usize| format!("{}{link}{}", "<b>".repeat(depth), "</b>".repeat(depth));
        assert_eq!(line_of("Ben", &deep(200)), "@ann:a.org");
        assert_eq!(line_of("Ben", &deep(20_000)), "Ben");
    }

    #[test]
    fn an_answer_is_read_without_what_it_answers() {
        let content = json!({
            "msgtype": "m.text", "body": "> <@ann:a.org> gmbot concede k3x\n\ngmbot status",
            "m.relates_to": { "m.in_reply_to": { "event_id": "$a" } },
        });
        let said = said(content).unwrap();
        assert_eq!((said.line.as_str(), said.answers.unwrap().as_str()), ("gmbot status", "$a"));
    }

    #[test]
    fn an_edit_and_what_is_no_text_say_nothing() {
        let edit = json!({
            "msgtype": "m.text", "body": "* gmbot status",
            "m.new_content": { "msgtype": "m.text", "body": "gmbot status" },
            "m.relates_to": { "rel_type": "m.replace", "event_id": "$a" },
        });
        assert!(said(edit).is_none());
        for kind in ["m.notice", "m.emote"] {
            assert!(said(json!({ "msgtype": kind, "body": "gmbot status" })).is_none(), "{kind}");
        }
    }

    #[test]
    fn a_caption_is_the_line_and_a_files_name_is_none() {
        let image = |body: &str| {
            let content = json!({
                "msgtype": "m.image", "body": body, "filename": "end.png", "url": "mxc://a.org/b",
            });
            said(content).unwrap()
        };
        assert_eq!(image("gmbot proof k3xp2").line, "gmbot proof k3xp2");
        assert_eq!(image("end.png").line, "");
        assert_eq!(image("end.png").file.unwrap().name, "end.png");
    }

    #[test]
    fn a_thread_is_known_and_who_falls_back_answers_nobody() {
        let thread = |falling: bool| {
            let content = json!({
                "msgtype": "m.text", "body": "gmbot status",
                "m.relates_to": {
                    "rel_type": "m.thread", "event_id": "$root", "is_falling_back": falling,
                    "m.in_reply_to": { "event_id": "$last" },
                },
            });
            said(content).unwrap()
        };
        assert_eq!(thread(true).thread.unwrap().as_str(), "$root");
        assert_eq!(thread(true).answers, None);
        assert_eq!(thread(false).answers.unwrap().as_str(), "$last");
    }
}
