//! What goes wrong on demand.

use std::time::Duration;

/// Something that goes wrong with requests, until its number is used up.
///
/// Without [`Fault::on`] it meets every request, except `GET /gateway`: where that fails, serenity
/// goes to the real gateway.
#[derive(Clone, Debug)]
pub struct Fault {
    pub(crate) harm: Harm,
    route: Option<String>,
    every: usize,
    left: usize,
    seen: usize,
}

/// What happens to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Harm {
    /// Refused with 429.
    RateLimit { after: Duration, global: bool },
    /// Refused with a status.
    Status(u16),
    /// Carried out after a while.
    Slow(Duration),
    /// Carried out at once, answered after a while.
    Late(Duration),
    /// Carried out, and the connection ends without an answer.
    Lost,
    /// The connection ends, and nothing is carried out.
    Broken,
}

impl Fault {
    fn new(harm: Harm) -> Self {
        Self { harm, route: None, every: 1, left: usize::MAX, seen: 0 }
    }

    /// 429 for the route: nothing is carried out, and the bot has to wait so long.
    pub fn rate_limit(after: Duration) -> Self {
        Self::new(Harm::RateLimit { after, global: false })
    }

    /// 429 for all routes at once: nothing is carried out, and the bot has to wait so long.
    pub fn global_rate_limit(after: Duration) -> Self {
        Self::new(Harm::RateLimit { after, global: true })
    }

    /// An answer of 500 or above: nothing is carried out.
    pub fn status(status: u16) -> Self {
        Self::new(Harm::Status(status))
    }

    /// The request is carried out after a while.
    pub fn slow(by: Duration) -> Self {
        Self::new(Harm::Slow(by))
    }

    /// The request is carried out at once, and its answer comes after a while.
    pub fn late(by: Duration) -> Self {
        Self::new(Harm::Late(by))
    }

    /// The request is carried out, and its answer never comes: the connection ends.
    pub fn lost() -> Self {
        Self::new(Harm::Lost)
    }

    /// The connection ends, and nothing is carried out.
    pub fn broken() -> Self {
        Self::new(Harm::Broken)
    }

    /// Only requests to a route, as in `POST /channels/{channel_id}/messages`.
    pub fn on(mut self, route: &str) -> Self {
        self.route = Some(route.to_owned());
        self
    }

    /// Only every second, third, … of the requests that it would meet; the others pass.
    pub fn every(mut self, every: usize) -> Self {
        self.every = every.max(1);
        self
    }

    /// Only so often.
    pub fn times(mut self, times: usize) -> Self {
        self.left = times;
        self
    }

    /// Counts a request, and says whether it meets it.
    fn meets(&mut self, route: &str) -> bool {
        let meant = match &self.route {
            Some(only) => only == route,
            None => route != "GET /gateway",
        };
        if !meant || self.left == 0 {
            return false;
        }
        self.seen += 1;
        let meets = self.seen.is_multiple_of(self.every);
        if meets {
            self.left -= 1;
        }
        meets
    }
}

/// The harm that meets a request: that of the first fault that does.
pub(crate) fn harm(faults: &mut [Fault], route: &str) -> Option<Harm> {
    faults.iter_mut().find_map(|fault| fault.meets(route).then_some(fault.harm))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_meets_every_second_request_twice() {
        let mut faults = [Fault::status(503).on("GET /a").every(2).times(2)];
        let mut met = |route| harm(&mut faults, route).is_some();
        assert!(!met("GET /a") && !met("GET /b") && met("GET /a"));
        assert!(!met("GET /a") && met("GET /a"));
        assert!(!met("GET /a") && !met("GET /a"));
    }

    #[test]
    fn the_gateway_is_met_only_by_name() {
        assert_eq!(harm(&mut [Fault::lost()], "GET /gateway"), None);
        assert_eq!(harm(&mut [Fault::lost().on("GET /gateway")], "GET /gateway"), Some(Harm::Lost));
    }
}
