//! The backend behind the connector, as a transcript sees it: what crosses its boundary is written
//! down, and each thing said has the key and the names that the transcript knows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use gmbot_backend::{Backend, BackendError, Delivery, Fate, Local};
use gmbot_engine::Reply;
use gmbot_engine::model::{Platform, SpaceKey, WarId};
use gmbot_engine::reply::Address;
use gmbot_engine::request::{Fact, FieldValue, Input, Onlooker, Request, SpaceRef};
use gmbot_engine::view::{Query, View};

/// What the ids of spaces begin with where their answers wait.
const ANSWERS: &str = "answers/";
/// How long a test waits for something at most.
const PATIENCE: Duration = Duration::from_mins(1);

/// Finds the platform's id of what was said in one of a connector's keys.
pub type IdIn = fn(&str) -> Option<String>;

/// The backend behind the connector.
pub struct Recorded {
    /// The database.
    pub local: Arc<Local>,
    /// The platform's id of what was said, in one of the connector's keys.
    id_in: IdIn,
    memory: Arc<Memory>,
    book: Mutex<Book>,
    changed: Condvar,
    watchers: Mutex<Vec<SyncSender<()>>>,
}

/// What is known about what was said, whoever hears it.
#[derive(Default)]
pub struct Memory {
    /// The key that the transcript has for what was said with an id of the platform, and how.
    keys: Mutex<BTreeMap<String, Said>>,
    /// The spaces that the transcript has a platform introduce; the others act before anybody told of
    /// them, and what the connector tells is held back.
    introduced: Mutex<BTreeSet<SpaceKey>>,
}

impl Memory {
    /// Says which of the transcript's keys something has that was said with this id.
    pub fn knows(&self, id: &str, said: Said) {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).insert(id.to_owned(), said);
    }

    /// From now on the connector tells of a space.
    pub fn introduce(&self, space: SpaceKey) {
        self.introduced.lock().unwrap_or_else(PoisonError::into_inner).insert(space);
    }

    fn said(&self, id: &str) -> Option<Said> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    fn is_introduced(&self, space: &SpaceKey) -> bool {
        self.introduced.lock().unwrap_or_else(PoisonError::into_inner).contains(space)
    }
}

/// What was written down.
#[derive(Default)]
struct Book {
    /// How often something was written down.
    changes: u64,
    /// The connector's key for one of the transcript's.
    sources: BTreeMap<String, String>,
    /// What came of what was said, by its id on the platform.
    replies: BTreeMap<String, Option<Reply>>,
    /// How many facts have come.
    facts: usize,
    /// Whose notices may be handed out.
    open: Option<SpaceKey>,
    /// How often that was said: what was asked for before says nothing about what is there since.
    opened: usize,
    /// Whether nothing is left of them that can be handed out.
    emptied: bool,
    /// Where answers wait: apart from the notices of their spaces, which the transcript holds back.
    answers_in: BTreeSet<SpaceKey>,
    /// Where each notice goes that was handed out.
    handed_out: BTreeMap<String, Delivery>,
    /// What was delivered, by space.
    arrived: BTreeMap<SpaceKey, Vec<Reply>>,
}

/// What the transcript knows of something said.
#[derive(Debug, Clone)]
pub struct Said {
    /// The transcript's key.
    pub key: String,
    /// The platform's words for people, each with the transcript's.
    pub names: Vec<(String, String)>,
}

impl Recorded {
    /// A database behind a connector that makes such keys.
    pub fn over(local: Local, memory: Arc<Memory>, id_in: IdIn) -> Arc<Self> {
        Arc::new(Self {
            local: Arc::new(local),
            id_in,
            memory,
            book: Mutex::default(),
            changed: Condvar::new(),
            watchers: Mutex::default(),
        })
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change<T>(&self, change: impl FnOnce(&mut Book) -> T) -> T {
        let mut book = self.book();
        book.changes += 1;
        let done = change(&mut book);
        self.changed.notify_all();
        done
    }

    /// Waits until there is something to see.
    ///
    /// # Errors
    /// When it did not come in time.
    pub fn wait<T>(
        &self,
        what: &str,
        mut look: impl FnMut(&Self) -> Option<T>,
    ) -> Result<T, String> {
        let end = Instant::now() + PATIENCE;
        loop {
            let before = self.book().changes;
            if let Some(found) = look(self) {
                return Ok(found);
            }
            let left = end.checked_duration_since(Instant::now());
            let left = left.ok_or_else(|| format!("{what} did not come within {PATIENCE:?}"))?;
            let same = |book: &mut Book| book.changes == before;
            drop(self.changed.wait_timeout_while(self.book(), left, same));
        }
    }

    /// Says which of the transcript's keys something has that was said with this id.
    pub fn knows(&self, id: &str, said: Said) {
        self.memory.knows(id, said);
        self.change(|_book| ());
    }

    /// What came of what was said.
    pub fn reply(&self, id: &str) -> Option<Option<Reply>> {
        self.book().replies.get(id).cloned()
    }

    /// How many facts have come.
    pub fn facts(&self) -> usize {
        self.book().facts
    }

    /// Lets a space's notices arrive, and gives those that did.
    ///
    /// # Errors
    /// When they did not arrive in time.
    pub fn arrivals(&self, space: &SpaceKey) -> Result<Vec<Reply>, String> {
        if self.local.notices_for(space).map_err(|error| error.to_string())? > 0 {
            self.change(|book| {
                book.emptied = false;
                book.opened += 1;
                book.open = Some(space.clone());
            });
            self.tell();
            let emptied = self.wait("delivery", |this| this.book().emptied.then_some(()));
            self.change(|book| book.open = None);
            emptied?;
        }
        Ok(self.change(|book| book.arrived.remove(space)).unwrap_or_default())
    }

    fn tell(&self) {
        for watcher in self.watchers.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            // A watcher that was told already will look.
            watcher.try_send(()).ok();
        }
    }

