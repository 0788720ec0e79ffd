//! JSON for people and for comparisons: what fits stands on one line.

use serde_json::Value;

/// Characters of a line.
const WIDTH: usize = 160;

/// A value as text, ending with a line feed.
pub(crate) fn text(value: &Value) -> String {
    let mut out = String::new();
    put(&mut out, value, 0);
    out.push('\n');
    out
}

fn put(out: &mut String, value: &Value, depth: usize) {
    let line = value.to_string();
    if line.len() + depth * 2 <= WIDTH {
        out.push_str(&line);
        return;
    }
    match value {
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                begin(out, depth + 1, i);
                put(out, item, depth + 1);
            }
            end(out, depth);
            out.push(']');
        }
        Value::Object(members) => {
            out.push('{');
            for (i, (name, member)) in members.iter().enumerate() {
                begin(out, depth + 1, i);
                out.push_str(&Value::from(name.as_str()).to_string());
                out.push_str(": ");
                put(out, member, depth + 1);
            }
            end(out, depth);
            out.push('}');
        }
        _ => out.push_str(&line),
    }
}

fn begin(out: &mut String, depth: usize, index: usize) {
    if index > 0 {
        out.push(',');
    }
    end(out, depth);
}

fn end(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_same_value_whatever_its_length() {
        let long: Vec<String> = (0..60).map(|n| format!("\u{17c} {n}\n")).collect();
        let value = serde_json::json!({ "a": long, "b": { "c": 1 } });
        let text = text(&value);
        assert!(text.lines().all(|l| l.chars().count() <= WIDTH));
        assert!(text.contains("\"b\": {\"c\":1}"));
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
