//! Integers that a reader whose only number is a double holds exactly, as every browser's is.

use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An integer from 0 to [`Integer::MAX`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Integer(pub u64);

const TOO_LARGE: &str = "an integer is larger than 2^53: send a smaller one";

impl Integer {
    /// 2⁵³.
    pub const MAX: u64 = 1 << 53;
}

impl Serialize for Integer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 > Self::MAX {
            return Err(S::Error::custom(TOO_LARGE));
        }
        serializer.serialize_u64(self.0)
    }
}

impl<'de> Deserialize<'de> for Integer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = u64::deserialize(deserializer)?;
        if value > Self::MAX {
            return Err(D::Error::custom(TOO_LARGE));
        }
        Ok(Self(value))
    }
}
