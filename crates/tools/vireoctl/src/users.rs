//! `vireoctl user` and `vireoctl audit`: who may log in, and who did what.

use crate::operator::{Operator, encoded};
use anyhow::Context as _;
use clap::Subcommand;
use serde_json::{Value, json};
use std::io::Write;

/// What can be done to users.
#[derive(Debug, Subcommand)]
pub enum UserVerb {
    /// Adds a user, with a password made up here unless one is given on standard input.
    Add {
        /// Login name.
        login: String,
        /// Read the password from standard input.
        #[arg(long)]
        stdin: bool,
        /// First name.
        #[arg(long, default_value = "")]
        first_name: String,
        /// Last name.
        #[arg(long, default_value = "")]
        last_name: String,
        /// Address for mail.
        #[arg(long, default_value = "")]
        email: String,
    },
    /// A new password, made up here unless one is given on standard input. The user's tokens end.
    Password {
        /// Login name.
        #[arg(default_value = "admin@internal")]
        login: String,
        /// Read the password from standard input.
        #[arg(long)]
        stdin: bool,
        /// It ends after so many days.
        #[arg(long)]
        days: Option<u64>,
    },
    /// Opens a login that repeated failures have closed.
    Unlock {
        /// Login name.
        login: String,
    },
    /// Puts a user into a group, which is made when there is none of that name.
    Join {
        /// Login name.
        login: String,
        /// The group.
        group: String,
    },
    /// Takes a user out of a group.
    Leave {
        /// Login name.
        login: String,
        /// The group.
        group: String,
    },
    /// Every user with roles and groups.
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

/// What can be done with the record of who did what.
#[derive(Debug, Subcommand)]
pub enum AuditVerb {
    /// Writes events as JSON lines to standard output, oldest first: when, who, from which address, with
    /// which token, what.
    Export {
        /// Only events with greater ids, to go on where the last export ended.
        #[arg(long, value_name = "ID")]
        from: Option<i64>,
    },
}

/// A password from standard input, if it is asked for.
///
/// # Errors
/// When it can't be read.
pub fn password_in(stdin: bool) -> anyhow::Result<Option<String>> {
    if !stdin {
        return Ok(None);
    }
    let mut text = String::new();
    std::io::stdin()
        .read_line(&mut text)
        .context("cannot read the password")?;
    Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()))
}

/// Does it.
///
/// # Errors
/// When the engine does not answer, or refuses.
pub async fn user(operator: &Operator, verb: UserVerb) -> anyhow::Result<()> {
    match verb {
        UserVerb::Add {
            login,
            stdin,
            first_name,
            last_name,
            email,
        } => {
            let mut body = json!({"login": login, "first_name": first_name,
                "last_name": last_name, "email": email});
            if let Some(password) = password_in(stdin)? {
                body["password"] = Value::String(password);
            }
            let answer = operator.post("/operator/users", &body).await?;
            told(&answer, &format!("user {login} is added"));
        }
        UserVerb::Password { login, stdin, days } => {
            let mut body = json!({"days": days});
            if let Some(password) = password_in(stdin)? {
                body["password"] = Value::String(password);
            }
            let path = format!("/operator/users/{}/password", encoded(&login));
            let answer = operator.post(&path, &body).await?;
            told(&answer, &format!("the password of {login} is changed"));
        }
        UserVerb::Unlock { login } => {
            let path = format!("/operator/users/{}/unlock", encoded(&login));
            let answer = operator.post(&path, &json!({})).await?;
            let locked = answer.get("was_locked").and_then(Value::as_bool);
            match locked {
                Some(true) => println!("{login} can log in again"),
                _ => println!("{login} was not locked"),
            }
        }
        UserVerb::Join { login, group } => {
            member(operator, &login, &group, true).await?;
            println!("{login} is in group {group}");
        }
        UserVerb::Leave { login, group } => {
            member(operator, &login, &group, false).await?;
            println!("{login} is not in group {group} any more");
        }
        UserVerb::List { json } => {
            let users = operator.get("/operator/users").await?;
            if json {
                println!("{}", serde_json::to_string_pretty(&users)?);
            } else {
                print!("{}", listed(&users));
            }
        }
    }
    Ok(())
}

fn told(answer: &Value, otherwise: &str) {
    match answer.get("password").and_then(Value::as_str) {
        Some(password) => println!("{password}"),
        None => println!("{otherwise}"),
    }
}

async fn member(operator: &Operator, login: &str, group: &str, member: bool) -> anyhow::Result<()> {
    let path = format!("/operator/users/{}/groups", encoded(login));
    let body = json!({"group": group, "member": member});
    operator.post(&path, &body).await?;
    Ok(())
}

fn listed(users: &Value) -> String {
    let words = |user: &Value, field: &str| -> String {
        let all = user.get(field).and_then(Value::as_array);
        let all = all.into_iter().flatten().filter_map(Value::as_str);
        all.collect::<Vec<_>>().join(", ")
    };
    let mut text = String::new();
    for user in users.as_array().into_iter().flatten() {
        let login = user.get("login").and_then(Value::as_str);
        let locked = user.get("locked").and_then(Value::as_bool) == Some(true);
        text.push_str(login.unwrap_or_default());
        if locked {
            text.push_str(" (locked)");
        }
        for (field, title) in [("roles", "roles"), ("groups", "groups")] {
            let words = words(user, field);
            if !words.is_empty() {
                text.push_str(&format!("\n  {title}: {words}"));
            }
        }
        text.push('\n');
    }
    text
}

/// Writes events as JSON lines; answers how many.
///
/// # Errors
/// When the engine does not answer, or the lines can't be written.
pub async fn export(
    operator: &Operator,
    from: Option<i64>,
    out: &mut impl Write,
) -> anyhow::Result<u64> {
    let mut written = 0;
    let mut from = from;
    loop {
        let path = match from {
            None => "/operator/audit".to_owned(),
            Some(id) => format!("/operator/audit?from={id}"),
        };
        let page = operator.get(&path).await?;
        let events = page.as_array().map(Vec::as_slice).unwrap_or_default();
        let Some(last) = events.last() else {
            out.flush()?;
            return Ok(written);
        };
        for event in events {
            serde_json::to_writer(&mut *out, event)?;
            out.write_all(b"\n")?;
            written += 1;
        }
        let id = last.get("id").and_then(Value::as_i64);
        from = Some(id.context("the engine sent an event without an id")?);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_shows_what_there_is() {
        let users = json!([
            {"login": "admin@internal", "locked": false, "roles": ["SuperUser on the system"], "groups": []},
            {"login": "bob@internal", "locked": true, "roles": [], "groups": ["night", "day"]},
        ]);
        assert_eq!(
            listed(&users),
            "admin@internal\n  roles: SuperUser on the system\nbob@internal (locked)\n  groups: night, day\n"
        );
    }
}
