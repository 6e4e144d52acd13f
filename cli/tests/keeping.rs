//! Keeping and moving data, through the real binary: what is saved comes back equal, nothing is
//! overwritten, a damaged file is refused, and a killed program leaves no half of anything.

mod keeping {
    mod backup;
    mod doctor;
    mod export;
    mod moving;
    mod world;
}
