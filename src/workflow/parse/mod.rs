//! Reads a workflow file into the typed model.

mod input;
mod job;
mod keys;
mod language;
mod rule;
mod trigger;

use std::sync::Arc;

pub(super) use input::action_inputs;
use input::inputs;
pub(super) use job::variables;

use super::{
    Error, Permissions, Problem, Workflow,
    expression::Scope,
    model::{Job, Step},
};
use crate::{
    text::{Located, Source},
    yaml::{self, Node, Options},
};

impl Workflow {
    /// Reads a workflow file.
    ///
    /// # Errors
    /// The first thing for which GitHub would refuse the file, as far as it is checked.
    pub fn parse(source: &Arc<Source>) -> Result<Self, Error> {
        let root = yaml::read(source, &Options::workflow())?.root;
        mapping(&root, "workflow")?;
        refuse_merge_keys(&root)?;
        language::WORKFLOW.check(&root, "workflow", &Scope::NONE)?;
        let (triggers, call) = trigger::read(root.get("on").ok_or_else(|| missing("on", &root))?)?;
        let jobs = root.get("jobs").ok_or_else(|| missing("jobs", &root))?;
        let name = root.get("name").and_then(Node::text).filter(|name| !name.is_empty());
        Ok(Self {
            name: name.unwrap_or(source.path()).to_owned(),
            source: Arc::clone(source),
            triggers,
            call,
            permissions: root.get("permissions").map(Permissions::read).transpose()?,
            env: variables(root.get("env")),
            folder: root.at(&["defaults", "run", "working-directory"]).cloned(),
            jobs: all_jobs(jobs)?,
        })
    }
}

/// The steps of a composite action, from its `runs`.
pub(super) fn composite(runs: &Node) -> Result<Vec<Step>, Error> {
    let steps = runs.get("steps").ok_or_else(|| missing("steps", runs))?;
    language::COMPOSITE.check(steps, "steps", &Scope::NONE)?;
    Ok(job::steps(steps.items()))
}

/// `<<` is a key like any other to GitHub: refused where keys or values are fixed, and taken as it is elsewhere.
fn refuse_merge_keys(root: &Node) -> Result<(), Error> {
    let jobs = root.get("jobs").map(Node::entries).unwrap_or_default();
    let matrices = jobs.iter().filter_map(|job| job.value.at(&["strategy", "matrix"]));
    let dispatch = root.at(&["on", "workflow_dispatch"]);
    let open: Vec<_> = matrices.chain(dispatch).flat_map(Node::merge_keys).collect();
    let is_open = |key: &Node| open.iter().any(|merge| merge.key.used_at() == key.used_at());
    match root.merge_keys().into_iter().find(|merge| !is_open(&merge.key)) {
        Some(merge) => Err(unexpected(&merge.key)),
        None => Ok(()),
    }
}

fn all_jobs(node: &Node) -> Result<Vec<Job>, Error> {
    mapping(node, "jobs")?;
    if node.entries().is_empty() {
        return Err(missing("jobs", node));
    }
    let jobs = node.entries().iter().map(job::read).collect::<Result<Vec<_>, _>>()?;
    needs_are_sound(&jobs)?;
    Ok(jobs)
}

/// Every need is a job, and no job waits for itself.
fn needs_are_sound(jobs: &[Job]) -> Result<(), Error> {
    let mut done: Vec<&str> = Vec::new();
    let find = |id: &str| jobs.iter().find(|job| job.id.eq_ignore_ascii_case(id));
    for job in jobs {
        if let Some(need) = job.needs.iter().find(|need| find(&need.value).is_none()) {
            let problem = Problem::UnknownNeed { job: job.id.clone(), needs: need.value.clone() };
            return Err(Error::new(problem, need.place.clone()));
        }
    }
    loop {
        let before = done.len();
        for job in jobs {
            let ready =
                job.needs.iter().all(|need| done.iter().any(|id| id.eq_ignore_ascii_case(&need.value)));
            if ready && !done.contains(&job.id.as_str()) {
                done.push(&job.id);
            }
        }
        if done.len() == before {
            break;
        }
    }
    match jobs.iter().find(|job| !done.contains(&job.id.as_str())) {
        None => Ok(()),
        Some(job) => {
            let open = |need: &&Located<String>| !done.iter().any(|id| id.eq_ignore_ascii_case(&need.value));
            let need = job.needs.iter().find(open).filter(|_| !done.is_empty());
            let place = need.map_or(&job.place, |need| &need.place);
            Err(Error::new(Problem::Circle { job: job.id.clone() }, place.clone()))
        }
    }
}

pub(super) fn mapping(node: &Node, key: &str) -> Result<(), Error> {
    if node.is_mapping() { Ok(()) } else { Err(kind(node, key, "a mapping")) }
}

pub(super) fn kind(node: &Node, key: &str, wanted: &'static str) -> Error {
    Error::new(Problem::Kind { key: key.to_owned(), wanted, found: node.kind_name() }, node.used_at())
}

