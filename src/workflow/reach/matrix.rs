//! The rows of a job's matrix: the product of its vectors, without what is excluded, with what is included.
//!
//! Source: actions/runner `MatrixBuilder.cs`.

use super::partial::{Partial, Truth};

/// Larger matrices are not worked out. GitHub runs none of more than 256 rows; what is excluded may make it smaller.
///
/// Source: <https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstrategymatrix>.
const MOST_ROWS: usize = 1024;

/// A row: names and values in the order of the file.
pub(super) type Row = Vec<(String, Partial)>;

/// The rows of `matrix`, which is already evaluated, each with whether it is one for certain. One open row where the matrix is not
/// known; none where GitHub refuses it: it defines nothing, or a vector is empty.
///
/// `equal` compares as the expression language does.
pub(super) fn rows<E>(
    matrix: &Partial,
    equal: impl Fn(&Partial, &Partial) -> Result<Truth, E>,
) -> Result<Vec<(Partial, Truth)>, E> {
    if matrix.known().is_some_and(|value| matches!(value, crate::workflow::expression::Value::Null)) {
        return Ok(vec![(Partial::null(), Truth::Yes)]);
    }
    let unknown = || vec![(Partial::Unknown("matrix".to_owned()), Truth::Yes)];
    let Some(fields) = matrix.fields() else { return Ok(unknown()) };
    let (special, vectors): (Vec<_>, Vec<_>) =
        fields.into_iter().partition(|(name, _)| matches!(name.as_str(), "include" | "exclude"));
    let list = |wanted: &str| special.iter().find(|(name, _)| name == wanted).map(|(_, value)| value);
    let Some(all) = product(&vectors) else { return Ok(unknown()) };
    let included = list("include").map(Partial::items);
    if all.is_empty() && (!vectors.is_empty() || included.as_ref().is_none_or(is_empty)) {
        return Ok(Vec::new());
    }
    let (mut found, sure) = kept(all, list("exclude"), &equal)?;
    let mut extra = Vec::new();
    let open = matches!(included, Some(None));
    let originals = found.clone();
    let items = included.flatten().unwrap_or_default();
    if items.len() > MOST_ROWS {
        return Ok(unknown());
    }
    for item in items.iter().filter_map(Partial::fields) {
        if !include(&item, &mut found, &originals, &vectors, &equal)? {
            extra.push(item);
        }
    }
    found.extend(extra);
    if found.len() > MOST_ROWS {
        return Ok(unknown());
    }
    // Assumed: where everything is excluded the job runs without a row or not at all; the service's side of it is not public.
    if found.is_empty() && !open {
        return Ok(vec![(Partial::null(), Truth::Unknown)]);
    }
    let mut sure = sure.into_iter().chain(std::iter::repeat(Truth::Yes));
    let mut with = |row| (row, sure.next().unwrap_or(Truth::Yes));
    if open {
        found.push(Vec::new());
        return Ok(found.into_iter().map(|row| with(Partial::Fields(row, true))).collect());
    }
    Ok(found.into_iter().map(|row| with(Partial::mapping(row))).collect())
}

fn is_empty(items: &Option<Vec<Partial>>) -> bool {
    items.as_ref().is_some_and(Vec::is_empty)
}

/// The rows that are not excluded, and beside them whether that is certain.
fn kept<E>(
    mut found: Vec<Row>,
    excluded: Option<&Partial>,
    equal: &impl Fn(&Partial, &Partial) -> Result<Truth, E>,
) -> Result<(Vec<Row>, Vec<Truth>), E> {
    let items = excluded.map(Partial::items);
    let certain = if matches!(items, Some(None)) { Truth::Unknown } else { Truth::Yes };
    let mut sure = vec![certain; found.len()];
    for item in items.flatten().unwrap_or_default().iter().filter_map(Partial::fields) {
        let (mut rows, mut certain) = (Vec::new(), Vec::new());
        for (row, so_far) in found.into_iter().zip(sure) {
            let stays = covers(&item, &row, equal)?.not();
            if stays != Truth::No {
                rows.push(row);
                certain.push(so_far.and(stays));
            }
        }
        (found, sure) = (rows, certain);
    }
    Ok((found, sure))
}

