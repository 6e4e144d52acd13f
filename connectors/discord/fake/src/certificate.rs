//! Certificates for Discord's name, which only those trust who are told to.

use openssl::asn1::Asn1Time;
use openssl::bn::{BigNum, MsbOption};
use openssl::ec::{EcGroup, EcKey};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::x509::extension::{BasicConstraints, SubjectAlternativeName};
use openssl::x509::{X509, X509Builder, X509Name, X509NameBuilder};

/// A host's certificate, its key, and the authority to trust; each as PEM.
pub(crate) struct Certificate {
    pub(crate) certificate: Vec<u8>,
    pub(crate) key: Vec<u8>,
    pub(crate) authority: Vec<u8>,
}

impl Certificate {
    /// Makes one for a host, good for a day.
    ///
    /// # Errors
    /// When OpenSSL can't.
    pub(crate) fn new(host: &str) -> Result<Self, ErrorStack> {
        let (authority, issuer) = (key()?, name("a fake authority")?);
        let mut root = begin(&issuer, &issuer, &authority)?;
        root.append_extension(BasicConstraints::new().critical().ca().build()?)?;
        root.sign(&authority, MessageDigest::sha256())?;
        let key = key()?;
        let mut leaf = begin(&name(host)?, &issuer, &key)?;
        let host =
            SubjectAlternativeName::new().dns(host).build(&leaf.x509v3_context(None, None))?;
        leaf.append_extension(host)?;
        leaf.sign(&authority, MessageDigest::sha256())?;
        Ok(Self {
            certificate: leaf.build().to_pem()?,
            key: key.private_key_to_pem_pkcs8()?,
            authority: root.build().to_pem()?,
        })
    }
}

fn key() -> Result<PKey<Private>, ErrorStack> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
    PKey::from_ec_key(EcKey::generate(&group)?)
}

fn name(text: &str) -> Result<X509Name, ErrorStack> {
    let mut name = X509NameBuilder::new()?;
    name.append_entry_by_text("CN", text)?;
    Ok(name.build())
}

/// A certificate before it is signed.
fn begin(
    subject: &X509Name,
    issuer: &X509Name,
    key: &PKey<Private>,
) -> Result<X509Builder, ErrorStack> {
    let mut number = BigNum::new()?;
    number.rand(64, MsbOption::ONE, false)?;
    let mut made = X509::builder()?;
    made.set_version(2)?;
    made.set_serial_number(number.to_asn1_integer()?.as_ref())?;
    made.set_subject_name(subject)?;
    made.set_issuer_name(issuer)?;
    made.set_not_before(Asn1Time::days_from_now(0)?.as_ref())?;
    made.set_not_after(Asn1Time::days_from_now(1)?.as_ref())?;
    made.set_pubkey(key)?;
    Ok(made)
}
