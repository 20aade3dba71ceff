//! The orders of an invented shop over three years: seasons, weekdays, growth, countries of different size.

use std::fmt::Write as _;

use chrono::{Datelike as _, Days, NaiveDate};

use super::random::Random;

/// Orders in the file.
const ORDERS: u64 = 25_000;
const DAYS: u64 = 3 * 365 + 1;
const HEADER: &str = "Order ID,Order date,Region,Country,Channel,Customer segment,Category,Product,Quantity,Unit price,Discount,Revenue,Cost,Profit\n";

struct Country {
    region: &'static str,
    name: &'static str,
    weight: u64,
}

const fn country(region: &'static str, name: &'static str, weight: u64) -> Country {
    Country { region, name, weight }
}

const COUNTRIES: [Country; 15] = [
    country("Europe", "Germany", 16),
    country("Europe", "France", 11),
    country("Europe", "United Kingdom", 12),
    country("Europe", "Italy", 7),
    country("Europe", "Spain", 6),
    country("Europe", "Netherlands", 5),
    country("North America", "United States", 22),
    country("North America", "Canada", 6),
    country("North America", "Mexico", 3),
    country("Asia Pacific", "Japan", 7),
    country("Asia Pacific", "Australia", 5),
    country("Asia Pacific", "South Korea", 3),
    country("Asia Pacific", "Singapore", 2),
    country("South America", "Brazil", 5),
    country("South America", "Chile", 2),
];

struct Product {
    category: &'static str,
    name: &'static str,
    price_cents: u64,
    /// Of the price without discount.
    cost_percent: u64,
    weight: u64,
    /// Months in which it sells best; twice as often.
    season: &'static [u32],
}

const fn product(
    category: &'static str,
    name: &'static str,
    price_cents: u64,
    cost_percent: u64,
    weight: u64,
    season: &'static [u32],
) -> Product {
    Product {
        category,
        name,
        price_cents,
        cost_percent,
        weight,
        season,
    }
}

const SUMMER: &[u32] = &[4, 5, 6, 7];
const WINTER: &[u32] = &[10, 11, 12];
const AUTUMN: &[u32] = &[8, 9];

const PRODUCTS: [Product; 22] = [
    product("Furniture", "Oak desk", 48_900, 62, 5, AUTUMN),
    product("Furniture", "Lounge chair", 32_900, 58, 6, &[]),
    product("Furniture", "Bookcase", 21_900, 60, 6, AUTUMN),
    product("Furniture", "Side table", 9_900, 55, 8, &[]),
    product("Lighting", "Floor lamp", 14_900, 48, 8, WINTER),
    product("Lighting", "Desk lamp", 6_900, 45, 12, AUTUMN),
    product("Lighting", "Pendant light", 11_900, 47, 7, WINTER),
    product("Kitchen", "Cast-iron pan", 7_900, 52, 12, WINTER),
    product("Kitchen", "Knife set", 12_900, 50, 8, WINTER),
    product("Kitchen", "Espresso maker", 24_900, 63, 7, WINTER),
    product("Kitchen", "Storage jars", 2_900, 40, 16, &[]),
    product("Textiles", "Linen sheets", 11_900, 49, 10, &[]),
    product("Textiles", "Wool blanket", 8_900, 51, 9, WINTER),
    product("Textiles", "Cushion", 3_500, 38, 16, &[]),
    product("Outdoor", "Garden chair", 8_900, 57, 8, SUMMER),
    product("Outdoor", "Parasol", 15_900, 54, 5, SUMMER),
    product("Outdoor", "Planter", 4_900, 42, 11, SUMMER),
    product("Outdoor", "Fire bowl", 18_900, 56, 4, AUTUMN),
    product("Office", "Notebook set", 1_900, 35, 18, AUTUMN),
    product("Office", "Monitor stand", 5_900, 46, 10, &[]),
    product("Office", "Office chair", 27_900, 61, 7, &[]),
    product("Office", "Cable box", 2_500, 37, 12, &[]),
];

struct Channel {
    name: &'static str,
    /// At the start of the three years and at their end.
    weights: (u64, u64),
    most_units: u64,
    discounts: &'static [u64],
}

const CHANNELS: [Channel; 4] = [
    Channel {
        name: "Web shop",
        weights: (38, 50),
        most_units: 4,
        discounts: &[0, 0, 0, 5, 10],
    },
    Channel {
        name: "Store",
        weights: (40, 24),
        most_units: 3,
        discounts: &[0, 0, 0, 0, 10],
    },
    Channel {
        name: "Marketplace",
        weights: (14, 20),
        most_units: 3,
        discounts: &[0, 5, 10, 15],
    },
    Channel {
        name: "Wholesale",
        weights: (8, 6),
        most_units: 24,
        discounts: &[10, 15, 20],
    },
];

