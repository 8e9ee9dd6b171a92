//! `kollate fix`: what becomes of deprecated fields, and that builds stay what they are.

mod corpus;
