package dev.millrace.core;

/// Why a row was rejected. The names are stable and documented.
public enum RejectionCode {
    /// The record has fewer fields than the header.
    MISSING_COLUMN,
    /// The record has more fields than the header.
    EXTRA_COLUMN,
    /// The field is empty and its column cannot be NULL.
    NULL_VALUE,
    NOT_AN_INTEGER,
    NOT_A_NUMBER,
    NOT_A_BOOLEAN,
    NOT_A_DATE,
    NOT_A_TIMESTAMP,
    /// Two of the column's date formats read the text as different days.
    AMBIGUOUS_DATE,
    /// The clocks of the column's zone showed this time twice, or two of the column's date formats
    /// read the text as different times.
    AMBIGUOUS_TIMESTAMP,
    NOT_A_UUID,
    NOT_AN_IP_ADDRESS,
    /// The text is none of the column's names, nor the number of one.
    NOT_IN_ENUM,
    /// The value is of the right kind and beyond what the column can hold.
    OUT_OF_RANGE,
    /// The text is longer than the column can hold, or a row's arrays have more elements than a row
    /// may.
    TOO_LONG,
    /// The value has digits that the column cannot hold.
    TOO_PRECISE,
    /// The field is no array, or an element of it is not what the array holds.
    NOT_AN_ARRAY,
    /// The value is a JSON object or array, and its column a text that does not take JSON.
    NESTED_VALUE,
    /// The value fits the type and not what the model says of the column besides.
    CONSTRAINT_VIOLATED,
    /// The field's bytes are not characters in the source's encoding.
    INVALID_ENCODING,
    /// The record cannot be cut into fields: a quote that does not close, text after a closing
    /// quote, or a record that is too long.
    MALFORMED_RECORD
}
