//! Label selectors as Kubernetes writes them: `app=web,tier in (a, b),!legacy`.

/// Requirements on labels or annotations, all of which must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelSelector {
    requirements: Vec<Requirement>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Requirement {
    key: String,
    test: Test,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    Exists,
    Missing,
    In(Vec<String>),
    NotIn(Vec<String>),
    Above(i64),
    Below(i64),
}

impl LabelSelector {
    /// Reads a selector; the error says what is wrong with it. An empty text selects everything.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut rest = text.trim();
        let mut requirements = Vec::new();
        while !rest.is_empty() {
            let (requirement, after) = requirement(rest)?;
            requirements.push(requirement);
            rest = match after.strip_prefix(',').map(str::trim_start) {
                Some("") => return Err("a requirement is missing after the last comma".to_owned()),
                Some(after) => after,
                None if after.is_empty() => after,
                None => return Err(format!("a comma is missing before `{after}`")),
            };
        }
        Ok(LabelSelector { requirements })
    }

    /// Whether the labels that `get` finds fulfil all requirements.
    pub fn matches<'a>(&self, get: impl Fn(&str) -> Option<&'a str>) -> bool {
        self.requirements.iter().all(|requirement| requirement.test.holds(get(&requirement.key)))
    }
}

impl Test {
    fn holds(&self, value: Option<&str>) -> bool {
        let number = || value.and_then(|value| value.parse::<i64>().ok());
        match self {
            Test::Exists => value.is_some(),
            Test::Missing => value.is_none(),
            Test::In(values) => value.is_some_and(|value| values.iter().any(|known| known == value)),
            Test::NotIn(values) => value.is_none_or(|value| values.iter().all(|known| known != value)),
            Test::Above(limit) => number().is_some_and(|number| number > *limit),
            Test::Below(limit) => number().is_some_and(|number| number < *limit),
        }
    }
}

/// Reads one requirement and gives what stands behind it.
fn requirement(text: &str) -> Result<(Requirement, &str), String> {
    if let Some(rest) = text.strip_prefix('!') {
        let (key, rest) = word(rest.trim_start());
        let key = named(key)?;
        return Ok((Requirement { key, test: Test::Missing }, rest.trim_start()));
    }
    let (key, rest) = word(text);
    let key = named(key)?;
    let rest = rest.trim_start();
    let (test, rest) = if let Some(rest) = rest.strip_prefix("!=") {
        let (value, rest) = value(rest);
        (Test::NotIn(vec![value]), rest)
    } else if let Some(rest) = rest.strip_prefix("==").or_else(|| rest.strip_prefix('=')) {
        let (value, rest) = value(rest);
        (Test::In(vec![value]), rest)
    } else if let Some(rest) = rest.strip_prefix('>') {
        let (value, rest) = value(rest);
        (Test::Above(number(&value)?), rest)
    } else if let Some(rest) = rest.strip_prefix('<') {
        let (value, rest) = value(rest);
        (Test::Below(number(&value)?), rest)
    } else if let Some(rest) = rest.strip_prefix("notin") {
        let (values, rest) = values(rest)?;
        (Test::NotIn(values), rest)
    } else if let Some(rest) = rest.strip_prefix("in") {
        let (values, rest) = values(rest)?;
        (Test::In(values), rest)
    } else {
        (Test::Exists, rest)
    };
    Ok((Requirement { key, test }, rest.trim_start()))
}

fn word(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| c.is_whitespace() || "=!<>(),".contains(c)).unwrap_or(text.len());
    text.split_at(end)
}

fn named(key: &str) -> Result<String, String> {
    if key.is_empty() { Err("a key is missing".to_owned()) } else { Ok(key.to_owned()) }
}

fn value(text: &str) -> (String, &str) {
    let (value, rest) = word(text.trim_start());
    (value.to_owned(), rest)
}

fn number(text: &str) -> Result<i64, String> {
    text.parse().map_err(|_| format!("`{text}` is no whole number"))
}

fn values(text: &str) -> Result<(Vec<String>, &str), String> {
    let inner = text.trim_start().strip_prefix('(').ok_or("a list in parentheses is missing after `in`")?;
    let (list, rest) = inner.split_once(')').ok_or("`(` has no `)`")?;
    Ok((list.split(',').map(|value| value.trim().to_owned()).collect(), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selects(selector: &str, labels: &[(&str, &str)]) -> bool {
        let find = |key: &str| labels.iter().find(|(name, _)| *name == key).map(|(_, value)| *value);
        LabelSelector::parse(selector).unwrap().matches(find)
    }

    #[test]
    fn requirements() {
        let labels = [("app", "web"), ("tier", "a"), ("size", "5")];
        for yes in [
            "",
            "app",
            "app=web",
            "app == web, tier=a",
            "!x",
            "app in (api, web)",
            "app notin (x)",
            "x!=1",
            "size>4",
            "app,size<6",
        ] {
            assert!(selects(yes, &labels), "{yes}");
        }
        for no in ["app=api", "!app", "x", "app in (api)", "app notin (web)", "app!=web", "size>5", "app=web,x"] {
            assert!(!selects(no, &labels), "{no}");
        }
    }

    #[test]
    fn what_is_no_selector() {
        for text in ["=x", "app in web", "app in (web", "app=a b", "app=a,", "size>x"] {
            assert!(LabelSelector::parse(text).is_err(), "{text}");
        }
    }
}
