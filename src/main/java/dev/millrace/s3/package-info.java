/// S3, and what speaks as it does.
@org.jspecify.annotations.NullMarked
package dev.millrace.s3;
