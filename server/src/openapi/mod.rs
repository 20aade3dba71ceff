//! The description of the REST API, made from the route table: OpenAPI 3.1 as JSON, and a page to read and try it.

mod describe;
mod page;
mod routes;

pub use describe::describe;
pub use routes::routes;
