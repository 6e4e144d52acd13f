//! What a rule works with: the request, the time, the store, and a place for what it decides.

use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;

use super::refusal::{Ruling, Stop, refuse};
use crate::event::{Event, Recorded};
use crate::grammar::ClanRef;
use crate::model::{AtMs, Clan, ClanId, PersonId, Role, SpaceKey, TextId, War, WarId, names};
use crate::reply::{Address, Code, Post, Receipt, Reply, Text};
use crate::request::Request;
use crate::store::{Read, SideText, Store, StoreError, Stored};

/// Who acts, where, and as which clan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Who {
    /// The person; none: a client that acts for itself.
    pub(crate) person: Option<PersonId>,
    /// The clan they act as; none: a direct message that does not say.
    pub(crate) clan: Option<ClanId>,
    /// Whether the operator acts.
    pub(crate) operator: bool,
}

/// One request being decided.
pub(crate) struct Context<'a> {
    store: &'a mut dyn Store,
    pub(crate) request: &'a Request,
    pub(crate) rng: ChaCha8Rng,
    pub(crate) who: Who,
    /// The clan that this very request brought to life.
    pub(crate) newborn: Option<ClanId>,
    at: AtMs,
}

impl<'a> Context<'a> {
    pub(crate) fn new(
        store: &'a mut dyn Store,
        request: &'a Request,
        now: AtMs,
        entropy: [u8; 32],
    ) -> Self {
        let rng = ChaCha8Rng::from_seed(entropy);
        Self { store, request, rng, who: Who::default(), newborn: None, at: now }
    }

    /// The moment of the transaction, never before what it touches.
    pub(crate) fn at(&self) -> AtMs {
        self.at
    }

    /// The store, for questions.
    pub(crate) fn read(&self) -> &dyn Read {
        &*self.store
    }

    /// The store, for side tables.
    pub(crate) fn store(&mut self) -> &mut dyn Store {
        self.store
    }

    /// Writes down that something happened, now, by who acts.
    pub(crate) fn record(&mut self, event: Event) -> Stored<()> {
        let homes: Vec<_> = rehomed(&event)
            .into_iter()
            .map(|clan| Ok((clan, self.home(clan)?)))
            .collect::<Stored<_>>()?;
        let Who { person, clan, .. } = self.who;
        self.store.apply(&Recorded { at: self.at, by: person, clan, event })?;
        for (clan, before) in homes {
            // All that a clan is told goes to one space, or it would not come in order. One that
            // gave its last space away is still told there what was meant for it.
            if let (Some(before), Some(after)) = (before, self.home(clan)?)
                && before != after
            {
                self.store.move_notices(clan, &before, &after)?;
            }
        }
        Ok(())
    }

    /// Where a clan is told things.
    fn home(&self, clan: ClanId) -> Stored<Option<SpaceKey>> {
        let clan = self.store.clan(clan)?;
        Ok(clan.and_then(|clan| clan.home().map(|home| home.key.clone())))
    }

    /// Writes down that something happened to a war, and keeps the copy in hand true.
    pub(crate) fn record_for(&mut self, war: &mut War, event: Event) -> Stored<()> {
        self.record(event.clone())?;
        war.apply(self.at, &event);
        Ok(())
    }

    /// A clan, by its id. Touching it keeps the clock from going back behind its last event.
    pub(crate) fn clan(&mut self, id: ClanId) -> Stored<Clan> {
        let clan = self.store.clan(id)?.ok_or_else(|| missing("clan", id.as_str()))?;
        self.at = self.at.max(clan.last_at);
        Ok(clan)
    }

    /// The clan that acts, or a refusal that asks which.
    pub(crate) fn own_clan(&mut self) -> Ruling<Clan> {
        match self.who.clan {
            Some(id) => Ok(self.clan(id)?),
            None => Err(refuse(Code::NoClan, "it is not clear which clan you mean here")
                .hint("say it in the clan's own space")
                .into()),
        }
    }

    /// The person who acts, or a refusal: a client without an actor can't do this.
    pub(crate) fn actor(&self) -> Ruling<PersonId> {
        self.who.person.ok_or_else(|| {
            refuse(Code::NoActor, "this needs a person; the request names none")
                .hint("name the actor in the request")
                .into()
        })
    }

    /// A clan that somebody named, by name or id.
    pub(crate) fn clan_of(&mut self, named: &ClanRef) -> Ruling<Clan> {
        let id = find_clan(self.read(), named)?;
        Ok(self.clan(id)?)
    }

