package dev.millrace.cli;

import java.util.Locale;
import java.util.regex.Pattern;

/// A column's name as a load compares it with others when none is spelled the same.
final class FieldName {
    private static final Pattern JOINTS = Pattern.compile("[_.-]");

    private FieldName() {}

    static String loose(String name) {
        return JOINTS.matcher(name.strip()).replaceAll("").toLowerCase(Locale.ROOT);
    }
}