    /// The platform's id of a thing said, by the connector's key, and what the transcript knows of
    /// it, once the test has noted it.
    fn said(&self, key: &str) -> Option<(String, Said)> {
        let id = (self.id_in)(key)?;
        let said = self.wait("what was said", |this| this.memory.said(&id)).ok()?;
        Some((id, said))
    }
}

/// Puts the transcript's names in the place of the platform's.
fn rename(request: &mut Request, names: &[(String, String)]) {
    let rename = |text: &mut String| {
        for (ours, theirs) in names {
            *text = text.replace(ours, theirs);
        }
    };
    fn each(value: &mut FieldValue, rename: &dyn Fn(&mut String)) {
        match value {
            FieldValue::Text(text) | FieldValue::Mention(text) => rename(text),
            FieldValue::List(values) => values.iter_mut().for_each(|value| each(value, rename)),
            FieldValue::Number(_) | FieldValue::Truth(_) => {}
        }
    }
    match &mut request.input {
        Input::Line(line) => rename(line),
        Input::Form(form) => {
            form.fields.iter_mut().for_each(|field| each(&mut field.value, &rename));
        }
        Input::Words(_) | Input::Command(_) | Input::Fact(_) => {}
    }
    request.mentions.iter_mut().for_each(|mention| rename(&mut mention.written));
    request.bot_mention.iter_mut().for_each(rename);
}

impl Backend for Recorded {
    fn submit(&self, mut request: Request) -> Result<Option<Reply>, BackendError> {
        if let Input::Fact(fact) = &request.input {
            let here = request.space.as_ref().map(|space| &space.key);
            let seen = matches!(fact, Fact::SpaceSeen { .. });
            let unmet = seen && here.is_none_or(|here| !self.memory.is_introduced(here));
            let noted = if unmet { Ok(None) } else { self.local.submit(request) };
            self.change(|book| book.facts += 1);
            return noted;
        }
        let Some((id, said)) = self.said(&request.key) else { return self.local.submit(request) };
        let source = std::mem::replace(&mut request.key, said.key.clone());
        self.change(|book| book.sources.insert(said.key.clone(), source));
        rename(&mut request, &said.names);
        if let Some(space) = &mut request.answer_to {
            space.id.insert_str(0, ANSWERS);
            self.change(|book| book.answers_in.insert(space.clone()));
        }
        let reply = self.local.submit(request)?;
        self.change(|book| book.replies.insert(id, reply.clone()));
        self.tell();
        Ok(reply)
    }

    fn view(&self, query: &Query, onlooker: &Onlooker) -> Result<View, BackendError> {
        self.local.view(query, onlooker)
    }

    fn image(
        &self,
        war: WarId,
        hash: &str,
        onlooker: &Onlooker,
    ) -> Result<Option<Vec<u8>>, BackendError> {
        self.local.image(war, hash, onlooker)
    }

    fn watch(&self) -> Receiver<()> {
        let (sender, receiver) = sync_channel(1);
        self.watchers.lock().unwrap_or_else(PoisonError::into_inner).push(sender);
        receiver
    }

    /// Hands answers out at once, and notices when the transcript looks whether there are any.
    fn claim(
        &self,
        platform: &Platform,
        space: Option<&SpaceRef>,
        limit: usize,
    ) -> Result<Vec<Delivery>, BackendError> {
        assert_eq!(space, None, "the connector delivers to all spaces");
        let (spaces, open, opened): (Vec<SpaceKey>, _, _) = {
            let book = self.book();
            let spaces = book.answers_in.iter().chain(&book.open).cloned().collect();
            (spaces, book.open.clone(), book.opened)
        };
        let mut page = Vec::new();
        for key in spaces {
            let space = SpaceRef { key, name: String::new(), direct: false };
            page.extend(self.local.claim(platform, Some(&space), limit)?);
        }
        self.change(|book| {
            let under_way = |delivery: &Delivery| {
                matches!(&delivery.post.to, Address::Clan { space, .. } if Some(space) == open.as_ref())
            };
            let nothing = !page.iter().chain(book.handed_out.values()).any(under_way);
            book.emptied |= open.is_some() && opened == book.opened && nothing;
            for delivery in &mut page {
                if let Address::Answer { key, space } = &mut delivery.post.to {
                    space.id = space.id.trim_start_matches(ANSWERS).to_owned();
                    if let Some(source) = book.sources.get(key) {
                        key.clone_from(source);
                    }
                }
                book.handed_out.insert(delivery.token.clone(), delivery.clone());
            }
        });
        Ok(page)
    }

    fn acknowledge(&self, token: &str, fate: Fate) -> Result<(), BackendError> {
        // Who sees that nothing waits any more finds here what has arrived.
        self.change(|book| {
            let arrived = fate == Fate::Delivered;
            let noted = self.local.acknowledge(token, fate);
            let handed_out = book.handed_out.remove(token);
            if let (Some(Delivery { post, .. }), Ok(()), true) = (handed_out, &noted, arrived)
                && let Address::Clan { space, .. } = post.to
            {
                book.arrived.entry(space).or_default().push(post.reply);
            }
            noted
        })
    }
}
