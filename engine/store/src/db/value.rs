//! What goes into a statement and what comes out of one: the kinds of values that all databases
//! have in common. Truth is a whole number, 0 or 1.

/// A kind of value: a database has to know what a missing one would have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Integer,
    Text,
    Bytes,
}

/// A value that goes into a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arg<'a> {
    Null(Kind),
    Integer(i64),
    Text(&'a str),
    Bytes(&'a [u8]),
}

/// What can go into a statement.
pub(crate) trait ToArg {
    /// What its column holds.
    const KIND: Kind;

    /// The value as databases take it.
    fn to_arg(&self) -> Arg<'_>;
}

macro_rules! integers {
    ($($type:ty)*) => {$(
        impl ToArg for $type {
            const KIND: Kind = Kind::Integer;
            fn to_arg(&self) -> Arg<'_> {
                Arg::Integer(i64::from(*self))
            }
        }
    )*};
}

integers! { bool u8 u32 i32 i64 }

impl ToArg for str {
    const KIND: Kind = Kind::Text;
    fn to_arg(&self) -> Arg<'_> {
        Arg::Text(self)
    }
}

impl ToArg for String {
    const KIND: Kind = Kind::Text;
    fn to_arg(&self) -> Arg<'_> {
        Arg::Text(self)
    }
}

impl ToArg for [u8] {
    const KIND: Kind = Kind::Bytes;
    fn to_arg(&self) -> Arg<'_> {
        Arg::Bytes(self)
    }
}

impl<T: ToArg + ?Sized> ToArg for &T {
    const KIND: Kind = T::KIND;
    fn to_arg(&self) -> Arg<'_> {
        T::to_arg(self)
    }
}

impl<T: ToArg> ToArg for Option<T> {
    const KIND: Kind = T::KIND;
    fn to_arg(&self) -> Arg<'_> {
        self.as_ref().map_or(Arg::Null(T::KIND), T::to_arg)
    }
}

/// The values of a statement's parameters, in order.
pub(crate) trait Args {
    /// Hands them to `then` as a list.
    fn with<T>(&self, then: impl FnOnce(&[Arg<'_>]) -> T) -> T;
}

impl<A: ToArg, const N: usize> Args for [A; N] {
    fn with<T>(&self, then: impl FnOnce(&[Arg<'_>]) -> T) -> T {
        then(&self.each_ref().map(A::to_arg))
    }
}

macro_rules! tuples {
    ($(($($type:ident $place:tt),+);)*) => {$(
        impl<$($type: ToArg),+> Args for ($($type,)+) {
            fn with<T>(&self, then: impl FnOnce(&[Arg<'_>]) -> T) -> T {
                then(&[$(self.$place.to_arg()),+])
            }
        }
    )*};
}

tuples! {
    (A 0, B 1);
    (A 0, B 1, C 2);
    (A 0, B 1, C 2, D 3);
    (A 0, B 1, C 2, D 3, E 4);
    (A 0, B 1, C 2, D 3, E 4, F 5);
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6);
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8);
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12, N 13, O 14);
}

impl Args for () {
    fn with<T>(&self, then: impl FnOnce(&[Arg<'_>]) -> T) -> T {
        then(&[])
    }
}

/// A value of a row that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cell<'r> {
    Null,
    Integer(i64),
    Text(&'r str),
    Bytes(&'r [u8]),
}

/// The same, for keeping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Null,
    Integer(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl From<Cell<'_>> for Value {
    fn from(cell: Cell<'_>) -> Self {
        match cell {
            Cell::Null => Self::Null,
            Cell::Integer(number) => Self::Integer(number),
            Cell::Text(text) => Self::Text(text.to_owned()),
            Cell::Bytes(bytes) => Self::Bytes(bytes.to_owned()),
        }
    }
}

impl Value {
    /// The value for a statement; a missing one is of that kind.
    pub(crate) fn to_arg(&self, kind: Kind) -> Arg<'_> {
        match self {
            Self::Null => Arg::Null(kind),
            Self::Integer(number) => Arg::Integer(*number),
            Self::Text(text) => Arg::Text(text),
            Self::Bytes(bytes) => Arg::Bytes(bytes),
        }
    }
}

impl Args for Vec<Arg<'_>> {
    fn with<T>(&self, then: impl FnOnce(&[Arg<'_>]) -> T) -> T {
        then(self)
    }
}

/// What can be read out of a row.
pub(crate) trait FromCell: Sized {
    /// What it is called where it is missing.
    const EXPECTED: &'static str;

    /// The value; nothing if the cell holds something else.
    fn from_cell(cell: Cell<'_>) -> Option<Self>;
}

macro_rules! from_integers {
    ($($type:ty)*) => {$(
        impl FromCell for $type {
            const EXPECTED: &'static str = concat!("a whole number (", stringify!($type), ")");
            fn from_cell(cell: Cell<'_>) -> Option<Self> {
                if let Cell::Integer(number) = cell { number.try_into().ok() } else { None }
            }
        }
    )*};
}

from_integers! { u8 u32 u64 i32 i64 }

impl FromCell for bool {
    const EXPECTED: &'static str = "0 or 1";
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Integer(0) => Some(false),
            Cell::Integer(1) => Some(true),
            Cell::Integer(_) | Cell::Null | Cell::Text(_) | Cell::Bytes(_) => None,
        }
    }
}

impl FromCell for String {
    const EXPECTED: &'static str = "a text";
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        if let Cell::Text(text) = cell { Some(text.to_owned()) } else { None }
    }
}

impl FromCell for Vec<u8> {
    const EXPECTED: &'static str = "bytes";
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        if let Cell::Bytes(bytes) = cell { Some(bytes.to_owned()) } else { None }
    }
}

impl<T: FromCell> FromCell for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        if cell == Cell::Null { Some(None) } else { T::from_cell(cell).map(Some) }
    }
}
