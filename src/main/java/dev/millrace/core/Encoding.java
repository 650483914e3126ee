package dev.millrace.core;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// How a source's characters are written. The labels are those of the WHATWG Encoding Standard
/// where it has one, and the JDK's other names of the same charsets are understood too.
///
/// Where the world writes one charset and says another, the wider one is read: `shift_jis` is
/// Microsoft's, `euc-kr` is Unified Hangul, `gb18030` stands for GBK and GB2312. ISO 8859-1 and
/// windows-1252 are kept apart: they mean different characters by 27 bytes.
public enum Encoding {
    UTF_8("utf-8", "UTF-8"),
    UTF_16LE("utf-16le", "UTF-16LE"),
    UTF_16BE("utf-16be", "UTF-16BE"),
    UTF_32LE("utf-32le", "UTF-32LE"),
    UTF_32BE("utf-32be", "UTF-32BE"),
    WINDOWS_874("windows-874", "x-windows-874"),
    WINDOWS_1250("windows-1250", "windows-1250"),
    WINDOWS_1251("windows-1251", "windows-1251"),
    WINDOWS_1252("windows-1252", "windows-1252"),
    WINDOWS_1253("windows-1253", "windows-1253"),
    WINDOWS_1254("windows-1254", "windows-1254"),
    WINDOWS_1255("windows-1255", "windows-1255"),
    WINDOWS_1256("windows-1256", "windows-1256"),
    WINDOWS_1257("windows-1257", "windows-1257"),
    WINDOWS_1258("windows-1258", "windows-1258"),
    ISO_8859_1("iso-8859-1", "ISO-8859-1"),
    ISO_8859_2("iso-8859-2", "ISO-8859-2"),
    ISO_8859_3("iso-8859-3", "ISO-8859-3"),
    ISO_8859_4("iso-8859-4", "ISO-8859-4"),
    ISO_8859_5("iso-8859-5", "ISO-8859-5"),
    ISO_8859_6("iso-8859-6", "ISO-8859-6"),
    ISO_8859_7("iso-8859-7", "ISO-8859-7"),
    ISO_8859_8("iso-8859-8", "ISO-8859-8"),
    ISO_8859_9("iso-8859-9", "ISO-8859-9"),
    ISO_8859_13("iso-8859-13", "ISO-8859-13"),
    ISO_8859_15("iso-8859-15", "ISO-8859-15"),
    ISO_8859_16("iso-8859-16", "ISO-8859-16"),
    KOI8_R("koi8-r", "KOI8-R"),
    KOI8_U("koi8-u", "KOI8-U"),
    MACINTOSH("macintosh", "x-MacRoman"),
    IBM437("ibm437", "IBM437"),
    IBM850("ibm850", "IBM850"),
    IBM852("ibm852", "IBM852"),
    IBM866("ibm866", "IBM866"),
    GB18030("gb18030", "GB18030"),
    BIG5("big5", "Big5-HKSCS"),
    SHIFT_JIS("shift_jis", "windows-31j"),
    EUC_JP("euc-jp", "EUC-JP"),
    EUC_KR("euc-kr", "x-windows-949");

    /// Charsets of the JDK that a wider one stands for, and names that it does not have.
    private static final Map<String, Encoding> NARROWER =
            Map.of(
                    "US-ASCII", UTF_8,
                    "GBK", GB18030,
                    "GB2312", GB18030,
                    "x-mswin-936", GB18030,
                    "Big5", BIG5,
                    "x-windows-950", BIG5,
                    "Shift_JIS", SHIFT_JIS,
                    "EUC-KR", EUC_KR,
                    "TIS-620", WINDOWS_874);

    private final String label;
    private final String charset;

    Encoding(String label, String charset) {
        this.label = label;
        this.charset = charset;
    }

    /// The name that users write.
    public String label() {
        return label;
    }

    /// The JDK's, which says what each byte means.
    public Charset charset() {
        return Charset.forName(charset);
    }

    /// Reads a label or another name of the same charset, ignoring case.
    ///
    /// @throws MillraceException INVALID_REQUEST for an unknown one
    public static Encoding parse(String text) {
        var name = text.strip();
        return Arrays.stream(values())
                .filter(e -> e.label.equalsIgnoreCase(name))
                .findFirst()
                .or(() -> byCharset(name))
                .orElseThrow(() -> unknown(text));
    }

    /// The one that reads what the JDK calls so.
    private static Optional<Encoding> byCharset(String name) {
        try {
            var canonical = Charset.forName(name).name();
            return Arrays.stream(values())
                    .filter(e -> e.charset.equals(canonical))
                    .findFirst()
                    .or(() -> Optional.ofNullable(NARROWER.get(canonical)));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException _) {
            return Optional.empty();
        }
    }

    private static MillraceException unknown(String text) {
        return new MillraceException(
                ErrorCode.INVALID_REQUEST,
                "'%s' is not an encoding that Millrace reads".formatted(text),
                "Leave it out to have it detected, or use one of: %s.".formatted(labels()),
                null);
    }

    /// All labels, with commas between.
    public static String labels() {
        return Arrays.stream(values())
                .map(Encoding::label)
                .collect(Collectors.joining(", "))
                .toLowerCase(Locale.ROOT);
    }
}
