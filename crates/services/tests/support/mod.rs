//! An instance on a private database with people in it.
#![allow(dead_code, reason = "each test file uses its part")]

pub mod dashboard;

use std::net::{IpAddr, Ipv4Addr};

use services::{
    AccountService, Clock, MemberService, RateLimits, ServiceConfig, ServiceError, Services, SetupService,
    WorkspaceSelector,
    account::{NewUser, create_user},
    secrets::{Keyring, SecretKey},
    session::{ClientInfo, SignIn, SignedIn},
};
use shared::{
    AppError,
    account::{MemberAdd, SetupRequest, UserInfo, WorkspaceInfo},
    ids::RequestId,
    permission::{PlatformRole, Principal, Scope, UserPrincipal, WorkspaceRole},
};
use testkit::{FakeClock, TestDatabase};
use uuid::Uuid;

pub const PASSWORD: &str = "four walls of plaster";
pub const KEY: &str = "q8Zr2mN5vX1cB7kJ4hG6fD9sA3pO0iUy";
pub const PUBLIC_URL: &str = "https://bi.example.com";

/// A set-up instance: Ann is platform admin and owner of the workspace *Acme*.
pub struct Instance {
    pub services: Services,
    pub clock: FakeClock,
    pub ann: Principal,
    pub acme: WorkspaceInfo,
    pub test: TestDatabase,
}

/// Services on an empty, migrated database.
pub async fn services_on(test: &TestDatabase, clock: &FakeClock, rates: RateLimits) -> Services {
    let key = SecretKey::parse(KEY).unwrap();
    let keys = Keyring::open(&test.database, key.into(), clock.now()).await.unwrap();
    let mut config = ServiceConfig::new(PUBLIC_URL, keys);
    config.rate_limits = rates;
    Services::new(test.database.clone(), Clock::from_fn(clock.reader()), config).unwrap()
}

impl Instance {
    pub async fn new(test: TestDatabase) -> Self {
        Self::with_rates(test, RateLimits::OFF).await
    }

    pub async fn with_rates(test: TestDatabase, rates: RateLimits) -> Self {
        let clock = FakeClock::new();
        let services = services_on(&test, &clock, rates).await;
        let setup = SetupService::new(&services, Principal::Anonymous, request());
        let token = setup.begin().await.unwrap().unwrap();
        let done = setup.complete(&token, setup_request()).await.unwrap();
        Self {
            services,
            clock,
            ann: Principal::User(done.signed_in.user),
            acme: done.workspace,
            test,
        }
    }

    pub fn acme(&self) -> WorkspaceSelector {
        self.acme.id.into()
    }

    /// A new account without any workspace.
    pub async fn person(&self, name: &str, role: PlatformRole) -> Principal {
        let info = self.account(name, role).await;
        Principal::User(UserPrincipal {
            user_id: info.id,
            platform_role: role,
            scopes: None,
            token_id: None,
            proved_at: Some(self.clock.now()),
        })
    }

    pub async fn account(&self, name: &str, role: PlatformRole) -> UserInfo {
        let email = format!("{name}@example.org").as_str().try_into().unwrap();
        let new = NewUser {
            email,
            name: None,
            role,
            password: Some(PASSWORD.to_owned()),
        };
        create_user(&self.services, new).await.unwrap()
    }

    /// A new account with a role in Acme.
    pub async fn member(&self, name: &str, role: WorkspaceRole) -> Principal {
        let person = self.person(name, PlatformRole::Analyst).await;
        let email = format!("{name}@example.org").as_str().try_into().unwrap();
        let add = MemberAdd {
            email,
            role,
            roles: Vec::new(),
            attributes: Default::default(),
        };
        let ann = proved_anew(&self.ann, &self.clock);
        MemberService::new(&self.services, ann, request())
            .add(&self.acme(), add)
            .await
            .unwrap();
        person
    }

    pub fn account_service(&self, principal: &Principal) -> AccountService {
        AccountService::new(&self.services, principal.clone(), request())
    }
}

pub fn setup_request() -> SetupRequest {
    SetupRequest {
        email: "ann@example.org".try_into().unwrap(),
        name: "Ann".try_into().unwrap(),
        password: PASSWORD.to_owned(),
        workspace: "Acme".try_into().unwrap(),
    }
}

pub fn request() -> RequestId {
    RequestId::from(Uuid::now_v7())
}

pub fn client(last: u8) -> ClientInfo {
    ClientInfo {
        address: IpAddr::V4(Ipv4Addr::new(203, 0, 113, last)),
        user_agent: Some("Browser 1".to_owned()),
    }
}

/// The same person with an API token of these scopes.
pub fn with_scopes(principal: &Principal, scopes: &[Scope]) -> Principal {
    let user = principal.user().unwrap().clone();
    Principal::User(UserPrincipal {
        scopes: Some(scopes.to_vec()),
        token_id: Some(Uuid::now_v7().into()),
        proved_at: None,
        ..user
    })
}

/// A sign-in that took one factor.
pub fn whole(outcome: SignIn) -> SignedIn {
    match outcome {
        SignIn::Done(signed_in) => signed_in,
        SignIn::FactorNeeded(pending) => panic!("a second factor is asked for: {pending:?}"),
    }
}

/// The same person, who has just proved anew who they are.
pub fn proved_anew(principal: &Principal, clock: &FakeClock) -> Principal {
    let user = principal.user().unwrap().clone();
    Principal::User(UserPrincipal {
        proved_at: Some(clock.now()),
        ..user
    })
}

/// What the caller is told.
pub fn refusal<T: std::fmt::Debug>(result: Result<T, ServiceError>) -> AppError {
    result.unwrap_err().app_error(request())
}

pub fn status<T: std::fmt::Debug>(result: Result<T, ServiceError>) -> u16 {
    refusal(result).http_status()
}
