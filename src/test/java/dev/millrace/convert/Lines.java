package dev.millrace.convert;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What a conversion writes.
final class Lines {
    private Lines() {}

    /// Its lines; what is no UTF-8 in them is replaced.
    static List<String> of(Conversion conversion) {
        var lines = new ArrayList<String>();
        var text = new String(bytes(conversion), StandardCharsets.UTF_8);
        var from = 0;
        for (var end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
            lines.add(text.substring(from, end));
            from = end + 1;
        }
        if (from < text.length()) {
            throw new AssertionError("the last line does not end: " + text.substring(from));
        }
        if (lines.size() != conversion.records()) {
            throw new AssertionError("counts " + conversion.records() + " of " + lines.size());
        }
        return lines;
    }

    static byte[] bytes(Conversion conversion) {
        var all = new ByteArrayOutputStream();
        var buffer = new byte[997];
        try (conversion) {
            for (var n = 0; n >= 0; n = conversion.read(buffer, 0, buffer.length)) {
                all.write(buffer, 0, n);
            }
        }
        return all.toByteArray();
    }
}
