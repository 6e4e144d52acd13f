//! How many connections there can be: each is an open file, and a process may have so many of them.

/// How many files are left to all but connections: the database's, and what other faces open.
#[cfg(unix)]
const OTHERS: u64 = 128;

/// How many of the wanted connections there can be. Where this process may have more files than it
/// has now, it takes them.
#[cfg(unix)]
pub(crate) fn room_for(wanted: usize) -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let needed = (wanted as u64).saturating_add(OTHERS);
    let most = limit.maximum.map_or(needed, |most| most.min(needed));
    let now = limit.current.unwrap_or(u64::MAX);
    let raised = Rlimit { current: Some(most), ..limit };
    // What the system refuses here it would have refused to each connection.
    let files = if now < most && setrlimit(Resource::Nofile, raised).is_ok() { most } else { now };
    let connections = files.saturating_sub(OTHERS).max(1);
    usize::try_from(connections).map_or(wanted, |room| room.min(wanted))
}

/// How many of the wanted connections there can be: the system has no limit to look at.
#[cfg(not(unix))]
pub(crate) fn room_for(wanted: usize) -> usize {
    wanted
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_for_what_the_system_gives_and_for_one_at_least() {
        assert_eq!(room_for(100), 100);
        let all = room_for(usize::MAX);
        assert!(all >= 100);
        assert_eq!(room_for(all), all);
    }
}
