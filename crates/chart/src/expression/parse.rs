//! Tokens to a tree, by precedence climbing.

use super::lex::{Token, tokens};
use super::operator::{Binary, Unary};
use super::tree::Expression;
use crate::value::Value;

/// Reads an expression; the error is a short reason.
pub fn parse(text: &str) -> Result<Expression, String> {
    let mut parser = Parser {
        tokens: tokens(text)?,
        at: 0,
        depth: 0,
        height: 0,
    };
    let tree = parser.choice()?;
    match parser.peek() {
        None => Ok(tree),
        Some(token) => Err(format!("unexpected {token:?}")),
    }
}

/// Trees are walked from the top down, each step with a frame on the stack.
const MAX_HEIGHT: usize = 400;
/// The reader's own frames are larger; a parenthesis, choice or operator inside another has some of them.
const MAX_DEPTH: usize = 100;

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    /// Of the tree that was read last, or of the highest of several.
    height: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn take(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Sign(s)) if *s == sign);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, sign: &str) -> Result<(), String> {
        if self.take(sign) {
            Ok(())
        } else {
            Err(format!("`{sign}` is missing"))
        }
    }

    /// Notes that the tree just read stands below a new root, beside others of a height.
    fn grow(&mut self, beside: usize) -> Result<(), String> {
        self.height = self.height.max(beside) + 1;
        if self.height > MAX_HEIGHT {
            return Err("the expression is nested too deeply".into());
        }
        Ok(())
    }

    fn choice(&mut self) -> Result<Expression, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("the expression is nested too deeply".into());
        }
        let test = self.binary(0)?;
        let tree = if self.take("?") {
            let mut highest = self.height;
            let yes = self.choice()?;
            highest = highest.max(self.height);
            self.expect(":")?;
            let no = self.choice()?;
            self.grow(highest)?;
            Expression::Choice(Box::new(test), Box::new(yes), Box::new(no))
        } else {
            test
        };
        self.depth -= 1;
        Ok(tree)
    }

    fn binary(&mut self, least: u8) -> Result<Expression, String> {
        // Powers are read from the right.
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("the expression is nested too deeply".into());
        }
        let mut left = self.unary()?;
        while let Some(operator) = self.operator().filter(|o| o.strength() >= least) {
            self.at += 1;
            let strength = operator.strength();
            let height = self.height;
            let right = self.binary(if operator == Binary::Power {
                strength
            } else {
                strength + 1
            })?;
            self.grow(height)?;
            left = Expression::Binary(operator, Box::new(left), Box::new(right));
        }
        self.depth -= 1;
        Ok(left)
    }

    fn operator(&self) -> Option<Binary> {
        match self.peek() {
            Some(Token::Sign(sign)) => Binary::of(sign),
            _ => None,
        }
    }

    fn unary(&mut self) -> Result<Expression, String> {
        let mut operators = Vec::new();
        while let Some(operator) = Unary::ALL.into_iter().find(|o| self.take(o.sign())) {
            operators.push(operator);
            if operators.len() > 50 {
                return Err("the expression is nested too deeply".into());
            }
        }
        let mut tree = self.postfix()?;
        while let Some(operator) = operators.pop() {
            self.grow(0)?;
            tree = Expression::Unary(operator, Box::new(tree));
        }
        Ok(tree)
    }

    fn postfix(&mut self) -> Result<Expression, String> {
        let mut tree = self.primary()?;
        loop {
            let height = self.height;
            let key = if self.take(".") {
                match self.tokens.get(self.at) {
                    Some(Token::Name(name)) => {
                        let key = Expression::Literal(Value::text(name));
                        self.at += 1;
                        key
                    }
                    _ => return Err("a name is missing after `.`".into()),
                }
            } else if self.take("[") {
                let key = self.choice()?;
                self.expect("]")?;
                key
            } else {
                return Ok(tree);
            };
            self.grow(height)?;
            tree = match (tree, key) {
                (Expression::Name(name), Expression::Literal(Value::Text(key))) if name == "datum" => {
                    Expression::Datum(key.to_string())
                }
                (tree, key) => Expression::Member(Box::new(tree), Box::new(key)),
            };
        }
    }

    fn list(&mut self, end: &str) -> Result<Vec<Expression>, String> {
        let mut items = Vec::new();
        let mut highest = 0;
        self.height = 0;
        if self.take(end) {
            return Ok(items);
        }
        loop {
            items.push(self.choice()?);
            highest = highest.max(self.height);
            if self.take(end) {
                self.grow(highest)?;
                return Ok(items);
            }
            self.expect(",")?;
        }
    }

    fn primary(&mut self) -> Result<Expression, String> {
        let token = self.peek().cloned().ok_or("the expression ends too early")?;
        self.at += 1;
        self.height = 0;
        match token {
            Token::Number(n) => Ok(Expression::Literal(Value::Number(n))),
            Token::Text(t) => Ok(Expression::Literal(Value::text(&t))),
            Token::Name(name) => match name.as_str() {
                "true" => Ok(Expression::Literal(Value::Bool(true))),
                "false" => Ok(Expression::Literal(Value::Bool(false))),
                "null" => Ok(Expression::Literal(Value::Null)),
                "undefined" => Ok(Expression::Literal(Value::Missing)),
                _ if self.take("(") => Ok(Expression::Call(name, self.list(")")?)),
                _ => Ok(Expression::Name(name)),
            },
            Token::Sign("(") => {
                let tree = self.choice()?;
                self.expect(")")?;
                Ok(tree)
            }
            Token::Sign("[") => Ok(Expression::List(self.list("]")?)),
            Token::Sign("{") => self.object(),
            Token::Sign(sign) => Err(format!("unexpected `{sign}`")),
        }
    }

    fn object(&mut self) -> Result<Expression, String> {
        let mut fields = Vec::new();
        let mut highest = 0;
        while !self.take("}") {
            if !fields.is_empty() {
                self.expect(",")?;
            }
            let key = match self.peek().cloned() {
                Some(Token::Name(k) | Token::Text(k)) => k,
                Some(Token::Number(n)) => crate::value::number_label(n),
                _ => return Err("a key is missing".into()),
            };
            self.at += 1;
            self.expect(":")?;
            fields.push((key, self.choice()?));
            highest = highest.max(self.height);
        }
        self.height = highest;
        self.grow(0)?;
        Ok(Expression::Object(fields))
    }
}
