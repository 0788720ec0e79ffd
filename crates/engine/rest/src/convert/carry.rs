//! Refusing what a body asks for beyond what this version can do.
//!
//! A client writes an element and reads it back; if the engine dropped it in silence the client
//! would believe it. So an element that no conversion reads must say what is shown anyway (or
//! nothing); otherwise the request is answered 501 and names the element.

use api_schema::{Record, View};
use base::Fault;

/// Checks `wanted` against `shown`, which is what a GET of the object would answer. `known` are the
/// elements that the conversion reads, and those that only the engine sets: `memory`, `cpu.topology`.
///
/// # Errors
/// 501 for the first other element that differs.
pub(super) fn check(wanted: &dyn Record, shown: &dyn Record, known: &[&str]) -> Result<(), Fault> {
    walk(wanted, Some(shown), known, "", wanted.desc().tag)
}

fn walk(
    wanted: &dyn Record,
    shown: Option<&dyn Record>,
    known: &[&str],
    prefix: &str,
    tag: &str,
) -> Result<(), Fault> {
    for (index, field) in wanted.desc().fields.iter().enumerate() {
        let view = view_of(wanted, index);
        if matches!(view, View::Absent) {
            continue;
        }
        let path = format!("{prefix}{}", field.name);
        if known.contains(&path.as_str()) {
            continue;
        }
        let there = shown.map_or(View::Absent, |shown| view_of(shown, index));
        let deeper = format!("{path}.");
        if let View::Record(inner) = view
            && known.iter().any(|k| k.starts_with(&deeper))
        {
            let there = match there {
                View::Record(there) => Some(there),
                _ => None,
            };
            walk(inner, there, known, &deeper, tag)?;
        } else if !covers(view, there) {
            return Err(Fault::not_supported(format!(
                "`{tag}.{path}`{}",
                value(view)
            )));
        }
    }
    Ok(())
}

fn view_of(record: &dyn Record, index: usize) -> View<'_> {
    record.slot(index).map_or(View::Absent, |slot| slot.view())
}

/// Whether `wanted` says nothing that `shown` does not say; what is not shown is off and empty.
fn covers(wanted: View<'_>, shown: View<'_>) -> bool {
    match (wanted, shown) {
        (View::Absent, _) => true,
        (View::Text(a), View::Text(b)) => a == b,
        (View::Boolean(a), View::Boolean(b)) => a == b,
        (View::Integer(a), View::Integer(b)) => a == b,
        (View::Decimal(a), View::Decimal(b)) => a == b,
        (View::Date(a), View::Date(b)) => a == b,
        (View::Choice(a), View::Choice(b)) => a == b,
        (View::Record(a), View::Record(b)) => record_covers(a, Some(b)),
        (View::Record(a), View::Absent) => record_covers(a, None),
        (View::List(a), View::List(b)) => {
            a.len() == b.len() && (0..a.len()).all(|i| covers(a.get(i), b.get(i)))
        }
        (View::Text(text), View::Absent) => text.is_empty(),
        (View::Boolean(value), View::Absent) => !value,
        (View::List(list), View::Absent) => list.is_empty(),
        _ => false,
    }
}

fn record_covers(wanted: &dyn Record, shown: Option<&dyn Record>) -> bool {
    let id = |record: &dyn Record| record.identity().and_then(|i| i.id.map(str::to_owned));
    if let Some(wanted) = id(wanted)
        && shown.and_then(id) != Some(wanted)
    {
        return false;
    }
    (0..wanted.desc().fields.len()).all(|index| {
        let there = shown.map_or(View::Absent, |shown| view_of(shown, index));
        covers(view_of(wanted, index), there)
    })
}

fn value(view: View<'_>) -> String {
    match view {
        View::Text(text) => format!(" = `{}`", text.chars().take(64).collect::<String>()),
        View::Boolean(value) => format!(" = `{value}`"),
        View::Integer(number) => format!(" = `{number}`"),
        View::Choice(word) => format!(" = `{word}`"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api_v4::{Cpu, CpuMode, CpuTopology, Nic, Vm};

    fn shown() -> Vm {
        Vm {
            stateless: Some(false),
            origin: Some("ovirt".into()),
            cpu: Some(Box::new(Cpu {
                topology: Some(Box::new(CpuTopology {
                    cores: Some(2),
                    ..CpuTopology::default()
                })),
                ..Cpu::default()
            })),
            ..Vm::default()
        }
    }

    #[test]
    fn what_is_shown_anyway_may_be_sent_back() {
        let known = ["memory", "cpu.topology"];
        assert_eq!(check(&shown(), &shown(), &known), Ok(()));
        let more = Vm {
            memory: Some(1),
            tunnel_migration: Some(false),
            fqdn: Some(String::new()),
            nics: Some(vec![]),
            ..Vm::default()
        };
        assert_eq!(check(&more, &shown(), &known), Ok(()));
    }

    #[test]
    fn anything_else_is_refused_by_name() {
        let cpu = |cpu| Vm {
            cpu: Some(Box::new(cpu)),
            ..Vm::default()
        };
        let refused = |vm: Vm| {
            check(&vm, &shown(), &["cpu.topology"])
                .unwrap_err()
                .messages
        };
        assert_eq!(
            refused(Vm {
                stateless: Some(true),
                ..Vm::default()
            }),
            ["not supported yet: `vm.stateless` = `true`"]
        );
        assert_eq!(
            refused(cpu(Cpu {
                mode: Some(CpuMode::HostPassthrough),
                topology: Some(Box::default()),
                ..Cpu::default()
            })),
            ["not supported yet: `vm.cpu.mode` = `host_passthrough`"]
        );
        assert_eq!(
            refused(Vm {
                nics: Some(vec![Nic::default()]),
                ..Vm::default()
            }),
            ["not supported yet: `vm.nics`"]
        );
    }
}
