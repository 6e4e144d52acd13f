//! The pages as browsers get them: what they show, what they hide, and what surrounds them.

mod crawl;
mod names;
mod news;
mod secrecy;
mod shown;
mod surroundings;
mod world;
