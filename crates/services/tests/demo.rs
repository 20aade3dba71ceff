//! The sample data: loaded by the real pipeline, every tile answers.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod data;
mod support;

use data::{Data, asking};
use shared::{
    dashboard::{FilterState, TileData},
    permission::WorkspaceRole,
};

testkit::for_each_database! {
    async fn sample_data_is_added_once_and_every_tile_answers(test: TestDatabase) {
        let data = Data::new(test).await;
        let demo = data.demo(&data.ann());
        let id = demo.add_sample_data(&data.acme()).await.unwrap();
        assert_eq!(demo.add_sample_data(&data.acme()).await.unwrap(), id);
        let viewer = data.instance.member("viewer", WorkspaceRole::Viewer).await;
        let reader = data.reader(&viewer);
        let readable = reader.published(&data.acme(), id).await.unwrap();
        assert_eq!(readable.document.ordered_pages().len(), 4);
        let mut tiles = 0;
        for page in readable.document.ordered_pages() {
            let state = FilterState { page: Some(page.id), ..FilterState::default() };
            let answered = reader.tiles(&data.acme(), id, &asking(state)).await.unwrap();
            for (tile, answer) in &answered.tiles {
                match answer {
                    TileData::Answer { answer, .. } => assert!(!answer.rows.is_empty(), "{tile} is empty"),
                    TileData::Error(error) => panic!("{tile}: {error:?}"),
                }
                tiles += 1;
            }
        }
        assert_eq!(tiles, 29);
    }
}
