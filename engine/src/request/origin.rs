//! Where a client's requests come from: its name and its platform, inside which its ids and
//! idempotency keys live.

use serde::{Deserialize, Serialize};

use super::{Fact, Input, MentionTarget, Request};
use crate::model::Platform;

/// The names that gmbot itself sends requests under.
const RESERVED: &[&str] = &["clock"];
/// The longest name of a client or a platform, in characters.
const LONGEST: usize = 32;

/// A client and the platform that its keys belong to.
///
/// Two clients never meet each other's spaces, people or idempotency keys, even on one platform:
/// each has a name space of its own, as [`Origin::namespace`] says. The client that is called as
/// its platform is that platform's connector, and has the platform itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    client: String,
    platform: Platform,
}

/// A name that no client or platform can have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` can't be the name of a client or platform; take 1 to {LONGEST} letters, digits, `-`, `_` or `.`, and not `clock`"
)]
pub struct BadName(String);

/// Why a client may not say something.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAdmitted {
    /// It speaks for a platform which is not its own.
    #[error("this client's key belongs to the platform `{own}`, and can't speak for `{other}`")]
    ForeignPlatform {
        /// The client's own platform.
        own: Platform,
        /// The one that the request named.
        other: Platform,
    },
    /// It tells what only the backend knows: what the clock did, and what became of notices.
    #[error("no client tells what the clock did, or what became of a notice; that is acknowledged")]
    BackendsOwn,
}

impl Origin {
    /// The origin of a client's requests.
    ///
    /// # Errors
    /// When a name is empty, longer than 32 characters, reserved, or holds other characters than
    /// letters, digits, `-`, `_` and `.`.
    pub fn new(client: &str, platform: &str) -> Result<Self, BadName> {
        for name in [client, platform] {
            let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
            let fits = !name.is_empty() && name.len() <= LONGEST && name.chars().all(allowed);
            if !fits || RESERVED.contains(&name) {
                return Err(BadName(name.to_owned()));
            }
        }
        Ok(Self { client: client.to_owned(), platform: Platform(platform.to_owned()) })
    }

    /// The client's name.
    pub fn client(&self) -> &str {
        &self.client
    }

    /// The platform, as the client calls it.
    pub fn platform(&self) -> &Platform {
        &self.platform
    }

    /// The platform under which the engine knows the client's ids. No name holds a `/`, so no two
    /// origins share one.
    pub fn namespace(&self) -> Platform {
        if self.client == self.platform.0 {
            self.platform.clone()
        } else {
            Platform(format!("{}/{}", self.platform, self.client))
        }
    }

    /// A request as the engine takes it: sent under the client's own name, all of its ids inside the
    /// client's name space.
    ///
    /// # Errors
    /// When it speaks for another platform, or tells what only the backend knows.
    pub fn admit(&self, mut request: Request) -> Result<Request, NotAdmitted> {
        if matches!(&request.input, Input::Fact(fact) if !fact.is_of_a_platform()) {
            return Err(NotAdmitted::BackendsOwn);
        }
        for platform in platforms(&mut request) {
            self.enter(platform)?;
        }
        request.client = self.namespace().0;
        Ok(request)
    }

    /// Takes a platform's name into the client's name space.
    ///
    /// # Errors
    /// When it is not the client's platform.
    pub fn enter(&self, platform: &mut Platform) -> Result<(), NotAdmitted> {
        if *platform != self.platform {
            let (own, other) = (self.platform.clone(), platform.clone());
            return Err(NotAdmitted::ForeignPlatform { own, other });
        }
        *platform = self.namespace();
        Ok(())
    }

    /// Gives a name of the client's name space back as the client calls it.
    pub fn leave(&self, platform: &mut Platform) {
        if *platform == self.namespace() {
            platform.clone_from(&self.platform);
        }
    }
}

/// Every platform that a request names.
fn platforms(request: &mut Request) -> Vec<&mut Platform> {
    let mut found = Vec::new();
    found.extend(request.space.as_mut().map(|space| &mut space.key.platform));
    found.extend(request.actor.as_mut().map(|actor| &mut actor.platform));
    found.extend(request.answer_to.as_mut().map(|space| &mut space.platform));
    for mention in &mut request.mentions {
        match &mut mention.target {
            MentionTarget::Account { account, .. } => found.push(&mut account.platform),
            MentionTarget::Role | MentionTarget::Everyone | MentionTarget::Nobody => {}
        }
    }
    if let Input::Fact(fact) = &mut request.input {
        found.extend(platforms_of(fact));
    }
    found
}

