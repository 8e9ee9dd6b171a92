//! The selector language of Kubernetes: `app=web,tier in (front, back),!legacy`.

/// A condition on one label.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Requirement {
    key: String,
    operator: Operator,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Operator {
    Exists,
    Absent,
    In(Vec<String>),
    /// True as well where the label is absent.
    NotIn(Vec<String>),
    Greater(i64),
    Less(i64),
}

/// Conditions on labels, all of which must hold. None select anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelSelector {
    requirements: Vec<Requirement>,
}

impl LabelSelector {
    /// Reads a selector. An error says what is wrong, in words.
    pub fn parse(text: &str) -> Result<LabelSelector, String> {
        let mut parser = Parser { tokens: tokens(text), at: 0 };
        let mut requirements = Vec::new();
        while parser.peek(Context::Key) != Token::End {
            requirements.push(parser.requirement()?);
            match parser.next(Context::Key) {
                Token::End => break,
                Token::Symbol(",") if parser.peek(Context::Key) != Token::End => {}
                Token::Symbol(",") => return Err("a label is missing after the last `,`".to_owned()),
                other => return Err(format!("{} stands where `,` or the end was expected", other.words())),
            }
        }
        Ok(LabelSelector { requirements })
    }

    /// Whether all conditions hold for the labels that `value` gives.
    pub fn matches<'a>(&self, value: impl Fn(&str) -> Option<&'a str>) -> bool {
        self.requirements.iter().all(|requirement| requirement.holds(value(&requirement.key)))
    }
}

impl Requirement {
    fn holds(&self, value: Option<&str>) -> bool {
        let number = || value?.parse::<i64>().ok();
        match &self.operator {
            Operator::Exists => value.is_some(),
            Operator::Absent => value.is_none(),
            Operator::In(known) => value.is_some_and(|value| known.iter().any(|known| known == value)),
            Operator::NotIn(known) => value.is_none_or(|value| known.iter().all(|known| known != value)),
            Operator::Greater(limit) => number().is_some_and(|value| value > *limit),
            Operator::Less(limit) => number().is_some_and(|value| value < *limit),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    /// `in` or `notin`, where an operator may stand.
    Set(&'static str),
    Symbol(&'static str),
    End,
}

impl Token {
    fn words(&self) -> String {
        match self {
            Token::Word(word) => format!("`{word}`"),
            Token::Set(word) | Token::Symbol(word) => format!("`{word}`"),
            Token::End => "the end".to_owned(),
        }
    }
}

/// Whether `in` is an operator or a label of that name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    Key,
    Operator,
}

const SYMBOLS: [&str; 9] = ["==", "!=", "=", "!", ",", "(", ")", ">", "<"];

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let symbol = SYMBOLS.into_iter().find(|symbol| rest.starts_with(symbol));
        let length = match symbol {
            Some(symbol) => {
                tokens.push(Token::Symbol(symbol));
                symbol.len()
            }
            None => {
                let special = |c: char| c.is_whitespace() || "=!,()><".contains(c);
                let length = rest.find(special).unwrap_or(rest.len());
                tokens.push(Token::Word(rest[..length].to_owned()));
                length
            }
        };
        rest = rest[length..].trim_start();
    }
    tokens
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
}

impl Parser {
    fn peek(&self, context: Context) -> Token {
        match self.tokens.get(self.at) {
            Some(Token::Word(word)) if context == Context::Operator && word == "in" => Token::Set("in"),
            Some(Token::Word(word)) if context == Context::Operator && word == "notin" => Token::Set("notin"),
            Some(token) => token.clone(),
            None => Token::End,
        }
    }

    fn next(&mut self, context: Context) -> Token {
        let token = self.peek(context);
        self.at += 1;
        token
    }

    fn requirement(&mut self) -> Result<Requirement, String> {
        let absent = self.peek(Context::Key) == Token::Symbol("!");
        self.at += usize::from(absent);
        let key = match self.next(Context::Key) {
            Token::Word(key) => valid_key(key)?,
            other => return Err(format!("{} stands where a label was expected", other.words())),
        };
        if absent {
            return Ok(Requirement { key, operator: Operator::Absent });
        }
        let operator = match self.peek(Context::Operator) {
            Token::End | Token::Symbol(",") => return Ok(Requirement { key, operator: Operator::Exists }),
            operator => operator,
        };
        self.at += 1;
        let operator = match operator {
            Token::Symbol("=" | "==") => Operator::In(vec![self.value()?]),
            Token::Symbol("!=") => Operator::NotIn(vec![self.value()?]),
            Token::Symbol(">") => Operator::Greater(self.number()?),
            Token::Symbol("<") => Operator::Less(self.number()?),
            Token::Set("in") => Operator::In(self.values()?),
            Token::Set(_) => Operator::NotIn(self.values()?),
            other => {
                return Err(format!(
                    "{} is no operator; these are `=`, `==`, `!=`, `in`, `notin`, `>`, `<`",
                    other.words()
                ));
            }
        };
        Ok(Requirement { key, operator })
    }

