//! Proposals while somebody types an option: what the language knows, and what the backend shows to
//! whoever types.

use gmbot_engine::Reply;
use gmbot_engine::grammar::Command;
use gmbot_engine::grammar::complete::{Live, complete};
use gmbot_engine::grammar::table::find;
use gmbot_engine::model::WarId;
use gmbot_engine::reply::{Block, Inline, Text};
use gmbot_engine::request::{Input, Onlooker};
use gmbot_engine::view::{Query, View};
use serde::Serialize;
use serenity::all::{CommandDataOptionValue, CommandInteraction};

use crate::bot::{Bot, Place, Speaker};
use crate::message::Unheard;
use crate::options::chosen;

/// How many proposals Discord takes.
const MOST: usize = 25;
/// How long the name of a proposal may be, in characters, and what it stands for.
const LONGEST: usize = 100;

/// A proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Proposal {
    name: String,
    value: String,
}

impl Proposal {
    fn new(value: impl Into<String>, about: &str) -> Self {
        let value = value.into();
        let name = if about.is_empty() { value.clone() } else { format!("{value} – {about}") };
        Self { name: name.chars().take(LONGEST).collect(), value }
    }

    fn fits(&self, typed: &str) -> bool {
        let name = self.name.to_lowercase();
        self.value.chars().count() <= LONGEST && name.contains(&typed.to_lowercase())
    }
}

impl Bot {
    /// Somebody types an option.
    pub(crate) async fn complete(&self, typing: &CommandInteraction) -> Result<(), Unheard> {
        let mut proposals = self.proposals(typing).await?;
        proposals.truncate(MOST);
        Ok(self.rest.propose(typing.id, &typing.token, &proposals).await?)
    }

    async fn proposals(&self, typing: &CommandInteraction) -> Result<Vec<Proposal>, Unheard> {
        let Some((command, options)) = chosen(&typing.data.options) else { return Ok(Vec::new()) };
        let typed = options.iter().find_map(|option| {
            let CommandDataOptionValue::Autocomplete { value, .. } = &option.value else {
                return None;
            };
            Some((&option.name, value))
        });
        let (Some((name, typed)), Some(_)) = (typed, find(command)) else { return Ok(Vec::new()) };
        let line = format!("gmbot {command} -{name} ");
        let known = complete(&line, line.len());
        let mut proposals = match known.live {
            Some(Live::Games) => self.games().await?,
            Some(Live::Wars | Live::OpenWars) => self.wars(typing).await?,
            Some(Live::Clans) => self.clans().await?,
            Some(Live::Players) | None => Vec::new(),
        };
        let options = known.options.into_iter();
        proposals.extend(options.map(|option| Proposal::new(option.text, &option.help)));
        proposals.retain(|proposal| proposal.fits(typed));
        Ok(proposals)
    }

    async fn games(&self) -> Result<Vec<Proposal>, Unheard> {
        let view =
            self.way.ask(|backend| backend.view(&Query::Games, &Onlooker::default())).await?;
        let View::Games(games) = view else { return Ok(Vec::new()) };
        let proposal = |game: &gmbot_engine::model::Game| Proposal {
            name: game.name.chars().take(LONGEST).collect(),
            value: game.id.to_string(),
        };
        Ok(games.games.iter().map(proposal).collect())
    }

    async fn clans(&self) -> Result<Vec<Proposal>, Unheard> {
        let query = Query::Clans { game: None, language: None, location: None };
        let view = self.way.ask(move |backend| backend.view(&query, &Onlooker::default())).await?;
        let View::Clans(clans) = view else { return Ok(Vec::new()) };
        Ok(clans.clans.into_iter().map(|listing| Proposal::new(listing.clan.name, "")).collect())
    }

    /// The wars that `status` shows to whoever types.
    async fn wars(&self, typing: &CommandInteraction) -> Result<Vec<Proposal>, Unheard> {
        let nick = typing.member.as_ref().and_then(|member| member.nick.as_deref());
        let speaker = Speaker { user: &typing.user, nick };
        let place = Place { guild: typing.guild_id, channel: typing.channel_id };
        let status = Input::Command(Command::Status { clan: None });
        let request = self.request(format!("a{}", typing.id), place, speaker, status).await?;
        Ok(self.way.submit(request).await?.map(|reply| wars_in(&reply)).unwrap_or_default())
    }
}

/// The wars in a reply, each with the line or the row that it stands in.
fn wars_in(reply: &Reply) -> Vec<Proposal> {
    let mut found: Vec<Proposal> = Vec::new();
    let mut add = |texts: &[&Text]| {
        let pieces = texts.iter().flat_map(|text| &text.0);
        let Some(war) = pieces.clone().find_map(war) else { return };
        let about: Vec<String> = texts.iter().map(|text| words(text, war)).collect();
        let about: Vec<_> =
            about.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect();
        let proposal = Proposal::new(war.to_string(), &about.join(", "));
        if found.iter().all(|known| known.value != proposal.value) {
            found.push(proposal);
        }
    };
    for block in &reply.blocks {
        match block {
            Block::List(texts) => texts.iter().for_each(|text| add(&[text])),
            Block::Table { rows, .. } => {
                rows.iter().for_each(|row| add(&row.iter().collect::<Vec<_>>()));
            }
            Block::Title(_)
            | Block::Paragraph(_)
            | Block::Fields(_)
            | Block::Code(_)
            | Block::Hint(_) => {}
        }
    }
    found
}

fn war(piece: &Inline) -> Option<WarId> {
    if let Inline::War(war) = piece { Some(*war) } else { None }
}

/// A text without the war that it is about, and without moments, which only messages can show.
fn words(text: &Text, about: WarId) -> String {
    let piece = |piece: &Inline| match piece {
        Inline::Words(words) | Inline::User(words) | Inline::Code(words) => words.clone(),
        Inline::Clan { name, .. } => name.clone(),
        Inline::War(war) if *war != about => war.to_string(),
        Inline::War(_) | Inline::Person(_) | Inline::Time(_) | Inline::Message(_) => String::new(),
    };
    text.0.iter().map(piece).collect()
}
