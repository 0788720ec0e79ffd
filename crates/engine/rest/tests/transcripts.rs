//! Plays every transcript in `tests/transcripts` against a whole engine in process.

mod common;

use common::World;

#[tokio::test]
async fn every_transcript_holds() {
    tokio::task::LocalSet::new().run_until(all()).await;
}

async fn all() {
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/transcripts");
    let mut files: Vec<_> = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "http"))
        .collect();
    files.sort();
    assert!(!files.is_empty());
    let mut broken = Vec::new();
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&file).unwrap();
        // A fresh engine each: transcripts don't know of each other.
        let played = tokio::task::spawn_local({
            let name = name.clone();
            async move {
                let world = World::new().await;
                common::transcript::play(&world, &name, &text).await;
            }
        });
        if played.await.is_err() {
            broken.push(name);
        }
    }
    assert!(
        broken.is_empty(),
        "broken: {broken:?}; the words of each stand above"
    );
}
