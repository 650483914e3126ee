/// The flow from a split to staged rows and rejections: what a worker does.
@org.jspecify.annotations.NullMarked
package dev.millrace.load;
