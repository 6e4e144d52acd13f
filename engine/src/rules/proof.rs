//! Filing evidence: images are copied into the store under their SHA-256, links are marked as such.

use sha2::{Digest, Sha256};

use super::context::Context;
use super::refusal::{Ruling, refuse, require};
use super::wars::Speaker;
use super::{notices, wars};
use crate::event::Event;
use crate::grammar::WarRef;
use crate::model::ids::hex;
use crate::model::war::Evidence;
use crate::model::{PersonId, Phase, Side, War};
use crate::reply::{Code, Reply, Text};
use crate::request::Attachment;

/// How many proofs a war keeps of one side.
const MOST_PROOFS: usize = 10;

/// `proof`.
pub(super) fn file(
    context: &mut Context<'_>,
    named: Option<&WarRef>,
    url: Option<&str>,
    note: Option<&str>,
) -> Ruling<Reply> {
    let person = context.actor()?;
    let request = context.request;
    require(!request.attachments.is_empty() || url.is_some(), || {
        refuse(Code::NothingFiled, "neither an image nor a link came with it")
            .hint(Text::from("attach an image, or add ").code("-url https://…"))
    })?;
    request.attachments.iter().try_for_each(require_image)?;
    let (mut war, Speaker { side, .. }) = wars::spoken_of(context, named, person)?;
    require_open_to_proof(context, &war)?;
    let filed = war.proofs.iter().filter(|proof| proof.side == side).count();
    let more = request.attachments.len() + usize::from(url.is_some());
    require(filed + more <= MOST_PROOFS, || {
        refuse(
            Code::TooMuchProof,
            format!("a side files at most {MOST_PROOFS} proofs; yours has {filed}"),
        )
        .hint("put several pictures into one image")
    })?;

    let note = match note {
        Some(note) => Some(context.keep_text(war.id, person, None, note)?),
        None => None,
    };
    for image in &request.attachments {
        let sha256 = hex(&Sha256::digest(&image.bytes));
        context.store().keep_image(&sha256, person, &image.bytes)?;
        record(context, &mut war, side, person, Evidence::Image(sha256), note)?;
    }
    if let Some(url) = url {
        let link = context.keep_text(war.id, person, None, url)?;
        record(context, &mut war, side, person, Evidence::Link(link), note)?;
    }
    tell_other_side(context, &war, side, person, more)?;
    let all = format!(": {}; your side has filed {} in all", count(more), filed + more);
    let reply =
        Reply::new(Code::ProofFiled).say(Text::from("filed for the war ").and(war.id).and(all));
    Ok(match url {
        Some(_) => reply.hint("a link may stop working; an image is copied and kept"),
        None => reply,
    })
}

fn count(proofs: usize) -> String {
    if proofs == 1 { "1 proof".to_owned() } else { format!("{proofs} proofs") }
}

fn require_image(file: &Attachment) -> Ruling<()> {
    require(file.bytes.len() <= Attachment::LARGEST_IMAGE, || {
        refuse(
            Code::ImageTooLarge,
            Text::new().user(file.name.clone()).and(" is larger than 8 MiB"),
        )
        .hint("make it smaller, or send a link")
    })?;
    // It reads PNG, JPEG and WebP headers and nothing else.
    let size = imagesize::blob_size(&file.bytes);
    require(size.is_ok_and(|size| size.width > 0 && size.height > 0), || {
        refuse(
            Code::ImageType,
            Text::new().user(file.name.clone()).and(" is no PNG, JPEG or WebP image"),
        )
        .hint("its content counts, not its name")
    })
}

/// Evidence is taken from the start of a war until its result can't be overturned by verdicts any
/// more.
fn require_open_to_proof(context: &Context<'_>, war: &War) -> Ruling<()> {
    match war.phase {
        Phase::Ongoing | Phase::Voting | Phase::Disputed => Ok(()),
        Phase::Scheduled => Err(refuse(Code::NotStarted, "the war has not begun")
            .hint("proof is taken from its start on")
            .into()),
        Phase::Settled if war.appeals_until().is_some_and(|until| context.at() < until) => Ok(()),
        Phase::Open => wars::require_running(war),
        Phase::Settled | Phase::Withdrawn | Phase::Lapsed | Phase::Declined => Err(wars::over(war)),
    }
}

fn record(
    context: &mut Context<'_>,
    war: &mut War,
    side: Side,
    by: PersonId,
    evidence: Evidence,
    note: Option<crate::model::TextId>,
) -> Ruling<()> {
    let event = Event::ProofFiled { war: war.id, side, by, evidence, note };
    Ok(context.record_for(war, event)?)
}

fn tell_other_side(
    context: &mut Context<'_>,
    war: &War,
    side: Side,
    by: PersonId,
    count: usize,
) -> Ruling<()> {
    let (Some(own), Some(other)) = (war.clan(side), war.clan(side.other())) else { return Ok(()) };
    let own = context.clan(own)?;
    let notice = notices::proof_seen(war, &own, by, &self::count(count));
    Ok(context.notify(other, Some(war.id), notice)?)
}
