//! Functions of abstract values.