    /// A war, with everything due of it settled, that the acting clan may know of by its id.
    pub(crate) fn war(&mut self, id: WarId) -> Stored<Option<War>> {
        let Some(mut war) = self.store.war(id)? else { return Ok(None) };
        self.at = self.at.max(war.last_at);
        super::course::settle_due(self, &mut war)?;
        Ok(Some(war))
    }

    /// A fresh war id; longer after collisions.
    pub(crate) fn new_war_id(&mut self) -> Stored<WarId> {
        for extra in 0.. {
            let id = WarId::draw(&mut self.rng, extra);
            if self.store.war(id)?.is_none() {
                return Ok(id);
            }
        }
        unreachable!("some id of twelve characters is free")
    }

    /// A fresh clan id.
    pub(crate) fn new_clan_id(&mut self) -> Stored<ClanId> {
        for extra in 0.. {
            let id = ClanId::draw(&mut self.rng, extra);
            if self.store.clan(id)?.is_none() {
                return Ok(id);
            }
        }
        unreachable!("some id of twelve characters is free")
    }

    /// Keeps a text in the side table and returns its id.
    pub(crate) fn keep_text(
        &mut self,
        war: WarId,
        author: PersonId,
        until: Option<AtMs>,
        text: &str,
    ) -> Stored<TextId> {
        let id = TextId::draw(&mut self.rng, 0);
        let text = text.to_owned();
        self.store.keep_text(&SideText { id, war, author, at: self.at, until, text })?;
        Ok(id)
    }

    /// Writes a notice for a clan's war channel.
    pub(crate) fn notify(&mut self, clan: ClanId, war: Option<WarId>, reply: Reply) -> Stored<()> {
        self.post(clan, war, reply, None)
    }

    /// Writes a notice whose delivery means something.
    pub(crate) fn post(
        &mut self,
        clan: ClanId,
        war: Option<WarId>,
        reply: Reply,
        receipt: Option<Receipt>,
    ) -> Stored<()> {
        let Some(clan) = self.store.clan(clan)? else { return Ok(()) };
        let Some(space) = clan.home() else { return Ok(()) };
        let to = Address::Clan { clan: clan.id, space: space.key.clone() };
        let reply = reply.in_zone(&clan.profile.timezone);
        self.store.post(&Post { to, war, at: self.at, reply, receipt })
    }

    /// The clan that a space acts as.
    pub(crate) fn clan_of_space(&self, space: &SpaceKey) -> Stored<Option<ClanId>> {
        self.store.clan_of_space(space)
    }

    /// The role of a person in a clan.
    pub(crate) fn role(&self, clan: &Clan, person: PersonId) -> Stored<Option<Role>> {
        role_in(&*self.store, clan, person)
    }
}

/// The clans that are perhaps told things elsewhere after an event.
fn rehomed(event: &Event) -> Vec<ClanId> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "spaces change by these events alone")]
    match event {
        Event::SpaceLinked { .. }
        | Event::SpaceMoved { .. }
        | Event::SpaceSlept { .. }
        | Event::SpaceWoke { .. } => event.clans(),
        _ => Vec::new(),
    }
}

/// The role of a person in a clan; none for a stranger.
pub(crate) fn role_in(read: &dyn Read, clan: &Clan, person: PersonId) -> Stored<Option<Role>> {
    if let Some(office) = clan.office(person) {
        return Ok(Some(office));
    }
    Ok(read.member(clan.id, person)?.map(|_| Role::Member))
}

/// The clan that somebody named, by name or id.
pub(crate) fn find_clan(read: &dyn Read, named: &ClanRef) -> Ruling<ClanId> {
    let key = names::key(&named.0);
    if let Some(id) = read.clan_named(&key)? {
        return Ok(id);
    }
    if let Ok(id) = named.0.parse::<ClanId>()
        && read.clan(id)?.is_some()
    {
        return Ok(id);
    }
    let start: String = key.chars().take(3).collect();
    let close = read.clan_names(&start, 50)?;
    let near =
        close.into_iter().find(|name| strsim::damerau_levenshtein(&names::key(name), &key) <= 2);
    let refusal =
        refuse(Code::UnknownClan, Text::from("there is no clan called ").user(named.0.clone()));
    Err(match near {
        Some(name) => refusal.hint(Text::from("did you mean ").user(name).and("?")),
        None => refusal.hint(Text::new().code("gmbot clans").and(" lists public clans")),
    }
    .into())
}

/// A projection that names something which is not there: a damaged store.
pub(crate) fn missing(what: &str, id: &str) -> StoreError {
    StoreError {
        kind: crate::store::StoreErrorKind::Failed,
        message: format!("the store has no {what} `{id}` though it names it; run `gmbot verify`"),
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}