/// The product of the vectors in their order; no vectors, no rows. `None` where it is too large.
fn product(vectors: &[(String, Partial)]) -> Option<Vec<Row>> {
    if vectors.is_empty() {
        return Some(Vec::new());
    }
    vectors.iter().try_fold(vec![Row::new()], |rows, (name, vector)| {
        let values = vector.items().unwrap_or_else(|| vec![Partial::Unknown(format!("matrix.{name}"))]);
        let with = |row: &Row, value: &Partial| {
            let mut row = row.clone();
            row.push((name.clone(), value.clone()));
            row
        };
        let few = rows.len() * values.len() <= MOST_ROWS;
        few.then(|| rows.iter().flat_map(|row| values.iter().map(move |value| with(row, value))).collect())
    })
}

/// Whether every leaf of `item` equals the row's; nested mappings are compared leaf by leaf.
fn covers<E>(
    item: &Row,
    row: &Row,
    equal: &impl Fn(&Partial, &Partial) -> Result<Truth, E>,
) -> Result<Truth, E> {
    let mut all = Truth::Yes;
    for (name, wanted) in item {
        let own = row.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        let own = own.map_or(Partial::null(), |(_, value)| value.clone());
        let truth = match (wanted.fields(), own.fields()) {
            (Some(wanted), Some(own)) => covers(&wanted, &own, equal)?,
            (Some(_), None) => Truth::No,
            (None, _) => equal(&own, wanted)?,
        };
        all = all.and(truth);
    }
    Ok(all)
}

/// Adds the extras of `item` to every row that its filter matches; false where there is none.
fn include<E>(
    item: &Row,
    rows: &mut [Row],
    originals: &[Row],
    vectors: &[(String, Partial)],
    equal: &impl Fn(&Partial, &Partial) -> Result<Truth, E>,
) -> Result<bool, E> {
    let is_vector = |name: &str| vectors.iter().any(|(key, _)| key.eq_ignore_ascii_case(name));
    let (filter, extras): (Row, Row) = item.iter().cloned().partition(|(name, _)| is_vector(name));
    let mut matched = false;
    for (row, original) in rows.iter_mut().zip(originals.iter()) {
        let covered = covers(&filter, original, equal)?;
        if covered == Truth::No {
            continue;
        }
        // Where nobody knows whether the filter matches, the item may be a row of its own as well.
        matched |= covered == Truth::Yes;
        for (name, value) in &extras {
            let value = match covered {
                Truth::Yes => value.clone(),
                Truth::No | Truth::Unknown => Partial::Unknown(format!("matrix.{name}")),
            };
            match row.iter_mut().find(|(key, _)| key.eq_ignore_ascii_case(name)) {
                Some((_, old)) => *old = value,
                None => row.push((name.clone(), value)),
            }
        }
    }
    Ok(matched)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::expression::{Value, equals, from_json};

    fn shown(json: &str) -> Vec<String> {
        let matrix = Partial::Known(from_json(json).unwrap());
        let equal = |left: &Partial, right: &Partial| {
            let known = |value: &Partial| value.known().cloned().unwrap_or(Value::Null);
            Ok::<_, ()>(Truth::of(equals(&known(left), &known(right))))
        };
        let rows = rows(&matrix, equal).unwrap();
        let cell = |(name, value): &(String, Partial)| format!("{name}={}", value.known().unwrap().to_text());
        rows.iter()
            .map(|(row, _)| row.fields().unwrap().iter().map(cell).collect::<Vec<_>>().join(","))
            .collect()
    }

    #[test]
    fn the_documented_example_gives_its_six_rows() {
        let rows = shown(
            r#"{"fruit":["apple","pear"],"animal":["cat","dog"],"include":[{"color":"green"},{"color":"pink","animal":"cat"},
            {"fruit":"apple","shape":"circle"},{"fruit":"banana"},{"fruit":"banana","animal":"cat"}]}"#,
        );
        assert_eq!(
            rows,
            [
                "fruit=apple,animal=cat,color=pink,shape=circle",
                "fruit=apple,animal=dog,color=green,shape=circle",
                "fruit=pear,animal=cat,color=pink",
                "fruit=pear,animal=dog,color=green",
                "fruit=banana",
                "fruit=banana,animal=cat",
            ]
        );
    }

    #[test]
    fn exclude_compares_every_leaf_and_include_alone_is_enough() {
        assert_eq!(
            shown(r#"{"os":["A","b"],"v":[1,2],"exclude":[{"os":"a","v":"2"}]}"#),
            ["os=A,v=1", "os=b,v=1", "os=b,v=2"]
        );
        assert_eq!(shown(r#"{"include":[{"env":"dev"},{"env":"prod"}]}"#), ["env=dev", "env=prod"]);
    }
}
