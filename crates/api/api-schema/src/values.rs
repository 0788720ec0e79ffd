//! The scalars, boxes and lists that elements hold.

use crate::record::{List, Open, Record, Value, View};
use crate::{Expected, Kind, date_parse};
use base::Timestamp;

impl Value for String {
    const KIND: Kind = Kind::Text;
    fn view(&self) -> View<'_> {
        View::Text(self)
    }
    fn parse(text: &str) -> Result<Self, Expected> {
        Ok(text.to_owned())
    }
}

impl Value for bool {
    const KIND: Kind = Kind::Boolean;
    fn view(&self) -> View<'_> {
        View::Boolean(*self)
    }
    fn parse(text: &str) -> Result<Self, Expected> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("true") || text == "1" {
            Ok(true)
        } else if text.eq_ignore_ascii_case("false") || text == "0" {
            Ok(false)
        } else {
            Err(Expected::Boolean)
        }
    }
}

impl Value for i64 {
    const KIND: Kind = Kind::Integer;
    fn view(&self) -> View<'_> {
        View::Integer(*self)
    }
    fn parse(text: &str) -> Result<Self, Expected> {
        text.trim().parse().map_err(|_| Expected::Integer)
    }
}

impl Value for f64 {
    const KIND: Kind = Kind::Decimal;
    fn view(&self) -> View<'_> {
        View::Decimal(*self)
    }
    fn parse(text: &str) -> Result<Self, Expected> {
        match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(number),
            _ => Err(Expected::Decimal),
        }
    }
}

impl Value for Timestamp {
    const KIND: Kind = Kind::Date;
    fn view(&self) -> View<'_> {
        View::Date(*self)
    }
    fn parse(text: &str) -> Result<Self, Expected> {
        date_parse(text.trim()).ok_or(Expected::Date)
    }
}

impl<T: Value> Value for Box<T> {
    const KIND: Kind = T::KIND;
    fn view(&self) -> View<'_> {
        (**self).view()
    }
    fn parse(text: &str) -> Result<Self, Expected> {
        T::parse(text).map(Box::new)
    }
    fn fresh() -> Option<Self> {
        T::fresh().map(Box::new)
    }
    fn open(&mut self) -> Open<'_> {
        (**self).open()
    }
    fn take(into: Option<Self>, record: Box<dyn Record>) -> Result<Self, Option<Self>> {
        record.into_any().downcast::<T>().map_err(|_| into)
    }
}

impl<T: Value> Value for Vec<T> {
    const KIND: Kind = Kind::List(&T::KIND);
    fn view(&self) -> View<'_> {
        View::List(self)
    }
    fn parse(_: &str) -> Result<Self, Expected> {
        Err(Expected::List)
    }
    fn fresh() -> Option<Self> {
        Some(Vec::new())
    }
    fn open(&mut self) -> Open<'_> {
        Open::List(self)
    }
    fn take(into: Option<Self>, record: Box<dyn Record>) -> Result<Self, Option<Self>> {
        match record.into_any().downcast::<T>() {
            Ok(item) => {
                let mut list = into.unwrap_or_default();
                list.push(*item);
                Ok(list)
            }
            Err(_) => Err(into),
        }
    }
}

impl<T: Value> List for Vec<T> {
    fn len(&self) -> usize {
        Vec::len(self)
    }
    fn get(&self, index: usize) -> View<'_> {
        <[T]>::get(self, index).map_or(View::Absent, Value::view)
    }
    fn add_text(&mut self, text: &str) -> Result<(), Expected> {
        self.push(T::parse(text)?);
        Ok(())
    }
    fn add(&mut self) -> Open<'_> {
        match T::fresh() {
            None => Open::Scalar,
            Some(fresh) => {
                self.push(fresh);
                self.last_mut().map_or(Open::Scalar, Value::open)
            }
        }
    }
}