pub(super) fn missing(key: &'static str, node: &Node) -> Error {
    Error::new(Problem::Missing { key }, node.place())
}

pub(super) fn unexpected(node: &Node) -> Error {
    Error::new(Problem::Unexpected { value: node.text().unwrap_or("").to_owned() }, node.used_at())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::model::{Action, Work};

    fn parse(text: &str) -> Result<Workflow, Error> {
        Workflow::parse(&Source::new(".github/workflows/w.yml", text))
    }

    fn place_of_error(text: &str) -> String {
        let error = parse(text).unwrap_err();
        format!("{}:{} {error}", error.place.start().line, error.place.start().column)
    }

    #[test]
    fn events_may_be_a_word_a_list_or_a_mapping() {
        for on in ["push", "[push]", "{push: }", "{push: {branches: main}}"] {
            let workflow = parse(&format!("on: {on}\njobs: {{a: {{runs-on: x, steps: []}}}}")).unwrap();
            assert_eq!(workflow.triggers[0].event.name, "push", "{on}");
        }
    }

    #[test]
    fn parallel_steps_are_unfolded() {
        let workflow = parse(
            "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - parallel:\n          - uses: a/b@v1\n          - run: c\n      - wait-all:\n      - run: d\n",
        )
        .unwrap();
        let Work::Steps(steps) = &workflow.jobs[0].work else { panic!("steps expected") };
        assert_eq!(steps.len(), 3);
        assert!(matches!(&steps[0].action, Action::Uses { uses, .. } if uses.value == "a/b@v1"));
    }

    #[test]
    fn a_condition_without_a_value_is_none() {
        let text =
            "on: push\njobs:\n  a:\n    if:\n    runs-on: x\n    steps:\n      - run: y\n        if:\n";
        let job = parse(text).unwrap().jobs.remove(0);
        assert!(job.condition.is_none());
        let Work::Steps(steps) = &job.work else { panic!("steps expected") };
        assert!(steps[0].condition.is_none());
    }

    #[test]
    fn what_has_no_value_where_one_is_needed_is_refused() {
        let job = |text: &str| format!("on: push\njobs:\n  a:\n    runs-on: x\n    {text}");
        for (text, error) in [
            ("env:", "`env` should be a mapping, not null"),
            ("needs:", "`needs` should be text or a list, not null"),
            ("steps:", "`steps` should be a list, not null"),
            ("concurrency:", "`concurrency` should be a mapping or text, not null"),
            ("concurrency: ''", "`concurrency` should be a mapping or text, not empty text"),
            ("strategy: {matrix: {os: [a], exclude: }}", "`exclude` should be a list, not null"),
            ("steps: [{uses: a/b@v1, with: }]", "`with` should be a mapping, not null"),
            ("steps: [{parallel: {run: x}}]", "`parallel` should be a list, not a mapping"),
        ] {
            let said = place_of_error(&job(text));
            assert!(said.starts_with("5:") && said.ends_with(error), "{text}: {said}");
        }
        let filter = "on: {push: {branches: }}\njobs: {a: {runs-on: x}}";
        assert!(place_of_error(filter).ends_with("`branches` should be text or a list, not null"));
    }

    #[test]
    fn an_event_is_told_more_in_a_mapping_alone_and_a_schedule_in_a_list_of_them() {
        for (on, error) in [
            ("{push: main}", "`push` should be a mapping, not text"),
            ("{pull_request: [main]}", "`pull_request` should be a mapping, not a sequence"),
            ("{workflow_dispatch: []}", "`workflow_dispatch` should be a mapping, not a sequence"),
            ("{schedule: }", "`schedule` should be a list, not null"),
            ("{schedule: [{timezone: Europe/Oslo}]}", "the key `cron` is missing"),
        ] {
            let said = place_of_error(&format!("on: {on}\njobs: {{a: {{runs-on: x}}}}"));
            assert!(said.ends_with(error), "{on}: {said}");
        }
    }

    #[test]
    fn keys_of_a_dispatch_that_github_ignores_filter_nothing() {
        let text = "on: {workflow_dispatch: {branches: [main], secrets: {X: }}}\njobs: {a: {runs-on: x}}";
        assert!(parse(text).unwrap().triggers[0].branches.is_none());
    }

    #[test]
    fn every_expression_is_read_with_what_its_place_knows() {
        let job = |text: &str| format!("on: push\njobs:\n  a:\n    runs-on: x\n    {text}");
        for (text, error) in [
            ("steps: [{run: '${{ github. }}'}]", "unexpected end"),
            ("steps: [{run: '${{ github.ref'}]", "not closed"),
            ("steps: [{uses: a/b@v1, with: {c: '${{ always() }}'}}]", "`always`"),
            ("steps: [{uses: 'a/b@${{ github.ref }}'}]", "`github`"),
            ("env: {A: '${{ env.B }}'}", "`env`"),
            ("concurrency: '${{ secrets.B }}'", "`secrets`"),
            ("strategy: {matrix: {os: ['${{ matrix.b }}']}}", "`matrix`"),
            ("environment: {name: x, url: '${{ secrets.y }}'}", "`secrets`"),
        ] {
            let said = place_of_error(&job(text));
            assert!(said.starts_with("5:") && said.contains(error), "{text}: {said}");
        }
        let known = "env: {A: '${{ secrets.B }}'}\n    outputs: {b: '${{ steps.c.outputs.d }}'}\n    defaults: {run: {shell: '${{ env.A }}'}}";
        parse(&job(known)).unwrap();
    }

    #[test]
    fn ids_of_steps_are_names_and_stand_once() {
        let steps = |ids: [&str; 2]| {
            let steps = ids.map(|id| format!("{{run: x, id: {id}}}")).join(", ");
            parse(&format!("on: push\njobs: {{a: {{runs-on: x, steps: [{steps}]}}}}"))
        };
        let problem = |ids| steps(ids).unwrap_err().problem.to_string();
        assert!(steps(["b", "B"]).is_ok());
        assert_eq!(problem(["b", "b"]), "the step id `b` is used twice in this job");
        assert!(problem(["b", "a.b"]).starts_with("`a.b` is no step id"));
    }

    #[test]
    fn a_callers_inputs_have_three_types_and_a_boolean_is_no_text() {
        let input = |text: &str| {
            format!("on: {{workflow_call: {{inputs: {{a: {text}}}}}}}\njobs: {{a: {{runs-on: x}}}}")
        };
        assert!(place_of_error(&input("{type: choice}")).ends_with("unexpected value `choice`"));
        let required = place_of_error(&input("{type: string, required: 'yes'}"));
        assert!(required.ends_with("`required` should be true or false, not text"));
        assert!(parse(&input("{type: string, required: true, default: '${{ github.ref }}'}")).is_ok());
    }

    #[test]
    fn what_github_refuses_is_refused_with_its_place() {
        let job = "jobs: {a: {runs-on: x, steps: []}}";
        assert!(place_of_error(&format!("true: push\n{job}")).ends_with("unexpected value `true`"));
        assert!(place_of_error(&format!("name: x\n{job}")).ends_with("`on` is missing"));
        assert!(place_of_error(&format!("on: {{push: {{branch: main}}}}\n{job}")).starts_with("1:13 "));
        let typo = "on: push\njobs: {a: {runs-on: x, environmnet: prod, steps: []}}";
        assert!(place_of_error(typo).ends_with("unexpected value `environmnet`"));
        let nameless = "on: push\njobs: {a: {runs-on: x, steps: [{name: x}]}}";
        assert!(place_of_error(nameless).ends_with("the key `run` is missing"));
        assert!(place_of_error("on: push\njobs: {0a: {runs-on: x}}").contains("no job id"));
        let step = "on: push\njobs: {a: {runs-on: x, steps: [{run: x, if: secrets.y}]}}";
        assert!(place_of_error(step).contains("`secrets`"));
        assert!(
            place_of_error("on: push\njobs: {a: {uses: './.github/workflows/${{ github.ref }}'}}")
                .starts_with("2:")
        );
        let merge = "on: push\njobs: {a: {runs-on: x, env: {<<: {b: c}}, steps: []}}";
        assert!(place_of_error(merge).ends_with("unexpected value `<<`"));
        let vector = "on: push\njobs: {a: {runs-on: x, strategy: {matrix: {os: []}}}}";
        assert!(place_of_error(vector).starts_with("2:"));
        assert!(place_of_error(&format!("on: nosuch\n{job}")).starts_with("1:5 "));
        assert!(place_of_error("on: push\njobs: {a: {steps: []}}").contains("runs-on"));
        assert!(place_of_error("on: push\njobs: {a: {runs-on: x, needs: b}}").contains("unknown job `b`"));
        let circle =
            "on: push\njobs: {s: {runs-on: x}, a: {runs-on: x, needs: b}, b: {runs-on: x, needs: a}}";
        assert!(place_of_error(circle).contains("waits for itself"));
        let both = format!("on: {{push: {{branches: a, branches-ignore: b}}}}\n{job}");
        assert!(place_of_error(&both).contains("cannot stand together"));
        let matrix = "on: push\njobs: {a: {runs-on: x, if: matrix.y}}";
        assert!(place_of_error(matrix).starts_with("2:28 ") && place_of_error(matrix).contains("`matrix`"));
        let secret = "on: push\njobs: {a: {runs-on: x, environment: '${{ secrets.y }}'}}";
        assert!(place_of_error(secret).contains("`secrets`"));
        let called = "on: push\njobs: {a: {uses: ./.github/workflows/b.yml, environment: x}}";
        assert!(place_of_error(called).contains("unexpected value `environment`"));
    }
}
