//! A certificate for Discord's name, which only those trust who are told to.

use openssl::asn1::Asn1Time;
use openssl::bn::{BigNum, MsbOption};
use openssl::ec::{EcGroup, EcKey};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::PKey;
use openssl::x509::extension::{BasicConstraints, SubjectAlternativeName};
use openssl::x509::{X509, X509NameBuilder};

/// A certificate and its key, both as PEM.
pub(crate) struct Certificate {
    pub(crate) certificate: Vec<u8>,
    pub(crate) key: Vec<u8>,
}

impl Certificate {
    /// Makes one for a host, good for a day.
    ///
    /// # Errors
    /// When OpenSSL can't.
    pub(crate) fn new(host: &str) -> Result<Self, ErrorStack> {
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
        let key = PKey::from_ec_key(EcKey::generate(&group)?)?;
        let mut name = X509NameBuilder::new()?;
        name.append_entry_by_text("CN", host)?;
        let name = name.build();
        let mut number = BigNum::new()?;
        number.rand(64, MsbOption::ONE, false)?;
        let mut made = X509::builder()?;
        made.set_version(2)?;
        made.set_serial_number(number.to_asn1_integer()?.as_ref())?;
        made.set_subject_name(&name)?;
        made.set_issuer_name(&name)?;
        made.set_not_before(Asn1Time::days_from_now(0)?.as_ref())?;
        made.set_not_after(Asn1Time::days_from_now(1)?.as_ref())?;
        made.set_pubkey(&key)?;
        made.append_extension(BasicConstraints::new().critical().ca().build()?)?;
        let host =
            SubjectAlternativeName::new().dns(host).build(&made.x509v3_context(None, None))?;
        made.append_extension(host)?;
        made.sign(&key, MessageDigest::sha256())?;
        Ok(Self { certificate: made.build().to_pem()?, key: key.private_key_to_pem_pkcs8()? })
    }
}
