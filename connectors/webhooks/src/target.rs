//! Where messages may go.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ureq::http::Uri;

/// An address that messages may be posted to: https, or http on this computer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target(String);

/// Why messages may not be posted to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadTarget {
    /// It is no address.
    #[error("this is no address; write `https://example.org/hook`")]
    NoAddress,
    /// Anybody on the way could read along.
    #[error("messages go over https, or over http to this computer alone")]
    InTheOpen,
    /// It holds a name or a password, which lists would show.
    #[error("leave the name and the password before the `@` out; messages are signed")]
    Credentials,
}

impl FromStr for Target {
    type Err = BadTarget;

    fn from_str(text: &str) -> Result<Self, BadTarget> {
        let uri: Uri = text.parse().map_err(|_unparsed| BadTarget::NoAddress)?;
        let (Some(scheme), Some(host)) = (uri.scheme_str(), uri.host()) else {
            return Err(BadTarget::NoAddress);
        };
        if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
            return Err(BadTarget::Credentials);
        }
        match scheme {
            "https" => Ok(Self(text.to_owned())),
            "http" if is_here(host) => Ok(Self(text.to_owned())),
            "http" => Err(BadTarget::InTheOpen),
            _ => Err(BadTarget::NoAddress),
        }
    }
}

/// Whether a host is this computer.
fn is_here(host: &str) -> bool {
    let number = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || number.is_ok_and(|address| address.is_loopback())
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_leave_this_computer_encrypted_or_not_at_all() {
        for good in [
            "https://example.org/hook?x=1",
            "https://example.org:8443",
            "http://127.0.0.1:9000/hook",
            "http://127.8.8.8/",
            "http://localhost:9000",
            "http://[::1]:9000/",
        ] {
            assert_eq!(
                good.parse::<Target>().map(|target| target.to_string()),
                Ok(good.to_owned())
            );
        }
        for (bad, why) in [
            ("http://example.org", BadTarget::InTheOpen),
            ("http://localhost.example.org", BadTarget::InTheOpen),
            ("http://127.0.0.1.example.org", BadTarget::InTheOpen),
            ("http://192.168.1.1/", BadTarget::InTheOpen),
            ("ftp://127.0.0.1/", BadTarget::NoAddress),
            ("example.org/hook", BadTarget::NoAddress),
            ("/hook", BadTarget::NoAddress),
            ("", BadTarget::NoAddress),
            ("https://ann:secret@example.org", BadTarget::Credentials),
            ("http://127.0.0.1@example.org/", BadTarget::Credentials),
        ] {
            assert_eq!(bad.parse::<Target>(), Err(why), "{bad}");
        }
    }
}