const SEGMENTS: [(&str, u64); 3] = [("Consumer", 62), ("Small business", 26), ("Enterprise", 12)];

/// The file, ending with the orders of `last_day`. The same day gives the same bytes.
pub(super) fn csv(last_day: NaiveDate) -> String {
    let mut random = Random::new(20_240_229);
    let mut text = String::with_capacity(3 << 20);
    text.push_str(HEADER);
    let first_day = last_day.checked_sub_days(Days::new(DAYS - 1)).unwrap_or(last_day);
    let days: Vec<NaiveDate> = first_day.iter_days().take(usize::try_from(DAYS).unwrap_or(1)).collect();
    let weights: Vec<u64> = days
        .iter()
        .zip(0..)
        .map(|(day, position)| day_weight(*day, position))
        .collect();
    let total: u64 = weights.iter().sum();
    let (mut before, mut number) = (0, 0);
    for ((day, weight), position) in days.iter().zip(&weights).zip(0..) {
        before += weight;
        // As many orders as the days so far deserve of all.
        let goal = (before * ORDERS).checked_div(total).unwrap_or(0);
        while number < goal {
            number += 1;
            write_order(&mut text, &mut random, number, *day, position);
        }
    }
    text
}

/// More at week-ends and before Christmas, fewer in high summer, and ever more over the years.
fn day_weight(day: NaiveDate, position: u64) -> u64 {
    const MONTHS: [u64; 12] = [84, 82, 92, 98, 101, 97, 88, 90, 100, 106, 128, 141];
    const WEEKDAYS: [u64; 7] = [94, 92, 95, 98, 110, 118, 93];
    let month = usize::try_from(day.month0())
        .ok()
        .and_then(|month| MONTHS.get(month))
        .unwrap_or(&100);
    let weekday = usize::try_from(day.weekday().num_days_from_monday())
        .ok()
        .and_then(|day| WEEKDAYS.get(day))
        .unwrap_or(&100);
    month * weekday * (1_000 + position * 450 / DAYS)
}

fn write_order(text: &mut String, random: &mut Random, number: u64, day: NaiveDate, position: u64) {
    let picked = (
        random.weighted(&COUNTRIES, |country| country.weight),
        random.weighted(&CHANNELS, |channel| {
            channel.weights.0 * (DAYS - position) + channel.weights.1 * position
        }),
        random.weighted(&SEGMENTS, |(_, weight)| *weight),
        random.weighted(&PRODUCTS, |product| {
            if product.season.contains(&day.month()) {
                product.weight * 2
            } else {
                product.weight
            }
        }),
    );
    let (Some(country), Some(channel), Some((segment, _)), Some(product)) = picked else {
        return;
    };
    let quantity = 1 + random.below(channel.most_units).min(random.below(channel.most_units));
    let discount = random.weighted(channel.discounts, |_| 1).copied().unwrap_or(0);
    // Prices rise by 3 % a year.
    let unit_cents = product.price_cents * (10_000 + position * 900 / DAYS) / 10_000;
    let revenue = unit_cents * quantity * (100 - discount) / 100;
    let cost = unit_cents * quantity * product.cost_percent / 100;
    let profit_sign = if revenue < cost { "-" } else { "" };
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "SO-{number:06},{day},{},{},{},{segment},{},{},{quantity},{},{},{},{},{profit_sign}{}",
        country.region,
        country.name,
        channel.name,
        product.category,
        product.name,
        money(unit_cents),
        money(discount),
        money(revenue),
        money(cost),
        money(revenue.abs_diff(cost)),
    );
}

/// Hundredths as a decimal number.
fn money(cents: u64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_day_gives_the_same_plausible_file() {
        let day = NaiveDate::from_ymd_opt(2026, 1, 15).unwrap();
        let file = csv(day);
        assert_eq!(file, csv(day));
        let lines: Vec<&str> = file.lines().collect();
        assert_eq!(lines.len() as u64, ORDERS + 1);
        assert!(lines.last().unwrap().contains("2026-01-15"));
        let revenue: f64 = lines[1..]
            .iter()
            .map(|line| line.split(',').nth(11).unwrap().parse::<f64>().unwrap())
            .sum();
        assert!((2.0e6..2.0e7).contains(&revenue), "{revenue}");
    }
}
