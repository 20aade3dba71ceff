//! What all requests share.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use axum::extract::FromRef;
use leptos::config::LeptosOptions;
use services::Services;

use crate::{config::Settings, middleware::IdempotencyStore};

/// A clone is one reference count.
#[derive(Clone, Debug)]
pub struct AppState(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    services: Services,
    settings: Settings,
    idempotency: IdempotencyStore,
    leptos: LeptosOptions,
    started: Instant,
    ending: AtomicBool,
}

impl AppState {
    pub fn new(services: Services, settings: Settings) -> Self {
        let leptos = LeptosOptions::builder().output_name("app").build();
        let parts = Parts {
            services,
            settings,
            idempotency: IdempotencyStore::default(),
            leptos,
            started: Instant::now(),
            ending: AtomicBool::new(false),
        };
        Self(Arc::new(parts))
    }

    pub fn services(&self) -> &Services {
        &self.0.services
    }

    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub fn idempotency(&self) -> &IdempotencyStore {
        &self.0.idempotency
    }

    pub fn started(&self) -> Instant {
        self.0.started
    }

    /// From now on `/readyz` says no, so that no new requests are sent here.
    pub fn begin_end(&self) {
        self.0.ending.store(true, Ordering::Relaxed);
    }

    pub fn is_ending(&self) -> bool {
        self.0.ending.load(Ordering::Relaxed)
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.0.leptos.clone()
    }
}
