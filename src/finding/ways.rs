//! The layers between the root of an environment and the place of a finding.

/// Each way on which the place was reached: shown folders of layers, the innermost first, the root's last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ways(Vec<Vec<String>>);

/// Roots that are named; of others only the number is told.
const MAX_ROOTS: usize = 4;

impl Ways {
    /// Takes note that the finding was met while the layer in the folder `layer` was built.
    pub fn pass(&mut self, layer: &str) {
        if self.0.is_empty() {
            self.0.push(Vec::new());
        }
        for way in self.0.iter_mut().filter(|way| way.last().is_none_or(|last| last != layer)) {
            way.push(layer.to_owned());
        }
    }

    /// Adds the ways on which another environment came here.
    pub fn join(&mut self, other: Ways) {
        for way in other.0 {
            if !self.0.contains(&way) {
                self.0.push(way);
            }
        }
    }

    /// ``in overlay `prod`, via `base` ``; `None` if the place lies in the root layer itself. `roots_told` says that the
    /// reader knows the environments already.
    pub fn words(&self, roots_told: bool) -> Option<String> {
        let ways: Vec<(&String, &[String])> = self.0.iter().filter_map(|way| way.split_last()).collect();
        let &(_, inner) = ways.iter().find(|(_, inner)| !inner.is_empty())?;
        let of_that: Vec<&String> = ways.iter().filter(|(_, other)| *other == inner).map(|(root, _)| *root).collect();
        let via = format!("via {}", listed(inner.iter().rev()));
        let others = match ways.len() - of_that.len() {
            0 => String::new(),
            1 => ", and in another way".to_owned(),
            more => format!(", and in {more} other ways"),
        };
        if roots_told {
            return Some(format!("{via}{others}"));
        }
        let word = if of_that.len() == 1 { "overlay" } else { "overlays" };
        let more = match of_that.len().saturating_sub(MAX_ROOTS) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        Some(format!("in {word} {}{more}, {via}{others}", listed(of_that.into_iter().take(MAX_ROOTS))))
    }
}

fn listed<'a>(words: impl Iterator<Item = &'a String>) -> String {
    words.map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(layers: &[&str]) -> Ways {
        let mut ways = Ways::default();
        layers.iter().for_each(|layer| ways.pass(layer));
        ways
    }

    #[test]
    fn ways_in_words() {
        assert_eq!(way(&["prod"]).words(false), None);
        let mut ways = way(&["base", "base", "eu", "prod"]);
        assert_eq!(ways.words(false).as_deref(), Some("in overlay `prod`, via `eu`, `base`"));
        ways.join(way(&["base", "eu", "dev"]));
        assert_eq!(ways.words(false).as_deref(), Some("in overlays `prod`, `dev`, via `eu`, `base`"));
        assert_eq!(ways.words(true).as_deref(), Some("via `eu`, `base`"));
        ways.join(way(&["base", "us"]));
        assert_eq!(ways.words(true).as_deref(), Some("via `eu`, `base`, and in another way"));
    }
}
