package dev.millrace.render;

import dev.millrace.core.ColumnType;
import org.jspecify.annotations.Nullable;

/// Writes values of any length one after the other. Not thread-safe.
abstract class Texts {
    final ColumnBytes in;

    /// Of each value whether it is NULL, or null when none is.
    final @Nullable ColumnBytes nulls;

    private final byte behind;

    private Texts(ColumnBytes in, @Nullable ColumnBytes nulls, char behind) {
        this.in = in;
        this.nulls = nulls;
        this.behind = (byte) behind;
    }

    /// Writes the next value and what stands behind it.
    ///
    /// @param at where there is room
    /// @return where it has ended
    final int write(TextBuffer to, int at) {
        var end = at;
        if (nulls == null || nulls.int8() == 0) {
            end = value(to, at);
        } else {
            pass();
            to.bytes[end++] = '\\';
            to.bytes[end++] = 'N';
        }
        to.bytes[end] = behind;
        return end + 1;
    }

    abstract int value(TextBuffer to, int at);

    abstract void pass();

    static boolean isOne(ColumnType type) {
        return type instanceof ColumnType.Text || type instanceof ColumnType.FixedText;
    }

    /// @param quoted whether they are in quotes
    static Texts of(
            ColumnType type,
            boolean quoted,
            ColumnBytes in,
            @Nullable ColumnBytes nulls,
            char behind) {
        return type instanceof ColumnType.FixedText(int width)
                ? new Fixed(in, nulls, behind, width)
                : quoted ? new Quoted(in, nulls, behind) : new Plain(in, nulls, behind);
    }

    private static final class Quoted extends Texts {
        Quoted(ColumnBytes in, @Nullable ColumnBytes nulls, char behind) {
            super(in, nulls, behind);
        }

        @Override
        int value(TextBuffer to, int at) {
            return QuotedText.write(in, in.varint(), to, at);
        }

        @Override
        void pass() {
            in.skip(in.varint());
        }
    }

    /// Texts that are numbers.
    private static final class Plain extends Texts {
        Plain(ColumnBytes in, @Nullable ColumnBytes nulls, char behind) {
            super(in, nulls, behind);
        }

        @Override
        int value(TextBuffer to, int at) {
            return QuotedText.plain(in, in.varint(), to, at);
        }

        @Override
        void pass() {
            in.skip(in.varint());
        }
    }

    /// Texts of so many bytes each.
    private static final class Fixed extends Texts {
        private final int width;

        Fixed(ColumnBytes in, @Nullable ColumnBytes nulls, char behind, int width) {
            super(in, nulls, behind);
            this.width = width;
        }

        @Override
        int value(TextBuffer to, int at) {
            return QuotedText.write(in, width, to, at);
        }

        @Override
        void pass() {
            in.skip(width);
        }
    }
}
