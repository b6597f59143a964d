//! Who sent a webhook request: signatures and repeated secrets, and for the simulator's page the request's origin.

pub mod request;
pub mod signature;
pub mod site;
