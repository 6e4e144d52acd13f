//! Every link leads somewhere, and every page has what readers of screens go by.

use std::collections::{BTreeMap, BTreeSet};

use super::world::{HARMLESS, World};

/// The values of an attribute in a page, with what stands for letters in HTML put back.
fn values(html: &str, attribute: &str) -> Vec<String> {
    let start = format!(" {attribute}=\"");
    let values = html.split(&start).skip(1).map(|rest| rest.split('"').next().unwrap());
    values.map(|value| value.replace("&#38;", "&").replace("&amp;", "&")).collect()
}

#[test]
fn every_link_from_the_start_leads_somewhere() {
    let (world, _) = World::played(HARMLESS);
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    let mut fragments = BTreeSet::new();
    let mut waiting = vec!["/".to_owned()];
    while let Some(path) = waiting.pop() {
        if seen.contains_key(&path) {
            continue;
        }
        assert!(seen.len() < 500, "the pages go on without end: {path}");
        let response = world.get(&path);
        assert_eq!(response.status, 200, "{path}");
        let is_page = response.header("content-type") == Some("text/html; charset=utf-8");
        let links = [values(&response.body, "href"), values(&response.body, "src")].concat();
        for link in links.iter().filter(|_| is_page) {
            if link.starts_with("https://") {
                continue;
            }
            assert!(link.starts_with('/') || link.starts_with('#'), "{link} on {path}");
            let (to, fragment) = link.split_once('#').unwrap_or((link, ""));
            let to = if to.is_empty() { path.clone() } else { to.to_owned() };
            if !fragment.is_empty() {
                fragments.insert((to.clone(), fragment.to_owned()));
            }
            waiting.push(to);
        }
        seen.insert(path, response.body);
    }
    for (path, fragment) in fragments {
        assert!(values(&seen[&path], "id").contains(&fragment), "#{fragment} on {path}");
    }
    for kind in ["/clans/", "/wars/", "/assets/", "/challenges?game=", "/leaderboard?game="] {
        assert!(seen.keys().any(|path| path.starts_with(kind)), "nothing leads to {kind}");
    }
}

#[test]
fn every_page_has_its_landmarks_one_heading_and_ids_of_its_own() {
    let (world, wars) = World::played(HARMLESS);
    let settled = format!("/wars/{}", wars.settled);
    for path in ["/", "/commands", "/api", "/challenges", "/leaderboard", &settled, "/nothing"] {
        let html = world.get(path).body;
        for once in ["<html lang=\"en\">", "<title>", "<main ", "<header ", "<footer ", "<h1>"] {
            assert_eq!(html.matches(once).count(), 1, "{once} on {path}");
        }
        let ids = values(&html, "id");
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{path}: {ids:?}");
        for named in values(&html, "aria-labelledby").iter().flat_map(|ids| ids.split(' ')) {
            assert!(ids.iter().any(|id| id == named), "{named} on {path}");
        }
        assert_eq!(html.matches("<table>").count(), html.matches("<thead>").count(), "{path}");
        assert!(
            !html.contains(" style=") && !html.contains("<style") && !html.contains(" onclick=")
        );
    }
}
