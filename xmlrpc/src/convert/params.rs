//! The parameters of a call: how many, and which of them may be left out.

use dxr::Value;
use services::Error;

/// The parameters of a call, which must be as many as their names.
///
/// # Errors
/// [`Error::InvalidArgument`], which tells the names.
pub fn params<const N: usize>(
    values: Vec<Value>,
    names: [&'static str; N],
) -> Result<[Value; N], Error> {
    optional_params(values, names, []).map(|(values, [])| values)
}

/// The parameters of a call of which the last may be left out. XML-RPC has no names for them, so
/// who sends one sends all before it.
///
/// # Errors
/// [`Error::InvalidArgument`], which tells the names.
pub fn optional_params<const N: usize, const M: usize>(
    values: Vec<Value>,
    names: [&'static str; N],
    optional: [&'static str; M],
) -> Result<([Value; N], [Option<Value>; M]), Error> {
    let came = values.len();
    let wrong = || miscounted(came, &names, &optional);
    if came > N + M {
        return Err(wrong());
    }
    let mut values = values.into_iter();
    let required: Vec<Value> = values.by_ref().take(N).collect();
    let required = required.try_into().map_err(|_| wrong())?;
    Ok((required, std::array::from_fn(|_| values.next())))
}

/// The one parameter of a call.
///
/// # Errors
/// As [`params`], and those of the reader.
pub fn only<T>(
    field: &'static str,
    values: Vec<Value>,
    read: impl FnOnce(&str, Value) -> Result<T, Error>,
) -> Result<T, Error> {
    let [value] = params(values, [field])?;
    read(field, value)
}

fn miscounted(came: usize, names: &[&str], optional: &[&str]) -> Error {
    let (least, most) = (names.len(), names.len() + optional.len());
    let count = if optional.is_empty() {
        least.to_string()
    } else {
        format!("{least} to {most}")
    };
    let names = match [names, optional].concat() {
        names if names.is_empty() => "none".into(),
        names => names.join(", "),
    };
    Error::InvalidArgument(format!("{came} parameters came: send {count} ({names})"))
}
