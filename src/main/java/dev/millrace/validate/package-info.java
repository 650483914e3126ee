/// Records to a batch or to rejections: one parser a type, exact or refused.
///
/// [Validator] reads the records of a split in one pass. Its hot path makes no garbage for a row
/// that is good; a row with a problem is looked at again, at leisure, to name all of its problems.
@org.jspecify.annotations.NullMarked
package dev.millrace.validate;
