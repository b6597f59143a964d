//! What an applicant says about themselves. A value of one of these types is valid by construction.

mod applicant;
mod birth_date;
mod composed;
mod nama;
mod texts;

pub use applicant::{Applicant, PARTY_MAX};
pub use birth_date::{AGE_YEARS_MAX, TglLahir, TglLahirError};
pub use nama::{NAMA_CHARS_MAX, Nama, NamaError};
pub use texts::{ADDRESS_CHARS_MAX, ANSWER_CHARS_MAX, Address, FreeText, SERVICE_CHARS_MAX, Service};
