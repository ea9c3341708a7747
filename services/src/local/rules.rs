//! What may be kept and said. A character that XML cannot carry (XML 1.0, section 2.2) is refused
//! whatever the wire that it came by: everybody else would have to be able to read it.

use crate::chat;
use crate::error::{Error, excerpt};

/// Characters of an external id, of a message's id, and of a role.
const LONGEST_ID: usize = 64;

/// Characters of an e-mail address: RFC 5321, section 4.5.3.1.3, without the brackets.
const LONGEST_EMAIL: usize = 254;

/// Roles of one user.
const MOST_ROLES: usize = 64;

/// Bytes of a password: hashing more than anybody types is work for nothing.
const LONGEST_PASSWORD: usize = 1_024;

/// The years 1 to 9999 in seconds since 1970-01-01T00:00:00Z: what XML-RPC can write.
const TIMESTAMPS: std::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;

/// That name without the space around it.
pub(super) fn name(field: &str, name: &str, longest: usize) -> Result<String, Error> {
    let trimmed = name.trim();
    if trimmed.is_empty() {
        let wanted = "send a name that is not empty";
        return Err(Error::invalid(field, name, wanted));
    }
    short(field, trimmed, longest)?;
    visible(field, trimmed)?;
    Ok(trimmed.to_owned())
}

/// An e-mail address looks like one where it has one @ with something on both sides, and no space.
pub(super) fn email(email: &str) -> Result<(), Error> {
    let looks_like_one = email.split_once('@').is_some_and(|(mailbox, domain)| {
        !mailbox.is_empty() && !domain.is_empty() && !domain.contains('@')
    });
    if !looks_like_one || email.contains(char::is_whitespace) {
        let wanted = "send an e-mail address, such as ana@example.org";
        return Err(Error::invalid("email", email, wanted));
    }
    short("email", email, LONGEST_EMAIL)?;
    visible("email", email)
}

pub(super) fn id(field: &str, id: &str) -> Result<(), Error> {
    short(field, id, LONGEST_ID)?;
    visible(field, id)
}

pub(super) fn roles(roles: &[String]) -> Result<(), Error> {
    if roles.len() > MOST_ROLES {
        let count = roles.len();
        let message = format!("roles are {count}: send at most {MOST_ROLES}");
        return Err(Error::InvalidArgument(message));
    }
    for (index, role) in roles.iter().enumerate() {
        let field = format!("roles[{index}]");
        if role.is_empty() {
            return Err(Error::InvalidArgument(format!(
                "{field} is empty: leave it out"
            )));
        }
        id(&field, role)?;
    }
    Ok(())
}

/// Tells nothing of the password.
pub(super) fn password(password: &str) -> Result<(), Error> {
    if password.is_empty() {
        let message = "senha is empty: send a password";
        return Err(Error::InvalidArgument(message.into()));
    }
    if password.len() > LONGEST_PASSWORD {
        let message = format!("senha is too long: send at most {LONGEST_PASSWORD} bytes");
        return Err(Error::InvalidArgument(message));
    }
    Ok(())
}

pub(super) fn text(text: &str) -> Result<(), Error> {
    chat::text_fits(text)?;
    let layout = |character: &char| matches!(character, '\t' | '\n' | '\r');
    let control = |character: &char| *character < ' ' && !layout(character);
    let refused = text.chars().find(|c| control(c) || not_a_character(*c));
    refused.map_or(Ok(()), |character| Err(unreadable("text", text, character)))
}

pub(super) fn timestamp(timestamp: i64) -> Result<(), Error> {
    if TIMESTAMPS.contains(&timestamp) {
        return Ok(());
    }
    let wanted = "send seconds since 1970 in the years 1 to 9999, or 0 for now";
    Err(Error::invalid("timestamp", timestamp, wanted))
}

fn short(field: &str, value: &str, longest: usize) -> Result<(), Error> {
    if value.chars().count() <= longest {
        return Ok(());
    }
    let wanted = format!("send at most {longest} characters");
    Err(Error::invalid(field, value, &wanted))
}

/// On one line, without what a terminal would obey.
fn visible(field: &str, value: &str) -> Result<(), Error> {
    let refused = value
        .chars()
        .find(|c| c.is_control() || not_a_character(*c));
    refused.map_or(Ok(()), |character| Err(unreadable(field, value, character)))
}

/// The two of the first plane that XML leaves out by name.
fn not_a_character(character: char) -> bool {
    matches!(character, '\u{fffe}' | '\u{ffff}')
}

fn unreadable(field: &str, value: &str, character: char) -> Error {
    let code = u32::from(character);
    let value = excerpt(value);
    Error::InvalidArgument(format!(
        "{field} is \"{value}\": leave the character U+{code:04X} out, not everybody can read it"
    ))
}
