//! The rules of the house, checked: rooms, sizes, names, headers, and everything that must have its twin.

#[path = "tidy/rooms.rs"]
mod rooms;
#[path = "tidy/shape.rs"]
mod shape;
#[path = "tidy/tree.rs"]
mod tree;
#[path = "tidy/twins.rs"]
mod twins;

/// Fails with every complaint on a line of its own.
fn assert_none(what: &str, complaints: &[String]) {
    assert!(complaints.is_empty(), "{what}:\n  {}", complaints.join("\n  "));
}

#[test]
fn no_room_uses_a_room_above_it() {
    assert_none(
        "rooms that use what the table in docs/ARCHITECTURE.md does not grant",
        &rooms::upward_uses(),
    );
}

#[test]
fn the_table_of_rooms_names_every_room() {
    assert_none("rooms without a row in docs/ARCHITECTURE.md", &rooms::without_a_row());
}

#[test]
fn no_file_outgrows_one_reason_to_exist() {
    assert_none("files over 300 lines before their tests", &shape::long_files());
}

#[test]
fn every_function_fits_a_screen() {
    assert_none("functions over 50 lines", &shape::long_functions());
}

#[test]
fn every_file_says_why_it_exists() {
    assert_none("files that do not begin with a `//!` line", &shape::headless_files());
}

#[test]
fn nothing_is_called_by_a_name_that_says_nothing() {
    assert_none("vague names", &shape::vague_names());
}

#[test]
fn nothing_is_silenced_skipped_or_left_for_later() {
    assert_none("left for later", &shape::leftovers());
}

#[test]
fn every_source_can_be_looked_up() {
    assert_none("`Source:` without a URL or owner/repo", &shape::unsourced());
}

#[test]
fn every_refusal_has_a_page_and_every_page_a_refusal() {
    assert_none("refusals and pages differ", &twins::refusals());
}

#[test]
fn every_rule_has_a_page_and_an_id_that_is_its_file_name() {
    assert_none("rules and pages differ", &twins::rules());
}

#[test]
fn the_list_of_rules_has_every_rule_and_its_summary() {
    assert_none("rules that docs/rules.md does not list", &twins::unlisted_rules());
}

#[test]
fn the_schema_of_the_configuration_knows_every_rule() {
    assert_none("rules in the schema and in the code differ", &twins::schema_rules());
}

#[test]
fn every_action_input_is_a_flag() {
    assert_none("action inputs without a flag of that name", &twins::action_inputs());
}

#[test]
fn every_input_that_is_read_is_declared() {
    assert_none("inputs that action.yml does not declare", &twins::undeclared_inputs());
}

#[test]
fn every_output_of_the_action_is_set_and_its_page_is_whole() {
    assert_none("of the action", &twins::action_page());
}

#[test]
fn every_command_has_examples_in_its_help() {
    assert_none("commands whose help shows no example", &twins::commands_without_examples());
}
