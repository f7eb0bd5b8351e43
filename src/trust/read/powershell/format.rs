//! The operator `-f`.

use super::{run::Runner, value::Value};
use crate::{text::Span, trust::read::script::Traced};

impl Runner<'_> {
    /// `'{0}/{1}' -f a, b`; two braces stand for one.
    pub(super) fn formatted(&self, format: &Traced, values: &[Value], span: Span) -> Traced {
        let text = format.marked();
        let mut out = Traced::default();
        let mut plain = 0;
        while let Some(found) = text.get(plain..).and_then(|rest| rest.find(['{', '}'])) {
            let at = plain + found;
            let rest = text.get(at..).unwrap_or_default();
            out.append(format.cut(plain, at));
            if rest.starts_with("{{") || rest.starts_with("}}") {
                out.append(format.cut(at, at + 1));
                plain = at + 2;
                continue;
            }
            let Some((inside, _)) = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')) else {
                return self.lost(span, "`-f` fails on a brace that stands alone");
            };
            let number = inside.split([',', ':']).next().unwrap_or_default().trim();
            let Some(value) = number.parse::<usize>().ok().and_then(|number| values.get(number)) else {
                return self.lost(span, &format!("`-f` fails: it has no value for `{{{inside}}}`"));
            };
            let value = value.clone().into_text(&self.place(span));
            out.append(if number == inside || value.as_hole().is_some() {
                value
            } else {
                self.lost(span, &format!("the format `{{{inside}}}` is not followed"))
            });
            plain = at + inside.len() + 2;
        }
        out.append(format.cut(plain, text.len()));
        out
    }

    fn lost(&self, span: Span, reason: &str) -> Traced {
        Traced::hole("-f", reason, self.place(span))
    }
}
