//! Speaking on Discord: where somebody does, by what, and the answer that comes of it.

use std::sync::Arc;
use std::time::Duration;

use gmbot_backend::Backend as _;
use gmbot_chat_testing::Recorded;
use gmbot_discord_fake::State;
use gmbot_engine::model::{Game, Platform};
use gmbot_engine::reply::Audience;
use gmbot_engine::request::Onlooker;
use gmbot_engine::view::{Query, View};
use gmbot_snapshots::World;
use gmbot_snapshots::face::{Answer, FaceError, Message};
use gmbot_snapshots::format::File;
use serenity::all::{AttachmentId, ChannelId, GuildId, InteractionId, MessageId, UserId};

use crate::command::{Used, used};
use crate::face::{OnDiscord, Way};
use crate::reading::There;

/// How long a test waits for something at most.
const PATIENCE: Duration = Duration::from_secs(60);
/// What a client says that a file is; whoever takes it looks into it.
const KIND: &str = "application/octet-stream";
/// Discord's number for a button.
const BUTTON: u64 = 2;

/// Where somebody speaks.
pub(crate) struct Spot {
    pub(crate) user: UserId,
    pub(crate) channel: ChannelId,
    /// None in direct messages.
    pub(crate) server: Option<GuildId>,
    /// What people are called on Discord, each beside the transcript's word.
    pub(crate) names: Vec<(String, String)>,
}

/// By what something was said.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Via {
    Message(MessageId),
    Interaction(InteractionId),
}

impl Via {
    /// Its id on Discord.
    pub(crate) fn id(self) -> String {
        match self {
            Self::Message(id) => id.to_string(),
            Self::Interaction(id) => id.to_string(),
        }
    }
}

impl OnDiscord {
    /// Where somebody speaks, and what people are called there.
    pub(crate) fn spot(&mut self, world: &World, message: &Message) -> Spot {
        let newborn = self.place.known(&message.speaker.clan).is_none();
        let request = world.request(message);
        let platform = request.actor.as_ref().map(|actor| actor.platform.clone());
        let platform = platform.unwrap_or_else(Platform::terminal);
        let (user, channel) = self.place.speaker(world, &message.speaker, &platform);
        let server = self.place.known(&message.speaker.clan);
        let names = self.place.names(&request, server, newborn);
        Spot { user, channel, server, names }
    }

    /// Says something in the way of this face.
    pub(crate) fn speak(&self, spot: &Spot, text: &str, files: &[File]) -> Result<Via, FaceError> {
        let fake = &self.place.fake;
        let files: Vec<_> = files.iter().map(|file| (&file.name, file.content())).collect();
        let files = files.iter().map(|(name, bytes)| (name.as_str(), KIND, bytes.as_slice()));
        let files: Vec<_> = files.collect();
        if self.way == Way::Command {
            let uploads = files
                .iter()
                .map(|(name, kind, bytes)| fake.upload(spot.channel, name, kind, bytes));
            let uploaded: Vec<AttachmentId> = uploads.collect();
            if let Some(used) = used(text, &uploaded, &self.games()?) {
                return self.fill_in(spot, &used).map(Via::Interaction);
            }
        }
        Ok(Via::Message(fake.say_with(spot.channel, spot.user, text, &files)))
    }

    /// Uses a command, and the form that it opens.
    fn fill_in(&self, spot: &Spot, used: &Used) -> Result<InteractionId, FaceError> {
        let fake = &self.place.fake;
        let id = fake.slash(spot.channel, spot.user, &used.command);
        let Some(form) = &used.form else { return Ok(id) };
        let fields: Vec<_> = form.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let open = |state: &State| state.interaction(id)?.modal.as_ref().map(|_| ());
        let opened = fake.wait_at_most(PATIENCE, open);
        opened.ok_or_else(|| FaceError(format!("no form opened: {}", used.command)))?;
        Ok(fake.submit_modal(id, &fields))
    }

    /// The games that can be named now.
    fn games(&self) -> Result<Vec<Game>, FaceError> {
        let view = self.stage.recorded()?.local.view(&Query::Games, &Onlooker::default());
        let View::Games(games) = view.map_err(FaceError::outside)? else {
            return Err(FaceError("the games are not shown".to_owned()));
        };
        Ok(games.games)
    }

    /// The newest message that somebody sees with a button of this line.
    pub(crate) fn button(&self, spot: &Spot, line: &str) -> Option<MessageId> {
        self.place.fake.read(|state| {
            let there = spot.server.map(|server| state.channels(server)).unwrap_or_default();
            let channels = there.into_iter().map(|channel| channel.id).chain([spot.channel]);
            let seen = channels.flat_map(|channel| state.messages_for(channel, spot.user));
            let with_it = seen
                .filter(|message| message.part(line).is_some_and(|part| part["type"] == BUTTON));
            with_it.map(|message| message.id).max()
        })
    }

    /// What somebody said has come to the backend; the answer is on Discord, where it belongs.
    pub(crate) fn answer(
        &mut self,
        key: &str,
        spot: &Spot,
        via: Via,
    ) -> Result<Option<Answer>, FaceError> {
        let recorded = Arc::clone(self.stage.recorded()?);
        let id = via.id();
        let come = |recorded: &Recorded| recorded.reply(&id);
        let reply = recorded.wait("an answer", come).map_err(FaceError)?;
        let Some(reply) = reply else { return Ok(None) };
        if self.answered.insert(key.to_owned()) {
            let private = reply.audience == Audience::Actor;
            let fake = &self.place.fake;
            let there = match (via, spot.server) {
                (Via::Interaction(id), _) => There::Interaction(id),
                // Below a message a mistake is best seen.
                (Via::Message(_), Some(server)) if !private || reply.code.is_refusal() => {
                    There::Server(server)
                }
                (Via::Message(_), _) => There::Direct(fake.direct(spot.user)),
            };
            self.reader.read(fake, there, std::slice::from_ref(&reply))?;
            if let Via::Interaction(id) = via {
                let only_for = private.then_some(spot.user);
                let seen = fake.responses(id);
                if seen.iter().any(|message| message.only_for != only_for) {
                    return Err(FaceError(format!("{} is seen by others: {seen:#?}", reply.code)));
                }
            }
        }
        Ok(Some(Answer::from(&reply)))
    }
}
