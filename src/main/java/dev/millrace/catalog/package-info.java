/// Our own PostgreSQL database: the queue of record, the ledger, and the only clock.
@org.jspecify.annotations.NullMarked
package dev.millrace.catalog;
