package dev.millrace.infer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.core.ColumnData;
import dev.millrace.core.ColumnType;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The values of a batch's column as ClickHouse shows them.
final class StoredText {
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

    /// Beyond these a float is shown with an exponent.
    private static final double LARGE = 1e21;

    private static final double SMALL = 1e-6;

    /// All runs, one behind the other.
    private final ByteBuffer bytes;

    private StoredText(ColumnData data) {
        var all = new ByteArrayOutputStream();
        data.runs().forEach(run -> all.write(run.bytes(), 0, run.length()));
        bytes = ByteBuffer.wrap(all.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// One text a row, null for NULL.
    static List<@Nullable String> of(ColumnData data, int rows) {
        return new StoredText(data).read(data.column().type().plain(), rows);
    }

    private List<@Nullable String> read(ColumnType type, int rows) {
        var nulls = new byte[type.isNullable() ? rows : 0];
        bytes.get(nulls);
        var texts =
                type.base() instanceof ColumnType.Array(ColumnType element)
                        ? arrays(element, rows)
                        : scalars((ColumnType.Scalar) type.base(), rows);
        for (var row = 0; row < nulls.length; row++) {
            if (nulls[row] == 1) {
                texts.set(row, null);
            }
        }
        return texts;
    }

    private List<@Nullable String> scalars(ColumnType.Scalar type, int rows) {
        var texts = new ArrayList<@Nullable String>(rows);
        for (var row = 0; row < rows; row++) {
            texts.add(scalar(type));
        }
        return texts;
    }

    private List<@Nullable String> arrays(ColumnType element, int rows) {
        var ends = new long[rows];
        for (var row = 0; row < rows; row++) {
            ends[row] = bytes.getLong();
        }
        var elements = read(element, rows == 0 ? 0 : (int) ends[rows - 1]);
        var texts = new ArrayList<@Nullable String>(rows);
        var from = 0;
        for (var row = 0; row < rows; row++) {
            var shown = new ArrayList<String>();
            for (; from < ends[row]; from++) {
                shown.add(shown(element, elements.get(from)));
            }
            texts.add("[" + String.join(",", shown) + "]");
        }
        return texts;
    }

    private static String shown(ColumnType element, @Nullable String text) {
        if (text == null) {
            return "NULL";
        }
        return switch (element.base()) {
            case ColumnType.Whole _,
                    ColumnType.Floating _,
                    ColumnType.Decimal _,
                    ColumnType.Bool _,
                    ColumnType.Array _ ->
                    text;
            case ColumnType.Scalar _, ColumnType.Nullable _, ColumnType.LowCardinality _ ->
                    "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
        };
    }

    private String scalar(ColumnType.Scalar type) {
        return switch (type) {
            case ColumnType.Whole(int bits, boolean signed) -> whole(bits / 8, signed).toString();
            case ColumnType.Floating(int bits) ->
                    bits == 32
                            ? floating(bytes.getFloat(), Float.toString(bytes.getFloat(back(4))))
                            : floating(
                                    bytes.getDouble(), Double.toString(bytes.getDouble(back(8))));
            case ColumnType.Decimal decimal -> decimal(decimal);
            case ColumnType.Text _ -> text(length());
            case ColumnType.FixedText(int width) -> text(width).replaceAll("\0+$", "");
            case ColumnType.Bool _ -> bytes.get() == 0 ? "false" : "true";
            case ColumnType.Enumeration enumeration -> name(enumeration);
            case ColumnType.Uuid _ -> new UUID(bytes.getLong(), bytes.getLong()).toString();
            case ColumnType.IpV4 _ -> v4(bytes.getInt());
            case ColumnType.IpV6 _ -> v6();
            case ColumnType.Date _ ->
                    LocalDate.ofEpochDay(Short.toUnsignedInt(bytes.getShort())).toString();
            case ColumnType.Date32 _ -> LocalDate.ofEpochDay(bytes.getInt()).toString();
            case ColumnType.DateTime time ->
                    SECOND.format(
                            Instant.ofEpochSecond(Integer.toUnsignedLong(bytes.getInt()))
                                    .atZone(time.zoneId()));
            case ColumnType.DateTime64 time -> ticks(time);
        };
    }

    private int back(int width) {
        return bytes.position() - width;
    }

    private BigInteger whole(int width, boolean signed) {
        var digits = new byte[width];
        for (var i = width; i > 0; i--) {
            digits[i - 1] = bytes.get();
        }
        return signed ? new BigInteger(digits) : new BigInteger(1, digits);
    }

    private static String floating(double value, String text) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return text.startsWith("-") ? "-0" : "0";
        }
        var size = Math.abs(value);
        var number = new BigDecimal(text).stripTrailingZeros();
        if (size < LARGE && size >= SMALL) {
            return number.toPlainString();
        }
        var exponent = number.precision() - number.scale() - 1;
        return number.scaleByPowerOfTen(-exponent).stripTrailingZeros().toPlainString()
                + "e"
                + exponent;
    }

    private String decimal(ColumnType.Decimal type) {
        var number = new BigDecimal(whole(type.widthBytes(), true), type.scale());
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }

    private int length() {
        var length = 0;
        for (var shift = 0; ; shift += 7) {
            var b = bytes.get();
            length |= (b & 0x7F) << shift;
            if (b >= 0) {
                return length;
            }
        }
    }

    private String text(int length) {
        var text = new byte[length];
        bytes.get(text);
        return new String(text, UTF_8);
    }

    private String name(ColumnType.Enumeration type) {
        var number = type.bits() == 8 ? bytes.get() : bytes.getShort();
        return type.elements().stream()
                .filter(element -> element.number() == number)
                .findFirst()
                .orElseThrow()
                .name();
    }

    private static String v4(int address) {
        return "%d.%d.%d.%d"
                .formatted(
                        address >>> 24,
                        (address >>> 16) & 0xFF,
                        (address >>> 8) & 0xFF,
                        address & 0xFF);
    }

    /// As RFC 5952 says: the longest run of zeros is left out.
    private String v6() {
        var groups = new int[8];
        for (var i = 0; i < groups.length; i++) {
            groups[i] = (bytes.get() & 0xFF) << 8 | (bytes.get() & 0xFF);
        }
        var start = -1;
        var length = 1;
        for (var i = 0; i < groups.length; i++) {
            var zeros = 0;
            while (i + zeros < groups.length && groups[i + zeros] == 0) {
                zeros++;
            }
            if (zeros > length) {
                start = i;
                length = zeros;
            }
        }
        if (start == 0 && length == 5 && groups[5] == 0xFFFF) {
            return "::ffff:" + v4(groups[6] << 16 | groups[7]);
        }
        var text = new StringBuilder();
        for (var i = 0; i < groups.length; i++) {
            if (i == start) {
                text.append("::");
                i += length - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":")
                        .append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }

    private String ticks(ColumnType.DateTime64 type) {
        var perSecond = Math.powExact(10L, type.precision());
        var ticks = bytes.getLong();
        var second = Instant.ofEpochSecond(Math.floorDiv(ticks, perSecond));
        var text = SECOND.format(second.atZone(type.zoneId()));
        return type.precision() == 0
                ? text
                : text
                        + "."
                        + ("%0" + type.precision() + "d")
                                .formatted(Math.floorMod(ticks, perSecond));
    }
}
