/// Runs each test on a private SQLite and on a private Postgres, as `name::sqlite` and `name::postgres`. The Postgres form
/// fails when no server is given, so that it never passes without having run.
///
/// ```ignore
/// testkit::for_each_database! {
///     async fn a_member_reads(test: TestDatabase) { … }
/// }
/// ```
#[macro_export]
macro_rules! for_each_database {
    ($($(#[$attribute:meta])* async fn $name:ident($test:ident : TestDatabase) $body:block)+) => {$(
        mod $name {
            #[allow(unused_imports, reason = "a test may need nothing of its file")]
            use super::*;

            $(#[$attribute])*
            async fn on_this_database($test: $crate::TestDatabase) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                on_this_database($crate::TestDatabase::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                on_this_database($crate::TestDatabase::postgres().await).await;
            }
        }
    )+};
}
