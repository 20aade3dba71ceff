//! Text to tokens.

#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    Number(f64),
    Text(String),
    Name(String),
    Sign(&'static str),
}

const SIGNS: [&str; 35] = [
    ">>>", "===", "!==", "==", "!=", "<=", ">=", "&&", "||", "??", "<<", ">>", "**", "+", "-", "*", "/", "%", "<", ">",
    "!", "?", ":", "(", ")", "[", "]", "{", "}", ",", ".", "&", "|", "^", "~",
];

/// Splits an expression into tokens; the error says what stands where none can be.
pub fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    while let Some(c) = rest.chars().next() {
        let (token, length) = if c.is_ascii_digit() || (c == '.' && rest[1..].starts_with(|d: char| d.is_ascii_digit()))
        {
            number(rest)?
        } else if c == '"' || c == '\'' {
            quoted(rest, c)?
        } else if c.is_alphabetic() || c == '_' || c == '$' {
            let end = rest
                .find(|d: char| !(d.is_alphanumeric() || d == '_' || d == '$'))
                .unwrap_or(rest.len());
            (Token::Name(rest.get(..end).unwrap_or("").to_owned()), end)
        } else {
            let sign = SIGNS
                .iter()
                .find(|s| rest.starts_with(**s))
                .ok_or_else(|| format!("unexpected `{c}`"))?;
            (Token::Sign(sign), sign.len())
        };
        out.push(token);
        if out.len() > 20_000 {
            return Err("the expression is too long".into());
        }
        rest = rest.get(length..).unwrap_or("").trim_start();
    }
    Ok(out)
}

fn number(text: &str) -> Result<(Token, usize), String> {
    if let Some(hex) = text.strip_prefix("0x") {
        let end = hex.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(hex.len());
        let value = u64::from_str_radix(hex.get(..end).unwrap_or(""), 16).map_err(|_| "a broken number".to_owned())?;
        return Ok((Token::Number(value as f64), end + 2));
    }
    let bytes = text.as_bytes();
    let mut end = 0;
    while let Some(b) = bytes.get(end) {
        let exponent = matches!(b, b'+' | b'-') && end > 0 && matches!(bytes.get(end - 1), Some(b'e' | b'E'));
        if b.is_ascii_digit() || *b == b'.' || matches!(b, b'e' | b'E') || exponent {
            end += 1;
        } else {
            break;
        }
    }
    let value = text
        .get(..end)
        .unwrap_or("")
        .parse()
        .map_err(|_| "a broken number".to_owned())?;
    Ok((Token::Number(value), end))
}

fn quoted(text: &str, quote: char) -> Result<(Token, usize), String> {
    let mut out = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        if c == quote {
            return Ok((Token::Text(out), at + c.len_utf8()));
        }
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next().map(|(_, c)| c) {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('u') => {
                let code: String = chars.by_ref().take(4).map(|(_, c)| c).collect();
                out.extend(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32));
            }
            Some(c) => out.push(c),
            None => break,
        }
    }
    Err("text without an end".into())
}
