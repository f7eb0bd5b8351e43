//! Comparisons of abstract values.