    fn value(&mut self) -> Result<String, String> {
        match self.peek(Context::Key) {
            Token::End | Token::Symbol(",") => Ok(String::new()),
            Token::Word(word) => {
                self.at += 1;
                valid_value(word)
            }
            other => Err(format!("{} stands where a value was expected", other.words())),
        }
    }

    fn number(&mut self) -> Result<i64, String> {
        let value = self.value()?;
        value.parse().map_err(|_| format!("`{value}` is not a whole number"))
    }

    fn values(&mut self) -> Result<Vec<String>, String> {
        if self.next(Context::Key) != Token::Symbol("(") {
            return Err("the values after `in` and `notin` stand in parentheses".to_owned());
        }
        let mut values = Vec::new();
        loop {
            match self.next(Context::Key) {
                Token::Word(word) => values.push(valid_value(word)?),
                // `(a,,b)` and `(,a)` hold the empty value.
                Token::Symbol(",") => {
                    values.push(String::new());
                    continue;
                }
                Token::Symbol(")") => {
                    values.push(String::new());
                    return Ok(values);
                }
                other => return Err(format!("{} stands where a value was expected", other.words())),
            }
            match self.next(Context::Key) {
                Token::Symbol(",") => {}
                Token::Symbol(")") => return Ok(values),
                other => return Err(format!("{} stands where `,` or `)` was expected", other.words())),
            }
        }
    }
}

/// A name of up to 63 letters, digits, `-`, `_`, `.`, which begins and ends with a letter or digit.
fn is_name(text: &str) -> bool {
    let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    text.len() <= 63
        && ends(text.chars().next())
        && ends(text.chars().last())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}

fn valid_key(key: String) -> Result<String, String> {
    let (prefix, name) = key.rsplit_once('/').map_or((None, key.as_str()), |(prefix, name)| (Some(prefix), name));
    let domain = |prefix: &str| {
        prefix.len() <= 253
            && prefix.split('.').all(|part| {
                is_name(part) && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
            })
    };
    if is_name(name) && prefix.is_none_or(domain) { Ok(key) } else { Err(format!("`{key}` is no valid label name")) }
}

fn valid_value(value: String) -> Result<String, String> {
    if value.is_empty() || is_name(&value) { Ok(value) } else { Err(format!("`{value}` is no valid label value")) }
}

#[cfg(test)]
mod tests {
    use super::LabelSelector;

    fn matches(selector: &str, labels: &[(&'static str, &'static str)]) -> bool {
        let selector = LabelSelector::parse(selector).expect("the selector is valid");
        selector.matches(|name| labels.iter().find(|(key, _)| *key == name).map(|(_, value)| *value))
    }

    #[test]
    fn conditions() {
        let web = [("app", "web"), ("size", "5"), ("in", "x")];
        for yes in ["", "app", "app=web", "app == web", "app!=db", "tier!=db", "!tier", "app in (db, web)", "size>4"] {
            assert!(matches(yes, &web), "{yes}");
        }
        for yes in ["size < 6,app", "app notin (db)", "in", "in in (x)", "app in (,web)", "empty notin ()"] {
            assert!(matches(yes, &web), "{yes}");
        }
        for no in
            ["tier", "app=db", "!app", "app in (db)", "app notin (web)", "size>5", "app>1", "app=", "app=web,tier"]
        {
            assert!(!matches(no, &web), "{no}");
        }
        assert!(matches("app=", &[("app", "")]) && matches("app in (a,)", &[("app", "")]));
    }

    #[test]
    fn mistakes() {
        let error = |text| LabelSelector::parse(text).expect_err("the selector is wrong");
        assert_eq!(error("app=web tier"), "`tier` stands where `,` or the end was expected");
        assert_eq!(error("app,"), "a label is missing after the last `,`");
        assert_eq!(error("app in web"), "the values after `in` and `notin` stand in parentheses");
        assert_eq!(error("size>x"), "`x` is not a whole number");
        assert_eq!(error("-app"), "`-app` is no valid label name");
        assert_eq!(error("=web"), "`=` stands where a label was expected");
    }
}
