//! YAML as a tree of nodes that know where they were written.
//!
//! One reader serves workflow files, our configuration, the emulator's state and Pulumi programs. A scalar stays text until
//! somebody asks for a boolean, a number or null; then YAML 1.2 core decides, so `on`, `no` and `12_345` are text.
//! Source: actions/runner src/Sdk/WorkflowParser/ObjectTemplating (`YamlObjectReader`), which reads workflows the same way.

mod build;
mod error;
mod event;
mod loose;
mod node;
mod options;
mod scalar;

use std::sync::Arc;

use crate::text::Source;

pub use error::{Error, Problem};
pub use node::{Comment, Document, Entry, Kind, Node};
pub use options::Options;
pub use scalar::{Scalar, Style, Tag, Value};

/// The tree of `source`, read with the ordinary options; an empty file is one null scalar.
///
/// # Errors
/// The first thing that is wrong with the file, with its place.
pub fn parse(source: &Arc<Source>) -> Result<Node, Error> {
    read(source, &Options::default()).map(|document| document.root)
}

/// The tree of `source` together with its comments.
///
/// # Errors
/// The first thing that is wrong with the file, with its place.
pub fn read(source: &Arc<Source>, options: &Options) -> Result<Document, Error> {
    build::document(source, options)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    fn tree(text: &str) -> Node {
        parse(&Source::new("a.yml", text)).unwrap()
    }

    fn problem(text: &str) -> (Problem, String) {
        problem_with(text, &Options::default())
    }

    fn problem_with(text: &str, options: &Options) -> (Problem, String) {
        let error = read(&Source::new("a.yml", text), options).unwrap_err();
        (error.problem, error.place.to_string())
    }

    #[test]
    fn nodes_know_their_bytes_even_behind_wide_characters_and_a_byte_order_mark() {
        let tree = tree("\u{feff}on: push # é\nname: 'ünï'\njobs:\n  a: [x, {y: z}]\n");
        assert_eq!(tree.get("on").unwrap().place().text(), "push");
        assert_eq!(tree.get("name").unwrap().place().text(), "'ünï'");
        assert_eq!(tree.at(&["jobs", "a"]).unwrap().place().text(), "[x, {y: z}]");
        assert_eq!(tree.get("jobs").unwrap().place().text(), "a: [x, {y: z}]");
        assert_eq!(tree.entry("jobs").unwrap().key.place().to_string(), "a.yml:3:1");
    }

    #[test]
    fn an_alias_keeps_both_places() {
        let tree = tree("a: &x [1, 2]\nb: *x\n");
        let copy = tree.get("b").unwrap();
        assert_eq!(copy.place().text(), "[1, 2]");
        assert_eq!(copy.used_at().text(), "*x");
        assert_eq!(copy.items().len(), 2);
        assert_eq!(tree.get("a").unwrap().alias, None);
    }

    #[test]
    fn aliases_must_be_known_and_outside_their_anchor() {
        assert_eq!(
            problem("a: *x\nb: &x 1\n"),
            (Problem::UnknownAnchor { name: "x".into() }, "a.yml:1:4".into())
        );
        assert_eq!(problem("a: &x\n  b: *x\n").0, Problem::AliasInsideItself);
    }

    #[test]
    fn a_merge_key_is_an_ordinary_key_that_can_be_reported() {
        let tree = tree("a: &x {k: v}\nb:\n  <<: *x\nc: [{<<: 2}, {'<<': 3}]");
        assert!(tree.get("b").unwrap().get("k").is_none());
        assert_eq!(tree.merge_keys().len(), 2);
        assert_eq!(problem("b:\n  <<: 1\n  <<: 2\n").0, Problem::DuplicateKey { key: "<<".into() });
    }

    #[test]
    fn equal_keys_are_refused_with_both_places() {
        let source = Source::new("a.yml", "jobs:\n  Build: 1\n  build: 2\n");
        let error = read(&source, &Options::workflow()).unwrap_err();
        assert_eq!(error.problem, Problem::DuplicateKey { key: "build".into() });
        assert_eq!(error.place.to_string(), "a.yml:3:3");
        assert_eq!(error.related.unwrap().to_string(), "a.yml:2:3");
        assert!(parse(&source).is_ok(), "only workflows ignore case");
        assert_eq!(problem("{a: 1, a: 2}").1, "a.yml:1:8");
    }

    #[test]
    fn the_limits_hold_after_replay() {
        let mut laughs = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..9 {
            let below = level - 1;
            laughs += &format!("a{level}: &a{level} [{}]\n", vec![format!("*a{below}"); 10].join(", "));
        }
        assert_eq!(problem(&laughs).0, Problem::TooManyNodes { limit: 50_000 });
        let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(100_000), vec!["*a"; 200].join(", "));
        assert_eq!(problem(&long).0, Problem::TooMuchText { limit: 10 * 1024 * 1024 });
        assert!(parse(&Source::new("", "[".repeat(50) + &"]".repeat(50))).is_ok());
        assert_eq!(problem(&("[".repeat(51) + &"]".repeat(51))).0, Problem::TooDeep { limit: 50 });
        let deep =
            format!("a: &a {}1{}\nb: {}*a{}", "[".repeat(30), "]".repeat(30), "[".repeat(30), "]".repeat(30));
        assert_eq!(problem(&deep).0, Problem::TooDeep { limit: 50 });
        let short = Options { max_characters: 3, ..Options::default() };
        assert!(read(&Source::new("", "ééé"), &short).is_ok());
        assert_eq!(problem_with("éééé", &short).0, Problem::TooLong { limit: 3 });
    }

    #[test]
    fn only_the_five_scalar_tags_are_known() {
        let tags =
            tree("[!!str 1, !!null , !!float 1, !<tag:yaml.org,2002:bool> True, !!int 0x10, !!str 'a']");
        let kinds: Vec<_> = tags.items().iter().map(Node::kind_name).collect();
        assert_eq!(kinds, ["text", "null", "a number", "a boolean", "a number", "text"]);
        assert_eq!(problem("a: !!timestamp 2022-10-26").1, "a.yml:1:4");
        assert_eq!(problem("a: !Ref b").0, Problem::UnknownTag { tag: "!Ref".into() });
        assert_eq!(problem("a: !!int \"300\"").0, Problem::StyleForTag { tag: "int" });
        let (problem, place) = problem("on: x\nb:   !!bool test");
        assert_eq!(problem, Problem::ValueForTag { tag: "bool", text: "test".into() });
        assert_eq!(place, "a.yml:2:6");
    }

    #[test]
    fn one_document_is_read_and_keys_are_scalars() {
        assert_eq!(problem("---\na: 1\n---\nb: 2\n"), (Problem::SecondDocument, "a.yml:3:1".into()));
        assert_eq!(problem("? [a]\n: b\n").0, Problem::KeyNotScalar);
        assert!(matches!(problem("a: [1, 2\nb: 3\n").0, Problem::Syntax(_)));
        assert!(tree("").is_null());
        assert!(tree("# only a comment\n").is_null());
        assert!(tree("a:\nb: 1").get("a").unwrap().is_null());
    }

    #[test]
    fn many_comments_are_read_with_their_places() {
        let text = format!(
            "{}a: 1 # fedcred: ignore\n{}b:\n{}  - 1\n",
            "# x\n".repeat(500),
            "#\n".repeat(300),
            "#\n".repeat(300)
        );
        let document = read(&Source::new("a.yml", text), &Options::default()).unwrap();
        assert_eq!(document.comments.len(), 1101);
        let comment = &document.comments[500];
        assert_eq!((&*comment.text, comment.place.text()), (" fedcred: ignore", "# fedcred: ignore"));
    }

    #[test]
    fn flow_collections_may_be_indented_less_than_yaml_asks() {
        let tree = tree("a:\n  - [one, two,\n  three, four]\n");
        assert_eq!(tree.get("a").unwrap().items()[0].items().len(), 4);
    }

    #[test]
    fn blanks_that_github_does_not_ask_for_may_be_missing_in_workflows() {
        let text = "a:\n  - [one]#, two ]\n  - \"é ${{ x }}\n  b\"\n  - 'c\n\nd' # e\nf: g\n";
        let source = Source::new("a.yml", text);
        let document = read(&source, &Options::workflow()).unwrap();
        let items = document.root.get("a").unwrap().items();
        assert_eq!(items[0].items()[0].text(), Some("one"));
        assert_eq!((items[1].text(), items[2].text()), (Some("é ${{ x }} b"), Some("c\nd")));
        assert_eq!(items[1].place().text(), "\"é ${{ x }}\n  b\"");
        assert_eq!(document.root.get("f").unwrap().place().to_string(), "a.yml:8:4");
        assert_eq!(
            document.comments.iter().map(|comment| &*comment.text).collect::<Vec<_>>(),
            [", two ]", " e"]
        );
        assert_eq!(problem(text), (Problem::CommentTooClose, "a.yml:2:10".into()), "only in workflows");
        assert_eq!(problem("a:\n  b: 'c\n  d'\n"), (Problem::QuotedLine, "a.yml:3:3".into()));
        assert!(read(&Source::new("", "a: ['x'#y]\n"), &Options::workflow()).is_err());
    }

    #[test]
    fn a_block_scalar_ends_as_the_file_ends() {
        assert_eq!(tree("a: |\n  x").get("a").unwrap().text(), Some("x"));
        assert_eq!(tree("a: |\n  x\n").get("a").unwrap().text(), Some("x\n"));
    }

    #[test]
    fn a_part_of_a_scalar_is_found_again_in_the_file() {
        let tree = tree("a: 'x ${{ y }}'\nb: |\n  one\n  two ${{ z }}\nc: \"\\u0061b\"\n");
        let part = |name: &str, wanted: &str| {
            let node = tree.get(name).unwrap();
            let start = node.text().unwrap().find(wanted).unwrap();
            node.place_within(Span::new(start, start + wanted.len())).to_string()
        };
        assert_eq!(part("a", "y"), "a.yml:1:11");
        assert_eq!(part("b", "z"), "a.yml:4:11");
        assert_eq!(part("c", "a"), "a.yml:5:4");
    }

    #[test]
    fn one_or_many_reads_lists_single_values_and_nothing() {
        let tree = tree("a: [x, y]\nb: x\nc:\n");
        let count = |name: &str| tree.get(name).unwrap().one_or_many().len();
        assert_eq!((count("a"), count("b"), count("c")), (2, 1, 0));
    }
}
