//! What people write: a line of text, its mentions and its file as a request.

use gmbot_chat::{OUT_OF_ORDER, age_ms, is_called};
use gmbot_engine::Reply;
use gmbot_engine::grammar::{Kind, kind_of};
use gmbot_engine::reply::{Code, Text};
use gmbot_engine::request::{Input, Request};
use matrix_sdk::Room;
use matrix_sdk::ruma::events::room::message::OriginalSyncRoomMessageEvent;

use crate::bot::Bot;
use crate::key::Source;
use crate::line::Said;
use crate::people;
use crate::send::Name;
use crate::trouble::{Trouble, Unheard};

impl Bot {
    /// Somebody wrote something.
    pub(crate) async fn hear(
        &self,
        room: &Room,
        message: OriginalSyncRoomMessageEvent,
    ) -> Result<(), Unheard> {
        if message.sender == self.me {
            return Ok(());
        }
        let age_ms = age_ms(message.origin_server_ts.get().into());
        let Some(mut said) = Said::in_message(message.content, &self.me) else { return Ok(()) };
        if let Some(line) = self.meant_by_answer(room, &said).await? {
            said.line = line;
        }
        if said.line.is_empty() {
            return Ok(());
        }
        let source = Source {
            room: room.room_id().to_owned(),
            below: message.event_id.clone(),
            event: message.event_id,
            user: message.sender,
            thread: said.thread.clone(),
        };
        self.take(room, &source, &said, age_ms).await
    }

    async fn take(
        &self,
        room: &Room,
        source: &Source,
        said: &Said,
        age_ms: i64,
    ) -> Result<(), Unheard> {
        let request = self.request_of(room, source, said).await?;
        self.introduce(room).await?;
        let asks = kind_of(&request.input) == Kind::Query;
        match self.way.submit(Request { age_ms, ..request }).await.map_err(Unheard::from) {
            // What may change something is answered by way of the outbox.
            Ok(Some(reply)) if asks => {
                let name = Name::new(format!("q{}", source.event));
                self.answer(source, &reply, None, name).await?;
            }
            Ok(_) => {}
            // It is submitted again, with all that came with it.
            Err(cause) if cause.passes() => return Err(cause),
            Err(cause) => {
                if is_called(&said.line, self.me.as_str()) {
                    let reply = Reply::new(Code::NoSpace).say(Text::from(OUT_OF_ORDER));
                    let name = Name::new(format!("e{}", source.event));
                    self.answer(source, &reply, None, name).await?;
                }
                return Err(cause);
            }
        }
        Ok(())
    }

    /// The request that a message makes.
    async fn request_of(
        &self,
        room: &Room,
        source: &Source,
        said: &Said,
    ) -> Result<Request, Trouble> {
        let input = Input::Line(said.line.clone());
        let changes = kind_of(&input) == Kind::Change;
        let request = self.request(room, source, input).await?;
        let mentions = self.mentions(room, &said.line, said.mentions.as_ref()).await?;
        let attachments = match said.file.as_ref().filter(|_| changes) {
            Some(file) => self.fetch(file).await?,
            None => Vec::new(),
        };
        Ok(Request { mentions, attachments, ..request })
    }

    /// The line that an answer to a message of the bot's stands for: an image below a war's card is
    /// proof, and names below a challenge accept it.
    async fn meant_by_answer(&self, room: &Room, said: &Said) -> Result<Option<String>, Trouble> {
        let Some(answered) = &said.answers else { return Ok(None) };
        let image = said.file.is_some() && said.line.is_empty();
        if !image && !people::names_alone(&said.line) {
            return Ok(None);
        }
        let cards = self.cards_above(room, answered).await?;
        Ok(if image {
            let war = cards.iter().find_map(|card| card.war.as_ref());
            war.map(|war| format!("gmbot proof {war}"))
        } else {
            let accept = cards.iter().find_map(|card| card.accept.as_ref());
            accept.map(|accept| format!("{accept} {}", said.line))
        })
    }
}
