use std::{marker::PhantomData, str::FromStr};

use axum::extract::{FromRequestParts, Path as AxumPath};
use http::request::Parts;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error as _, Visitor},
};
use shared::AppError;

use crate::error::ApiError;

/// The parameters of a path, in order; 400 when one is no id.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match AxumPath::<T>::from_request_parts(parts, state).await {
            Ok(AxumPath(parameters)) => Ok(Self(parameters)),
            Err(_) => Err(ApiError(AppError::malformed(
                "The address holds something that is no id.",
            ))),
        }
    }
}

/// One parameter, read by `FromStr`: ids have exactly one spelling there.
#[derive(Clone, Copy, Debug)]
pub struct Param<T>(pub T);

impl<'de, T: FromStr> Deserialize<'de> for Param<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text<T>(PhantomData<T>);
        impl<T: FromStr> Visitor<'_> for Text<T> {
            type Value = Param<T>;

            fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str("an id")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Param<T>, E> {
                text.parse().map(Param).map_err(|_| E::custom("no id"))
            }
        }
        deserializer
            .deserialize_str(Text(PhantomData))
            .map_err(D::Error::custom)
    }
}
