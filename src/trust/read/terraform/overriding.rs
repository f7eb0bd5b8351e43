//! Override files, `override.tf` and `*_override.tf`: what they say takes the place of what the other files say.
//!
//! Source: <https://developer.hashicorp.com/terraform/language/files/override>, <https://opentofu.org/docs/language/files/override/>.

use super::module::{Block, Module, bare};
use crate::{text::Place, trust::read::Skipped};

/// Whether a file of configuration is loaded last, over the others.
pub(super) fn overrides(path: &str) -> bool {
    let name = bare(path).and_then(|path| path.rsplit('/').next());
    name.is_some_and(|name| name == "override" || name.ends_with("_override"))
}

impl Module {
    /// Puts the arguments of `block` over those of the block of the same header; locals are single arguments, and so are
    /// required providers. What is not there to be changed is an error of Terraform.
    pub(super) fn overrule(&mut self, block: Block) {
        let (keyword, name) = (block.keyword.as_str(), block.label(0));
        let base = match keyword {
            "locals" => return self.overrule_locals(block),
            "variable" => self.variables.get_mut(name),
            "output" => self.outputs.get_mut(name),
            "module" => self.calls.iter_mut().find(|base| base.labels == block.labels),
            "resource" | "data" => self
                .resources
                .iter_mut()
                .find(|base| base.keyword == block.keyword && base.labels == block.labels),
            _ => return self.keep(block),
        };
        match base {
            Some(base) => base.attributes.extend(block.attributes),
            None => {
                let what = format!("{keyword} {}", block.labels.join("."));
                self.broken.push(missing(block.place, &what));
            }
        }
    }

    fn overrule_locals(&mut self, block: Block) {
        for (name, written) in block.attributes {
            match self.locals.get_mut(&name) {
                Some(base) => *base = written,
                None => self.broken.push(missing(written.place(), &format!("local.{name}"))),
            }
        }
    }
}

fn missing(place: Place, what: &str) -> Skipped {
    Skipped { place, reason: format!("it overrides {what}, which no other file defines"), broken: false }
}
