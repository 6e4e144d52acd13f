//! Spaces and people as JSON bodies name them. Each object's fields are looked through to the last:
//! what is unknown, missing or of another type is said by its name.

use gmbot_backend::Scope;
use gmbot_engine::model::{Platform, Role, SpaceKey};
use gmbot_engine::request::{AccountRef, Mention, MentionTarget, Presence, SpaceRef};

use crate::caller::Caller;
use crate::json::{Json, Object};
use crate::problem::Problem;

/// The longest id or name, in characters.
pub(crate) const LONGEST: usize = 128;

/// Whether an id or a name has a fitting length.
pub(super) fn fits(text: &str) -> bool {
    (1..=LONGEST).contains(&text.chars().count())
}

/// The fields of an object, with its name for messages.
struct Reader {
    name: String,
    fields: Object,
}

/// A person as a body names them.
#[derive(Debug)]
pub(crate) struct Person {
    /// The account, on the client's platform.
    pub(crate) account: AccountRef,
    /// The role that the client states.
    pub(crate) role: Option<Role>,
    /// Whether they own the space.
    pub(crate) owner: bool,
    /// Whether the account is a bot's.
    pub(crate) bot: bool,
}

impl Reader {
    /// Reads the object `name` of a body.
    fn new(name: &str, value: Json) -> Result<Self, Problem> {
        let kind = value.kind();
        let wanted = || wrong(name, "an object with `id` and `name`", kind);
        let fields = value.into_object().ok_or_else(wanted)?;
        Ok(Self { name: name.to_owned(), fields })
    }

    fn place(&self, field: &str) -> String {
        format!("{}.{field}", self.name)
    }

    fn text(&mut self, field: &str) -> Result<Option<String>, Problem> {
        match self.fields.take(field) {
            None => Ok(None),
            Some(Json::Text(text)) if fits(&text) => Ok(Some(text)),
            Some(Json::Text(_)) => {
                let place = self.place(field);
                Err(bad(format!("`{place}` must be 1 to {LONGEST} characters long")))
            }
            Some(other) => Err(wrong(&self.place(field), "a text", other.kind())),
        }
    }

    fn needed(&mut self, field: &str) -> Result<String, Problem> {
        self.text(field)?.ok_or_else(|| bad(format!("`{}` is missing", self.place(field))))
    }

    fn truth(&mut self, field: &str) -> Result<bool, Problem> {
        match self.fields.take(field) {
            None => Ok(false),
            Some(Json::Truth(truth)) => Ok(truth),
            Some(other) => Err(wrong(&self.place(field), "true or false", other.kind())),
        }
    }

    fn role(&mut self) -> Result<Option<Role>, Problem> {
        let Some(word) = self.text("role")? else { return Ok(None) };
        let role = Role::ALL.into_iter().find(|role| role.word() == word);
        let place = self.place("role");
        let known = || bad(format!("`{place}` must be `member`, `co-leader` or `leader`"));
        role.ok_or_else(known).map(Some)
    }

    /// Refuses what is left.
    fn end(self) -> Result<(), Problem> {
        match self.fields.0.first() {
            None => Ok(()),
            Some((field, _)) => Err(bad(format!("unknown field `{}`", self.place(field)))),
        }
    }
}

/// The space that a body names.
pub(crate) fn space(name: &str, value: Json, platform: &Platform) -> Result<SpaceRef, Problem> {
    let mut reader = Reader::new(name, value)?;
    let id = reader.needed("id")?;
    let shown = reader.needed("name")?;
    let direct = reader.truth("direct")?;
    reader.end()?;
    Ok(SpaceRef { key: SpaceKey { platform: platform.clone(), id }, name: shown, direct })
}

/// A person that a body names.
pub(crate) fn person(name: &str, value: Json, caller: &Caller) -> Result<Person, Problem> {
    let mut reader = Reader::new(name, value)?;
    let id = reader.needed("id")?;
    let account = AccountRef {
        platform: caller.origin().platform().clone(),
        id,
        name: reader.needed("name")?,
    };
    let (role, owner, bot) = (reader.role()?, reader.truth("owner")?, reader.truth("bot")?);
    reader.end()?;
    if role.is_some() {
        caller.needs(Scope::Trusted, "state roles")?;
    }
    if owner {
        caller.needs(Scope::Trusted, "state who owns a space")?;
    }
    Ok(Person { account, role, owner, bot })
}

impl Person {
    /// How a line mentions the person whom it names only by their id.
    pub(crate) fn written(&self) -> Result<String, Problem> {
        let id = &self.account.id;
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.:+=/".contains(c);
        if id.chars().all(plain) {
            return Ok(format!("@{id}"));
        }
        Err(bad(format!("the id `{id}` of a person must consist of letters, digits and `-_.:+=/`")))
    }

    /// What a mention of the person means. Who is there is known to a client that vouches for its
    /// platform; others may only mention whom the clan knows.
    pub(crate) fn mentioned(self, written: String, caller: &Caller) -> Mention {
        let vouches = caller.scope() >= Scope::Trusted;
        let presence = if vouches { Presence::Inside } else { Presence::Unknown };
        let Self { account, role: stated_role, bot, owner: _ } = self;
        let target = MentionTarget::Account { account, presence, bot, stated_role };
        Mention { written, target }
    }
}

/// A body that can't be read.
pub(crate) fn bad(text: String) -> Problem {
    Problem::BadBody(text)
}

fn wrong(place: &str, wanted: &str, found: &str) -> Problem {
    bad(format!("`{place}` must be {wanted}, not {found}"))
}
