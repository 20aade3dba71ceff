//! All routes on one screen.

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    components::{ParentRoute, Route, Router, Routes},
    path,
};

use crate::{
    components::{ConfirmIdentity, ToastList},
    contexts::{provide_confirmation, provide_current_user, provide_toasts},
    designer::DesignerPage,
    pages::{
        NotFound, UsagePage,
        account::AccountPage,
        activity::{ActivityPage, InstanceActivityPage},
        connections::{ConnectionPage, ConnectionsPage},
        dashboards::{DashboardsPage, ReadPage},
        datasets::{DatasetPage, DatasetsPage},
        forgot::ForgotPage,
        groups::GroupsPage,
        home::HomePage,
        invite::InvitePage,
        login::LoginPage,
        members::MembersPage,
        model::ModelPage,
        people::PeoplePage,
        reset::ResetPage,
        setup::SetupPage,
        tokens::TokensPage,
        workspace::WorkspaceFrame,
    },
};

/// The signed-in application. Shared links and frames have an entry of their own (`reader`).
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_toasts();
    provide_confirmation();
    provide_current_user();
    view! {
        <Router>
            <Routes fallback=NotFound>
                <Route path=path!("/") view=HomePage />
                <Route path=path!("/setup") view=SetupPage />
                <Route path=path!("/login") view=LoginPage />
                <Route path=path!("/forgot") view=ForgotPage />
                <Route path=path!("/reset/:token") view=ResetPage />
                <Route path=path!("/invite/:token") view=InvitePage />
                <Route path=path!("/w/:workspace/dashboards/:id/edit") view=DesignerPage />
                <ParentRoute path=path!("/w/:workspace") view=WorkspaceFrame>
                    <Route path=path!("") view=DashboardsPage />
                    <Route path=path!("/dashboards") view=DashboardsPage />
                    <Route path=path!("/dashboards/:id") view=ReadPage />
                    <Route path=path!("/datasets") view=DatasetsPage />
                    <Route path=path!("/datasets/:id") view=DatasetPage />
                    <Route path=path!("/connections") view=ConnectionsPage />
                    <Route path=path!("/connections/:id") view=ConnectionPage />
                    <Route path=path!("/members") view=MembersPage />
                    <Route path=path!("/models/:name") view=ModelPage />
                    <Route path=path!("/audit") view=ActivityPage />
                </ParentRoute>
                <ParentRoute path=path!("/settings") view=WorkspaceFrame>
                    <Route path=path!("") view=AccountPage />
                    <Route path=path!("/account") view=AccountPage />
                    <Route path=path!("/tokens") view=TokensPage />
                    <Route path=path!("/audit") view=InstanceActivityPage />
                    <Route path=path!("/people") view=PeoplePage />
                    <Route path=path!("/groups") view=GroupsPage />
                    <Route path=path!("/usage") view=UsagePage />
                </ParentRoute>
            </Routes>
        </Router>
        <ConfirmIdentity />
        <ToastList />
    }
}
