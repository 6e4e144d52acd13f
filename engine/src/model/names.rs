//! What clans may be called, and how names are compared.
