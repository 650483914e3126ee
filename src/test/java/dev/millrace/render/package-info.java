@org.jspecify.annotations.NullMarked
package dev.millrace.render;
