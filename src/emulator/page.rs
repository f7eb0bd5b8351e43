//! Pages of a list: which entries, and the link to the next ones.

/// One page of `all`: the entries, and where the next page begins, if there is one.
pub(super) fn page<T>(all: &[T], from: usize, size: usize) -> (&[T], Option<usize>) {
    let size = size.max(1);
    let rest = all.get(from..).unwrap_or(&[]);
    match rest.split_at_checked(size) {
        Some((page, [_, ..])) => (page, Some(from + size)),
        Some(_) | None => (rest, None),
    }
}

/// The value of `name` in a query, decoded.
pub(super) fn in_query(query: &str, name: &str) -> Option<String> {
    url::form_urlencoded::parse(query.as_bytes())
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

/// The segments of a path, decoded; `*` marks nothing.
pub(super) fn segments(path: &str) -> Vec<String> {
    path.split('/').filter(|part| !part.is_empty()).map(decoded).collect()
}

fn decoded(segment: &str) -> String {
    // Form decoding turns a plus into a blank, which paths do not; plus is kept by escaping it first.
    let escaped = segment.replace('+', "%2B").replace('=', "%3D").replace('&', "%26");
    url::form_urlencoded::parse(escaped.as_bytes())
        .next()
        .map_or_else(String::new, |(key, _)| key.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_page_has_no_next() {
        let all = [1, 2, 3, 4];
        assert_eq!(page(&all, 0, 2), (&all[..2], Some(2)));
        assert_eq!(page(&all, 2, 2), (&all[2..], None));
        assert_eq!(page(&all, 9, 2), (&all[..0], None));
        assert_eq!(page(&all, 0, 0), (&all[..1], Some(1)));
    }

    #[test]
    fn segments_are_decoded() {
        assert_eq!(
            segments("/a%20b/applications(appId='x')/c+d=e&f"),
            ["a b", "applications(appId='x')", "c+d=e&f"]
        );
        assert_eq!(in_query("$filter=appId%20eq%20'x'&b=1", "$filter").as_deref(), Some("appId eq 'x'"));
    }
}