fn platforms_of(fact: &mut Fact) -> Vec<&mut Platform> {
    match fact {
        Fact::SpaceSeen { owner, members } => {
            owner.iter_mut().chain(members).map(|account| &mut account.platform).collect()
        }
        Fact::SpaceMoved { to } => vec![&mut to.platform],
        Fact::OwnerChanged { owner } => vec![&mut owner.platform],
        Fact::MemberLeft { account, owner } => {
            owner.iter_mut().chain([account]).map(|account| &mut account.platform).collect()
        }
        Fact::SpaceRenamed { .. }
        | Fact::SpaceGone
        | Fact::QuestionDelivered { .. }
        | Fact::Undeliverable { .. }
        | Fact::Tick { .. }
        | Fact::Broadcast { .. } => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SpaceKey;
    use crate::request::{AccountRef, Mention, Presence, SpaceRef};

    fn origin(client: &str, platform: &str) -> Origin {
        Origin::new(client, platform).unwrap()
    }

    fn account(platform: &str) -> AccountRef {
        let platform = Platform(platform.to_owned());
        AccountRef { platform, id: "P1".to_owned(), name: "Ann".to_owned() }
    }

    fn request(platform: &str) -> Request {
        let key = SpaceKey { platform: Platform(platform.to_owned()), id: "S1".to_owned() };
        let target = MentionTarget::Account {
            account: account(platform),
            presence: Presence::Inside,
            bot: false,
            stated_role: None,
        };
        Request {
            space: Some(SpaceRef { key: key.clone(), name: "One".to_owned(), direct: false }),
            actor: Some(account(platform)),
            mentions: vec![Mention { written: "@P1".to_owned(), target }],
            answer_to: Some(key),
            ..Request::new("anything", "1", Input::Line("gmbot status".to_owned()))
        }
    }

    #[test]
    fn ids_and_keys_live_inside_client_and_platform() {
        let mut admitted = origin("bff", "discord").admit(request("discord")).unwrap();
        assert_eq!(admitted.client, "discord/bff");
        let all = platforms(&mut admitted);
        assert_eq!(all.len(), 4);
        assert!(all.iter().all(|platform| platform.0 == "discord/bff"));
        let spaces = [("bff", "discord"), ("bff", "matrix"), ("app", "discord")];
        let names: std::collections::BTreeSet<_> =
            spaces.iter().map(|(client, platform)| origin(client, platform).namespace()).collect();
        assert_eq!(names.len(), spaces.len());
    }

    #[test]
    fn a_platforms_own_connector_has_the_platform_itself() {
        let admitted = origin("discord", "discord").admit(request("discord")).unwrap();
        assert_eq!(admitted, Request { client: "discord".to_owned(), ..request("discord") });
    }

    #[test]
    fn nobody_speaks_for_another_platform() {
        let bff = origin("bff", "discord");
        for part in 0..4 {
            let mut sent = request("discord");
            let other = Platform("matrix".to_owned());
            if let Some(platform) = platforms(&mut sent).into_iter().nth(part) {
                platform.clone_from(&other);
            }
            let refused = bff.admit(sent).unwrap_err();
            let own = bff.platform.clone();
            assert_eq!(refused, NotAdmitted::ForeignPlatform { own, other });
        }
        // What the engine calls the client's platform is no name that the client may use.
        assert!(bff.admit(request("discord/bff")).is_err());
    }

    #[test]
    fn facts_are_looked_through_as_well() {
        let facts = [
            Fact::SpaceSeen { owner: Some(account("matrix")), members: Vec::new() },
            Fact::SpaceSeen { owner: None, members: vec![account("matrix")] },
            Fact::SpaceMoved {
                to: SpaceKey { platform: Platform("matrix".to_owned()), id: "S2".to_owned() },
            },
            Fact::OwnerChanged { owner: account("matrix") },
            Fact::MemberLeft { account: account("matrix"), owner: None },
            Fact::MemberLeft { account: account("discord"), owner: Some(account("matrix")) },
        ];
        for fact in facts {
            let sent = Request { input: Input::Fact(fact.clone()), ..request("discord") };
            assert!(origin("bff", "discord").admit(sent).is_err(), "{fact:?}");
        }
    }

    #[test]
    fn what_only_the_backend_knows_is_told_by_nobody_else() {
        let war = "k3xp2".parse().unwrap();
        let facts = [
            Fact::Tick { war },
            Fact::Broadcast { war },
            Fact::QuestionDelivered { war, side: crate::model::Side::Host },
            Fact::Undeliverable { clan: "c22222a".parse().unwrap() },
        ];
        for fact in facts {
            let sent = Request { input: Input::Fact(fact), ..request("discord") };
            let refused = origin("discord", "discord").admit(sent).unwrap_err();
            assert_eq!(refused, NotAdmitted::BackendsOwn);
        }
    }

    #[test]
    fn names_that_could_be_mistaken_are_refused() {
        let long = "x".repeat(LONGEST + 1);
        for name in ["", "a/b", "a b", "clock", "é", "a\nb", &long] {
            assert!(Origin::new(name, "discord").is_err(), "{name:?}");
            assert!(Origin::new("bff", name).is_err(), "{name:?}");
        }
    }
}
