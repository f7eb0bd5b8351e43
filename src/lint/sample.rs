//! Files that show how to write a definition, and are deployed by nobody.

/// True for a file that by its folder or its name is an example, a template or a fixture.
pub(super) fn is_sample(path: &str) -> bool {
    const FOLDERS: [&str; 6] = ["example", "examples", "fixtures", "sample", "samples", "testdata"];
    const MARKS: [&str; 5] = [".example", ".sample", ".template", ".tmpl", ".tpl"];
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    folders.split('/').any(|folder| FOLDERS.contains(&folder)) || MARKS.iter().any(|mark| name.contains(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_and_names_tell_what_is_only_shown() {
        for path in ["examples/basic/main.tf", "infra/fic.example.json", "main.tf.sample", "fic.tmpl.json"] {
            assert!(is_sample(path), "{path}");
        }
        assert!(!is_sample("infra/example-app/main.tf") && !is_sample("templates/main.bicep"));
    }
}
