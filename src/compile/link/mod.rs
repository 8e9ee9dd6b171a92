//! What happens once, at the root, after all layers: hash suffixes, name references, vars, order.
