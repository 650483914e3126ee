/// The queue of announcements, kept by Kafka.
@org.jspecify.annotations.NullMarked
package dev.millrace.kafka;
