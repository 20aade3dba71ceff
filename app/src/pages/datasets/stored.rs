//! Texts as they are stored, for reading.

use shared::table::ColumnType;

/// At most `most` characters; moments as `2026-05-01 13:40:00` and without the time of day at midnight.
pub fn stored_text(text: &str, kind: ColumnType, most: usize) -> String {
    let is_moment = matches!(kind, ColumnType::Timestamp | ColumnType::Timestamptz);
    match text.split_once('T') {
        Some((day, "00:00:00")) if is_moment => day.to_owned(),
        Some((day, time)) if is_moment => format!("{day} {time}"),
        Some(_) | None => text.chars().take(most).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_lose_their_t_and_texts_keep_it() {
        assert_eq!(
            stored_text("2001-01-01T00:00:00", ColumnType::Timestamp, 9),
            "2001-01-01"
        );
        assert_eq!(
            stored_text("2001-01-01T09:30:00Z", ColumnType::Timestamptz, 9),
            "2001-01-01 09:30:00Z"
        );
        assert_eq!(stored_text("T-shirt, blue", ColumnType::String, 7), "T-shirt");
    }
}
